"""On which days whom to tell: pure rules over what is set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.chasing.models import ChasingSettings, OfficeDay, PlanRhythm
from campaigns.chasing.models.rules import days_of
from core import holiday

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When to tell of one thing: days from its last day, negative before it, in order."""

    steps: tuple[int, ...]
    head_after: int | None
    planner_after: int | None

    def step(self, day: date, today: date) -> int | None:
        """Return the newest step that has come by today; what it overtook is not told any more.

        A reminder before the last day means nothing after it.
        """
        passed = (today - day).days
        reached = [step for step in self.steps if step <= passed]
        if not reached or (reached[-1] < 0 < passed):
            return None
        return reached[-1]


def rhythm_of(before: str, after: str, head: int | None, planner: int | None) -> Rhythm:
    steps = {-days for days in days_of(before)} | set(days_of(after))
    return Rhythm(tuple(sorted(steps)), head, planner)


@dataclass(frozen=True, slots=True)
class Rhythms:
    """The rhythm of every plan; ``None`` where a plan is silent."""

    usual: Rhythm
    of_plans: Mapping[int, Rhythm | None]

    def of(self, plan: int | None) -> Rhythm | None:
        return self.of_plans.get(plan, self.usual) if plan is not None else self.usual

    @property
    def ahead(self) -> int:
        """How many days before a last day the first reminder may go out."""
        found = [self.usual, *(one for one in self.of_plans.values() if one is not None)]
        return max((-step for one in found for step in one.steps), default=0)


def rhythms(settings: ChasingSettings) -> Rhythms:
    """Return what is set, for all plans and for each. One query."""
    usual = rhythm_of(settings.before, settings.after, settings.head_after, settings.planner_after)
    own = {
        row.plan_id: None
        if row.is_silent
        else rhythm_of(
            row.before or settings.before,
            row.after or settings.after,
            row.head_after or settings.head_after,
            row.planner_after or settings.planner_after,
        )
        for row in PlanRhythm.objects.all()
    }
    return Rhythms(usual, own)


def is_quiet(day: date, settings: ChasingSettings) -> bool:
    """Whether nobody is written to on that day. What the office entered of a day comes first."""
    entered = OfficeDay.objects.filter(day=day).first()
    if entered is not None:
        return entered.is_closed
    if settings.rest_on_weekends and day.weekday() >= SATURDAY and not holiday.is_made_up(day):
        return True
    return settings.rest_on_holidays and bool(holiday.name_of(day))


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def digest_due(settings: ChasingSettings, today: date) -> bool:
    """Whether this week's digest goes out by today; a quiet day passes it on to the next one."""
    return settings.digest_on is not None and today.weekday() >= settings.digest_on


def begins_at(settings: ChasingSettings, today: date) -> int:
    """Return from which hour the day's mails go out: everything in one, so when all may."""
    if settings.digest_on == today.weekday():
        return max(settings.hour, settings.digest_hour)
    return settings.hour
