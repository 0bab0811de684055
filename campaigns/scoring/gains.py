"""What would raise a score most: the points still to be won, and what it takes. Pure functions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from campaigns.scoring.figures import rounded, shown
from campaigns.scoring.points import ZERO, band_of, score, share
from campaigns.scoring.rules import (
    Band,
    Checklist,
    Deadline,
    Given,
    Ladder,
    Late,
    Proportional,
    Rule,
)
from campaigns.scoring.values import DoneOn, Lateness, Number, Ratio, Ticked, Value


@dataclass(frozen=True, slots=True)
class Gain:
    """``points`` can still be won, ``lost`` cannot any more; ``advice`` says what it takes."""

    points: Decimal
    lost: Decimal
    advice: str


def gain(rule: Rule, value: Value | None, today: date) -> Gain:
    """Return what is still to be won on that day. ``points + lost`` is what the score lacks."""
    lacking = rounded(rule.maximum) - score(rule, value).points
    if lacking == 0:
        return Gain(ZERO, ZERO, _("All points are there."))
    winnable, advice = _ADVISERS[type(rule)](rule, value, today)
    points = min(rounded(winnable), lacking)
    return Gain(points, lacking - points, advice)


def needed(rule: Proportional, planned: Decimal, percent: Decimal) -> Decimal:
    """Return how much must be done for that share; whole things if the plan is in whole things."""
    exact = Fraction(planned) * Fraction(percent) / 100
    if planned == planned.to_integral_value():
        return Decimal(-(-exact.numerator // exact.denominator))
    sixth = Decimal("0.000001")
    up = Decimal(exact.numerator) / Decimal(exact.denominator)
    return up.quantize(sixth, rounding=ROUND_CEILING)


def of_share(rule: Proportional, value: Ratio | None, today: date) -> tuple[Decimal, str]:
    if value is None:
        text = _("Enter how much was done; all points from %(full)s %% on.")
        return rule.maximum, text % {"full": shown(rule.full)}
    most = needed(rule, value.planned, rule.full)
    names = {
        "more": shown(most - value.done),
        "most": shown(most),
        "planned": shown(value.planned),
        "floor": shown(rule.floor),
    }
    text = _("Do %(more)s more, to reach %(most)s of %(planned)s.") % names
    if share(value) < rule.floor:
        least = needed(rule, value.planned, rule.floor)
        first = _("There are no points below %(least)s (%(floor)s %%).")
        text = f"{text} {first % {**names, 'least': shown(least)}}"
    return rule.maximum, text


def of_list(rule: Checklist, value: Ticked | None, today: date) -> tuple[Decimal, str]:
    have = set(value.codes) if value else set()
    missing = sorted(
        (item for item in rule.items if item.code not in have and item.points),
        key=lambda item: (-item.points, item.code),
    )
    parts = "; ".join(f"{item.label} (+{shown(item.points)})" for item in missing)
    return rule.maximum, _("Still missing: %(items)s.") % {"items": parts}


def of_ladder(rule: Ladder, value: Number | None, today: date) -> tuple[Decimal, str]:
    best = [band for band in rule.bands if band.points == rule.maximum]
    if value is None:
        text = _("Enter the figure; all points %(band)s.")
        return rule.maximum, text % {"band": best[0].label}
    here = band_of(rule, value.number)
    better = nearest(rule.bands, here)
    names = {"number": shown(value.number), "band": better.label, "points": shown(better.points)}
    text = _("Now %(number)s; the next step is %(band)s: %(points)s points.") % names
    if better.points < rule.maximum:
        text += " " + _("All points %(band)s.") % {"band": best[0].label}
    return rule.maximum, text


def nearest(bands: tuple[Band, ...], here: Band) -> Band:
    """Return the better band with the fewest bands between; of two, the higher one."""
    at = bands.index(here)
    better = [index for index, band in enumerate(bands) if band.points > here.points]
    return bands[min(better, key=lambda index: (abs(index - at), -index))]


def of_deadline(rule: Deadline, value: DoneOn | None, today: date) -> tuple[Decimal, str]:
    if value is not None and value.day is not None:
        return ZERO, _("It was done late; these points cannot be won back.")
    due = f"{rule.due:%d/%m/%Y}"
    if today <= rule.due:
        return rule.maximum, _("Do it by %(due)s.") % {"due": due}
    left = score(rule, DoneOn(day=today)).points
    if left == 0:
        return ZERO, _("Too late: it was due on %(due)s.") % {"due": due}
    text = _("Do it now: today it gives %(points)s points, each day costs %(penalty)s.")
    return left, text % {"points": shown(left), "penalty": shown(rule.penalty)}


def of_reports(rule: Late, value: Lateness | None, today: date) -> tuple[Decimal, str]:
    if value is None:
        return rule.maximum, _("Enter how many reports were late or missing; send all in time.")
    if not value.missing:
        return ZERO, _("It was done late; these points cannot be won back.")
    sent = Lateness(late=value.late + value.missing, missing=0)
    won = score(rule, sent).points - score(rule, value).points
    text = _("Send the missing reports (%(count)d): late is better than never.")
    return won, text % {"count": value.missing}


def of_given(rule: Given, value: Value | None, today: date) -> tuple[Decimal, str]:
    return rule.maximum, _("Points entered by a person: see the guidance of the criterion.")


_ADVISERS: dict[type[Rule], Callable[[Any, Any, date], tuple[Decimal, str]]] = {
    Proportional: of_share,
    Checklist: of_list,
    Ladder: of_ladder,
    Deadline: of_deadline,
    Late: of_reports,
    Given: of_given,
}


def quarter_ends(year: int) -> list[date]:
    """Return the last days of the four quarters."""
    firsts = [date(year, 4, 1), date(year, 7, 1), date(year, 10, 1), date(year + 1, 1, 1)]
    return [first - timedelta(days=1) for first in firsts]
