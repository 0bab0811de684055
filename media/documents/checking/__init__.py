"""Checks a DOCX against Decree 30/2020/NĐ-CP: which rules it keeps, which it breaks, and where.

``package`` opens the file within bounds, ``formatting`` and ``reading`` say how every line looks,
``anatomy`` finds the elements, the modules ``on_…`` hold a check for each rule of
``data/rules.tsv``, ``report`` runs them. The report quotes the decree, so its words are Vietnamese
whatever the language of the interface.
"""
