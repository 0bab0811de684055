"""Writing a document as DOCX with python-docx: ``write`` gives the bytes."""

from media.documents.word.writing import write

__all__ = ["write"]
