"""Checks of the head: nation, issuer, number, date, type, abstract (Annex I, part I, II.1–5)."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from core.text import fold
from media.documents.checking.anatomy import Anatomy
from media.documents.checking.findings import (
    Finding,
    centred,
    looks,
    missing,
    sized,
    styled,
)
from media.documents.checking.seen import SeenLine
from media.documents.layout import codes, elements
from media.documents.measuring import lines_of, width_mm
from media.documents.wording import MOTTO, NATION

_BLANK = r"[\s\u00a0.…_]*"
_NUMBER = re.compile(
    rf"Số:\s?(?:\d+[a-z]?|{_BLANK})(?:/\d{{4}})?/[A-ZĐ][A-Za-zĐđ&]*\d*(?:-[A-ZĐ][A-Za-zĐđ&]*\d*)*"
)
_VALUE = re.compile(r"Số\s*[:.]?\s*(\d+)")
_DATE = re.compile(
    r"(?P<place>[^,]+), ngày (?P<day>\d+|[\s.…_]*) ?tháng (?P<month>\d+|[\s.…_]*) ?năm "
    r"(?P<year>\d{4}|[\s.…_]*)"
)
_ANY_DATE = re.compile(r"ngày\s*(\d+)\s*tháng\s*(\d+)\s*năm\s*(\d{4})", re.IGNORECASE)
_SYMBOL = re.compile(r"/([A-ZĐ][A-Za-zĐđ]*)-")
_SLACK = 0.03  # of a line's length: rulers and fonts differ that much


def range_of(element: str) -> tuple[float, float]:
    """Return the sizes the decree allows an element."""
    found = elements()[element]
    return found.least, found.most


def nation(anatomy: Anatomy) -> Iterator[Finding]:
    line = anatomy.nation
    if not line:
        yield missing("nation.text", "Quốc hiệu", NATION)
        return
    # The decree itself writes HÒA and HOÀ.
    kept = line.text in {NATION, NATION.replace("HÒA", "HOÀ")}
    yield Finding("nation.text", kept, line.where, line.text, NATION)
    yield from sized("nation.size", [line], *range_of("quoc_hieu"))
    yield from styled("nation.style", [line], bold=True)


def motto(anatomy: Anatomy) -> Iterator[Finding]:
    line = anatomy.motto
    if not line:
        yield missing("motto.text", "Tiêu ngữ", MOTTO)
        return
    yield Finding("motto.text", line.text == MOTTO, line.where, line.text, MOTTO)
    yield from sized("motto.size", [line], *range_of("tieu_ngu"))
    yield from styled("motto.style", [line], bold=True)
    yield from centred("motto.place", [line])
    yield rule_finding(anatomy, "motto.rule", [line], 1, 1)
    if anatomy.nation:
        gap = anatomy.nation.after + line.before
        multiple = max(anatomy.nation.line, line.line)
        kept = gap <= 3 and multiple <= 1.15
        found = f"cách {gap:g} pt, dòng {multiple:g}"
        yield Finding("motto.spacing", kept, line.where, found, "dòng đơn, không cách thêm")


def rule_finding(
    anatomy: Anatomy, rule: str, lines: Sequence[SeenLine], least: float, most: float
) -> Finding:
    """Return whether the rule below lines is that share of the last or the longest of them."""
    last = lines[-1]
    wanted = "bằng dòng chữ" if least == 1 else "từ 1/3 đến 1/2 dòng chữ"
    drawn = anatomy.rule_after(last)
    if not drawn and last.words and all(run.underline for run in last.words):
        length = lengths([last])[0]
    elif not drawn:
        return Finding(rule, False, last.where, "không có đường kẻ", wanted)
    else:
        length = drawn.rule_mm
    texts = lengths(lines)
    shares = [length / text for text in (texts[-1], max(texts)) if text]
    kept = any(least - _SLACK <= share <= most + _SLACK for share in shares)
    share = shares[-1] if shares else 0
    found = f"{length:.0f} mm, bằng {share:.0%} dòng chữ".replace("%", " %")
    return Finding(rule, kept, last.where, found, wanted)


def lengths(lines: Sequence[SeenLine]) -> list[float]:
    """Return the lengths of lines as they break in their column, in mm."""
    found = []
    for line in lines:
        bold = line.is_bold
        room = max(line.room_mm - line.left_mm - line.right_mm, 10)
        broken = lines_of(line.text, line.size, room, bold=bold)
        found += [width_mm(words, line.size, bold=bold) for words in broken]
    return found or [0]


def issuer(anatomy: Anatomy) -> Iterator[Finding]:
    yield from sized("superior.size", anatomy.superior, *range_of("co_quan_chu_quan"))
    yield from styled("superior.style", anatomy.superior, bold=False, caps=True)
    if not anatomy.issuer:
        yield missing("issuer.caps", "tên cơ quan ban hành", "tên cơ quan ban hành in hoa")
        return
    for line in anatomy.issuer:
        yield Finding(
            "issuer.caps", line.text == line.text.upper(), line.where, line.text, line.text.upper()
        )
    yield from sized("issuer.size", anatomy.issuer, *range_of("co_quan_ban_hanh"))
    yield from styled("issuer.style", anatomy.issuer, bold=True)
    yield from centred("issuer.place", anatomy.issuer)
    yield rule_finding(anatomy, "issuer.rule", anatomy.issuer, 1 / 3, 1 / 2)


def number(anatomy: Anatomy) -> Iterator[Finding]:
    line = anatomy.number
    wanted = "dạng “Số: 05/KH-UBND”"
    if not line:
        yield missing("number.form", "số, ký hiệu", wanted)
        return
    yield Finding("number.form", bool(_NUMBER.fullmatch(line.text)), line.where, line.text, wanted)
    if match := _VALUE.match(line.text):
        value = match[1]
        kept = len(value) >= 2 and not (len(value) > 2 and value.startswith("0"))
        yield Finding("number.zero", kept, line.where, value, f"{int(value):02}")
    yield from looks("number.look", [line], range_of("so_ky_hieu"), bold=False)


def symbol(anatomy: Anatomy) -> Iterator[Finding]:
    """The code of the type in the symbol: KH for a plan."""
    if not anatomy.kind or not anatomy.number:
        return
    by_name = {fold(name): code for name, code in codes().items()}
    code = by_name.get(anatomy.kind.folded)
    match = _SYMBOL.search(anatomy.number.text)
    if code and match:
        line = anatomy.number
        yield Finding("symbol.kind", match[1] == code, line.where, match[1], code)


def day(anatomy: Anatomy) -> Iterator[Finding]:
    line = anatomy.date
    wanted = "dạng “Lạng Sơn, ngày 05 tháng 01 năm 2020”"
    if not line:
        yield missing("date.form", "địa danh và thời gian ban hành", wanted)
        return
    match = _DATE.fullmatch(line.text)
    kept = bool(match and match["place"][0].isupper())
    yield Finding("date.form", kept, line.where, line.text, wanted)
    if found := _ANY_DATE.search(line.text):
        yield from figures(line, *found.groups())
    yield from sized("date.size", [line], *range_of("dia_danh_thoi_gian"))
    yield from styled("date.style", [line], bold=False, italic=True)
    if anatomy.number:
        yield same_row(line, anatomy.number)


def figures(line: SeenLine, day_of: str, month_of: str, year_of: str) -> Iterator[Finding]:
    day_value, month_value = int(day_of), int(month_of)
    right_month = f"{month_value:02}" if month_value < 3 else str(month_value)
    wanted = f"ngày {day_value:02} tháng {right_month}"
    found = f"ngày {day_of} tháng {month_of}"
    yield Finding("date.zero", found == wanted, line.where, found, wanted)
    try:
        date(int(year_of), month_value, day_value)
        is_real = True
    except ValueError:
        is_real = False
    text = f"{day_of}/{month_of}/{year_of}"
    yield Finding("date.real", is_real, line.where, text, "một ngày có trong lịch")


def same_row(line: SeenLine, number_line: SeenLine) -> Finding:
    """Return whether date and number stand in one row of a table, or in one paragraph."""
    if line.cell and number_line.cell:
        same = (line.cell.table, line.cell.row) == (number_line.cell.table, number_line.cell.row)
    else:
        same = line.order == number_line.order
    found = "cùng một dòng" if same else "khác dòng"
    return Finding("date.place", same, line.where, found, "cùng một dòng với số, ký hiệu")


def kind(anatomy: Anatomy) -> Iterator[Finding]:
    line = anatomy.kind
    if not line:
        if not anatomy.letter_subject and not anatomy.addressees:
            yield missing("kind.caps", "tên loại văn bản", "tên loại văn bản hoặc “V/v …”")
        return
    caps = line.text == line.text.upper()
    yield Finding("kind.caps", caps, line.where, line.text, line.text.upper())
    yield from looks("kind.look", [line], range_of("ten_loai"), bold=True)
    yield from centred("kind.place", [line])
    if not anatomy.subject:
        yield missing("subject.place", "trích yếu nội dung", "trích yếu ngay dưới tên loại")
        return
    yield from looks("subject.look", anatomy.subject, range_of("trich_yeu"), bold=True)
    yield from centred("subject.place", anatomy.subject)
    yield rule_finding(anatomy, "subject.rule", anatomy.subject, 1 / 3, 1 / 2)


def letter(anatomy: Anatomy) -> Iterator[Finding]:
    """The abstract of an official letter, below its number."""
    if anatomy.kind:
        return
    line = anatomy.letter_subject
    if not line:
        if anatomy.addressees:
            yield missing("letter.subject", "trích yếu “V/v …”", "“V/v …” dưới số, ký hiệu")
        return
    look = next(looks("letter.subject", [line], range_of("trich_yeu_cong_van"), bold=False))
    kept = look.kept and line.text.startswith("V/v ")
    found = f"“{line.text[:4]}”, {look.found}"
    yield Finding("letter.subject", kept, line.where, found, f"“V/v ”, {look.wanted}")
    if anatomy.number:
        gap = max(anatomy.number.after, 0) + line.before
        yield Finding("letter.gap", 5 <= gap <= 7, line.where, f"{gap:g} pt", "6 pt")


CHECKS = (nation, motto, issuer, number, symbol, day, kind, letter)
