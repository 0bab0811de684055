"""Where a criterion will stand at the end of each quarter. Pure functions.

A past quarter shows what was on record then. What is to come follows from what the agency expects
at the year's end, if it says so, else from the pace since 1 January. A list and a survey have no
pace: without an expectation they stay as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from campaigns.scoring.gains import gain, quarter_ends
from campaigns.scoring.points import Score, score
from campaigns.scoring.rules import Deadline, Rule
from campaigns.scoring.values import DoneOn, Number, Ratio, Value

SIXTH = Decimal("0.000001")


class Verdict(TextChoices):
    """How a criterion will end."""

    NOTHING = "nothing", pgettext_lazy("forecast of a score", "no points")
    PARTLY = "partly", pgettext_lazy("forecast of a score", "not all points")
    FULL = "full", pgettext_lazy("forecast of a score", "all points")


@dataclass(frozen=True, slots=True)
class QuarterScore:
    """The points at the end of a quarter: on record, or expected."""

    number: int
    end: date
    points: Decimal
    is_expected: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where it stands, where it goes, and what to do about it."""

    now: Score
    quarters: tuple[QuarterScore, ...]
    at_end: Score
    basis: str
    verdict: Verdict
    advice: str


def forecast(
    rule: Rule,
    readings: Mapping[date, Value],
    year: int,
    today: date,
    expected: Value | None = None,
) -> Forecast:
    """Return the forecast from values by the day they were recorded.

    Readings after today are left out. ``expected``: what the agency expects on 31 December.
    """
    known = {day: value for day, value in sorted(readings.items()) if day <= today}
    latest = next(reversed(known.values()), None)
    quarters = []
    for number, end in enumerate(quarter_ends(year), start=1):
        if end < today:
            held = [value for day, value in known.items() if day <= end]
            points = score(rule, held[-1] if held else None).points
        else:
            points = score(rule, at(rule, latest, end, year, today, expected)).points
        quarters.append(QuarterScore(number, end, points, is_expected=end >= today))
    last = quarter_ends(year)[-1]
    at_end = score(rule, latest if last < today else at(rule, latest, last, year, today, expected))
    return Forecast(
        score(rule, latest),
        tuple(quarters),
        at_end,
        basis_of(rule, latest, last, today, expected),
        verdict_of(rule, at_end),
        gain(rule, latest, today).advice,
    )


def at(
    rule: Rule, latest: Value | None, day: date, year: int, today: date, expected: Value | None
) -> Value | None:
    """Return the value to be expected on that day, which is today or later."""
    if expected is not None and day >= date(year, 12, 31):
        return expected
    if isinstance(rule, Deadline) and (latest is None or latest == DoneOn(day=None)):
        return in_time(rule, day, today, expected)
    if isinstance(latest, Ratio):
        goal = expected.done if isinstance(expected, Ratio) else None
        done = run(latest.done, goal, day, year, today)
        return Ratio(done=min(done, max(latest.planned, latest.done)), planned=latest.planned)
    if isinstance(latest, Number) and isinstance(expected, Number):
        return Number(number=run(latest.number, expected.number, day, year, today))
    return latest


def in_time(rule: Deadline, day: date, today: date, expected: Value | None) -> Value:
    """Return that it is done by its day, as long as that is to come; otherwise not."""
    if isinstance(expected, DoneOn):
        return expected if expected.day and expected.day <= day else DoneOn(day=None)
    return DoneOn(day=rule.due if today <= rule.due <= day else None)


def run(now: Decimal, goal: Decimal | None, day: date, year: int, today: date) -> Decimal:
    """Return where a straight line leads: to the goal of the year's end, or on as it went."""
    if goal is not None:
        left = (date(year, 12, 31) - today).days
        moved = now + (goal - now) * (day - today).days / left if left > 0 else goal
    else:
        elapsed = (today - date(year, 1, 1)).days + 1
        moved = now + now * (day - today).days / elapsed if elapsed > 0 else now
    return moved.quantize(SIXTH)


def basis_of(
    rule: Rule, latest: Value | None, last: date, today: date, expected: Value | None
) -> str:
    """Say what the expectation rests on."""
    if last < today:
        return _("The year is over: as recorded.")
    if expected is not None:
        return _("As the agency expects.")
    if isinstance(rule, Deadline) and (latest is None or latest == DoneOn(day=None)):
        return _("If it is done by its day.") if today <= rule.due else _("As recorded.")
    if isinstance(latest, Ratio):
        return _("At the pace since the beginning of the year.")
    return _("Nothing was entered yet.") if latest is None else _("As recorded.")


def verdict_of(rule: Rule, at_end: Score) -> Verdict:
    if at_end.points == 0:
        return Verdict.NOTHING
    return Verdict.FULL if at_end.points == rule.maximum else Verdict.PARTLY
