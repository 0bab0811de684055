"""A reviewed import on its way through the browser: signed, compressed, nothing kept on disk."""

from datetime import date

from django.core import signing

from campaigns.importing.facts import Facts
from campaigns.importing.parts import Parts
from campaigns.importing.rows import PlanRow
from campaigns.importing.store import Draft

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
    }
    return signing.dumps(content, salt=SALT, compress=True)


def unpack(packed: str) -> tuple[Facts, list[PlanRow], date, Parts]:
    """Return facts, rows, day and parts. Raises ``signing.BadSignature`` for any other text."""
    content = signing.loads(packed, salt=SALT, max_age=MAX_AGE)
    number, issued_on, title, issuer, year = content["facts"]
    day = date.fromisoformat(issued_on) if issued_on else None
    facts = Facts(number, day, title, issuer, year)
    rows = [PlanRow(line, texts) for line, texts in content["rows"]]
    parts = Parts.from_json(content["parts"])
    return facts, rows, date.fromisoformat(content["day"]), parts
