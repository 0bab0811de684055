"""The head of a document: who and where, number and date, type and abstract, addressees."""

from collections.abc import Iterator
from typing import Any

from media.documents.composing import Composed
from media.documents.layout import (
    BOX_HEIGHT_MM,
    BOX_MM,
    LEFT_SHARE,
    POINT_MM,
    RED,
    TO_MM,
    elements,
    text_width_mm,
)
from media.documents.measuring import rule_mm, width_mm
from media.documents.model import text
from media.documents.word.styles import FRAME, style_of
from media.documents.word.xml import (
    cell,
    grid,
    node,
    paragraph,
    points,
    ruled,
    run,
    run_format,
    spacing,
    twips,
)
from media.documents.wording import MOTTO, NATION


def head(composed: Composed) -> Iterator[Any]:
    """Yield the blocks above the body."""
    yield head_table(composed)
    if composed.kind:
        yield line("ten_loai", composed.kind)
        yield line("trich_yeu", composed.subject)
        yield rule_below("trich_yeu", (composed.subject,), text_width_mm())
    yield from addressees(composed.addressees)
    yield node(
        "w:p", node("w:pPr", node("w:pStyle", val=FRAME), spacing(4, 4), node("w:ind", left="0"))
    )


def line(role: str, words: str, *settings: Any) -> Any:
    return paragraph(style_of(role), text(words), *settings)


def rule_below(role: str, lines: tuple[str, ...], room_mm: float) -> Any:
    """Return the rule below lines of that role, between a third and a half of the longest."""
    return ruled(room_mm, rule_mm(role, lines, room_mm), FRAME)


def head_table(composed: Composed) -> Any:
    """Return the two columns: the issuer on the left, nation and motto on the right."""
    left = text_width_mm() * LEFT_SHARE
    right = text_width_mm() - left
    motto = elements()["tieu_ngu"]
    issuer = [
        *(line("co_quan_chu_quan", words) for words in composed.superior),
        *(line("co_quan_ban_hanh", words) for words in composed.issuer),
        rule_below("co_quan_ban_hanh", composed.issuer, left),
    ]
    nation = [
        line("quoc_hieu", NATION),
        line("tieu_ngu", MOTTO),
        ruled(right, width_mm(MOTTO, motto.size, bold=motto.bold), FRAME),
    ]
    number = [line("so_ky_hieu", composed.number)]
    if composed.letter_subject:
        number.append(line("trich_yeu_cong_van", composed.letter_subject))
    if composed.urgency:
        number.append(box(composed.urgency, left))
    rows = [
        node("w:tr", cell(left, issuer), cell(right, nation)),
        node("w:tr", cell(left, number), cell(right, [line("dia_danh_thoi_gian", composed.date)])),
    ]
    return grid([left, right], rows)


def box(urgency: str, room_mm: float) -> Any:
    """Return the word of urgency, red in a box of the decree's size."""
    side = twips((room_mm - BOX_MM[urgency]) / 2)
    edges = [
        node(f"w:{name}", val="single", sz="6", space="0", color=RED)
        for name in ("top", "left", "bottom", "right")
    ]
    height = points(BOX_HEIGHT_MM / POINT_MM)
    return node(
        "w:p",
        node(
            "w:pPr",
            node("w:pStyle", val=style_of("khan")),
            node("w:pBdr", *edges),
            node("w:spacing", before=points(6), after="0", line=height, lineRule="exact"),
            node("w:ind", left=side, right=side, firstLine="0"),
            node("w:textAlignment", val="center"),
        ),
        run(urgency, run_format(colour=RED)),
    )


def addressees(lines: tuple[str, ...]) -> Iterator[Any]:
    """Yield "Kính gửi: …" in the middle, or the list with its dashes below the colon."""
    if len(lines) == 1:
        yield line("kinh_gui", lines[0], spacing(12, 6), node("w:jc", val="center"))
        return
    start = TO_MM
    colon = start + width_mm("Kính gửi", elements()["noi_dung"].size)
    for index, words in enumerate(lines):
        place = node("w:ind", left=twips(colon if index else start), firstLine="0")
        yield line("kinh_gui", words, spacing(0 if index else 12, 2), place)
