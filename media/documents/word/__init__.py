"""Writing DOCX with python-docx: ``write`` gives the bytes, ``write_listing`` a long table."""

from media.documents.word.listing import write_listing
from media.documents.word.writing import write

__all__ = ["write", "write_listing"]
