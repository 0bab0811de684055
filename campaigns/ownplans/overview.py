"""Every agency that a plan binds, and how it answers: with an own plan, folded, or not at all."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from campaigns.models import Activity, Plan
from campaigns.ownplans import actions
from campaigns.ownplans.models import OwnPlan
from campaigns.slots.models import Slot
from organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Row:
    """One agency: how many lines bind it, until when it owes a plan, and its answer."""

    organisation: Organisation
    lines: int
    due: date | None
    own: OwnPlan | None
    today: date

    @property
    def is_on_time(self) -> bool | None:
        return actions.is_on_time(self.own, self.due) if self.own else None

    @property
    def is_missing(self) -> bool:
        """Whether nothing was handed in though the day is over."""
        handed = self.own is not None and self.own.first_submitted_at is not None
        return not handed and self.due is not None and self.due < self.today


@dataclass(frozen=True, slots=True)
class Overview:
    """The agencies of a plan by name."""

    line: Activity | None
    rows: list[Row]

    def count(self, kind: str) -> int:
        """Return how many answer with "separate", "combined", or "none"."""
        kinds = [row.own.plan.kind if row.own else "none" for row in self.rows]
        return kinds.count(kind)

    @property
    def accepted(self) -> int:
        return sum(row.own is not None and row.own.state == "accepted" for row in self.rows)


def overview(parent: Plan, today: date) -> Overview:
    """Return the page of one plan: five queries, however many agencies there are.

    Where no line asks for own plans, every agency that is bound is listed, without a day.
    """
    slots = Slot.objects.expected().filter(activity__plan=parent).order_by()
    bound = dict(slots.values_list("organisation").annotate(lines=Count("activity", distinct=True)))
    line = actions.line_of(parent)
    owed = {
        slot.organisation_id: slot.due for slot in slots.filter(activity=line).order_by("-due_on")
    }
    answers = {
        own.organisation_id: own
        for own in OwnPlan.objects.filter(parent=parent).select_related("plan").order_by("pk")
    }
    asked = {*(owed or bound), *answers}
    agencies = Organisation.objects.filter(pk__in=asked).order_by("name", "pk")
    return Overview(
        line,
        [
            Row(one, bound.get(one.pk, 0), owed.get(one.pk), answers.get(one.pk), today)
            for one in agencies
        ],
    )
