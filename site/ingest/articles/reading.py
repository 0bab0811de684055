"""From a file to blocks: what kind of file it really is, and who reads it."""

from collections.abc import Callable
from pathlib import PurePath

from django.utils.translation import gettext as _

from ingest.articles.article import MAX_BYTES, Source, UnreadableFile
from ingest.articles.documents import read_document
from ingest.articles.pages import read_page
from ingest.articles.plain import read_plain

_READERS: dict[str, Callable[[bytes, str], Source]] = {
    ".txt": read_plain,
    ".html": read_page,
    ".htm": read_page,
    ".docx": read_document,
}
EXTENSIONS = tuple(_READERS)

_FOREIGN = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\xd0\xcf\x11\xe0", "Word 97–2003 (.doc)"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "GZIP"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
)
_ZIP = b"PK\x03\x04"


def read(data: bytes, name: str) -> Source:
    """Return the blocks of a .txt, .html or .docx file. Raises ``UnreadableFile``.

    The content decides, the ending of the name only where the content leaves it open.
    """
    if not data.strip():
        raise UnreadableFile(name, _("The file is empty."))
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            name, _("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1024**2}
        )
    for magic, kind in _FOREIGN:
        if data.startswith(magic):
            raise UnreadableFile(
                name,
                _("This is a %(kind)s file. Only .txt, .html and .docx can be imported.")
                % {"kind": kind},
            )
    source = _reader(data, name)(data, name)
    if not source.blocks:
        raise UnreadableFile(name, _("There is no text in the file."))
    return source


def _reader(data: bytes, name: str) -> Callable[[bytes, str], Source]:
    if data.startswith(_ZIP):
        return read_document
    ending = PurePath(name).suffix.lower()
    if ending not in _READERS:
        raise UnreadableFile(name, _("Only .txt, .html and .docx files can be imported."))
    if ending == ".docx":
        raise UnreadableFile(name, _("The content is not a Word document (.docx)."))
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return read_page if start.startswith((b"<!doctype html", b"<html")) else _READERS[ending]
