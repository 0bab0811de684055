"""What agencies hold in every part of the system, and what becomes of it when they change.

Agencies lie below everything. Each relation to an agency is found from the models themselves, so
that none is forgotten; the layer above registers, in its ``AppConfig.ready``, what becomes of its
own. What nobody registered stays with the old agency, as history.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisations.models import Organisation


class Fate(Enum):
    """What becomes of something that an agency holds when another takes over."""

    MOVES = pgettext_lazy("fate", "goes to the successor")
    JOINS = pgettext_lazy("fate", "is added to the successor, and stays with the old agency")
    PASSES = pgettext_lazy("fate", "what is due later passes to the successors")
    STAYS = pgettext_lazy("fate", "stays, as history")


@dataclass(frozen=True, slots=True)
class Holding:
    """One relation to agencies. ``open`` gives, for a day, which rows it still matters for."""

    model: type[models.Model]
    field: str
    fate: Fate
    label: Any
    open: Callable[[date], Q] | None = None

    @property
    def key(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"

    def rows(self, agencies: Collection[int], day: date | None = None) -> models.QuerySet[Any]:
        """Return what these agencies hold; with a day, only what is still open then."""
        found = self.model._default_manager.filter(**{f"{self.field}__in": agencies})
        return found.filter(self.open(day)) if day and self.open else found

    def counts(self, agencies: Collection[int], day: date | None = None) -> dict[int, int]:
        """Return how much each agency holds, in one query; those that hold nothing are absent."""
        rows = self.rows(agencies, day).order_by().values_list(self.field)
        counted = rows.annotate(Count("pk", distinct=True))
        return {pk: count for pk, count in counted if pk in agencies}


Registered = tuple[Fate, Any, Callable[[date], Q] | None]
FollowUp = Callable[[Collection[int], date, Collection[int]], Collection[int]]

_registered: dict[tuple[str, str], Registered] = {
    ("organisations.contact", "organisation"): (Fate.MOVES, _("contacts"), None),
    ("organisations.user", "organisations"): (Fate.JOINS, _("users"), None),
}
_follow_ups: list[FollowUp] = []
# Agencies in time themselves: written by the reorganisation.
_OWN = {
    "organisations.organisation",
    "organisations.organisationname",
    "organisations.formerparent",
    "organisations.succession",
    "organisations.grouprule",
    "organisations.groupmembership",
    "organisations.reorganisation",
}


def register_holding(
    model: str,
    field: str,
    fate: Fate,
    label: Any = "",
    open_on: Callable[[date], Q] | None = None,
) -> None:
    """Say what becomes of a relation to agencies: "channels.Channel", "owner", ``Fate.MOVES``.

    ``label`` names what is held, in the plural; without it, the model does. Registering again
    replaces what was said before.
    """
    _registered[model.lower(), field] = (fate, label, open_on)


def register_follow_up(function: FollowUp) -> FollowUp:
    """Take a function that brings a layer in line after agencies changed on a day, or back.

    It is called inside the transaction, with the numbers of the old agencies, the day, and what it
    returned itself before: the numbers of the rows of its own that it brought in line.
    """
    if function not in _follow_ups:
        _follow_ups.append(function)
    return function


def follow_up(
    agencies: Collection[int], day: date, before: Mapping[str, Collection[int]]
) -> dict[str, list[int]]:
    """Let every layer bring itself in line; return what each did, to be given when it is undone."""
    names = {f"{function.__module__}.{function.__qualname__}": function for function in _follow_ups}
    return {
        name: sorted(function(agencies, day, before.get(name, ())))
        for name, function in names.items()
    }


def holdings() -> list[Holding]:
    """Return every relation to agencies in the system, what moves first, by name."""
    found = []
    for relation in Organisation._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        model, field = relation.related_model, relation.field
        if model._meta.label_lower in _OWN or model._meta.auto_created:
            continue
        fate, label, still = _registered.get(
            (model._meta.label_lower, field.name), (Fate.STAYS, "", None)
        )
        plural = label or model._meta.verbose_name_plural
        found.append(Holding(model, field.name, fate, capfirst(str(plural)), still))
    order = list(Fate)
    return sorted(found, key=lambda one: (order.index(one.fate), one.label, one.key))


def held(agencies: Collection[int], day: date) -> list[tuple[Holding, Mapping[int, int]]]:
    """Return what these agencies hold, one query for each relation; empty ones are left out."""
    counted = ((holding, holding.counts(agencies, day)) for holding in holdings())
    return [(holding, counts) for holding, counts in counted if counts]
