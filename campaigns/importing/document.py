"""Reading a Word document: the assignment table, and the document's own head before it."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table

from campaigns.importing.columns import find_header
from campaigns.importing.problems import failure
from campaigns.importing.table import RawTable, Row, clean_cell


def read_document(data: bytes) -> RawTable:
    """Return the table with its continuations on later pages. Raises ``ImportFailedError``.

    Rows are numbered from 1 within the table. Text inserted under track changes counts, deleted
    text does not.
    """
    try:
        document = Document(io.BytesIO(data))
    except (
        PackageNotFoundError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        SyntaxError,
    ) as error:
        raise failure(_("The document is damaged or is not a Word file.")) from error
    preface: list[str] = []
    afterword: list[str] = []
    rows: list[Row] = []
    width = 0
    for block in document.element.body.iterchildren():
        if block.tag == qn("w:p"):
            (afterword if rows else preface).append(clean_cell(text_of(block)))
        elif block.tag == qn("w:tbl"):
            found = table_rows(block, document, first_line=len(rows) + 1)
            if find_header(RawTable(tuple(found))) or (rows and widest(found) == width):
                rows.extend(found)
                width = widest(found)
            elif not rows:
                preface.extend(cell for row in found for cell in dict.fromkeys(row.cells))
    if not rows:
        raise failure(_("The document holds no table with the columns of a plan."))
    return RawTable(
        tuple(rows), tuple(filter(None, preface)), afterword=tuple(filter(None, afterword))
    )


def table_rows(element: Any, document: Any, first_line: int) -> list[Row]:
    """Return the rows of a Word table; a merged cell gives its text to every place it covers."""
    table = Table(element, document)
    rows = []
    for line, row in enumerate(table.rows, start=first_line):
        cells = [""] * row.grid_cols_before
        cells += [clean_cell(cell_text(cell._tc)) for cell in row.cells]
        cells += [""] * row.grid_cols_after
        rows.append(Row(line, tuple(cells)))
    return rows


def widest(rows: list[Row]) -> int:
    return max((len(row.cells) for row in rows), default=0)


def cell_text(cell: Any) -> str:
    return "\n".join(text_of(paragraph) for paragraph in cell.iterchildren(qn("w:p")))


def text_of(paragraph: Any) -> str:
    """Return the visible text of a paragraph, with insertions and without deletions."""
    return "".join(fragments(paragraph))


def fragments(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter(
        qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen")
    ):
        if node.tag == qn("w:t"):
            yield node.text or ""
        elif node.tag == qn("w:tab"):
            # Tab stops in paragraph properties share the tag name of tabs in the text.
            yield "\t" if node.getparent().tag == qn("w:r") else ""
        else:
            yield "-" if node.tag == qn("w:noBreakHyphen") else "\n"
