"""Undoing a reorganisation while nothing depends on it."""

from collections import Counter
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from organisations.models import Organisation, Reorganisation
from organisations.reorganising.doing import ImpossibleError
from organisations.reorganising.holdings import follow_up, holdings
from organisations.reorganising.steps import find, revert, was_changed_since
from organisations.reorganising.wishes import Wish

AGENCY = Organisation._meta.label_lower


def undo(record: Reorganisation, user: Any = None) -> None:
    """Give everything back, and keep the record. Raises ``ImpossibleError``; nothing changes then.

    What was handed over since and changed again, later reorganisations of the same agencies, and
    anything that the new agencies hold by now stand against it.
    """
    with transaction.atomic():
        locked = Reorganisation.objects.select_for_update().get(pk=record.pk)
        if found := _obstacles(locked):
            raise ImpossibleError(found)
        made = _revert(locked)
        wish = Wish.from_json(locked.wish)
        follow_up(wish.olds, wish.date, locked.followed)
        _delete(made)
        locked.undone_at, locked.undone_by = timezone.now(), user
        locked.save(update_fields=["undone_at", "undone_by"])
        for agency in Organisation.objects.filter(pk__in=wish.olds).order_by("pk"):
            data = {"summary": locked.summary}
            log(agency, "organisations.reorganisation_undone", user=user, data=data)
    record.refresh_from_db()


def _obstacles(record: Reorganisation) -> list[str]:
    if record.undone_at:
        return [_("It was undone already.")]
    found = []
    agencies = record.organisations.all()
    later = Reorganisation.objects.standing().filter(organisations__in=agencies, pk__gt=record.pk)
    for other in later.order_by("pk").distinct():
        found.append(_("Undo first what came later: %s.") % other.summary)
    for step in record.steps:
        row = find(step)
        if row is not None and was_changed_since(step, row):
            name = f"{row._meta.verbose_name} “{row}”"
            found.append(_("It was changed since: %s.") % name)
    return list(dict.fromkeys(found))


def _revert(record: Reorganisation) -> list[Organisation]:
    """Take the steps back, last first; return the agencies that were made, still there."""
    made = []
    for step in reversed(record.steps):
        row = find(step)
        if row is None:
            continue
        if step["do"] != "make":
            revert(step, row)
        elif isinstance(row, Organisation):
            made.append(row)
        else:
            row.delete()
    return made


def _delete(made: list[Organisation]) -> None:
    """Delete agencies that hold nothing."""
    keys = [agency.pk for agency in made]
    for holding in holdings():
        if count := sum(holding.counts(keys).values()):
            given = {"what": holding.label, "count": count}
            raise ImpossibleError([_("The new agency holds by now: %(what)s (%(count)d).") % given])
    try:
        for agency in made:
            agency.delete()
    except ProtectedError as error:
        raise ImpossibleError(_protectors(error.protected_objects)) from error


def _protectors(rows: set[models.Model]) -> list[str]:
    """Say what stands against deleting an agency."""
    counted = Counter(str(row._meta.verbose_name_plural) for row in rows)
    return [
        _("The new agency holds by now: %(what)s (%(count)d).") % {"what": what, "count": count}
        for what, count in sorted(counted.items())
    ]
