"""The day's round: works out who is to be told what, and writes it down, once.

The round's row is unique by day, and everything is written in its transaction: of several workers
one does it. What was told is unique by person, thing, last day and step: a clock that jumps, a
round done again on another day or a setting changed back tells nobody twice.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.chasing import bell, dues, people
from campaigns.chasing.dues import Due
from campaigns.chasing.models import ChasingMail, ChasingSettings, Pause, Round, Told
from campaigns.chasing.people import Person
from campaigns.chasing.rhythm import Rhythms, begins_at, digest_due, is_quiet, monday, rhythms

Role = Told.Role
BACK = timedelta(days=730)  # what is overdue longer is for a letter
BATCH = 500


@dataclass(frozen=True, slots=True)
class Line:
    """What one person is told of one thing."""

    person: Person
    role: Role
    due: Due
    offset: int


@dataclass(slots=True)
class Gathered:
    """What a round would tell: the lines by person, in the order of their days."""

    day: date
    lines: dict[Person, list[Line]] = field(default_factory=lambda: defaultdict(list))

    def add(self, line: Line) -> None:
        self.lines[line.person].append(line)


def run_round(now: datetime) -> Round | None:
    """Do the round of the day if it is time and nobody did it. Returns it, or ``None``."""
    rules = ChasingSettings.load()
    local = timezone.localtime(now)
    today = local.date()
    if not rules.is_on or local.hour < begins_at(rules, today) or is_quiet(today, rules):
        return None
    with_digests = digest_due(rules, today)
    if Round.objects.filter(day__gte=today).exists():
        return None  # done, or the clock went back
    try:
        with transaction.atomic():
            made = Round.objects.create(day=today, with_digests=with_digests, made_at=now)
            write(gather(rules, today, with_digests), now)
    except IntegrityError:
        return None  # another worker did it meanwhile
    return made


def gather(chosen: ChasingSettings, today: date, with_digests: bool) -> Gathered:
    """Return what is to be told on that day. A fixed number of queries, and nothing is written."""
    rules = rhythms(chosen)
    ahead = max(rules.ahead, chosen.digest_days if with_digests else 0)
    found = [*unpaused(dues.between(today - BACK, today + timedelta(days=ahead)), today)]
    agencies = {due.agency for due in found}
    gathered = Gathered(today)
    whom = (people.officers(agencies), people.heads(agencies), people.planners())
    told = Memory(found)
    for line in lines_of(found, rules, whom, today):
        if not told.knows(line):
            gathered.add(line)
    if with_digests:
        until = today + timedelta(days=chosen.digest_days)
        for line in digest_lines([due for due in found if due.day <= until], whom[0], today):
            if not told.knows(line):
                gathered.add(line)
    return gathered


Whom = tuple[dict[int, list[Person]], dict[int, list[Person]], list[Person]]


def lines_of(found: Iterable[Due], rules: Rhythms, whom: Whom, today: date) -> Iterator[Line]:
    officers, heads, planners = whom
    for due in found:
        rhythm = rules.of(due.plan)
        if rhythm is None:
            continue
        step = rhythm.step(due.day, today)
        if step is not None:
            yield from (Line(one, Role.OFFICER, due, step) for one in officers.get(due.agency, ()))
        for role, after, persons in (
            (Role.HEAD, rhythm.head_after, heads.get(due.agency, ())),
            (Role.PLANNER, rhythm.planner_after, planners),
        ):
            if after is not None and due.late(today) >= after:
                yield from (Line(one, role, due, after) for one in persons)


def digest_lines(
    found: Collection[Due], officers: dict[int, list[Person]], today: date
) -> Iterator[Line]:
    """Yield one line for each agency that owes something: the mail lists what."""
    week = monday(today)
    for agency in sorted({due.agency for due in found}):
        key = f"digest:{agency}"
        whole = Due(key=key, title="", agency=agency, day=week, url="")
        yield from (Line(one, Role.DIGEST, whole, 0) for one in officers.get(agency, ()))


def unpaused(found: Iterable[Due], today: date) -> Iterator[Due]:
    """Yield what nobody paused. One query."""
    pauses = list(Pause.objects.in_force(today).values_list("slot", "organisation"))
    keys = {f"slot:{slot}" for slot, _agency in pauses if slot}
    agencies = {agency for _slot, agency in pauses if agency}
    return (due for due in found if due.key not in keys and due.agency not in agencies)


class Memory:
    """What was told before: the furthest step for each person, thing, last day and role."""

    def __init__(self, found: Collection[Due]) -> None:
        self._furthest: dict[tuple[str, str, date, str], int] = {}
        if not found:
            return
        rows = Told.objects.filter(due_day__gte=min(due.day for due in found) - timedelta(days=7))
        for recipient, key, day, role, offset in rows.order_by().values_list(
            "recipient", "key", "due_day", "role", "offset"
        ):
            known = (recipient, key, day, role)
            self._furthest[known] = max(offset, self._furthest.get(known, offset))

    def knows(self, line: Line) -> bool:
        """Whether the person was told of it at this step or a later one; escalation goes once."""
        known = (line.person.key, line.due.key, line.due.day, str(line.role))
        if known not in self._furthest:
            return False
        return line.role != Role.OFFICER or self._furthest[known] >= line.offset


def write(gathered: Gathered, now: datetime) -> None:
    """Write the mails and their lines. Without an address nothing counts as told."""
    state = ChasingMail.State
    persons = [person for person, lines in gathered.lines.items() if lines]
    mails = ChasingMail.objects.bulk_create(
        [
            ChasingMail(
                day=gathered.day,
                recipient=one.key,
                user_id=one.user,
                contact_id=one.contact,
                name=one.name[:200],
                address=one.address,
                state=state.PENDING if one.address else state.NO_ADDRESS,
                next_at=now,
            )
            for one in persons
        ],
        batch_size=BATCH,
    )
    rows = [
        Told(
            mail=mail,
            recipient=line.person.key,
            key=line.due.key,
            due_day=line.due.day,
            role=line.role,
            offset=line.offset,
            agency_id=line.due.agency,
            title=line.due.title,
            url=line.due.url,
        )
        for person, mail in zip(persons, mails, strict=True)
        if person.address
        for line in gathered.lines[person]
    ]
    Told.objects.bulk_create(rows, batch_size=BATCH)
    ring(gathered)


def ring(gathered: Gathered) -> None:
    """Tell those who have an account in the admin as well, with an address or without."""
    texts = {}
    with translation.override(settings.LANGUAGE_CODE):
        for person, lines in gathered.lines.items():
            told = {line.due.key: line.due for line in lines if line.role != Role.DIGEST}
            if person.user is None or not told:
                continue
            late = sum(due.day < gathered.day for due in told.values())
            words = _("Tasks of the plans: %(late)d overdue, %(soon)d due soon.")
            texts[person.user] = words % {"late": late, "soon": len(told) - late}
    bell.tell(texts, reverse("campaigns_board"), f"chasing:{gathered.day}")
