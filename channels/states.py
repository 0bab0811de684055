"""One row from one state to the next, if nobody else was faster."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from channels.models import Delivery, Publication, State


class NotAllowed(Exception):
    """The verb does not fit the delivery's state. The text is for people."""


def require(row: Delivery, states: set[State]) -> None:
    Publication.objects.lock(row.story)
    row.refresh_from_db()
    if row.state not in states:
        label = State(row.state).label
        raise NotAllowed(_("Not possible now: the delivery is “%(state)s”.") % {"state": label})


def change(row: Delivery, state: State, **values: Any) -> bool:
    """Move the row on from the state and lease it was read in, never to ``sending``.

    ``False`` when somebody else was faster.
    """
    values["lease_until"] = None
    if "reason" in values:
        with translation.override(settings.LANGUAGE_CODE):
            values["reason"] = str(values["reason"])
    as_read = Delivery.objects.filter(pk=row.pk, state=row.state, lease_token=row.lease_token)
    changed = as_read.update(state=state, **values)
    if changed:
        row.state = state
        for name, value in values.items():
            setattr(row, name, value)
    return bool(changed)
