"""Every form of a deadline that plans are known to use: read as expected, or flagged."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from campaigns import demo
from campaigns.agencies import Directory
from campaigns.deadlines import ImpossibleDateError, Timing, parse_timing
from campaigns.models import Activity
from campaigns.quantities import Quantity
from campaigns.recurring import occurrences, validate_rule
from campaigns.understanding import understand

DATA = Path(__file__).parent / "data"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


FORMS = table(DATA / "deadlines.tsv")
ROWS = table(DATA / "rows_95_2021.tsv")


def as_written(timing: Timing, quantity: Quantity) -> dict[str, str]:
    """Return a reading as the tables write it; empty for unknown."""
    values: dict[str, Any] = {
        "start": timing.start,
        "end": timing.end,
        "recurrence": timing.recurrence,
        "rule": timing.rule,
        "target": quantity.target,
        "unit": quantity.unit,
        "per": quantity.per,
        "per_agency": "1" if quantity.per_agency else "",
        "total": quantity.total,
        "unclear": " | ".join(dict.fromkeys((*timing.unclear, *quantity.unclear))),
    }
    return {name: str(value) if value is not None else "" for name, value in values.items()}


def test_there_are_sixty_forms_beside_those_of_the_plan():
    own = {row["thoi_gian"] for row in table(demo.DATA / "plan_95_2021.tsv")}
    assert len({form["text"] for form in FORMS} - own) >= 60


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form["text"])
def test_a_form_is_read_as_expected(form: dict[str, str]):
    timing = parse_timing(form["text"], int(form["year"]))
    found = as_written(timing, timing.quantity or Quantity())
    assert {name: found[name] for name in form if name not in {"text", "year"}} == {
        name: value for name, value in form.items() if name not in {"text", "year"}
    }
    if timing.rule:
        validate_rule(timing.rule)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"row {row['stt']}")
def test_a_row_of_the_plan_is_read_as_expected(row: dict[str, str]):
    texts = {one["stt"]: one for one in table(demo.DATA / "plan_95_2021.tsv")}[row["stt"]]
    draft = Activity(deadline_text=texts["thoi_gian"], quantity_text=texts["dinh_luong"])
    read = understand(draft, 2021, Directory(date(2021, 4, 21), []))
    found = as_written(read.timing, read.quantity)
    assert {name: found[name] for name in row if name != "stt"} == {
        name: value for name, value in row.items() if name != "stt"
    }


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Trước 30/2/2026", "30/2/2026"),
        ("Từ 01/6/2026 đến 31/6/2026", "31/6/2026"),
        ("Trước ngày 31/11 hằng năm", "31/11"),
        ("Tháng 13/2026", "tháng 13/2026"),
        ("Tháng 12, 13/2026", "tháng 13/2026"),
        ("Hằng tháng (xong trước 29/2/2026)", "29/2/2026"),
    ],
)
def test_a_day_no_calendar_has_is_named(text: str, named: str):
    with pytest.raises(ImpossibleDateError) as caught:
        parse_timing(text, 2026)
    assert str(caught.value.args[0]) == named


def test_the_31st_is_the_last_day_of_a_shorter_month():
    rule = parse_timing("Chậm nhất ngày 31 hằng tháng", 2026).rule
    days = list(occurrences(rule, date(2026, 1, 1), date(2026, 4, 30)))
    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
