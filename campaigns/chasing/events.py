"""Events as something due: what agencies have to prepare, and papers they have to hand in."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.chasing.dues import Agencies, Due, register_source
from campaigns.events.models import EventTask, Paper
from campaigns.models import Plan


def _here(first: date, last: date, agencies: Agencies) -> Q:
    """Return the condition on rows of events that were not called off, due on these days."""
    found = Q(
        event__cancelled_at=None,
        event__plan__in=Plan.objects.in_force(),
        due_on__range=(first, last),
    )
    return found if agencies is None else found & Q(organisation__in=agencies)


@register_source
def event_tasks(first: date, last: date, agencies: Agencies) -> Iterable[Due]:
    """Yield the tasks that are not done, of events still to be held or over. One query."""
    rows = EventTask.objects.filter(_here(first, last, agencies), done_at=None)
    for task in rows.select_related("event").order_by("pk"):
        if task.due_on is not None:
            yield _due(f"event-task:{task.pk}", task, task.due_on, task.content)


@register_source
def event_papers(first: date, last: date, agencies: Agencies) -> Iterable[Due]:
    """Yield the papers without a file; after the event nobody waits for them. One query."""
    rows = Paper.objects.filter(
        _here(first, last, agencies), document=None, accepted_at=None, event__held_at=None
    )
    for paper in rows.select_related("event").order_by("pk"):
        if paper.due_on is not None:
            name = _("Paper: %(title)s") % {"title": paper.title}
            yield _due(f"event-paper:{paper.pk}", paper, paper.due_on, name)


def _due(key: str, row: EventTask | Paper, day: date, name: str) -> Due:
    return Due(
        key=key,
        title=f"{name} ({row.event})",
        agency=row.organisation_id,
        day=day,
        url=reverse("campaigns_event", args=[row.event_id]),
        plan=row.event.plan_id,
    )
