"""The stations' own addresses of a feed: made, shown once, revoked."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from channels.feeds.models import StationKey
from channels.models import Channel
from channels.registry import ADAPTERS
from core import audit

MAKE = "channels.add_stationkey"
REVOKE = "channels.change_stationkey"
FEEDS = [kind for kind, adapter in ADAPTERS.items() if adapter.takes_embargoed and adapter.pulls]


class StationForm(forms.Form):
    """Whose address it is."""

    name = forms.CharField(
        label=gettext_lazy("Station"),
        max_length=150,
        help_text=gettext_lazy("For example: Provincial radio and television."),
    )

    def __init__(self, channel: Channel, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = channel

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if StationKey.objects.open().filter(channel=self.channel, name=name).exists():
            raise forms.ValidationError(
                _("This station has an address already. Revoke it first if it was lost.")
            )
        return name


@never_cache
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """List the addresses of a feed; make a new one, which is shown this once."""
    if not request.user.has_perm(MAKE):
        raise PermissionDenied
    channel = get_object_or_404(Channel.objects.filter(kind__in=FEEDS), pk=pk)
    form = StationForm(channel, request.POST or None)
    address = ""
    if request.method == "POST" and form.is_valid():
        key, address = make(request, channel, form.cleaned_data["name"])
        messages.success(request, _("“%(station)s” has an address now.") % {"station": key.name})
        form = StationForm(channel)
    context = {
        "channel": channel,
        "keys": keys_of(channel),
        "form": form,
        "address": address,
        "desk_address": f"{address.removesuffix('.xml')}/" if address else "",
        "can_revoke": request.user.has_perm(REVOKE),
        "page_title": _("Stations' own addresses"),
        "header_title": channel.name,
        "header_icon": "key",
    }
    return render(request, "channels/admin/stations.html", context)


def make(request: HttpRequest, channel: Channel, name: str) -> tuple[StationKey, str]:
    key, token = StationKey.make(channel, name, request.user)
    person: Any = request.user
    audit.record(channel, "channels.station_add", person, station=name)
    path = reverse("feeds:station", args=[channel.slug, token])
    return key, request.build_absolute_uri(path)


def keys_of(channel: Channel) -> QuerySet[StationKey]:
    """Return the addresses that work, then those revoked, the latest first."""
    keys = StationKey.objects.filter(channel=channel).select_related("created_by")
    return keys.order_by("-revoked_at", "name")


@require_POST
def revoke(request: HttpRequest, pk: int, key_pk: int) -> HttpResponse:
    """Let an address answer no more. What the station took already stays on record."""
    if not request.user.has_perm(REVOKE):
        raise PermissionDenied
    key = get_object_or_404(StationKey.objects.filter(channel=pk), pk=key_pk)
    person: Any = request.user
    if StationKey.objects.open().filter(pk=key.pk).update(revoked_at=timezone.now()):
        audit.record(key.channel, "channels.station_revoke", person, station=key.name)
    messages.success(
        request, _("The address of “%(station)s” was revoked.") % {"station": key.name}
    )
    return redirect(reverse("channels:stations", args=[pk]))
