"""An agency as it was on any day: name, superior body, successors, and whom a group stood for."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from organisations.history import History
from organisations.models import Organisation

VERBS = ("view", "add", "change", "delete")
#: What it takes to change many agencies at once.
MAY = ["organisations.add_organisation", "organisations.change_organisation"]


class DayForm(forms.Form):
    """Which day is asked about."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=AdminDateInput)


def may_look(user: Any) -> bool:
    """Tell whether somebody may see the list of agencies."""
    return any(user.has_perm(f"organisations.{verb}_organisation") for verb in VERBS)


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return breadcrumbs below the list of agencies; the last address is empty."""
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    agencies = {"url": reverse("organisations:list"), "label": _("Organisations")}
    return [home, agencies, *({"url": url, "label": label} for url, label in steps)]


def on_a_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an agency on the day that is asked for, today unless one is given."""
    if not may_look(request.user):
        raise PermissionDenied
    agency = get_object_or_404(Organisation, pk=pk)
    form = DayForm(request.GET if "day" in request.GET else {"day": timezone.localdate()})
    day = form.cleaned_data["day"] if form.is_valid() else timezone.localdate()
    history = History.load()
    context = {
        "agency": agency,
        "form": form,
        "day": day,
        "exists": agency.is_valid_on(day),
        "then": history.then(pk, day),
        "successors": history.now(pk, day) if not agency.is_valid_on(day) else (),
        "is_group": agency.kind == Organisation.Kind.GROUP,
        "members": history.members_on(pk, day),
        "left_out": history.left_out_on(pk, day),
        "breadcrumbs_items": crumbs(
            (reverse("organisations:inspect", args=[pk]), agency.name), ("", _("On a day"))
        ),
        "header_title": agency.name,
        "header_icon": "history",
    }
    return render(request, "organisations/on_a_day.html", context)
