"""Administrative documents by Decree 30/2020/NĐ-CP: a model, three writers, a checker.

``model`` says what stands in a document, ``composing`` numbers and words it, ``docx``, ``pdf`` and
``sheets`` write it, ``letters`` builds the usual kinds, ``checking`` reads any DOCX back and
reports each rule of the decree as kept or broken. Nothing here knows a database.
"""
