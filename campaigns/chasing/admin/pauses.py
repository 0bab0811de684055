"""Pausing reminders, and going on."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from campaigns.admin.slot_forms import ReasonForm
from campaigns.chasing import pausing
from campaigns.chasing.admin.pages import required, steps
from campaigns.chasing.models import Pause
from campaigns.slots.models import Slot
from core.errors import RefusedError
from organisations.models import Organisation


class PauseForm(ReasonForm):
    """Why, and until when."""

    until = forms.DateField(
        label=gettext_lazy("Up to and including"),
        widget=AdminDateInput,
        required=False,
        help_text=gettext_lazy("Empty: until it is ended."),
    )
    field_order = ("reason", "until")


def pause_slot(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause the reminders of one slot."""
    slot = get_object_or_404(Slot.objects.select_related("organisation", "activity"), pk=pk)
    return ask(request, slot, reverse("campaigns_slots:one", args=[slot.pk]))


def pause_agency(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause all reminders of one agency."""
    agency = get_object_or_404(Organisation, pk=pk)
    return ask(request, agency, reverse("campaigns_chasing:home"))


def ask(request: HttpRequest, what: Any, back: str) -> HttpResponse:
    user = required(request)
    form = PauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pausing.pause(what, form.cleaned_data["reason"], form.cleaned_data["until"], user)
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Nobody is reminded of it any more."))
            return redirect(back)
    context = {
        "form": form,
        "what": what,
        "back": back,
        "breadcrumbs_items": steps(("", _("Pause the reminders"))),
        "header_title": _("Pause the reminders"),
        "header_icon": "bell",
    }
    return render(request, "campaigns/chasing/pause.html", context)


@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """End a pause."""
    user = required(request)
    rows = Pause.objects.select_related("slot__activity", "slot__organisation", "organisation")
    pausing.go_on(get_object_or_404(rows, pk=pk), user)
    messages.success(request, _("The reminders go on."))
    return redirect("campaigns_chasing:home")
