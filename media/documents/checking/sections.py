"""The pages of a Word document: paper, margins, and where the page number stands."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from media.documents.checking.formatting import MM_TWIP, Formats, number
from media.documents.checking.seen import PageNumber, SeenRun, SeenSection

_SIDES = ("top", "bottom", "left", "right")


def sections_of(document: Any, formats: Formats) -> tuple[SeenSection, ...]:
    """Return the sections in order; headers a section does not have are those of the one before."""
    found: list[SeenSection] = []
    parts: dict[tuple[str, str], Any] = {}
    for settings in document.element.body.iter(qn("w:sectPr")):
        if settings.getparent().tag not in {qn("w:body"), qn("w:pPr")}:
            continue
        for reference in settings:
            if reference.tag in {qn("w:headerReference"), qn("w:footerReference")}:
                key = (reference.tag, reference.get(qn("w:type"), "default"))
                parts[key] = document.part.rels.get(reference.get(qn("r:id")))
        found.append(section_of(settings, parts, formats))
    # Without any settings Word takes its own; none of them are the decree's.
    return tuple(found) or (section_of(OxmlElement("w:sectPr"), {}, formats),)


def section_of(settings: Any, parts: dict[tuple[str, str], Any], formats: Formats) -> SeenSection:
    page, edges = settings.find(qn("w:pgSz")), settings.find(qn("w:pgMar"))
    counting = settings.find(qn("w:pgNumType"))
    title = settings.find(qn("w:titlePg"))
    start = number(counting.get(qn("w:start"))) if counting is not None else None
    hides = title is not None and title.get(qn("w:val"), "1") not in {"0", "false", "off"}
    return SeenSection(
        width=_mm(page, "w"),
        height=_mm(page, "h"),
        margins={side: _mm(edges, side) for side in _SIDES},
        header_mm=_mm(edges, "header"),
        hides_first=hides,
        starts_at=None if start is None else int(start),
        numerals="decimal" if counting is None else counting.get(qn("w:fmt"), "decimal"),
        number=page_number(parts, "default", formats),
        first_number=page_number(parts, "first" if hides else "default", formats),
    )


def _mm(element: Any, name: str) -> float:
    value = number(element.get(qn(f"w:{name}"))) if element is not None else None
    return round((value or 0) * MM_TWIP, 1)


def page_number(
    parts: dict[tuple[str, str], Any], kind: str, formats: Formats
) -> PageNumber | None:
    """Return where and how the page number is shown in headers or footers of a kind."""
    for tag in (qn("w:headerReference"), qn("w:footerReference")):
        relation = parts.get((tag, kind))
        if relation is None or relation.is_external:
            continue
        root = getattr(relation.target_part, "element", None)
        for paragraph in () if root is None else root.iter(qn("w:p")):
            if not has_page_field(paragraph):
                continue
            inherited, own = formats.of_paragraph(paragraph)
            run = next((r for r in paragraph.iter(qn("w:r")) if is_field_run(r)), None)
            look = inherited if run is None else formats.of_run(run, inherited)
            return PageNumber(
                tag == qn("w:headerReference"),
                centring(paragraph, own.get("align", "left")),
                SeenRun(
                    "1",
                    look.get("font") or "Times New Roman",
                    look.get("size") or 10.0,
                    look.get("bold", False),
                    look.get("italic", False),
                    look.get("underline", False),
                    look.get("colour", "AUTO"),
                ),
            )
    return None


def centring(paragraph: Any, align: str) -> str:
    """Return "center" also for a number in a frame that is itself centred, as Word inserts it."""
    frame = paragraph.find(f"{qn('w:pPr')}/{qn('w:framePr')}")
    if frame is not None and frame.get(qn("w:xAlign")) == "center":
        return "center"
    return align


def has_page_field(paragraph: Any) -> bool:
    simple = (field.get(qn("w:instr"), "") for field in paragraph.iter(qn("w:fldSimple")))
    complex_ = ((code.text or "") for code in paragraph.iter(qn("w:instrText")))
    return any(words.split()[:1] == ["PAGE"] for words in (*simple, *complex_))


def is_field_run(run: Any) -> bool:
    return any(child.tag in {qn("w:t"), qn("w:instrText")} for child in run)
