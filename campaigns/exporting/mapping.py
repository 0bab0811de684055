"""What of a plan stands where in its document. A field added to ``Plan`` is placed here."""

import re
from dataclasses import replace

from campaigns.exporting.richtext import blocks_of
from campaigns.exporting.table import assignment
from campaigns.models import Activity, Plan
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
    Recipients,
    Section,
    Signature,
    plain,
    text,
)
from organisations.models import Organisation

# Field → title of its section, in the order of the form for documents of a type (mẫu 1.4).
SECTIONS = (
    ("purposes", "Mục đích, yêu cầu"),
    ("contents", "Nội dung tuyên truyền"),
    ("forms", "Hình thức tuyên truyền"),
    ("audiences", "Đối tượng tuyên truyền"),
    ("funding", "Kinh phí thực hiện"),
    ("implementation", "Tổ chức thực hiện"),
)
APPENDIX_TITLE = "Bảng phân công nhiệm vụ"
APPENDIX_NOTE = (
    "Nhiệm vụ cụ thể, cơ quan chủ trì, cơ quan phối hợp và thời gian thực hiện tại Phụ lục kèm "
    "theo Kế hoạch này."
)
_COMMITTEE = re.compile(r"(?:UBND|(?:Ủy|Uỷ) ban nhân dân)\s+", re.IGNORECASE)
_UNIT = re.compile(r"(?:tỉnh|thành phố|huyện|thị xã|quận|xã|phường|thị trấn)\s+", re.IGNORECASE)
# Named after people: their full name is to be written (Annex I, part I, II.4.a).
_FULL_NAMES = {"ho chi minh": "Thành phố Hồ Chí Minh"}
_RIGHTS = re.compile(r"\s*(?=\b(?:TM|KT|TL|TUQ|Q)\.)")
_DEPUTY = re.compile(r"(?<=\S)\s+(?=phó\b)", re.IGNORECASE)
_HEADS = {
    "pho chu tich": ("KT. Chủ tịch", "Phó Chủ tịch"),
    "pho giam doc": ("KT. Giám đốc", "Phó Giám đốc"),
    "pho chanh van phong": ("KT. Chánh Văn phòng", "Phó Chánh Văn phòng"),
    "pho truong ban": ("KT. Trưởng ban", "Phó Trưởng ban"),
    "pho tong bien tap": ("KT. Tổng Biên tập", "Phó Tổng Biên tập"),
}


def document_of(plan: Plan, activities: list[Activity]) -> Document:
    """Return the plan as a document, its activities in an appendix on A4 on its side."""
    bases, opening = opening_of(plan)
    sections, closing = sections_of(plan, has_appendix=bool(activities))
    items, archive = recipients_of(plan)
    appendix = Appendix(APPENDIX_TITLE, (assignment(activities),), landscape=True)
    return Document(
        issuer=issuer_of(plan.issuer),
        number=number_of(plan),
        place=place_of(plan.issuer),
        issued_on=plan.issued_on,
        kind=kind_of("Kế hoạch"),
        subject=plan.title,
        body=(*opening, *sections, closing or closing_of(plan)),
        signature=signature_of(plan),
        recipients=Recipients(items, archive),
        bases=bases,
        year=plan.year,
        appendices=(appendix,) if activities else (),
    )


def committee_name(organisation: Organisation) -> str:
    """Return the locality of a People's Committee: "tỉnh Lạng Sơn"; empty for other bodies."""
    if organisation.kind != Organisation.Kind.PEOPLES_COMMITTEE:
        return ""
    match = _COMMITTEE.match(organisation.name)
    return organisation.name[match.end() :] if match else ""


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
    """Return the legal bases in the lead-in, and the rest of it."""
    bases: list[str] = []
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
        if field == "implementation":
            blocks, closing = without_closing(blocks)
            if has_appendix:
                blocks = (*blocks, Paragraph(text(APPENDIX_NOTE)))
        if blocks:
            found.append(Section(title, blocks))
    return found, closing


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


def signature_of(plan: Plan) -> Signature:
    """Return the authority and the signer of the plan."""
    return signed_by(plan.issuer, plan.signer_title, plan.signer)


def signed_by(issuer: Organisation, title: str, signer: str) -> Signature:
    """Return the authority and the signer: deputies sign for their head (II.7.b)."""
    title = title.strip()
    if _RIGHTS.match(title):
        lines = tuple(part.strip() for part in _RIGHTS.split(title) if part.strip())
        return Signature(split_position(lines), signer)
    lines = _HEADS.get(fold(title), (title,) if title else ())
    if committee_name(issuer):
        lines = ("TM. Ủy ban nhân dân", *(lines or ("Chủ tịch",)))
    return Signature(lines or ("Thủ trưởng cơ quan",), signer)


def split_position(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines, "KT. CHỦ TỊCH PHÓ CHỦ TỊCH" as two."""
    return tuple(part for line in lines for part in _DEPUTY.split(line, maxsplit=1))


def recipients_of(plan: Plan) -> tuple[tuple[str, ...], str]:
    """Return the recipients, and where copies are kept ("Lưu: VT, THNC")."""
    return received(plan.recipients)


def received(written: str) -> tuple[tuple[str, ...], str]:
    """Return who receives it, one a line, and where copies are kept."""
    items: list[str] = []
    archive = "VT"
    for line in written.splitlines():
        words = line.strip(" -–;.")
        if fold(words).startswith("luu "):
            archive = words.partition(":")[2].strip() or archive
        elif words:
            items.append(words)
    return tuple(items), archive
