"""Plans from files: a table is read, its columns found, its rows understood, then stored.

Each step is a module of its own: ``files`` (and one reader per kind), ``columns``, ``rows``,
``facts``, ``store``. All problems of a file are reported together, each with its line.
"""
