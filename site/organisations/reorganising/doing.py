"""Carrying out a reorganisation: in one transaction, noted step by step, handed over on its day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.text import nfc, slugify
from organisations.history import History
from organisations.models import (
    FormerParent,
    GroupMembership,
    Organisation,
    OrganisationName,
    Reorganisation,
    Succession,
)
from organisations.models.changes import Change
from organisations.reorganising.checking import problems, written
from organisations.reorganising.holdings import Fate, follow_up, holdings
from organisations.reorganising.steps import Steps
from organisations.reorganising.wishes import NewName, Wish


class ImpossibleError(Exception):
    """A reorganisation cannot be done or undone; ``problems`` says why, each in a sentence."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(" ".join(found))
        self.problems = found


@dataclass
class Parties:
    """The agencies of a reorganisation, as they are in the database."""

    olds: list[Organisation]
    receivers: list[Organisation]
    heir: Organisation | None


def carry_out(wish: Wish, user: Any = None) -> Reorganisation:
    """Do it, and return the record by which it can be undone.

    What has a date is written at once. Names, superior bodies, people, contacts and channels change
    on the day itself: at once if it has come, else by the clock (``hand_over_due``). Raises
    ``ImpossibleError``, and then nothing is changed.
    """
    with transaction.atomic():
        _lock(wish)
        if found := problems(wish, History.load()):
            raise ImpossibleError(found)
        steps = Steps()
        parties = _parties(wish, steps)
        _close(wish, parties, steps)
        _join_groups(wish, parties, steps)
        record = Reorganisation.objects.create(
            kind=wish.kind, date=wish.date, decision=wish.decision, decided_on=wish.decided_on,
            summary=summary(wish, parties.olds, parties.receivers), wish=wish.as_json(),
            steps=steps.notes, made_by=user,
        )  # fmt: skip
        record.organisations.set([*parties.olds, *parties.receivers])
        if wish.date <= timezone.localdate():
            hand_over(record)
        record.followed = follow_up(wish.olds, wish.date, {})
        record.save(update_fields=["followed"])
        for agency in parties.olds:
            data = {"summary": record.summary, "decision": wish.decision}
            log(agency, "organisations.reorganised", user=user, data=data)
    return record


def _lock(wish: Wish) -> None:
    """Let whoever changes the same agencies at the same time wait."""
    rows = Organisation.objects.filter(pk__in=wish.involved).order_by("pk")
    list(rows.select_for_update().values_list("pk", flat=True))


def _parties(wish: Wish, steps: Steps) -> Parties:
    found = Organisation.objects.in_bulk(wish.involved)
    olds = [found[pk] for pk in wish.olds]
    if wish.kind == Change.RENAME:
        return Parties(olds, [], None)
    receivers = [found[pk] for pk in wish.into]
    for name in wish.new:
        made = _new_agency(name, olds[0], wish)
        steps.make(made)
        receivers.append(made)
    return Parties(olds, receivers, receivers[wish.heir] if receivers else None)


def _new_agency(name: NewName, like: Organisation, wish: Wish) -> Organisation:
    """Return an agency, unsaved, of the level and kind and under the superior body of another."""
    words = " ".join(nfc(name.name).split())
    return Organisation(
        code=free_code(words), name=words, short_name=name.short_name.strip(), level=like.level,
        kind=like.kind, parent=like.parent, valid_from=wish.date,
    )  # fmt: skip


def free_code(name: str) -> str:
    """Return a code that no agency has, from a name."""
    base = slugify(name, limit=54) or "co-quan"
    taken = set(Organisation.objects.filter(code__startswith=base).values_list("code", flat=True))
    tries = (base, *(f"{base}-{number}" for number in range(2, 1000)))
    return next(code for code in tries if code not in taken)


def _close(wish: Wish, parties: Parties, steps: Steps) -> None:
    """End the old agencies the day before, and name their successors."""
    if wish.kind == Change.RENAME:
        return
    for old in parties.olds:
        if wish.closes:
            steps.change(old, "valid_to", wish.date - timedelta(days=1))
        for new in parties.receivers:
            link = Succession.objects.filter(old=old, new=new).first()
            if link is not None:  # it took over a part before, and now the rest
                steps.change(link, "date", wish.date)
                steps.change(link, "kind", wish.kind.value)
                continue
            steps.make(Succession(
                old=old, new=new, date=wish.date, kind=wish.kind.value, decision=wish.decision
            ))  # fmt: skip


def _join_groups(wish: Wish, parties: Parties, steps: Steps) -> None:
    """Let the heir belong to the groups that named an old agency, from the day on."""
    if parties.heir is None or not wish.closes:
        return
    olds = [old.pk for old in parties.olds]
    dated = GroupMembership.objects.filter(member__in=olds, excluded=False, valid_to=None)
    groups = {group.pk: group for group in Organisation.objects.filter(group_members__in=olds)}
    groups |= {row.group_id: row.group for row in dated.select_related("group")}
    for pk in sorted(groups):
        if not groups[pk].group_members.filter(pk=parties.heir.pk).exists():
            steps.make(GroupMembership(
                group=groups[pk], member=parties.heir, valid_from=wish.date
            ))  # fmt: skip


@transaction.atomic
def hand_over(record: Reorganisation) -> None:
    """Change what has no dates of its own; the day has come."""
    wish, steps = Wish.from_json(record.wish), Steps()
    olds = list(Organisation.objects.filter(pk__in=wish.olds).order_by("pk"))
    if wish.kind == Change.RENAME:
        for agency in olds:
            _rename(agency, wish, steps)
    elif wish.closes and (heir := _heir(record, wish)) is not None:
        _move_children(olds, heir, wish, steps)
        _move_holdings(wish, heir, steps)
    record.steps = [*record.steps, *steps.notes]
    record.carried_at = timezone.now()
    record.save(update_fields=["steps", "carried_at"])


def hand_over_due(now: datetime) -> int:
    """Hand over what waited for a day that has come; return how many reorganisations that were."""
    waiting = Reorganisation.objects.standing().filter(carried_at=None)
    due = waiting.filter(date__lte=timezone.localdate(now)).order_by("date", "pk")
    count = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            record = waiting.select_for_update().filter(pk=pk).first()
            if record is not None:
                hand_over(record)
                count += 1
    return count


def _heir(record: Reorganisation, wish: Wish) -> Organisation | None:
    """Return who takes over what cannot be divided, among those named and those made."""
    made = [
        step["pk"]
        for step in record.steps
        if step["do"] == "make" and step["model"] == "organisations.organisation"
    ]
    receivers = [*wish.into, *made]
    return Organisation.objects.get(pk=receivers[wish.heir]) if receivers else None


def _rename(agency: Organisation, wish: Wish, steps: Steps) -> None:
    steps.make(OrganisationName(
        organisation=agency, name=agency.name, short_name=agency.short_name, official=True,
        valid_to=wish.date - timedelta(days=1),
    ))  # fmt: skip
    steps.change(agency, "name", " ".join(nfc(wish.new[0].name).split()))
    steps.change(agency, "short_name", wish.new[0].short_name.strip())


def _move_children(olds: list[Organisation], heir: Organisation, wish: Wish, steps: Steps) -> None:
    """Put what was under an old agency under the heir; whom it was under before stays on record."""
    last = wish.date - timedelta(days=1)
    below = Organisation.objects.filter(parent__in=olds).exclude(pk=heir.pk)
    for child in below.exclude(valid_to__lt=wish.date).order_by("pk"):
        if child.valid_from is None or child.valid_from < wish.date:
            former = FormerParent(organisation=child, parent_id=child.parent_id, valid_to=last)
            steps.make(former)
        steps.change(child, "parent", heir)


def _move_holdings(wish: Wish, heir: Organisation, steps: Steps) -> None:
    for holding in holdings():
        if holding.fate not in {Fate.MOVES, Fate.JOINS}:
            continue
        for row in list(holding.rows(wish.olds, wish.date).order_by("pk").distinct()):
            if holding.fate == Fate.MOVES:
                steps.change(row, holding.field, heir)
            else:
                steps.join(row, holding.field, heir)


def summary(wish: Wish, olds: list[Organisation], receivers: list[Organisation]) -> str:
    """Return in a sentence what happens."""
    return _sentence(wish) % dict(_words(wish, olds, receivers))


def _words(
    wish: Wish, olds: list[Organisation], receivers: list[Organisation]
) -> Iterator[tuple[str, str]]:
    yield "old", ", ".join(old.name for old in olds)
    names = [one.name for one in receivers] or [one.name for one in wish.new]
    yield "new", ", ".join(names)
    yield "day", written(wish.date)
    yield "decision", wish.decision


def _sentence(wish: Wish) -> str:
    if wish.kind == Change.DISSOLVE:
        if not wish.into and not wish.new:
            return _("%(old)s dissolved from %(day)s (%(decision)s)")
        return _("%(old)s dissolved, work taken over by %(new)s, from %(day)s (%(decision)s)")
    if wish.kind == Change.SPLIT and wish.goes_on:
        return _("Part of %(old)s given to %(new)s from %(day)s (%(decision)s)")
    return {
        Change.MERGE: _("%(old)s merged into %(new)s from %(day)s (%(decision)s)"),
        Change.SPLIT: _("%(old)s split into %(new)s from %(day)s (%(decision)s)"),
        Change.RENAME: _("%(old)s renamed to %(new)s from %(day)s (%(decision)s)"),
    }[wish.kind]
