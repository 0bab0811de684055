"""What a file says of the plan itself: number, date, abstract, issuing authority."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from campaigns.agencies import Directory
from campaigns.deadlines import ImpossibleDateError, real_date
from campaigns.importing.problems import failure
from organisations.models import Organisation

_SYMBOL = r"(\d+[A-Za-z]?\s*[/-]\s*KH\s*[-/]\s*[A-ZĐa-zđ.]+)"
_NUMBER = re.compile(rf"(?:\bsố\s*:?\s*){_SYMBOL}", re.IGNORECASE)
_LONG_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_SHORT_DATE = re.compile(r"ngày\s+(\d{1,2})/(\d{1,2})/(\d{4})", re.IGNORECASE)
_ATTACHED = re.compile(r"\bkèm theo\b", re.IGNORECASE)
_ISSUED_BY = re.compile(r"\d{4}\s+của\s+([^)]+)", re.IGNORECASE)
_TITLE_END = re.compile(
    r"^(?:thực hiện|căn cứ|để |nhằm |[IVX]+\.|\d+\.|\(|-{2,}|_{2,})", re.IGNORECASE
)
_MARKS = (".", ";", ":")
_YEAR = re.compile(r"\bnăm\s+(20\d{2})\b", re.IGNORECASE)
_NATION = re.compile(r"^(?:cộng h[oò]a|độc lập)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the plan; None or empty where neither the file nor the person said it."""

    number: str = ""
    issued_on: date | None = None
    title: str = ""
    issuer: str = ""
    year: int | None = None

    def filled_from(self, other: "Facts") -> "Facts":
        """Return these facts, with the other's where these are silent."""
        return Facts(
            self.number or other.number,
            self.issued_on or other.issued_on,
            self.title or other.title,
            self.issuer or other.issuer,
            self.year or other.year,
        )

    @property
    def plan_year(self) -> int | None:
        """The year the plan is for: as given, as in the abstract, or else that of its issue."""
        if self.year:
            return self.year
        if match := _YEAR.search(self.title):
            return int(match[1])
        return self.issued_on.year if self.issued_on else None


def read_facts(preface: Sequence[str]) -> Facts:
    """Return what the lines before the table say; a broken date raises ``ImportFailedError``."""
    lines = [line for block in preface for line in block.split("\n") if line.strip()]
    text = "\n".join(lines)
    number = _NUMBER.search(text)
    return Facts(
        re.sub(r"\s+", "", number[1]) if number else "",
        issue_date(lines),
        title_of(lines),
        issuer_of(preface),
    )


def issue_date(lines: Sequence[str]) -> date | None:
    """Return the date beside the place, or the one of the plan an appendix is attached to."""
    heads = [line for line in lines if _ATTACHED.search(line)]
    for line in [*heads, *lines[:15]]:
        match = _LONG_DATE.search(line) or _SHORT_DATE.search(line)
        if match:
            day, month, year = map(int, match.groups())
            try:
                return real_date(day, month, year, match[0])
            except ImpossibleDateError as error:
                raise failure(_("There is no such date: “%s”.") % match[0]) from error
    return None


def title_of(lines: Sequence[str]) -> str:
    """Return the lines below "KẾ HOẠCH" up to the lead-in; an abstract ends without a mark."""
    for index, line in enumerate(lines):
        if line.strip().upper() == "KẾ HOẠCH":
            title: list[str] = []
            for following in lines[index + 1 : index + 6]:
                if _TITLE_END.match(following.strip()) or following.rstrip().endswith(_MARKS):
                    break
                title.append(following.strip())
            return " ".join(title)[:500]
    return ""


def issuer_of(preface: Sequence[str]) -> str:
    """Return the authority: named in "kèm theo Kế hoạch … của …", or at the top left."""
    for block in preface:
        if _ATTACHED.search(block) and (match := _ISSUED_BY.search(block.replace("\n", " "))):
            return match[1].strip()
    for block in preface[:6]:
        lines = [line.strip(" -_") for line in block.split("\n")]
        named = [line for line in lines if line and not _NUMBER.search(line)]
        if named and named[0].isupper() and not _NATION.match(named[0]):
            return " ".join(named) if len(named) <= 3 else ""
    return ""


def find_issuer(name: str, directory: Directory) -> Organisation:
    """Return the agency of that name or code. Raises ``ImportFailedError`` if none is on record."""
    found = directory.find(name)
    if not found:
        raise failure(
            _("No agency on record is called “%s”. Add it under Organisations first.") % name
        )
    return found
