"""From a rule and a value to points, and to a sentence that says how. Pure functions."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.scoring.figures import rounded, shown
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
from campaigns.scoring.values import (
    DoneOn,
    Entered,
    Lateness,
    Number,
    Ratio,
    Ticked,
    Value,
    check,
)

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Score:
    """Points with two decimals, from 0 to the rule's maximum, and how they came about."""

    points: Decimal
    explanation: str
    is_known: bool = True


def score(rule: Rule, value: Value | None) -> Score:
    """Return the points. Raises ``RuleError`` for a value that is not of this rule.

    Arithmetic is exact; the result is rounded once, to two decimals, a half up.
    """
    if value is None:
        return Score(ZERO, _("Nothing was entered yet."), is_known=False)
    check(rule, value)
    return _SCORERS[type(rule)](rule, value)


def share(value: Ratio) -> Fraction:
    """Return the percentage done, exactly."""
    return Fraction(value.done) * 100 / Fraction(value.planned)


def proportional(rule: Proportional, value: Ratio) -> Score:
    done = share(value)
    names = {
        "done": shown(value.done),
        "planned": shown(value.planned),
        "share": shown(done),
        "floor": shown(rule.floor),
        "full": shown(rule.full),
        "maximum": shown(rule.maximum),
    }
    if done < rule.floor:
        text = _(
            "%(done)s of %(planned)s is %(share)s %%, below the floor of %(floor)s %%: 0 points."
        )
        return Score(ZERO, text % names)
    if done >= rule.full:
        text = _(
            "%(done)s of %(planned)s is %(share)s %%, at least %(full)s %%: all %(maximum)s points."
        )
        return Score(rounded(rule.maximum), text % names)
    points = rounded(done / Fraction(rule.full) * Fraction(rule.maximum))
    text = _(
        "%(done)s of %(planned)s is %(share)s %%: %(share)s/%(full)s × %(maximum)s = "
        "%(points)s points."
    )
    return Score(points, text % {**names, "points": shown(points)})


def checklist(rule: Checklist, value: Ticked) -> Score:
    there = [item for item in rule.items if item.code in value.codes]
    total = sum((item.points for item in there), Decimal(0))
    points = rounded(min(total, rule.maximum))
    if not there:
        return Score(points, _("None of the items is there: 0 points."))
    parts = " + ".join(shown(item.points) for item in there)
    if total > rule.maximum:
        text = _("%(parts)s = %(total)s, at most %(maximum)s points.")
    else:
        text = _("%(parts)s = %(total)s points.")
    names = {"parts": parts, "total": shown(total), "maximum": shown(rule.maximum)}
    return Score(points, text % names)


def band_of(rule: Ladder, number: Decimal) -> Band:
    """Return the band; there is always one, because bands cover everything from 0 on."""
    return next(band for band in reversed(rule.bands) if band.low <= number)


def ladder(rule: Ladder, value: Number) -> Score:
    band = band_of(rule, value.number)
    names = {
        "number": shown(value.number),
        "band": band.label,
        "points": shown(band.points),
    }
    return Score(rounded(band.points), _("%(number)s lies %(band)s: %(points)s points.") % names)


def deadline(rule: Deadline, value: DoneOn) -> Score:
    if value.day is None:
        return Score(ZERO, _("Not done: 0 points."))
    days = (value.day - rule.due).days
    names = {
        "day": f"{value.day:%d/%m/%Y}",
        "due": f"{rule.due:%d/%m/%Y}",
        "maximum": shown(rule.maximum),
        "days": days,
        "penalty": shown(rule.penalty),
    }
    if days <= 0:
        text = _("Done on %(day)s, due by %(due)s: all %(maximum)s points.")
        return Score(rounded(rule.maximum), text % names)
    points = rounded(max(rule.maximum - days * rule.penalty, Decimal(0)))
    text = ngettext(
        "Done on %(day)s, %(days)d day after %(due)s: %(maximum)s − %(days)d × %(penalty)s "
        "gives %(points)s points.",
        "Done on %(day)s, %(days)d days after %(due)s: %(maximum)s − %(days)d × %(penalty)s "
        "gives %(points)s points.",
        days,
    )
    return Score(points, text % {**names, "points": shown(points)})


def late(rule: Late, value: Lateness) -> Score:
    lost = value.late * rule.penalty + value.missing * rule.missing
    points = rounded(max(rule.maximum - lost, Decimal(0)))
    if not value.late and not value.missing:
        text = _("All reports came in time: all %(maximum)s points.")
        return Score(points, text % {"maximum": shown(rule.maximum)})
    text = _(
        "%(maximum)s − %(late)d late × %(penalty)s − %(missing)d missing × %(each)s gives "
        "%(points)s points."
    )
    names = {
        "maximum": shown(rule.maximum),
        "late": value.late,
        "penalty": shown(rule.penalty),
        "missing": value.missing,
        "each": shown(rule.missing),
        "points": shown(points),
    }
    return Score(points, text % names)


def given(rule: Given, value: Entered) -> Score:
    return Score(
        rounded(value.points), _("Entered: %(points)s points.") % {"points": shown(value.points)}
    )


_SCORERS: dict[type[Rule], Callable[[Any, Any], Score]] = {
    Proportional: proportional,
    Checklist: checklist,
    Ladder: ladder,
    Deadline: deadline,
    Late: late,
    Given: given,
}
