"""What the system understood of an activity, in a sentence for the person who confirms it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from campaigns.models import Activity


def reading(activity: Activity) -> str:
    """Return dates, frequency and target in words, in the current language; "" if unknown."""
    words = [_dates(activity.start, activity.end), _frequency(activity), _target(activity)]
    return "; ".join(word for word in words if word)


def _dates(start: date | None, end: date | None) -> str:
    first = f"{start:%d/%m/%Y}" if start else ""
    last = f"{end:%d/%m/%Y}" if end else ""
    if first and first == last:
        return _("on %(day)s") % {"day": first}
    if first and last:
        return _("from %(first)s to %(last)s") % {"first": first, "last": last}
    if last:
        return _("by the end of %(day)s") % {"day": last}
    return _("from %(day)s on") % {"day": first} if first else ""


def _frequency(activity: Activity) -> str:
    name = str(activity.get_recurrence_display()) if activity.recurrence else ""
    if not activity.rule:
        return name
    days = _("on fixed days (%(rule)s)") % {"rule": activity.rule}
    return f"{name}, {days}" if name else days


def _target(activity: Activity) -> str:
    if activity.target is None:
        return ""
    words = f"{activity.target} {activity.unit}".strip()
    if activity.per:
        words += f" {activity.get_per_display()}"
    if activity.per_agency:
        words = _("%(amount)s for each agency") % {"amount": words}
    if activity.total is not None and (activity.per or activity.per_agency):
        total = _("%(total)d in all") % {"total": activity.total}
        words = f"{words}, {total}"
    return words
