"""Who signs a plan and in whose right, and who receives it."""

import re

from campaigns.models import Plan
from core.text import fold
from media.documents.model import Signature
from organisations.models import Organisation

_COMMITTEE = re.compile(r"(?:UBND|(?:Ủy|Uỷ) ban nhân dân)\s+", re.IGNORECASE)
_RIGHTS = re.compile(r"\s*(?=\b(?:TM|KT|TL|TUQ|Q)\.)")
_DEPUTY = re.compile(r"(?<=\S)\s+(?=phó\b)", re.IGNORECASE)
_HEADS = {
    "pho chu tich": ("KT. Chủ tịch", "Phó Chủ tịch"),
    "pho giam doc": ("KT. Giám đốc", "Phó Giám đốc"),
    "pho chanh van phong": ("KT. Chánh Văn phòng", "Phó Chánh Văn phòng"),
    "pho truong ban": ("KT. Trưởng ban", "Phó Trưởng ban"),
    "pho tong bien tap": ("KT. Tổng Biên tập", "Phó Tổng Biên tập"),
}


def committee_name(organisation: Organisation) -> str:
    """Return the locality of a People's Committee: "tỉnh Lạng Sơn"; empty for other bodies."""
    if organisation.kind != Organisation.Kind.PEOPLES_COMMITTEE:
        return ""
    match = _COMMITTEE.match(organisation.name)
    return organisation.name[match.end() :] if match else ""


def signature_of(plan: Plan) -> Signature:
    """Return the authority and the signer of the plan: as chosen, or by the position."""
    if plan.authority:
        return Signature(chosen_lines(plan, plan.signer_title.strip()), plan.signer)
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


def chosen_lines(plan: Plan, title: str) -> tuple[str, ...]:
    """Return the lines for the authority that was chosen: "TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"."""
    is_committee = bool(committee_name(plan.issuer))
    body = "Ủy ban nhân dân" if is_committee else plan.issuer.name
    if plan.authority == Plan.Authority.COLLECTIVE:
        return (f"TM. {plan.authority_of or body}", title or ("Chủ tịch" if is_committee else ""))
    deputies = _HEADS.get(fold(title), ("",))[0].removeprefix("KT. ")
    head = plan.authority_of or deputies or ("Chủ tịch" if is_committee else "Thủ trưởng cơ quan")
    lines = (f"{plan.authority.upper()}. {head}", title)
    signs_for_head = plan.authority == Plan.Authority.DEPUTY and is_committee
    return (f"TM. {body}", *lines) if signs_for_head else lines


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
