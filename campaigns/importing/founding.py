"""Legal bases as a file names them, found on the list or offered to be added to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.importing.parts import long_date
from campaigns.models import LegalBasis
from core.text import fold, nfc

_DATE = r"ngày\s+\d{1,2}(?:\s+tháng\s+|/)\d{1,2}(?:\s+năm\s+|/)\d{4}"
_NUMBERED = re.compile(
    rf"^(?P<kind>\D+?)\s+số\s+(?P<number>\S+?),?(?:\s+(?P<date>{_DATE}))?,?"
    r"(?:\s+của\s+(?P<authority>.+?))?(?:\s+(?P<title>(?:về|quy định|ban hành|phê duyệt|"
    r"sửa đổi|hướng dẫn|đẩy mạnh|tăng cường)\b.*))?$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"^(?P<kind>Bộ luật|Luật|Hiến pháp|Pháp lệnh)\s+(?P<title>.+?)(?:\s+(?P<date>{_DATE}))?$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A basis as a file names it: its record, or ``None`` and what was read of it."""

    words: str
    known: LegalBasis | None
    proposed: LegalBasis | None = None


def find_bases(lines: Sequence[str]) -> list[Named]:
    """Return each basis with its record, matched by number and date, or by its words. One query."""
    records = list(LegalBasis.objects.all()) if lines else []
    found = []
    for words in lines:
        read = read_basis(words)
        known = next((one for one in records if is_same(one, read, words)), None)
        found.append(Named(words, known, None if known else read))
    return found


def is_same(record: LegalBasis, read: LegalBasis | None, words: str) -> bool:
    if fold(record.words) == fold(words):
        return True
    if read is None or not read.number or fold(read.number) != fold(record.number):
        return False
    return not (read.issued_on and record.issued_on) or read.issued_on == record.issued_on


def read_basis(words: str) -> LegalBasis | None:
    """Return an unsaved record of what the words say, or ``None`` if they name no document."""
    match = _NUMBERED.match(nfc(words)) or _NAMED.match(nfc(words))
    if not match:
        return None
    parts = match.groupdict()
    return LegalBasis(
        kind=parts["kind"].strip()[:60],
        number=(parts.get("number") or "")[:60],
        authority=(parts.get("authority") or "").strip()[:160],
        issued_on=long_date(parts.get("date") or ""),
        title=((parts.get("title") or "").strip() or words)[:500],
    )
