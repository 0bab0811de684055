"""A person's calendar for their own calendar program (RFC 5545), and the page that shows where."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from icalendar import Event

from core import audit, calendars
from editorial.desk import due
from editorial.desk.entries import Entry, Kind, Reader, Wanted, day_of, due_entry
from editorial.models import CalendarKey
from editorial.review import queue
from editorial.review.views import AdminPage

BACK = timedelta(days=30)
AHEAD = timedelta(days=180)
REFRESH = timedelta(hours=1)
LENGTH = timedelta(minutes=15)  # so that calendar programs show a line one can read
OF_ITEMS = tuple(kind for kind in Kind if kind != Kind.DUE)


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program. An unknown token is an address that does not exist."""
    key = CalendarKey.objects.of_token(token)
    if key is None:
        raise Http404
    with translation.override(settings.LANGUAGE_CODE):
        body = calendar_of(key.user, timezone.now())
    return calendars.answer(request, body)


def calendar_of(user: Any, now: datetime) -> bytes:
    """Return the person's calendar: their items, steps with a deadline, days of their agencies."""
    found = calendars.begin(_("Nhịp Cầu: %(who)s") % {"who": user}, "Lịch biên tập", REFRESH)
    for entry in entries_of(user, now):
        found.add_component(event_of(entry, now))
    return bytes(found.to_ical())


def entries_of(user: Any, now: datetime) -> Iterator[Entry]:
    today = day_of(now)
    first, last = today - BACK, today + AHEAD
    yield from Reader(user, first, last, Wanted(kinds=OF_ITEMS, mine=True)).entries()
    for step in queue.waiting_for(user, now):
        for row in step.rows:
            if row.deadline is not None:
                yield step_entry(step.name, row, row.deadline)
    yield from map(due_entry, due.between(due.of_own_agencies(user), first, last))


def step_entry(name: str, row: queue.Row, deadline: datetime) -> Entry:
    title = _("%(step)s: %(item)s") % {"step": name, "item": row.page.get_admin_display_title()}
    url = reverse("editorial_review_item", args=[row.page.pk])
    return Entry(Kind.DUE, day_of(deadline), deadline, title, url, f"step-{row.page.pk}")


def event_of(entry: Entry, now: datetime) -> Event:
    """Return the entry as an event; without a time it takes the whole day."""
    event = Event()
    event.add("uid", f"{entry.key}@{calendars.host()}")
    event.add("dtstamp", stamp(now))
    if entry.moment is None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
    else:
        start = entry.moment.astimezone(UTC)
        event.add("dtstart", start)
        event.add("dtend", start + LENGTH)
    event.add("summary", f"{entry.kind.label}: {entry.title}")
    if entry.note:
        event.add("description", entry.note)
    if entry.url:
        event.add("url", f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{entry.url}")
    event.add("transp", "TRANSPARENT")
    return event


def stamp(now: datetime) -> datetime:
    """Return when the calendar was made, to the day: it must not change what has not changed."""
    today = day_of(now)
    return datetime(today.year, today.month, today.day, tzinfo=UTC)


class MyCalendarView(AdminPage):
    """The person's own address, to be copied into a calendar program."""

    page_title = gettext_lazy("My calendar elsewhere")
    header_icon = "calendar"
    template_name = "editorial/desk/my_calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        key = CalendarKey.objects.filter(user=self.request.user.pk).first()
        address = reverse("editorial_ics", args=[key.token]) if key else ""
        base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
        return context | {"key": key, "address": f"{base}{address}" if address else ""}


@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Give the person an address, or another one in the place of the one they had."""
    user: Any = request.user
    had = CalendarKey.objects.filter(user=user).exists()
    CalendarKey.objects.renew(user)
    audit.record(user, "editorial.calendar_key", user)
    told = _("The new address works; the old one does not any more.")
    messages.success(request, told if had else _("Copy the address into your calendar program."))
    return redirect("editorial_my_calendar")
