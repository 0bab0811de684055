"""A long table as a DOCX that is written while its rows are read: it is never whole in memory."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

import docx

from core.sheets import Pieces
from media.documents.layout import text_width_mm
from media.documents.model import Column, Span, Table, text
from media.documents.word.blocks import body_row, table
from media.documents.word.styles import set_up, style_of
from media.documents.word.writing import describe, lay_out, number_pages, put
from media.documents.word.xml import paragraph
from media.documents.wording import clean

BODY = "word/document.xml"
BATCH = 100  # rows
GAP = "\ue000"  # a letter of private use, where a cell's words go


def write_listing(
    title: str,
    author: str,
    above: Sequence[str],
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
) -> Iterator[bytes]:
    """Yield the file in pieces: the title, lines above the table, and the table, on wide pages.

    Its heading row is repeated on every page. No letterhead: what is listed here is not issued.
    """
    content = Table(tuple(columns), (), summary=title)
    shell = _shell(title, author, above, content)
    room = text_width_mm(landscape=True)
    total = sum(column.share for column in content.columns)
    widths = [room * column.share / total for column in content.columns]
    # One row is built and the others are filled in: building each would take most of the time.
    pattern: str = body_row((GAP,) * len(widths), content, widths).xml
    between = pattern.split(GAP)
    pieces = Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name in shell.namelist():
            if name != BODY:
                book.writestr(name, shell.read(name))
        before, end, after = shell.read(BODY).rpartition(b"</w:tbl>")
        with book.open(BODY, "w", force_zip64=True) as body:
            body.write(before)
            for number, row in enumerate(rows, 1):
                cells = (escape(" ".join(clean(cell).split())) for cell in row)
                filled = zip(between, (*cells, ""), strict=True)
                body.write("".join(f"{part}{cell}" for part, cell in filled).encode())
                if number % BATCH == 0:
                    yield pieces.take()
            body.write(end + after)
    yield pieces.take()


def _shell(title: str, author: str, above: Sequence[str], content: Table) -> zipfile.ZipFile:
    """Return the document without the rows of its only table."""
    word = docx.Document()
    set_up(word)
    describe(word, clean(title), clean(author), "")
    lay_out(word.sections[0], landscape=True)
    number_pages(word.sections[0])
    put(word, [paragraph(style_of("ten_loai"), (Span(clean(title), bold=True),))])
    put(word, (paragraph(style_of("noi_dung"), text(clean(line))) for line in above))
    put(word, table(content, text_width_mm(landscape=True)))
    stream = io.BytesIO()
    word.save(stream)
    return zipfile.ZipFile(stream)
