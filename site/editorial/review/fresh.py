"""Whether what a person decides on is still what they looked at.

A token, the moment the newest version was saved, goes out with every form that decides and comes
back with the answer.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState

from organisations.models import User


def token_of(page: Any) -> str:
    """Return what says which version of the page a person is looking at; "" without versions."""
    revision = page.latest_revision
    return revision.created_at.isoformat() if revision else ""


def changed_since(page: Any, seen: str, user: Any, comment: str = "") -> str:
    """Say who saved a newer version since ``seen``; "" if nobody else did.

    What the person saved themselves meanwhile they know. A token that is none counts as old.
    """
    if not seen:
        return ""
    newer = Revision.objects.for_instance(page).exclude(user_id=user.pk)
    try:
        moment = parse_datetime(seen)
    except ValueError:
        moment = None
    if moment is not None:
        newer = newer.filter(created_at__gt=moment)
    last = newer.order_by("-created_at", "-pk").select_related("user").first()
    if last is None:
        return ""
    message = _(
        "%(who)s saved a newer version at %(when)s. Nothing was done yet: look at it, then decide "
        "again."
    ) % {"who": name_of(last.user), "when": clock_time(last.created_at)}
    return with_comment(message, comment)


def already_done(task_state: TaskState, comment: str = "") -> str:
    """Say who did the step meanwhile; "" if it still waits. Holds the step's row until the end."""
    now = (
        TaskState.objects.select_for_update(of=("self",))
        .select_related("finished_by")
        .get(pk=task_state.pk)
    )
    task_state.status = now.status
    if now.status == TaskState.STATUS_IN_PROGRESS:
        return ""
    message = _("%(who)s finished this step at %(when)s: %(state)s. Nothing was done.") % {
        "who": name_of(now.finished_by),
        "when": clock_time(now.finished_at or timezone.now()),
        "state": now.get_status_display().lower(),
    }
    return with_comment(message, comment)


def with_comment(message: str, comment: str) -> str:
    """Add what the person had written, which is kept nowhere else."""
    if not comment:
        return message
    return _("%(message)s Your comment was: “%(comment)s”") % {
        "message": message,
        "comment": comment,
    }


def name_of(user: User | None) -> str:
    return (user.get_full_name() or user.get_username()) if user else _("The system")


def clock_time(moment: datetime) -> str:
    """Return the moment in the office's time, to the minute: "10:31 04/05/2026"."""
    return date_format(timezone.localtime(moment), "H:i d/m/Y")
