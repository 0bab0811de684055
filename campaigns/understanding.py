"""From a row as written to what the system follows: agencies, dates, target."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from campaigns.agencies import Directory, Reading
from campaigns.deadlines import ImpossibleDateError, Timing, parse_timing, period_of
from campaigns.models import Activity
from campaigns.money import parse_money
from campaigns.quantities import Quantity, parse_quantity
from core.text import fold

# "Ban hành Kế hoạch … hoặc lồng ghép trong Kế hoạch CCHC … của cơ quan, đơn vị": each agency's own.
_OWN_PLAN = re.compile(r"(?:xay dung,? )?ban hanh ke hoach .*\b(?:long ghep|cua co quan)\b")


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the texts of one row were understood to say."""

    leads: Reading
    partners: Reading
    timing: Timing
    quantity: Quantity
    budget: int | None = None  # đồng

    def doubts(self) -> list[str]:
        """Return what a person should look at, as sentences in the current language."""
        return [
            *(_("Agency not on record: “%s”.") % name for name in self.leads.unknown),
            *(_("Agency not on record: “%s”.") % name for name in self.partners.unknown),
            *(_("Period not understood: “%s”.") % part for part in self.timing.unclear),
            *(_("Quantity not understood: “%s”.") % part for part in self.quantity.unclear),
        ]

    def as_activity(self) -> Activity:
        """Return an unsaved activity with the dates and the target that were understood."""
        activity = Activity()
        take_timing(activity, self.timing)
        take_quantity(activity, self.quantity)
        return activity


def understand(activity: Activity, year: int, directory: Directory) -> Understanding:
    """Read the text columns of an activity. Raises ``deadlines.ImpossibleDateError``."""
    timing = parse_timing(activity.deadline_text, year)
    quantity = parse_quantity(activity.quantity_text)
    if timing.quantity and not activity.quantity_text.strip():
        quantity = timing.quantity
    if quantity.within and timing.start is None and timing.end is None:
        try:
            start, end = period_of(quantity.within, year) or (None, None)
        except ImpossibleDateError:
            quantity = replace(quantity, unclear=(*quantity.unclear, quantity.within))
        else:
            timing = replace(timing, start=start, end=end)
    return Understanding(
        directory.read(activity.lead_text),
        directory.read(activity.partner_text),
        timing,
        quantity,
        parse_money(activity.budget_text),
    )


def take_timing(activity: Activity, timing: Timing) -> None:
    """Set the dates and the frequency of an unsaved or saved activity; saves nothing."""
    activity.start, activity.end = timing.start, timing.end
    activity.recurrence, activity.rule = timing.recurrence, timing.rule


def take_quantity(activity: Activity, quantity: Quantity) -> None:
    """Set the target of an activity; saves nothing."""
    activity.target, activity.total = quantity.target, quantity.total
    activity.unit, activity.per = quantity.unit, quantity.per
    activity.per_agency = quantity.per_agency


def asks_for_plan(content: str) -> bool:
    """Tell whether the row wants a plan of each agency, or its lines in their reform plans."""
    return _OWN_PLAN.match(" ".join(fold(content).split())) is not None


def save_understood(activity: Activity, understanding: Understanding) -> None:
    """Store the activity with everything understood of its texts, agencies included."""
    save_row(activity, understanding)
    activity.leads.set(understanding.leads.found)
    activity.partners.set(understanding.partners.found)


def save_agencies(new: Sequence[tuple[Activity, Understanding]]) -> None:
    """Store the agencies of activities that have none yet. Two statements for any number."""
    for through, readings in (
        (Activity.leads.through, [(row, read.leads) for row, read in new]),
        (Activity.partners.through, [(row, read.partners) for row, read in new]),
    ):
        through._default_manager.bulk_create(
            through(activity_id=row.pk, organisation_id=agency)
            for row, reading in readings
            for agency in dict.fromkeys(one.pk for one in reading.found)
        )


def save_row(activity: Activity, understanding: Understanding) -> None:
    """Store the activity with everything understood of its texts but the agencies."""
    take_timing(activity, understanding.timing)
    take_quantity(activity, understanding.quantity)
    if activity.pk is None:  # afterwards a person decides
        activity.asks_for_plan = asks_for_plan(activity.content)
    if understanding.budget is not None:  # words say nothing against what a person entered
        activity.budget_planned = understanding.budget
    activity.save()
