"""Pages of guests: the list, lists to paste, and who comes in at the door."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from campaigns.events import access, counts, guest_lists
from campaigns.events.admin.forms import GuestForm, ListForm
from campaigns.events.admin.pages import event_of, form_page, page, saves, step_of, url_of
from campaigns.events.admin.parts import run_by
from campaigns.events.models import Event, Guest, Site
from campaigns.importing.problems import ImportFailedError

PER_PAGE = 100
FAULTS_SHOWN = 100


class GuestFilter(forms.Form):
    """Words of name, position or agency; a site; an answer."""

    q = forms.CharField(label=gettext_lazy("Search"), max_length=100, required=False)
    site = forms.ChoiceField(label=gettext_lazy("Connected site"), required=False)
    state = forms.ChoiceField(
        label=pgettext_lazy("guest", "State"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            *Guest.Answer.choices,
            ("attended", pgettext_lazy("guest", "attended")),
        ],
    )

    def __init__(self, *args: Any, sites: list[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        choices = [("", _("All")), ("main", _("Main venue"))]
        fields["site"].choices = [*choices, *((str(one.pk), str(one)) for one in sites)]

    def narrowed(self, guests: Any) -> Any:
        if not self.is_valid():
            return guests.none()
        chosen = self.cleaned_data
        if chosen["site"]:
            is_main = chosen["site"] == "main"
            guests = guests.filter(site=None if is_main else chosen["site"])
        if chosen["state"] == "attended":
            guests = guests.filter(attended_at__isnull=False)
        elif chosen["state"]:
            guests = guests.filter(answer=chosen["state"], attended_at=None)
        return guests.named(chosen["q"])


def concerned(request: HttpRequest, pk: int) -> tuple[Event, set[int], bool]:
    """Return the event, the person's agencies, and whether they run it; others are refused."""
    event = event_of(request, pk)
    mine = access.own(request.user)
    runs = access.runs(request.user, event, mine)
    if not runs and not request.user.has_perm(access.SERVE):
        raise PermissionDenied
    return event, mine, runs


def listed(request: HttpRequest, pk: int, template: str, title: str) -> HttpResponse:
    """Return a page of the guests that the person may see, narrowed by the filter."""
    event, mine, runs = concerned(request, pk)
    sites = list(event.sites.select_related("organisation").order_by("organisation__name", "pk"))
    form = GuestFilter(request.GET, sites=sites)
    rows = access.guests_of(request.user, event, mine).in_order()
    everyone = rows.select_related("organisation", "site__organisation")
    part = Paginator(form.narrowed(everyone), PER_PAGE).get_page(request.GET.get("p"))
    query = {name: value for name, value in request.GET.items() if name != "p" and value}
    return page(
        request,
        template,
        title,
        step_of(event),
        event=event,
        form=form,
        part=part,
        query=urlencode(query),
        here=f"{request.path}?{urlencode(query | {'p': part.number})}",
        tally=counts.tally(everyone, _("Main venue")),
        runs=runs,
        back=url_of(event),
    )


def guests(request: HttpRequest, pk: int) -> HttpResponse:
    """List the guests, with counts by agency and by site."""
    return listed(request, pk, "guests.html", _("Guests"))


def door(request: HttpRequest, pk: int) -> HttpResponse:
    """List the guests with large buttons, to tick who comes in."""
    return listed(request, pk, "door.html", _("Attendance"))


def may_touch(request: HttpRequest, guest: Guest) -> Event:
    """Return the guest's event. Raises ``PermissionDenied`` for another agency's guest."""
    event, mine, _runs = concerned(request, guest.event_id)
    site = guest.site.organisation_id if guest.site is not None else None
    if not access.serves(request.user, event, mine, guest.organisation_id, site):
        raise PermissionDenied
    return event


@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a guest came, or that they did not; saying it twice changes nothing."""
    guest = get_object_or_404(Guest.objects.select_related("site"), pk=pk)
    event = may_touch(request, guest)
    rows = Guest.objects.filter(pk=guest.pk)
    if request.POST.get("came") == "1":
        rows.filter(attended_at=None).update(attended_at=timezone.now())
    else:
        rows.update(attended_at=None)
    door_url = reverse("campaigns_event_door", args=[event.pk])
    asked = request.POST.get("back", "")
    # Back to the same place in the same list, and nowhere else.
    back = asked if asked.partition("?")[0] == door_url else door_url
    return redirect(f"{back}#guest-{guest.pk}")


def add_guest(request: HttpRequest, pk: int) -> HttpResponse:
    """Add one guest; ``?came=1`` for somebody who stands at the door."""
    event, mine, runs = concerned(request, pk)
    came = request.GET.get("came") == "1"
    only = None if runs else mine
    form = GuestForm(request.POST or None, instance=Guest(event=event), only=only)
    if request.method == "POST":
        form.instance.attended_at = timezone.now() if came else None
        if saves(form):
            messages.success(request, _("“%(name)s” was added.") % {"name": form.instance.name})
            name = "campaigns_event_door" if came else "campaigns_event_guests"
            return redirect(name, pk)
    title = _("Somebody who is not on the list") if came else _("New guest")
    return form_page(request, form, title, url_of(event), step_of(event))


def edit_guest(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one guest."""
    guest = get_object_or_404(Guest.objects.select_related("site", "organisation"), pk=pk)
    event = may_touch(request, guest)
    mine = access.own(request.user)
    only = None if access.runs(request.user, event, mine) else mine
    form = GuestForm(request.POST or None, instance=guest, only=only)
    back = reverse("campaigns_event_guests", args=[event.pk])
    if request.method == "POST" and saves(form):
        messages.success(request, _("Saved."))
        return redirect(back)
    return form_page(request, form, guest.name, back, step_of(event), (back, _("Guests")))


@require_POST
def delete_guest(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a guest off the list."""
    guest = get_object_or_404(Guest.objects.select_related("site"), pk=pk)
    event = may_touch(request, guest)
    guest.delete()
    messages.success(request, _("“%(name)s” was removed.") % {"name": guest.name})
    return redirect("campaigns_event_guests", event.pk)


def import_guests(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a list; show what was understood or what is wrong; save it when that is asked for."""
    event = run_by(request, pk)
    form = ListForm(request.POST or None, request.FILES or None)
    reading = None
    if request.method == "POST" and form.is_valid():
        form, reading = understood(form, event)
        if reading and not reading.problems and "save" in request.POST:
            count = guest_lists.store(event, reading.guests)
            text = ngettext("%(count)d guest was added.", "%(count)d guests were added.", count)
            messages.success(request, text % {"count": count})
            return redirect("campaigns_event_guests", event.pk)
    back = reverse("campaigns_event_guests", args=[event.pk])
    return page(
        request,
        "guest_import.html",
        _("Import guests"),
        step_of(event),
        (back, _("Guests")),
        form=form,
        reading=reading,
        problems=reading.problems[:FAULTS_SHOWN] if reading else [],
        back=back,
    )


def understood(form: ListForm, event: Event) -> tuple[ListForm, guest_lists.Reading | None]:
    """Return what the list says; rows of a file go into the text field, to be corrected there."""
    try:
        if file := form.cleaned_data["file"]:
            rows = guest_lists.rows_of_file(file.read())
            form = ListForm({"text": guest_lists.as_text(rows)})
            form.is_valid()
        else:
            rows = guest_lists.rows_of_text(form.cleaned_data["text"])
    except ImportFailedError as error:
        form.add_error("file", [str(problem) for problem in error.problems[:FAULTS_SHOWN]])
        return form, None
    return form, guest_lists.read(rows, event)
