"""Checks of paper, margins, letters and page numbers (Annex I, part I, I)."""

import unicodedata
from collections.abc import Iterator

from media.documents.checking.anatomy import Anatomy
from media.documents.checking.findings import WHOLE, Finding
from media.documents.checking.seen import SeenLine, SeenSection
from media.documents.layout import FONT, rules

_LEGACY = (".vn", "vni-", "vni ", "abc ", ".tcvn")
_BLACK = {"AUTO", "000000"}
_ONE_PAGE = 3500  # letters: more do not fit on a page
_TOLERANCE = 0.5  # mm: Word rounds to twentieths of a point, people to quarters of an inch


def page(anatomy: Anatomy) -> Iterator[Finding]:
    """Paper, orientation and margins of each section."""
    bounds = rules()["page"]["margins_mm"]
    tables = {line.section for line in anatomy.seen.lines if line.cell}
    for index, section in enumerate(anatomy.seen.sections):
        where = f"Phần trang {index + 1}"
        short, long = sorted((section.width, section.height))
        yield Finding(
            "page.size",
            abs(short - 210) <= 1 and abs(long - 297) <= 1,
            where,
            f"{section.width:g} x {section.height:g} mm",
            "210 x 297 mm",
        )
        upright = section.width <= section.height
        yield Finding(
            "page.orientation",
            upright or index in tables,
            where,
            "theo chiều dài" if upright else "theo chiều rộng",
            "theo chiều dài, trừ khi có bảng, biểu",
        )
        for side, (least, most) in bounds.items():
            size = section.margins[side]
            yield Finding(
                f"page.margin_{side}",
                least - _TOLERANCE <= size <= most + _TOLERANCE,
                where,
                f"{size:g} mm",
                f"{least} - {most} mm",
            )


def letters(anatomy: Anatomy) -> Iterator[Finding]:
    """Font, encoding and colour: the first line that breaks each, or the whole document."""
    yield from worst(anatomy, "page.font", foreign_font, f"phông {FONT}")
    yield from worst(anatomy, "page.encoding", foreign_code, "Unicode dựng sẵn")
    yield from worst(anatomy, "page.colour", foreign_colour, "màu đen")


def worst(anatomy: Anatomy, rule: str, fault: object, wanted: str) -> Iterator[Finding]:
    broken = [
        (line, text)
        for line in anatomy.seen.lines
        if (text := fault(anatomy, line))  # type: ignore[operator]
    ]
    for line, text in broken[:20]:
        yield Finding(rule, False, line.where, text, wanted)
    if not broken:
        yield Finding(rule, True, WHOLE, wanted, wanted)


def is_legacy(font: str) -> bool:
    return font.casefold().startswith(_LEGACY)


def foreign_font(anatomy: Anatomy, line: SeenLine) -> str:
    """Return the other font of a line; fonts of the old encodings are another rule's."""
    fonts = {run.font for run in line.words}
    others = sorted(f for f in fonts if f.casefold() != FONT.casefold() and not is_legacy(f))
    return f"phông {', '.join(others)}" if others else ""


def foreign_code(anatomy: Anatomy, line: SeenLine) -> str:
    fonts = sorted({run.font for run in line.words if is_legacy(run.font)})
    if fonts:
        return f"phông bảng mã cũ {', '.join(fonts)}"
    if any(not unicodedata.is_normalized("NFC", run.text) for run in line.words):
        return "chữ Unicode tổ hợp (dấu tách rời)"
    return ""


def foreign_colour(anatomy: Anatomy, line: SeenLine) -> str:
    if anatomy.urgency and line.order == anatomy.urgency.order:
        return ""
    colours = sorted({run.colour for run in line.words} - _BLACK)
    return f"màu #{', #'.join(colours)}" if colours else ""


def page_numbers(anatomy: Anatomy) -> Iterator[Finding]:
    """Page numbers of the document itself; a single page shows none, appendices have their rule."""
    appendix_sections = {each.label.section for each in anatomy.appendices}
    for index, section in enumerate(anatomy.seen.sections):
        if index in appendix_sections and index > 0:
            continue
        if not section.number and has_one_page(anatomy):
            continue
        yield from numbers_of(section, f"Phần trang {index + 1}", is_first=index == 0)


def has_one_page(anatomy: Anatomy) -> bool:
    """Tell whether the document without its appendices has one page, by all that is known."""
    pages = anatomy.seen.pages
    letters_of_it = sum(len(line.text) for line in anatomy.main)
    if pages is None or letters_of_it > _ONE_PAGE:
        return False
    return pages - len(anatomy.appendices) <= 1


def numbers_of(section: SeenSection, where: str, *, is_first: bool) -> Iterator[Finding]:
    shown = section.number
    middle = "canh giữa, trong lề trên"
    if not shown:
        found = "không có số trang"
    else:
        place = "trong lề trên" if shown.is_in_header else "ở chân trang"
        found = f"{'canh giữa' if shown.align == 'center' else 'không canh giữa'}, {place}"
    yield Finding("number_of_page.shown", found == middle, where, found, middle)
    if is_first:
        hidden = section.first_number is None
        text = "không hiển thị" if hidden else "có hiển thị"
        yield Finding("number_of_page.first_hidden", hidden, where, text, "không hiển thị")
    numerals = "chữ số Ả Rập" if section.numerals == "decimal" else section.numerals
    start = section.starts_at if section.starts_at is not None else 1
    kept = section.numerals == "decimal" and (start == 1 or not is_first)
    wanted = "chữ số Ả Rập, từ số 1"
    yield Finding("number_of_page.numerals", kept, where, f"{numerals}, từ số {start}", wanted)
    if shown and shown.run:
        run = shown.run
        slant = "nghiêng" if run.italic else "đứng"
        yield Finding(
            "number_of_page.look",
            13 <= run.size <= 14 and not run.italic,
            where,
            f"{run.size:g} pt, {slant}",
            "13 - 14 pt, đứng",
        )


CHECKS = (page, letters, page_numbers)
