"""The stations' own addresses of a feed: made, shown once, renewed, revoked."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from channels.feeds import addresses
from channels.feeds.models import StationKey
from channels.feeds.views import FORMATS
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


def index(request: HttpRequest, pk: int) -> HttpResponse:
    """List the addresses of a feed; make a new one, which is shown this once."""
    if not request.user.has_perm(MAKE):
        raise PermissionDenied
    channel = get_object_or_404(Channel.objects.filter(kind__in=FEEDS), pk=pk)
    form = StationForm(channel, request.POST or None)
    token = ""
    if request.method == "POST" and form.is_valid():
        key, token = make(request, channel, form.cleaned_data["name"])
        messages.success(request, _("“%(station)s” has an address now.") % {"station": key.name})
        form = StationForm(channel)
    return page(request, channel, form, token)


def page(request: HttpRequest, channel: Channel, form: StationForm, token: str) -> HttpResponse:
    """Show the stations of a feed; with a token, the new addresses that are made of it."""
    context = {
        "channel": channel,
        "keys": keys_of(channel),
        "form": form,
        "new": new_addresses(channel, token) if token else [],
        "desk_address": addresses.desk(channel.slug, token) if token else "",
        "can_revoke": request.user.has_perm(REVOKE),
        "breadcrumbs_items": [
            *WagtailAdminTemplateMixin.breadcrumbs_items,
            {"url": reverse("channels:index"), "label": _("Channels")},
            {"url": reverse("channels:edit", args=[channel.pk]), "label": channel.name},
            {"url": "", "label": _("Stations' own addresses")},
        ],
        "page_title": _("Stations' own addresses"),
        "header_title": _("Stations' own addresses"),
        "header_icon": "key",
    }
    response = render(request, "channels/admin/stations.html", context)
    add_never_cache_headers(response)
    return response


def new_addresses(channel: Channel, token: str) -> list[tuple[str, str]]:
    """Return the format's name and the station's address in it, for each format."""
    return [
        (form.label, addresses.of_station(channel.slug, token, ending))
        for ending, form in FORMATS.items()
    ]


def make(request: HttpRequest, channel: Channel, name: str) -> tuple[StationKey, str]:
    key, token = StationKey.make(channel, name, request.user)
    person: Any = request.user
    audit.record(channel, "channels.station_add", person, station=name)
    return key, token


def keys_of(channel: Channel) -> QuerySet[StationKey]:
    """Return the addresses that work, then those revoked, the latest first."""
    keys = StationKey.objects.filter(channel=channel).select_related("created_by")
    return keys.order_by("-revoked_at", "name")


@require_POST
def renew(request: HttpRequest, pk: int, key_pk: int) -> HttpResponse:
    """Put a new address in the place of one that may be known to others; it is shown this once."""
    if not (request.user.has_perm(MAKE) and request.user.has_perm(REVOKE)):
        raise PermissionDenied
    key = get_object_or_404(StationKey.objects.select_related("channel"), pk=key_pk, channel=pk)
    token = key.renew(timezone.now())
    if token is None:
        messages.error(request, _("This address was revoked. Make a new one for the station."))
        return redirect(reverse("channels:stations", args=[pk]))
    person: Any = request.user
    audit.record(key.channel, "channels.station_renew", person, station=key.name)
    messages.success(
        request,
        _("“%(station)s” has a new address. The old one answers no more.") % {"station": key.name},
    )
    return page(request, key.channel, StationForm(key.channel), token)


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
