"""Checks of signature, recipients, addressees, urgency, appendices (II.7, II.9, III)."""

import re
from collections.abc import Iterator, Sequence

from media.documents.checking.anatomy import Anatomy, SeenAppendix
from media.documents.checking.findings import WHOLE, Finding, centred, looks, missing
from media.documents.checking.on_head import range_of
from media.documents.checking.seen import SeenLine
from media.documents.layout import BOX_MM
from media.documents.wording import roman

_RIGHTS = re.compile(r"(TM|KT|TL|TUQ|Q)\b(\.?)\s?(\S?)", re.IGNORECASE)
_TITLES = re.compile(
    r"(gs|pgs|ts|ths|cn|ks|bs|nsnd|nsưt|cử nhân|thạc sĩ|thạc sỹ|tiến sĩ|tiến sỹ|giáo sư|phó giáo sư"
    r"|kỹ sư|bác sĩ|đồng chí|ông|bà)[.\s]",
    re.IGNORECASE,
)
_RED = {"FF0000", "C00000", "ED1C24", "EE0000", "E00000", "F00000"}


def authority(anatomy: Anatomy) -> Iterator[Finding]:
    lines = anatomy.authority
    if not lines:
        yield missing("authority.look", "quyền hạn, chức vụ của người ký", "ô số 7a")
        return
    for line in lines:
        if match := _RIGHTS.match(line.text):
            wanted = f"{match[1].upper()}. {line.text[match.end(2) :].strip().upper()}"
            kept = line.text.upper() == wanted and match[1].isupper()
            yield Finding("authority.form", kept, line.where, line.text, wanted)
    yield from looks("authority.look", lines, range_of("quyen_han_chuc_vu"), bold=True, caps=True)
    label = anatomy.recipients_label
    if label:
        beside = bool(
            label.cell
            and lines[0].cell
            and label.cell.row == lines[0].cell.row
            and label.cell.column < lines[0].cell.column
        )
        found = "ngang hàng, bên phải" if beside else "không ngang hàng với “Nơi nhận”"
        yield Finding("authority.place", beside, lines[0].where, found, "ngang hàng, bên phải")


def signer(anatomy: Anatomy) -> Iterator[Finding]:
    line = anatomy.signer
    if not line or line.text == line.text.upper():
        found = line.text if line else "không có họ tên"
        where = line.where if line else WHOLE
        yield Finding("signer.present", False, where, found, "họ và tên, in thường")
        return
    yield Finding("signer.present", True, line.where, line.text, "họ và tên, in thường")
    yield from looks("signer.look", [line], range_of("ho_ten"), bold=True)
    match = _TITLES.match(line.text)
    found = f"ghi “{match[0].strip()}”" if match else "chỉ ghi họ tên"
    yield Finding("signer.title", not match, line.where, found, "chỉ ghi họ tên")


def recipients(anatomy: Anatomy) -> Iterator[Finding]:
    label, lines = anatomy.recipients_label, anatomy.recipients
    if not label:
        yield missing("recipients.label", "“Nơi nhận”", "“Nơi nhận:” và danh sách bên dưới")
        return
    look = next(
        looks("recipients.label", [label], range_of("noi_nhan_label"), bold=True, italic=True)
    )
    kept = look.kept and label.text == "Nơi nhận:"
    found = f"“{label.text}”, {look.found}"
    yield Finding("recipients.label", kept, label.where, found, f"“Nơi nhận:”, {look.wanted}")
    yield from looks("recipients.size", lines, range_of("noi_nhan_items"), bold=False)
    yield from listed("recipients.marks", lines)
    last = lines[-1] if lines else label
    kept = bool(re.fullmatch(r"- Lưu: VT\b.*\.", last.text))
    yield Finding("recipients.archive", kept, last.where, last.text, "- Lưu: VT, [đơn vị].")
    if anatomy.addressees and lines:
        kept = lines[0].folded == "nhu tren"
        yield Finding("recipients.as_above", kept, lines[0].where, lines[0].text, "- Như trên;")


def listed(rule: str, lines: Sequence[SeenLine]) -> Iterator[Finding]:
    """Yield for each line of a list whether it has its dash and its mark."""
    for index, line in enumerate(lines):
        mark = "." if index == len(lines) - 1 else ";"
        kept = line.text.startswith("- ") and line.text.endswith(mark)
        found = f"“{line.text[:2]}…{line.text[-1:]}”"
        yield Finding(rule, kept, line.where, found, f"“- …{mark}”")


def addressees(anatomy: Anatomy) -> Iterator[Finding]:
    lines = anatomy.addressees
    if not lines:
        return
    look = next(looks("addressees.look", lines[:1], range_of("noi_dung"), bold=False))
    kept = look.kept and lines[0].text.startswith("Kính gửi:")
    found = f"“{lines[0].text[:9]}”, {look.found}"
    yield Finding("addressees.look", kept, lines[0].where, found, f"“Kính gửi:”, {look.wanted}")
    yield from listed("addressees.marks", lines[1:])


def urgency(anatomy: Anatomy) -> Iterator[Finding]:
    line = anatomy.urgency
    if not line:
        return
    look = next(looks("urgency.look", [line], (13, 14), bold=True, caps=True))
    boxed = {"top", "bottom", "left", "right"} <= line.borders
    red = all(run.colour in _RED for run in line.words)
    known = line.text in {*BOX_MM, "HOẢ TỐC"}
    found = f"{look.found}, {'có' if boxed else 'không có'} khung, {'đỏ' if red else 'không đỏ'}"
    yield Finding(
        "urgency.look",
        look.kept and boxed and red and known,
        line.where,
        found,
        f"{look.wanted}, có khung, đỏ",
    )


def appendices(anatomy: Anatomy) -> Iterator[Finding]:
    found = anatomy.appendices
    if not found:
        return
    mentions = [line for line in anatomy.body if "phu luc" in line.folded]
    yield Finding(
        "appendix.mention",
        bool(mentions),
        mentions[0].where if mentions else WHOLE,
        "có chỉ dẫn" if mentions else "không có chỉ dẫn trong nội dung",
        "có chỉ dẫn về Phụ lục",
    )
    for index, each in enumerate(found, start=1):
        yield from one_appendix(anatomy, each, index, len(found))


def one_appendix(anatomy: Anatomy, each: SeenAppendix, index: int, count: int) -> Iterator[Finding]:
    label = each.label
    if count > 1:
        wanted = f"Phụ lục {roman(index)}"
        kept = label.text.casefold() == wanted.casefold()
        yield Finding("appendix.numbers", kept, label.where, label.text, wanted)
    look = next(looks("appendix.label", [label], range_of("phu_luc_label"), bold=True))
    middle = next(centred("appendix.label", [label]))
    lower = label.text.startswith("Phụ lục")
    yield Finding(
        "appendix.label",
        look.kept and middle.kept and lower,
        label.where,
        f"{look.found}, {middle.found}, {'in thường' if lower else 'in hoa'}",
        f"{look.wanted}, canh giữa, in thường",
    )
    yield from looks("appendix.title", each.title, range_of("phu_luc_title"), bold=True, caps=True)
    yield from reference(each)
    yield pages(anatomy, each)


def reference(each: SeenAppendix) -> Iterator[Finding]:
    rule, bounds = "appendix.reference", range_of("phu_luc_chi_dan")
    if not each.reference:
        where, wanted = each.label.where, "(Kèm theo … số … ngày … của …)"
        yield Finding(rule, False, where, "không có dòng “(Kèm theo …)”", wanted)
        return
    look = next(looks(rule, each.reference, bounds, bold=False, italic=True))
    middle = next(centred(rule, each.reference))
    yield Finding(
        rule,
        look.kept and middle.kept,
        each.reference[0].where,
        f"{look.found}, {middle.found}",
        f"{look.wanted}, {middle.wanted}",
    )


def pages(anatomy: Anatomy, each: SeenAppendix) -> Finding:
    """Return whether the appendix begins a section whose pages start at 1."""
    index = each.label.section
    first = next(line for line in anatomy.seen.lines if line.section == index and line.text)
    section = anatomy.seen.sections[min(index, len(anatomy.seen.sections) - 1)]
    own = first.order == each.label.order and section.starts_at == 1 and index > 0
    found = "đánh số riêng từ 1" if own else "đánh số tiếp theo văn bản"
    return Finding("appendix.pages", own, each.label.where, found, "đánh số riêng từ 1")


CHECKS = (authority, signer, recipients, addressees, urgency, appendices)
