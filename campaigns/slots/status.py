"""The status of a slot: worked out from its dates, its decisions and its evidence, never typed.

One rule, twice: ``of`` for one slot at hand, ``expression`` for the database. A test holds them
equal.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Case, F, Q, TextChoices, Value, When
from django.db.models import CharField as TextColumn
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    NOT_STARTED = "not-started", pgettext_lazy("slot", "not started")
    IN_PROGRESS = "in-progress", pgettext_lazy("slot", "in progress")
    DONE = "done", pgettext_lazy("slot", "completed")  #: after its last day
    DONE_ON_TIME = "done-on-time", pgettext_lazy("slot", "completed on time")
    OVERDUE = "overdue", pgettext_lazy("slot", "overdue")
    DUE_SOON = "due-soon", pgettext_lazy("slot", "due soon")
    POSTPONED = "postponed", pgettext_lazy("slot", "postponed")
    DROPPED = "dropped", pgettext_lazy("slot", "not carried out")

    @classmethod
    def completed(cls) -> list["Status"]:
        return [cls.DONE, cls.DONE_ON_TIME]

    @classmethod
    def open(cls) -> list["Status"]:
        """Something is still to be done, and there is time for it."""
        return [cls.NOT_STARTED, cls.IN_PROGRESS, cls.DUE_SOON, cls.POSTPONED]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the status of one slot follows from.

    ``counted``: how much was delivered; ``in_time``: how much of it by the last day; ``due``: the
    last day, extensions included.
    """

    target: int
    counted: int
    in_time: int
    due: date
    is_extended: bool = False
    is_dropped: bool = False


def of(facts: Facts, today: date, soon: int | None = None) -> Status:
    """Return the status on that day; ``soon``: from how many days before the last one it is near.

    What was delivered speaks before what was decided: a slot given up and filled all the same is
    completed.
    """
    if facts.counted >= facts.target:
        in_time = facts.in_time >= facts.target
        return Status.DONE_ON_TIME if in_time else Status.DONE
    if facts.is_dropped:
        return Status.DROPPED
    if facts.due < today:
        return Status.OVERDUE
    if facts.due <= near(today, soon):
        return Status.DUE_SOON
    if facts.is_extended:
        return Status.POSTPONED
    return Status.IN_PROGRESS if facts.counted else Status.NOT_STARTED


def expression(today: date, soon: int | None = None) -> Case:
    """Return the same rule over a slot's columns and ``counted``, ``in_time`` and ``due``."""
    return Case(
        When(
            counted__gte=F("target"),
            then=Case(
                When(in_time__gte=F("target"), then=Value(Status.DONE_ON_TIME)),
                default=Value(Status.DONE),
            ),
        ),
        When(dropped_at__isnull=False, then=Value(Status.DROPPED)),
        When(due__lt=today, then=Value(Status.OVERDUE)),
        When(due__lte=near(today, soon), then=Value(Status.DUE_SOON)),
        When(extended_to__isnull=False, then=Value(Status.POSTPONED)),
        When(Q(counted__gt=0), then=Value(Status.IN_PROGRESS)),
        default=Value(Status.NOT_STARTED),
        output_field=TextColumn(),
    )


def near(today: date, soon: int | None = None) -> date:
    """Return the last day that is called near."""
    days = settings.SLOT_DUE_SOON_DAYS if soon is None else soon
    return today + timedelta(days=days)
