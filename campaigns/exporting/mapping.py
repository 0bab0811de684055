"""What of a plan stands where in its document. A field added to ``Plan`` is placed here."""

import re
from dataclasses import replace

from campaigns.exporting.richtext import blocks_of
from campaigns.exporting.signing import committee_name, recipients_of, signature_of
from campaigns.exporting.table import assignment
from campaigns.models import Activity, Annex, Plan
from campaigns.plans.annexes import annexes_of
from campaigns.plans.bases import bases_of
from core.text import fold
from media.documents.letters import kind_of
from media.documents.model import (
    Appendix,
    Block,
    Clause,
    Document,
    Issuer,
    Number,
    Paragraph,
    Point,
    Recipients,
    Section,
    plain,
    text,
)
from media.documents.wording import day_words
from organisations.models import Organisation

# Field → title of its section, in the order of the form for documents of a type (mẫu 1.4).
SECTIONS = (
    ("purposes", "Mục đích, yêu cầu"),
    ("contents", "Nội dung tuyên truyền"),
    ("forms", "Hình thức tuyên truyền"),
    ("audiences", "Đối tượng tuyên truyền"),
    ("timing", "Thời gian thực hiện"),
    ("funding", "Kinh phí thực hiện"),
    ("implementation", "Tổ chức thực hiện"),
)
APPENDIX_TITLE = "Bảng phân công nhiệm vụ"
APPENDIX_NOTE = (
    "Nhiệm vụ cụ thể, cơ quan chủ trì, cơ quan phối hợp và thời gian thực hiện tại Phụ lục kèm "
    "theo Kế hoạch này."
)
PURPOSES, REQUIREMENTS = "Mục đích", "Yêu cầu"
RESPONSIBLE = "Chịu trách nhiệm về kết quả thực hiện Kế hoạch"
COMBINED = "Kế hoạch này được lồng ghép trong Kế hoạch cải cách hành chính"
ATTACHED = "Tệp kèm theo"
_UNIT = re.compile(r"(?:tỉnh|thành phố|huyện|thị xã|quận|xã|phường|thị trấn)\s+", re.IGNORECASE)
# Named after people: their full name is to be written (Annex I, part I, II.4.a).
_FULL_NAMES = {"ho chi minh": "Thành phố Hồ Chí Minh"}


def document_of(plan: Plan, activities: list[Activity]) -> Document:
    """Return the plan as a document, its activities in an appendix on A4 on its side."""
    bases, opening = opening_of(plan)
    sections, closing = sections_of(plan, has_appendix=bool(activities))
    items, archive = recipients_of(plan)
    table = (Appendix(APPENDIX_TITLE, (assignment(activities),), landscape=True),)
    return Document(
        issuer=issuer_of(plan.issuer),
        number=number_of(plan),
        place=place_of(plan.issuer),
        issued_on=plan.issued_on,
        kind=kind_of("Kế hoạch"),
        subject=plan.title,
        body=(*opening, *combined(plan), *sections, closing or closing_of(plan)),
        signature=signature_of(plan),
        recipients=Recipients(items, archive),
        bases=bases,
        year=plan.year,
        appendices=(*(table if activities else ()), *map(annex, annexes_of(plan))),
    )


def issuer_of(organisation: Organisation) -> Issuer:
    """Return the name as it stands at the top left, with the direct superior body."""
    if locality := committee_name(organisation):
        return Issuer(("Ủy ban nhân dân", locality), in_text=f"Ủy ban nhân dân {locality}")
    parent = organisation.parent
    if not parent:
        return Issuer((organisation.name,))
    above = f"UBND {name}" if (name := committee_name(parent)) else parent.name
    return Issuer((organisation.name,), (above,))


def place_of(organisation: Organisation) -> str:
    """Return the locality whose name stands before the date: that of the nearest committee."""
    current: Organisation | None = organisation
    for _step in range(5):
        if current is None:
            break
        if locality := committee_name(current):
            name = _UNIT.sub("", locality, count=1)
            if name[:1].isdigit():
                return locality[:1].upper() + locality[1:]
            return _FULL_NAMES.get(fold(name), name)
        current = current.parent
    return "…"


def number_of(plan: Plan) -> Number:
    """Return the plan's number; until there is one, its symbol by the issuer's initials."""
    return numbered(plan.number, plan.issuer, "KH")


def numbered(number: str, issuer: Organisation, code: str) -> Number:
    """Return a number as written; without one, the symbol of that kind of the issuer."""
    if number:
        return Number.read(number)
    if committee_name(issuer):
        return Number(None, f"{code}-UBND")
    initials = "".join(word[0] for word in re.findall(r"\w+", issuer.name) if word != "và")
    return Number(None, f"{code}-{initials.upper()}")


def opening_of(plan: Plan) -> tuple[tuple[str, ...], list[Block]]:
    """Return the legal bases, those of the list before those typed in the lead-in, and its rest."""
    bases = [f"Căn cứ {basis.words}" for basis in bases_of(plan)]
    rest: list[Block] = []
    for block in blocks_of(plan.introduction):
        words = plain(block.text).strip() if isinstance(block, Paragraph) else ""
        if words.lower().startswith("căn cứ ") and not rest:
            bases.append(words)
        else:
            rest.append(block)
    return tuple(bases), rest


def sections_of(plan: Plan, *, has_appendix: bool) -> tuple[list[Block], Paragraph | None]:
    """Return the sections that have a text, and the closing sentence if the last one has it.

    The last section points to the appendix.
    """
    found: list[Block] = []
    closing = None
    for field, title in SECTIONS:
        blocks = blocks_of(getattr(plan, field))
        if field == "purposes":
            blocks = with_requirements(blocks, blocks_of(plan.requirements))
        if field == "implementation":
            blocks, closing = without_closing(blocks)
            if plan.responsible:
                blocks = (*blocks, Paragraph(text(f"{RESPONSIBLE}: {plan.responsible}.")))
            if has_appendix:
                blocks = (*blocks, Paragraph(text(APPENDIX_NOTE)))
        if blocks:
            found.append(Section(title, blocks))
    return found, closing


def with_requirements(
    purposes: tuple[Block, ...], requirements: tuple[Block, ...]
) -> tuple[Block, ...]:
    """Return "1. Mục đích", "2. Yêu cầu" where the plan keeps the two apart."""
    if not requirements:
        return purposes
    both = ((PURPOSES, purposes), (REQUIREMENTS, requirements))
    return tuple(Clause(title, blocks=lowered(blocks)) for title, blocks in both if blocks)


def lowered(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks that go below a numbered title: their own numbers become letters."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Clause):
            found.append(Point(block.text or text(block.title), lowered(block.blocks)))
        else:
            found.append(block)
    return tuple(found)


def combined(plan: Plan) -> list[Block]:
    """Return the sentence that says into which reform plan this one is folded."""
    if plan.kind != Plan.Kind.COMBINED or not plan.combined_number:
        return []
    day = f" {day_words(plan.combined_on)}" if plan.combined_on else ""
    return [Paragraph(text(f"{COMBINED} số {plan.combined_number}{day}."))]


def annex(one: Annex) -> Appendix:
    """Return an annex: its text, and the name of the file beside it."""
    blocks: tuple[Block, ...] = blocks_of(one.text)
    if one.document:
        blocks = (*blocks, Paragraph(text(f"{ATTACHED}: {one.document.title}.")))
    return Appendix(one.title, blocks)


def without_closing(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], Paragraph | None]:
    """Return the blocks without "Trên đây là Kế hoạch …" at their end, and that sentence."""
    last = blocks[-1] if blocks else None
    if isinstance(last, Paragraph) and plain(last.text).strip().startswith("Trên đây"):
        return blocks[:-1], last
    if isinstance(last, Clause) and last.blocks:
        inner, closing = without_closing(last.blocks)
        return (*blocks[:-1], replace(last, blocks=inner)), closing
    return blocks, None


def closing_of(plan: Plan) -> Paragraph:
    title = plan.title.strip(" .")
    # "Tuyên truyền …" goes on in a sentence; a name or an abbreviation keeps its capital.
    if title[1:2].islower():
        title = title[0].lower() + title[1:]
    return Paragraph(text(f"Trên đây là Kế hoạch {title}"))
