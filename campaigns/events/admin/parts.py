"""Pages of what belongs to an event: sites, agenda, papers, tasks."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from campaigns.events import access, sites
from campaigns.events.admin.forms import (
    AgenciesForm,
    AgendaForm,
    FileForm,
    PaperForm,
    SiteForm,
    TaskForm,
)
from campaigns.events.admin.pages import event_of, form_page, saves, step_of, url_of
from campaigns.events.models import Event, EventTask, Paper, Site

#: Parts that are rows with a form: model, form, what the page of a new one is called.
PARTS: dict[str, tuple[Any, Any, Any]] = {
    "papers": (Paper, PaperForm, gettext_lazy("New paper")),
    "tasks": (EventTask, TaskForm, gettext_lazy("New task")),
    "sites": (Site, SiteForm, ""),
}


def run_by(request: HttpRequest, pk: int) -> Event:
    """Return the event if the person runs it. Raises ``PermissionDenied``."""
    event = event_of(request, pk)
    if not access.runs(request.user, event, access.own(request.user)):
        raise PermissionDenied
    return event


def served_by(request: HttpRequest, row: Any) -> Event:
    """Return the event of a row that the person's agency is to fill in."""
    event = event_of(request, row.event_id)
    if not access.serves(request.user, event, access.own(request.user), row.organisation_id):
        raise PermissionDenied
    return event


def back_to(event: Event, part: str) -> str:
    return f"{url_of(event)}#{part}"


def add_sites(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a connected site for each agency chosen, and for each member of the groups chosen."""
    event = run_by(request, pk)
    form = AgenciesForm(request.POST or None, day=event.day)
    if request.method == "POST" and form.is_valid():
        count = sites.add(event, form.chosen)
        text = ngettext("%(count)d site was added.", "%(count)d sites were added.", count)
        messages.success(request, text % {"count": count})
        return redirect(back_to(event, "sites"))
    title = _("Add connected sites")
    return form_page(request, form, title, url_of(event), step_of(event), label=title)


def add_part(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Add a paper or a task."""
    event = run_by(request, pk)
    model, form_class, title = PARTS[part]
    form = form_class(request.POST or None, instance=model(event=event))
    if request.method == "POST" and saves(form):
        return redirect(back_to(event, part))
    return form_page(request, form, str(title), url_of(event), step_of(event))


def edit_part(request: HttpRequest, part: str, pk: int) -> HttpResponse:
    """Change a paper or a task; a site also by its own agency."""
    model, form_class, _title = PARTS[part]
    row = get_object_or_404(model.objects.select_related("event", "organisation"), pk=pk)
    event = served_by(request, row) if part == "sites" else run_by(request, row.event_id)
    form = form_class(request.POST or None, instance=row)
    if request.method == "POST" and saves(form):
        messages.success(request, _("Saved."))
        return redirect(back_to(event, part))
    return form_page(request, form, str(row), url_of(event), step_of(event))


@require_POST
def delete_part(request: HttpRequest, part: str, pk: int) -> HttpResponse:
    """Take a site, a paper or a task off an event."""
    row = get_object_or_404(PARTS[part][0], pk=pk)
    event = run_by(request, row.event_id)
    row.delete()
    messages.success(request, _("“%(name)s” was removed.") % {"name": row})
    return redirect(back_to(event, part))


def submit_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the file of a paper, by the agency that prepares it."""
    row = get_object_or_404(Paper.objects.select_related("event"), pk=pk)
    event = served_by(request, row)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        row.document = form.stored(row.title, request.user)
        row.submitted_at, row.accepted_at = timezone.now(), None
        row.save(update_fields=["document", "submitted_at", "accepted_at"])
        messages.success(request, _("“%(title)s” was submitted.") % {"title": row.title})
        return redirect(back_to(event, "papers"))
    title = _("Submit the paper")
    return form_page(
        request, form, row.title, url_of(event), step_of(event), label=title, is_upload=True
    )


@require_POST
def accept_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a paper that was handed in, or take that back."""
    row = get_object_or_404(Paper, pk=pk)
    event = run_by(request, row.event_id)
    if row.document_id is None:
        messages.error(request, _("This paper was not handed in yet."))
    else:
        row.accepted_at = None if request.POST.get("undo") else row.accepted_at or timezone.now()
        row.save(update_fields=["accepted_at"])
    return redirect(back_to(event, "papers"))


@require_POST
def finish_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a task is done, by the agency that leads it; or that it is not."""
    row = get_object_or_404(EventTask, pk=pk)
    event = served_by(request, row)
    is_undone = bool(request.POST.get("undo"))
    user: Any = request.user
    if is_undone or row.done_at is None:
        row.done_at = None if is_undone else timezone.now()
        row.done_by = None if is_undone else user
        row.save(update_fields=["done_at", "done_by"])
    return redirect(back_to(event, "tasks"))


def edit_agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the programme, a line for each item."""
    event = run_by(request, pk)
    form = AgendaForm(request.POST or None, event=event)
    if request.method == "POST" and saves(form):
        messages.success(request, _("Saved."))
        return redirect(back_to(event, "agenda"))
    return form_page(request, form, pgettext("event", "Agenda"), url_of(event), step_of(event))
