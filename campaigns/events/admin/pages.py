"""What the pages of events and reviews share: their frame, who may see what, and forms."""

import hashlib
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.frame import Frame
from campaigns.events import access
from campaigns.events.models import Event, ReviewCampaign

Step = tuple[str, str]


page = Frame("events", "campaigns_events", gettext_lazy("Events and reviews"), "group").page


def event_of(request: HttpRequest, pk: int) -> Event:
    """Return the event if the person may look at it. Raises ``PermissionDenied``."""
    if not request.user.has_perm(access.VIEW):
        raise PermissionDenied
    rows = access.visible(request.user)
    return get_object_or_404(
        rows.select_related("plan", "activity", "slot", "host__parent__parent"), pk=pk
    )


def url_of(event: Event) -> str:
    return reverse("campaigns_event", args=[event.pk])


def step_of(event: Event) -> Step:
    return url_of(event), str(event)


def review_of(request: HttpRequest, pk: int) -> ReviewCampaign:
    """Return the campaign if the person may look at it. Raises ``PermissionDenied``."""
    if not request.user.has_perm(access.VIEW_REVIEW):
        raise PermissionDenied
    rows = access.visible_reviews(request.user)
    return get_object_or_404(rows.select_related("plan", "lead", "document"), pk=pk)


def review_url(campaign: ReviewCampaign) -> str:
    return reverse("campaigns_review", args=[campaign.pk])


def signature(instance: models.Model, names: list[str]) -> str:
    """Return a short text that differs when any of these values of a saved row does."""
    if instance.pk is None:
        return ""
    values = [repr(getattr(instance, attribute(instance, name))) for name in names]
    return hashlib.sha256("\n".join(values).encode()).hexdigest()[:20]


def attribute(instance: models.Model, name: str) -> str:
    """Return where a column's plain value stands: "host_id" for "host"."""
    field: Any = instance._meta.get_field(name)
    found: str = field.attname
    return found


def renewed(data: Any, name: str, value: str) -> Any:
    """Return what was posted with another value of a hidden field."""
    copy = data.copy()
    copy[name] = value
    return copy


class SeenForm(forms.ModelForm[Any]):
    """A form that remembers what its row said when it was opened.

    If somebody else changed the row since, nothing is saved: the page shows what they entered
    beside what the person typed, and a second press puts that in its place.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theirs: list[tuple[str, str]] = []

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Return the row's signature for ``seen``: only now it is known which fields there are."""
        if field_name == "seen":
            return signature(self.instance, self.watched)
        return super().get_initial_for_field(field, field_name)

    @property
    def watched(self) -> list[str]:
        """The columns that the form shows."""
        return [field.name for field in self.instance._meta.fields if field.name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk is None:
            return cleaned
        row = (
            type(self.instance)
            ._default_manager.select_for_update(of=("self",))
            .filter(pk=self.instance.pk)
            .first()
        )
        if row is None:
            raise ValidationError(_("Somebody else removed this meanwhile."))
        now = signature(row, self.watched)
        if cleaned.get("seen") != now:
            self.theirs = self.told(row, cleaned)
            self.data = renewed(self.data, self.add_prefix("seen"), now)
            raise ValidationError(
                _(
                    "Somebody else changed this while you were writing. Nothing of yours is lost: "
                    "it stands below, not saved yet. Save again to put it in place of theirs."
                )
            )
        return cleaned

    def told(self, row: Any, cleaned: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the label and the value of each field that the row says otherwise."""
        found = []
        for name in self.watched:
            value = getattr(row, name)
            if name in cleaned and cleaned[name] != value:
                found.append((str(self.fields[name].label), told(row, name, value)))
        return found


def told(row: Any, name: str, value: Any) -> str:
    """Return a value of a row as people read it."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%H:%M %d/%m/%Y}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value)


def saves(form: Any) -> bool:
    """Whether a form is valid and was saved, all in one transaction."""
    with transaction.atomic():
        if not form.is_valid():
            return False
        form.save()
        return True


def form_page(
    request: HttpRequest, form: Any, title: str, back: str, *steps: Step, **context: Any
) -> HttpResponse:
    """Return a page with one form and a way back."""
    frame = {"form": form, "back": back, "label": _("Save")}
    return page(request, "form.html", title, *steps, **frame | context)
