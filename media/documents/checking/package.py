"""Opening a Word file that anybody may have made: bounded, without macros, nothing fetched."""

import io
import zipfile
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_XML = 25 * 1024 * 1024  # of one part: parsed, it takes some ten times as much
MAX_PARTS = 2000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "word/document.xml"


class UnreadableError(Exception):
    """The file cannot be checked; the message says why, in Vietnamese."""


def open_document(data: bytes) -> Any:
    """Return the python-docx document in these bytes. Raises ``UnreadableError``."""
    if not data.strip():
        raise UnreadableError("Tệp rỗng.")
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"Tệp lớn hơn {MAX_BYTES // 1024**2} MB.")
    if data.startswith(_OLE):
        raise UnreadableError(_reason_of_ole(data))
    if not data.startswith(b"PK"):
        raise UnreadableError("Đây không phải tệp Word (.docx).")
    _inspect(data)
    try:
        document = docx.Document(io.BytesIO(data))
        # A part of a wrong type is found only when it is looked into.
        _parts = (document.styles.element, document.element.body.tag)
    except (
        PackageNotFoundError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        SyntaxError,
        AttributeError,
        NotImplementedError,
        EOFError,
        OSError,
    ) as error:
        raise UnreadableError("Tệp bị hỏng hoặc không phải tệp Word (.docx).") from error
    return document


def _reason_of_ole(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "Tệp được bảo vệ bằng mật khẩu. Hãy lưu lại không đặt mật khẩu."
    return "Đây là tệp Word định dạng cũ (.doc). Hãy lưu lại thành .docx."


def _inspect(data: bytes) -> None:
    """Refuse by the list of contents alone what must not be unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableError("Tệp bị hỏng.") from error
    names = {part.filename for part in parts}
    texts = (part for part in parts if part.filename.endswith((".xml", ".rels")))
    if (
        len(parts) > MAX_PARTS
        or sum(part.file_size for part in parts) > MAX_UNPACKED
        or any(part.file_size > MAX_XML for part in texts)
    ):
        raise UnreadableError("Tệp giải nén ra quá lớn so với một văn bản nên không được mở.")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise UnreadableError("Tệp có macro. Hãy lưu lại thành .docx không có macro.")
    if _MAIN not in names:
        raise UnreadableError("Đây không phải tệp Word (.docx).")
