"""All agencies through all time, in memory: for reports over many agencies, days and groups.

Loading costs seven queries, and nothing afterwards. "As then" is the name and the superior body on
a day, "as now" the agencies that carry on the work today.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Self, TypeVar

from django.utils.translation import gettext as _

from organisations.following import Successions
from organisations.models import (
    FormerParent,
    GroupMembership,
    GroupRule,
    Organisation,
    OrganisationName,
    Succession,
)

Row = TypeVar("Row", OrganisationName, FormerParent)


@dataclass(frozen=True, slots=True)
class Then:
    """An agency as it was on one day."""

    organisation: Organisation
    name: str
    short_name: str
    parent: Organisation | None


@dataclass(frozen=True, slots=True)
class Member:
    """One agency that a group stands for, and why."""

    organisation: Organisation
    reason: str


@dataclass
class Past:
    """The rows on record beside the agencies themselves."""

    successions: list[Succession] = field(default_factory=list)
    names: list[OrganisationName] = field(default_factory=list)
    parents: list[FormerParent] = field(default_factory=list)
    rules: list[GroupRule] = field(default_factory=list)
    memberships: list[GroupMembership] = field(default_factory=list)
    listed: list[tuple[int, int]] = field(default_factory=list)  # group, member

    @classmethod
    def load(cls) -> Self:
        """Read them, in six queries."""
        through = Organisation.group_members.through._default_manager
        return cls(
            list(Succession.objects.order_by("date", "pk")),
            list(OrganisationName.objects.filter(official=True).order_by("valid_to", "pk")),
            list(FormerParent.objects.order_by("valid_to", "pk")),
            list(GroupRule.objects.order_by("pk")),
            list(GroupMembership.objects.order_by("pk")),
            list(through.order_by("pk").values_list("from_organisation", "to_organisation")),
        )


class History:
    """Answers by number of an agency. An unknown number raises ``KeyError``."""

    def __init__(self, agencies: Iterable[Organisation], past: Past) -> None:
        self.agencies = {agency.pk: agency for agency in agencies}
        self.past = past
        self.successions = Successions(
            (link.old_id, link.new_id, link.date, self.agencies[link.new_id].valid_to)
            for link in past.successions
        )
        self._names: dict[int, list[OrganisationName]] = defaultdict(list)
        for name in sorted(past.names, key=lambda row: row.valid_to or date.max):
            self._names[name.organisation_id].append(name)
        self._parents: dict[int, list[FormerParent]] = defaultdict(list)
        for former in sorted(past.parents, key=lambda row: row.valid_to):
            self._parents[former.organisation_id].append(former)

    @classmethod
    def load(cls) -> Self:
        """Read every agency on record."""
        return cls(Organisation.objects.order_by("name", "pk"), Past.load())

    def name_on(self, pk: int, day: date) -> str:
        """Return the official name on that day, before the first day the first one."""
        row = _valid(self._names.get(pk, ()), day)
        return row.name if row else self.agencies[pk].name

    def parent_on(self, pk: int, day: date) -> Organisation | None:
        """Return the superior body on that day."""
        row = _valid(self._parents.get(pk, ()), day)
        above = row.parent_id if row else self.agencies[pk].parent_id
        return None if above is None else self.agencies[above]

    def then(self, pk: int, day: date) -> Then:
        """Return the agency as it was on that day."""
        agency = self.agencies[pk]
        row = _valid(self._names.get(pk, ()), day)
        short = row.short_name if row else agency.short_name
        return Then(agency, self.name_on(pk, day), short, self.parent_on(pk, day))

    def existing(self, day: date) -> list[Organisation]:
        """Return the agencies that exist on that day, groups left out."""
        return [
            agency
            for agency in self.agencies.values()
            if agency.kind != Organisation.Kind.GROUP and agency.is_valid_on(day)
        ]

    def successors_on(self, pk: int, day: date) -> list[Organisation]:
        """Return who carries the work on that day; see ``OrganisationQuerySet.successors_on``."""
        found = self.successions.of(pk, self.agencies[pk].valid_to, day)
        return [self.agencies[new] for new in found]

    def now(self, pk: int, today: date) -> tuple[Organisation, ...]:
        """Return the agencies under which a report of today shows this one's figures.

        Its successors; itself where nobody carries its work on, so that no figure is lost. After a
        split they stand together for one line: to show it under each would count it twice.
        """
        return tuple(self.successors_on(pk, today)) or (self.agencies[pk],)

    def label_now(self, pk: int, today: date) -> str:
        """Return the name of that line."""
        found = self.now(pk, today)
        label = "; ".join(self.name_on(agency.pk, today) for agency in found)
        is_gone = len(found) == 1 and not found[0].is_valid_on(today)
        return _("%(name)s (closed)") % {"name": label} if is_gone else label

    def members_on(self, pk: int, day: date) -> list[Member]:
        """Return whom a group stands for on that day, by name, and why; itself if it is none."""
        group = self.agencies[pk]
        if group.kind != Organisation.Kind.GROUP:
            return [Member(group, "")]
        dated = [
            row for row in self.past.memberships if row.group_id == pk and row.is_valid_on(day)
        ]
        out = {row.member_id for row in dated if row.excluded}
        reasons: dict[int, str] = {}
        for row in dated:
            if not row.excluded:
                reasons.setdefault(row.member_id, _spell(row))
        for listed in (member for owner, member in self.past.listed if owner == pk):
            reasons.setdefault(listed, _("named as a member"))
        for rule in (row for row in self.past.rules if row.group_id == pk):
            for agency in self.existing(day):
                if self._takes(rule, agency, day):
                    reasons.setdefault(agency.pk, self._rule(rule))
        members = [self.agencies[member] for member in reasons if member not in out]
        members.sort(key=lambda agency: (agency.name, agency.pk))
        return [
            Member(agency, reasons[agency.pk])
            for agency in members
            if agency.is_valid_on(day) and agency.kind != Organisation.Kind.GROUP
        ]

    def left_out_on(self, pk: int, day: date) -> list[Organisation]:
        """Return the agencies that are left out of a group on that day, by name."""
        return [
            self.agencies[row.member_id]
            for row in self.past.memberships
            if row.group_id == pk and row.excluded and row.is_valid_on(day)
        ]

    def _takes(self, rule: GroupRule, agency: Organisation, day: date) -> bool:
        if rule.level and rule.level != agency.level:
            return False
        if rule.kind and rule.kind != agency.kind:
            return False
        above = self.parent_on(agency.pk, day) if rule.parent_id else None
        return rule.parent_id is None or (above is not None and above.pk == rule.parent_id)

    def _rule(self, rule: GroupRule) -> str:
        parts = [rule.get_level_display(), rule.get_kind_display()]
        if rule.parent_id:
            parts.append(self.agencies[rule.parent_id].name)
        return _("by rule: %(rule)s") % {"rule": ", ".join(str(part) for part in parts if part)}


def _valid(rows: Iterable[Row], day: date) -> Row | None:
    """Return the row that was valid on that day: of several, the one that ended first."""
    for row in rows:
        if (row.valid_from is None or row.valid_from <= day) and day <= (row.valid_to or date.max):
            return row
    return None


def _spell(row: GroupMembership) -> str:
    """Return why a dated member belongs."""
    first = row.valid_from.strftime("%d/%m/%Y") if row.valid_from else "…"
    last = row.valid_to.strftime("%d/%m/%Y") if row.valid_to else "…"
    return _("member from %(first)s to %(last)s") % {"first": first, "last": last}
