"""The rows of a file as understood, in the form that ``import_plan --json`` prints."""

from dataclasses import asdict
from typing import Any

from campaigns.importing.columns import NAMES
from campaigns.importing.rows import PlanRow
from campaigns.importing.store import Draft
from campaigns.understanding import Understanding


def listing(draft: Draft) -> list[dict[str, Any]]:
    """Return one object per activity: the texts as written, then what was understood of them.

    Agencies are codes, dates ISO 8601, absent values null or "". The same rows give the same
    listing from any kind of file.
    """
    pairs = zip(draft.rows, draft.understood, strict=True)
    return [entry(row, understanding) for row, understanding in pairs]


def entry(row: PlanRow, understanding: Understanding) -> dict[str, Any]:
    timing, quantity = understanding.timing, asdict(understanding.quantity)
    quantity.pop("unclear")
    return {
        **{field: row[field] for field in NAMES},
        "leads": [agency.code for agency in understanding.leads.found],
        "partners": [agency.code for agency in understanding.partners.found],
        "start": timing.start.isoformat() if timing.start else None,
        "end": timing.end.isoformat() if timing.end else None,
        "recurrence": timing.recurrence,
        **quantity,
        "warnings": understanding.doubts(),
    }
