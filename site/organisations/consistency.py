"""What cannot be true of agencies in time: circles, days in wrong order, two names on a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organisations.following import circle
from organisations.history import History
from organisations.models import FormerParent, Organisation, OrganisationName, Succession


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something on record that cannot be, about one agency."""

    organisation: Organisation
    message: str


def contradictions(history: History) -> list[Contradiction]:
    """Return everything that cannot be, by agency; costs no query."""
    found = [*_circle(history), *_superiors(history)]
    for link in history.past.successions:
        found += _succession(history, link)
    names = _("Two official names are valid on %(day)s.")
    found += _overlaps(history, history.past.names, names)
    parents = _("Two superior bodies are valid on %(day)s.")
    found += _overlaps(history, history.past.parents, parents)
    return sorted(found, key=lambda one: (one.organisation.name, one.organisation.pk, one.message))


def _circle(history: History) -> Iterator[Contradiction]:
    pairs = [
        (link.old_id, link.new_id)
        for link in history.past.successions
        if not _went_on(history, link)
    ]
    if found := circle(pairs):
        path = " → ".join(history.agencies[pk].name for pk in [*found, found[0]])
        message = _("The successions go round in a circle: %s.") % path
        yield Contradiction(history.agencies[found[0]], message)


def _went_on(history: History, link: Succession) -> bool:
    """Tell whether the old agency only gave off a part and went on itself."""
    last = history.agencies[link.old_id].valid_to
    return link.kind == Succession.Kind.SPLIT and (last is None or last >= link.date)


def _superiors(history: History) -> Iterator[Contradiction]:
    """Find agencies that are their own superior, directly or further up."""
    for agency in history.agencies.values():
        seen, above = {agency.pk}, agency.parent_id
        while above is not None and above not in seen:
            seen.add(above)
            above = history.agencies[above].parent_id
        if above == agency.pk:
            yield Contradiction(agency, _("It is its own superior body, directly or further up."))


def _succession(history: History, link: Succession) -> Iterator[Contradiction]:
    old, new = history.agencies[link.old_id], history.agencies[link.new_id]
    day = date_format(link.date, "d/m/Y")
    given = {"new": new.name, "day": day}
    is_open = old.valid_to is None or old.valid_to >= link.date
    if old.valid_to is not None and is_open and link.kind != Succession.Kind.SPLIT:
        message = _("“%(new)s” takes over on %(day)s, while this agency still exists.")
        yield Contradiction(old, message % given)
    if old.valid_to is None and link.kind != Succession.Kind.SPLIT:
        message = _("“%(new)s” took over on %(day)s, but this agency was not closed.")
        yield Contradiction(old, message % given)
    if not new.is_valid_on(link.date):
        message = _("“%(new)s” takes over on %(day)s, when it does not exist.")
        yield Contradiction(old, message % given)


def _overlaps(
    history: History, rows: Sequence[OrganisationName | FormerParent], message: str
) -> Iterator[Contradiction]:
    ordered = sorted(rows, key=lambda row: (row.organisation_id, row.valid_to or date.max))
    for before, after in pairwise(ordered):
        if before.organisation_id != after.organisation_id or before.valid_to is None:
            continue
        if after.valid_from is not None and after.valid_from <= before.valid_to:
            day = date_format(before.valid_to, "d/m/Y")
            yield Contradiction(history.agencies[after.organisation_id], message % {"day": day})
