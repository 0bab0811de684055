"""Where a station's desk says what it received and what it aired. The address is the key."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from channels.feeds.listing import Listing, listing, options_of
from channels.feeds.models import StationKey, StationReport

Kind = StationReport.Kind
CLOCKS_DIFFER = timedelta(minutes=5)
LONGEST_AGO = timedelta(days=366)


class ReportForm(forms.Form):
    """One thing a station did with one item."""

    delivery = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=Kind)
    at = forms.DateTimeField(
        label=gettext_lazy("Aired at"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    programme = forms.CharField(label=gettext_lazy("Programme"), required=False, max_length=150)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        now = timezone.now()
        if data.get("kind") == Kind.AIRED:
            at = data.get("at")
            if at is None and "at" not in self.errors:
                self.add_error("at", _("Say when it was aired."))
            elif at is not None and not now - LONGEST_AGO <= at <= now + CLOCKS_DIFFER:
                self.add_error("at", _("Give a moment that has passed, within the last year."))
        else:
            data["at"], data["programme"] = now, ""
        return data


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """List what the station's feed holds, and take its word on each item.

    An unknown or revoked address is answered like any other that does not exist.
    """
    key = StationKey.objects.for_token(slug, token)
    options = options_of(key.channel) if key else None
    if key is None or options is None:
        raise Http404
    listed = listing(key.channel, options, timezone.now(), embargoed=True)
    form = ReportForm(request.POST) if request.method == "POST" else ReportForm()
    if form.is_bound and form.is_valid() and take(key, listed, form.cleaned_data):
        return private(redirect(f"{request.path}#item-{form.cleaned_data['delivery']}"))
    context = {"key": key, "items": items_of(key, listed), "form": form, "title": listed.title}
    status = 422 if form.is_bound else 200
    return private(render(request, "channels/feeds/desk.html", context, status=status))


def take(key: StationKey, listed: Listing, data: dict[str, Any]) -> bool:
    """Store the report once. False for an item that the station's feed does not hold."""
    if data["delivery"] not in {entry.delivery for entry in listed.entries}:
        return False
    values = {"key": key, "delivery_id": data["delivery"], "kind": data["kind"]}
    if data["kind"] == Kind.RECEIVED:
        StationReport.objects.get_or_create(**values, defaults={"at": data["at"]})
    else:
        programme = {"programme": data["programme"]}
        StationReport.objects.update_or_create(**values, at=data["at"], defaults=programme)
    return True


def items_of(key: StationKey, listed: Listing) -> list[dict[str, Any]]:
    """Return the items with what the station reported of each."""
    reports: dict[int, list[StationReport]] = {}
    keys = [entry.delivery for entry in listed.entries]
    for report in StationReport.objects.filter(key=key, delivery__in=keys):
        reports.setdefault(report.delivery_id, []).append(report)
    return [
        {
            "entry": entry,
            "reports": reports.get(entry.delivery, []),
            "received": any(one.kind == Kind.RECEIVED for one in reports.get(entry.delivery, [])),
        }
        for entry in listed.entries
    ]


def private(response: HttpResponse) -> HttpResponse:
    """Keep the address, which is a key, out of indexes and of other sites' logs."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
