"""What stands against a reorganisation, in words; nothing is changed."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.text import nfc
from organisations.history import History
from organisations.models import Organisation, Reorganisation
from organisations.models.changes import Change
from organisations.reorganising.wishes import Wish

EARLIEST = date(1945, 9, 2)  # no agency of the state is older
AHEAD = timedelta(days=730)


def problems(wish: Wish, history: History) -> list[str]:
    """Return every reason why the wish cannot be done; none if it can. Costs one query."""
    found = [*_dates(wish), *_counts(wish), *_agencies(wish, history), *_names(wish, history)]
    later = Reorganisation.objects.standing().filter(
        organisations__in=wish.involved, date__gte=wish.date
    )
    for other in later.order_by("date", "pk").distinct():
        found.append(
            _("On %(day)s or later there is another reorganisation of an agency: %(other)s.")
            % {"day": written(wish.date), "other": other.summary}
        )
    return list(dict.fromkeys(found))


def written(day: date) -> str:
    """Return a date as documents write it."""
    return date_format(day, "d/m/Y")


def _dates(wish: Wish) -> Iterator[str]:
    if wish.date < EARLIEST:
        yield _("The day lies before %(day)s.") % {"day": written(EARLIEST)}
    if wish.date > timezone.localdate() + AHEAD:
        yield _("The day lies more than two years ahead.")
    if wish.decided_on and wish.decided_on > wish.date:
        yield _("The decision was signed after the day on which it takes effect.")
    if not wish.decision.strip():
        yield _("Enter the number of the decision.")


def _counts(wish: Wish) -> Iterator[str]:
    receivers = len(wish.into) + len(wish.new)
    if not wish.olds:
        yield _("Choose the agencies that it happens to.")
    yield from {
        Change.RENAME: _rename_counts,
        Change.MERGE: _merge_counts,
        Change.SPLIT: _split_counts,
        Change.DISSOLVE: _no_counts,
    }[wish.kind](wish)
    if wish.kind != Change.RENAME and receivers and not 0 <= wish.heir < receivers:
        yield _("Choose which agency takes over people, contacts and channels.")


def _no_counts(wish: Wish) -> Iterator[str]:
    """Accept any number: an agency may end without a successor."""
    yield from ()


def _rename_counts(wish: Wish) -> Iterator[str]:
    if len(wish.olds) > 1:
        yield _("A change of name is of one agency.")
    if len(wish.new) != 1 or wish.into:
        yield _("A change of name needs one new name, and no agency that takes over.")


def _merge_counts(wish: Wish) -> Iterator[str]:
    if len(wish.into) + len(wish.new) != 1:
        yield _("A merger needs one agency that takes over: an existing or a new one.")
    elif wish.new and len(wish.olds) == 1:
        yield _("Two agencies or more merge into a new one; of one, change the name.")


def _split_counts(wish: Wish) -> Iterator[str]:
    if len(wish.olds) > 1:
        yield _("A split is of one agency.")
    if len(wish.into) + len(wish.new) < (1 if wish.goes_on else 2):
        yield _("A split needs two agencies that take over; one, if the old agency goes on.")


def _agencies(wish: Wish, history: History) -> Iterator[str]:
    for pk in wish.involved:
        if pk not in history.agencies:
            yield _("An agency is not on record any more.")
        elif history.agencies[pk].kind == Organisation.Kind.GROUP:
            yield _("“%s” is a group: it is its members that are reorganised.") % (
                history.agencies[pk].name
            )
    for pk in set(wish.olds) & set(wish.into):
        if pk in history.agencies:
            yield _("“%s” cannot take over from itself.") % history.agencies[pk].name
    for pk in wish.olds:
        if pk in history.agencies:
            yield from _can_end(wish, history, history.agencies[pk])
    for pk in wish.into:
        if pk in history.agencies:
            yield from _can_take_over(wish, history.agencies[pk])


def _can_take_over(wish: Wish, agency: Organisation) -> Iterator[str]:
    """Say why an agency cannot take over on that day."""
    if not agency.is_valid_on(wish.date):
        yield _("“%(name)s” does not exist on %(day)s and cannot take over.") % {
            "name": agency.name,
            "day": written(wish.date),
        }
    elif agency.valid_to:
        yield _("“%(name)s” ends on %(day)s itself: name the one that carries on its work.") % {
            "name": agency.name,
            "day": written(agency.valid_to),
        }


def _can_end(wish: Wish, history: History, agency: Organisation) -> Iterator[str]:
    """Say why an agency cannot change on that day: it is gone already, or not there yet."""
    given = {"name": agency.name, "day": written(wish.date)}
    if agency.valid_to is not None:
        after = agency.valid_to + timedelta(days=1)
        new = history.successors_on(agency.pk, max(after, wish.date))
        names = "; ".join(one.name for one in new if one.pk != agency.pk) or _("nobody on record")
        yield _("“%(name)s” ends on %(last)s already; its work is carried on by: %(new)s.") % {
            "name": agency.name,
            "last": written(agency.valid_to),
            "new": names,
        }
    elif agency.valid_from is not None and agency.valid_from >= wish.date:
        yield _("“%(name)s” does not exist before %(day)s.") % given
    if wish.kind == Change.RENAME:
        ends = [row.valid_to for row in history.past.names if row.organisation_id == agency.pk]
        if any(last and last >= wish.date for last in ends):
            yield _("“%(name)s” has got another name on %(day)s or later.") % given


def _names(wish: Wish, history: History) -> Iterator[str]:
    words = [_key(one.name) for one in wish.new]
    if not all(words):
        yield _("Enter the name of each new agency.")
    if len(set(words)) < len(words):
        yield _("Two new agencies have the same name.")
    if any(len(one.name) > 200 or len(one.short_name) > 80 for one in wish.new):
        yield _("A name has at most 200 characters, a short name 80.")
    taken = {
        _key(agency.name): agency
        for agency in history.agencies.values()
        if agency.is_valid_on(wish.date) and not (wish.closes and agency.pk in wish.olds)
    }
    for word in words:
        if word in taken:
            yield _("There is an agency of that name on that day: “%s”.") % taken[word].name


def _key(name: str) -> str:
    return " ".join(nfc(name).split()).casefold()
