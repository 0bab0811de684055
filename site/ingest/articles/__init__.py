"""Articles out of files: read, decode, decide. No database, no pages."""

from ingest.articles.article import ImportedArticle, UnreadableFile
from ingest.articles.deciding import decide
from ingest.articles.reading import EXTENSIONS, read

__all__ = ["EXTENSIONS", "ImportedArticle", "UnreadableFile", "read_article"]


def read_article(data: bytes, name: str) -> ImportedArticle:
    """Return the article in a .txt, .html or .docx file of that name.

    Raises ``UnreadableFile``, whose message names the file and says what is wrong with it.
    """
    return decide(read(data, name))
