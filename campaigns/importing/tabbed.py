"""Reading tab-separated text in the encodings that Vietnamese offices produce."""

import csv
import io
import unicodedata

from django.utils.translation import gettext as _

from campaigns.importing.problems import failure
from campaigns.importing.table import RawTable, Row, clean_cell

_VIETNAMESE = set("àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ")
_TYPOGRAPHY = set("–—‘’“”…•≤≥\u00a0\ufeff₫§°×½«»")


def read_tabbed(data: bytes) -> RawTable:
    """Return the table. Raises ``ImportFailedError`` for text that no known encoding explains."""
    text, warnings = decode(data)
    if "\t" not in text:
        raise failure(_("The file has no columns parted by tabs."))
    return RawTable(tuple(rows_of(text)), (), tuple(warnings))


def decode(data: bytes) -> tuple[str, list[str]]:
    """Return the text of UTF-8, UTF-16 or Windows-1258 bytes, and what to tell the person."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return checked(data, "utf-16"), []
    if b"\0" in data:
        raise failure(_("This is not a text file."))
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        text = legacy(data)
    return text, [
        _("The file is in the old encoding Windows-1258; it was converted. Check the diacritics.")
    ]


def legacy(data: bytes) -> str:
    """Return Windows-1258 text in NFC, if that makes it Vietnamese; TCVN3 and VNI do not."""
    text = unicodedata.normalize("NFC", checked(data, "cp1258"))
    foreign = {letter for letter in text.lower() if not letter.isascii()} - _VIETNAMESE
    if foreign - _TYPOGRAPHY:
        raise failure(_("The encoding of the file is unknown. Save it as Unicode (UTF-8)."))
    return text


def checked(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = _("The encoding of the file is unknown. Save it as Unicode (UTF-8).")
        raise failure(message) from error


def rows_of(text: str) -> list[Row]:
    """Return the rows, quoted as Excel does or not quoted at all."""
    try:
        rows = parse(text, strict=True)
    except csv.Error:
        rows = parse(text, strict=False)
    return [row for row in rows if any(row.cells)]


def parse(text: str, *, strict: bool) -> list[Row]:
    stream = io.StringIO(text, newline="")
    if strict:
        reader = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_MINIMAL, strict=True)
    else:
        reader = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
    rows: list[Row] = []
    line = 1
    for cells in reader:
        rows.append(Row(line, tuple(clean_cell(cell) for cell in cells)))
        line = reader.line_num + 1
    return rows
