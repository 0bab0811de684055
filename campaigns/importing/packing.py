"""A reviewed import on its way through the browser: signed, compressed, nothing kept on disk."""

from dataclasses import dataclass
from datetime import date

from django.core import signing

from campaigns.importing.facts import Facts
from campaigns.importing.parts import Parts
from campaigns.importing.rows import PlanRow
from campaigns.importing.store import Draft, draft_of

SALT = "campaigns.importing"
MAX_AGE = 12 * 60 * 60  # seconds; a review left open overnight starts again


def pack(draft: Draft) -> str:
    """Return the facts and rows of a draft as one signed text."""
    facts = draft.facts
    issued_on = facts.issued_on.isoformat() if facts.issued_on else None
    content = {
        "facts": [facts.number, issued_on, facts.title, facts.issuer, facts.year],
        "rows": [[row.line, dict(row.texts)] for row in draft.rows],
        "day": draft.day.isoformat(),
        "parts": draft.parts.as_json(),
        "warnings": [str(warning) for warning in draft.warnings],
        "known": dict(draft.known),
    }
    return signing.dumps(content, salt=SALT, compress=True)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What ``pack`` was given: all but what is understood anew."""

    facts: Facts
    rows: list[PlanRow]
    day: date
    parts: Parts
    warnings: tuple[str, ...]
    known: dict[str, int]

    def read(self) -> Draft:
        """Return the draft, understood by the agencies on record now."""
        return draft_of(self.facts, self.rows, self.warnings, self.day, self.parts, self.known)


def unpack(packed: str) -> Unpacked:
    """Return what was packed. Raises ``signing.BadSignature`` for any other text."""
    content = signing.loads(packed, salt=SALT, max_age=MAX_AGE)
    number, issued_on, title, issuer, year = content["facts"]
    day = date.fromisoformat(issued_on) if issued_on else None
    return Unpacked(
        Facts(number, day, title, issuer, year),
        [PlanRow(line, texts) for line, texts in content["rows"]],
        date.fromisoformat(content["day"]),
        Parts.from_json(content["parts"]),
        tuple(content["warnings"]),
        content["known"],
    )
