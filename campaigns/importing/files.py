"""Telling what a file is by its content, and refusing what must not be opened."""

import io
import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from campaigns.importing.document import read_document
from campaigns.importing.problems import failure
from campaigns.importing.tabbed import read_tabbed
from campaigns.importing.table import RawTable
from campaigns.importing.workbook import read_workbook

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_path(path: Path) -> RawTable:
    """Return the table in the file at that path. Raises ``ImportFailedError``."""
    if not path.is_file():
        raise failure(_("There is no file %(path)s.") % {"path": path})
    if path.stat().st_size > MAX_BYTES:
        raise failure(too_large())
    try:
        return read_bytes(path.read_bytes())
    except OSError as error:
        raise failure(_("The file %(path)s cannot be read.") % {"path": path}) from error


def read_bytes(data: bytes) -> RawTable:
    """Return the table in .tsv, .xlsx or .docx content. Raises ``ImportFailedError``."""
    if not data.strip():
        raise failure(_("The file is empty."))
    if len(data) > MAX_BYTES:
        raise failure(too_large())
    if data.startswith(_OLE):
        raise failure(refusal_of_ole(data))
    if data.startswith(b"PK"):
        return read_package(data)
    if data.startswith(b"%PDF"):
        raise failure(_("This is a PDF. Import the Word or Excel file it was made from."))
    return read_tabbed(data)


def too_large() -> str:
    return _("The file is larger than %(size)d MB.") % {"size": MAX_BYTES // 1024**2}


def refusal_of_ole(data: bytes) -> str:
    """Say why a compound file is refused: Office packs protected files and its old formats so."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _("The file is protected by a password. Save it without one.")
    return _("This is an old Word or Excel format. Save it as .docx or .xlsx.")


def read_package(data: bytes) -> RawTable:
    names = checked_package(data)
    if "xl/workbook.xml" in names:
        return read_workbook(data)
    if "word/document.xml" in names:
        return read_document(data)
    raise failure(_("The file is neither a Word document nor an Excel workbook."))


def checked_package(data: bytes) -> set[str]:
    """Return the names within an Office file. Raises ``ImportFailedError`` for a dangerous one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
    except zipfile.BadZipFile as error:
        raise failure(_("The file is damaged.")) from error
    names = {info.filename for info in infos}
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise failure(_("The file unpacks to more than any plan holds; it was not opened."))
    if any(name.endswith("vbaProject.bin") for name in names):
        raise failure(_("The file contains macros. Save it as .xlsx or .docx without them."))
    return names
