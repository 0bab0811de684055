"""From a file to blocks: what kind of file it really is, and who reads it."""

import re
from collections.abc import Callable
from pathlib import PurePath

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ingest.articles.article import (
    MAX_BLOCKS,
    MAX_BYTES,
    MAX_CHARACTERS,
    MAX_TEXT_BYTES,
    Source,
    UnreadableFile,
)
from ingest.articles.documents import read_document
from ingest.articles.pages import read_page
from ingest.articles.plain import read_plain

_READERS: dict[str, Callable[[bytes, str], Source]] = {
    ".txt": read_plain,
    ".html": read_page,
    ".htm": read_page,
    ".docx": read_document,
    ".docm": read_document,
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
_EMBEDDED = re.compile(rb"data:[\w/+.-]{0,80};base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)


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
    reader = _reader(data, name)
    if reader is not read_document:
        data = _without_embedded(data, name)
    source = reader(data, name)
    if not source.blocks:
        raise UnreadableFile(name, _("There is no text in the file."))
    _refuse_book(source, name)
    return source


def _without_embedded(data: bytes, name: str) -> bytes:
    """Drop pictures that a saved page carries in its text; refuse what is then still too long."""
    data = _EMBEDDED.sub(b"", data)
    if len(data) > MAX_TEXT_BYTES:
        raise UnreadableFile(
            name,
            _("The file holds more than %(limit)d MB of text: it is not one article.")
            % {"limit": MAX_TEXT_BYTES // 1024**2},
        )
    return data


def _refuse_book(source: Source, name: str) -> None:
    if len(source.blocks) > MAX_BLOCKS:
        raise UnreadableFile(
            name,
            _("The file has more than %(limit)s paragraphs: it is not one article.")
            % {"limit": number_format(MAX_BLOCKS)},
        )
    if sum(len(block.text) for block in source.blocks) > MAX_CHARACTERS:
        raise UnreadableFile(
            name,
            _("The file has more than %(limit)s characters of text: it is not one article.")
            % {"limit": number_format(MAX_CHARACTERS)},
        )


def _reader(data: bytes, name: str) -> Callable[[bytes, str], Source]:
    if data.startswith(_ZIP):
        return read_document
    ending = PurePath(name).suffix.lower()
    if ending not in _READERS:
        raise UnreadableFile(name, _("Only .txt, .html and .docx files can be imported."))
    if ending in {".docx", ".docm"}:
        raise UnreadableFile(name, _("The content is not a Word document (.docx)."))
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return read_page if start.startswith((b"<!doctype html", b"<html")) else _READERS[ending]
