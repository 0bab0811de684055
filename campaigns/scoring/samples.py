"""The sets that come with the system. They are samples, and say so wherever they are shown."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from campaigns.scoring.exchange import SetDraft, read_set
from campaigns.scoring.rules import Deadline, Rule

DATA = Path(__file__).parent.parent / "data"
#: The outreach table of a commune (Đồng Nai 2022), and an area of a province's table.
COMMUNE, PROVINCE = "criteria_dong_nai_2022.tsv", "criteria_field_1.tsv"


def sample(name: str, year: int | None = None) -> SetDraft:
    """Return a sample, for its own year or moved to another one together with its dates."""
    draft = read_set((DATA / name).read_bytes())
    if year is None:
        return draft
    later = year - draft.facts["year"]
    rows = tuple(replace(row, rule=moved(row.rule, later)) for row in draft.rows)
    return SetDraft({**draft.facts, "year": year}, rows)


def moved(rule: Rule | None, years: int) -> Rule | None:
    """Return the rule with its date in another year."""
    if not isinstance(rule, Deadline):
        return rule
    day = rule.due
    due = date(day.year + years, day.month, min(day.day, 28) if day.month == 2 else day.day)
    return rule.model_copy(update={"due": due})
