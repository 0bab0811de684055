"""Slots in the calendar program of a person (RFC 5545): the feed, and the page that shows where.

The address is secret, signed, and replaced at will. What it shows is what the person may see on
the day it is asked: who leaves an agency, or loses the account, reads nothing any more.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from icalendar import Event
from wagtail.admin import messages

from campaigns.showing import scope
from campaigns.showing.filters import due_between
from campaigns.showing.models import SlotCalendar
from campaigns.showing.pages import SlotPage
from campaigns.slots.models import Decision, SlotQuerySet
from campaigns.slots.status import Status
from core import audit, calendars
from organisations.models import Organisation

BACK, AHEAD = timedelta(days=90), timedelta(days=400)
MOST = 2_000  # events of one calendar; programs choke on more
REFRESH = timedelta(hours=6)


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program. An unknown token is an address that does not exist."""
    key = SlotCalendar.objects.of_token(token)
    if key is None:
        raise Http404
    with translation.override(settings.LANGUAGE_CODE):
        body = calendar_of(key, timezone.localdate())
    return calendars.answer(request, body)


def slots_of(key: SlotCalendar, today: date) -> SlotQuerySet:
    """Return the slots of the calendar: of its agency, or of the person's agencies."""
    rows = scope.slots_for(key.user)
    if key.organisation_id is not None:
        rows = rows.filter(organisation=key.organisation_id)
    elif key.user.organisations.exists():
        rows = rows.of_agencies(key.user.organisations.all())
    decided = Decision.objects.filter(slot=OuterRef("pk")).order_by().values("slot")
    shown: Any = due_between(rows, today - BACK, today + AHEAD).with_status(today)
    changes = decided.annotate(number=Count("pk"), last=Max("decided_at"))
    found: SlotQuerySet = shown.annotate(
        changes=Subquery(changes.values("number")), changed_at=Subquery(changes.values("last"))
    )
    return found.select_related("activity__plan", "organisation").in_order()


def calendar_of(key: SlotCalendar, today: date) -> bytes:
    """Return the calendar as a file. Two queries for any number of slots."""
    name = _("Slots: %(whose)s") % {"whose": key.organisation or key.user}
    found = calendars.begin(name, "Kỳ thực hiện", REFRESH)
    for slot in slots_of(key, today)[:MOST]:
        found.add_component(event_of(slot))
    return bytes(found.to_ical())


def event_of(slot: Any) -> Event:
    """Return the slot's last day as an event of the whole day, the same while nothing changes."""
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    status = Status(slot.status)
    event = Event()
    event.add("uid", f"slot-{slot.pk}@{calendars.host()}")
    event.add("sequence", slot.changes or 0)
    event.add("dtstamp", stamp(slot))
    event.add("dtstart", slot.due)
    event.add("dtend", slot.due + timedelta(days=1))
    event.add("summary", f"{status.label}: {slot.activity} ({slot.label})")
    event.add("description", description(slot))
    event.add("url", f"{base}{reverse('campaigns_slots:one', args=[slot.pk])}")
    event.add("categories", [str(status.label)])
    event.add("transp", "TRANSPARENT")
    return event


def description(slot: Any) -> str:
    lines = [
        str(slot.organisation),
        _("Plan: %(plan)s") % {"plan": slot.activity.plan.label},
        _("Delivered: %(counted)d of %(target)d")
        % {"counted": slot.counted, "target": slot.target},
    ]
    return "\n".join(lines)


def stamp(slot: Any) -> datetime:
    """Return when the slot's dates were settled last: it must not move while nothing does."""
    settled = slot.changed_at or slot.activity.plan.last_published_at
    if settled is None:
        settled = datetime.combine(slot.opens_on, datetime.min.time(), tzinfo=UTC)
    moment: datetime = settled.astimezone(UTC).replace(microsecond=0)
    return moment


class Subscribe(SlotPage):
    """The person's own addresses, to be copied into a calendar program."""

    page_title = gettext_lazy("Slots in your calendar program")
    template_name = "campaigns/admin/subscribe.html"
    header_icon = "calendar"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user: Any = self.request.user
        keys = {key.organisation_id: key for key in SlotCalendar.objects.filter(user=user)}
        base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")

        def row(agency: Organisation | None) -> dict[str, Any]:
            key = keys.get(agency.pk if agency else None)
            path = reverse("plans:calendar", args=[key.token]) if key else ""
            return {"agency": agency, "address": f"{base}{path}" if path else ""}

        asked = self.filter.chosen.get("agency")
        agencies = list(user.organisations.filter(pk__in=scope.agencies_for(user).order_by()))
        known = {agency.pk for agency in agencies}
        more = scope.agencies_for(user).filter(pk__in=[pk for pk in keys if pk])
        agencies += [one for one in [*more, asked] if one is not None and one.pk not in known]
        rows = {agency.pk: row(agency) for agency in agencies}
        return context | {"rows": [row(None), *rows.values()]}


@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Give the person an address, or another one in the place of the one they had."""
    user: Any = request.user
    if not scope.may_look(user):
        raise PermissionDenied
    agency = None
    if asked := request.POST.get("agency", ""):
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 18):
            raise Http404
        agency = get_object_or_404(scope.agencies_for(user), pk=int(asked))
    SlotCalendar.objects.renew(user, organisation=agency)
    audit.record(user, "campaigns.calendar_key", user)
    messages.success(request, _("Copy the address into your calendar program."))
    return redirect("campaigns_slot_subscribe")
