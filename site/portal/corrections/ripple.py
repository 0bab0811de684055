"""Every place an item went, and whether its last correction or withdrawal has got there.

Other packages add what they know of: ``register`` takes a function of the item and the correction.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from channels import registry
from channels.feeds.models import StationFetch
from channels.models import Action, Delivery, State
from portal.models import Correction, PhysicalCopy, RecallTask, StoryPage
from portal.panels import Line, deliveries_of


class Tone(StrEnum):
    """How a place is marked; the words say the same."""

    DONE = "delivered"
    MOVING = "pending"
    WAITING = "awaiting"
    WRONG = "failed"
    PAST = "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One place an item went to."""

    what: str  # kind of place
    where: str
    state: str
    tone: Tone
    is_open: bool  # somebody or something has yet to act
    at: datetime | None = None
    detail: str = ""
    address: str = ""  # where to look at it, or to act
    address_label: str = ""  # empty: “view”
    verbs: tuple[tuple[str, str], ...] = ()  # (address to post to, label)


Source = Callable[[StoryPage, Correction | None], Iterable[Place]]
_SOURCES: list[Source] = []


def register(source: Source) -> Source:
    """Let the function add places. It gets the item, and the correction (``None``: never any)."""
    if source not in _SOURCES:
        _SOURCES.append(source)
    return source


def places(page: StoryPage, correction: Correction | None) -> list[Place]:
    """Return every place the item went, for one correction; what is still open comes first."""
    found = [place for source in _SOURCES for place in source(page, correction)]
    return sorted(found, key=lambda place: not place.is_open)


def until(correction: Correction) -> datetime | None:
    """Return when the next correction of the item was made; ``None`` if it is the last."""
    later = Correction.objects.of_story(correction.story).filter(pk__gt=correction.pk)
    return later.order_by("pk").values_list("at", flat=True).first()


@register
def channels(page: StoryPage, correction: Correction | None) -> Iterable[Place]:
    """Yield the last word on every channel, as far as the correction asked for one."""
    end = until(correction) if correction else None
    told: dict[int, Line] = {}
    for line in deliveries_of(page):
        made = line.row.created_at
        asked = correction is None or (made >= correction.at and (end is None or made < end))
        known = told.get(line.row.channel_id)
        if asked and (known is None or known.row.state == State.CANCELLED):
            told[line.row.channel_id] = line
    for line in told.values():
        yield of_delivery(page, line)


TONES = {
    State.PENDING: Tone.MOVING,
    State.SENDING: Tone.MOVING,
    State.AWAITING: Tone.WAITING,
    State.FAILED: Tone.WRONG,
    State.UNCERTAIN: Tone.WRONG,
    State.DELIVERED: Tone.DONE,
    State.CANCELLED: Tone.PAST,
}


def of_delivery(page: StoryPage, line: Line) -> Place:
    """Return the place that a delivery was for."""
    row = line.row
    receipt = row.receipt or {}
    kind = registry.ADAPTERS.get(row.channel.kind)
    labels = {
        "confirm": _("It arrived"),
        "send_again": _("Send again"),
        "force": _("Send in spite of doubt"),
        "cancel": _("Give up"),
    }
    act = [
        (reverse("portal_delivery_act", args=[page.pk, row.pk, verb]), verb) for verb in line.verbs
    ]
    return Place(
        what=str(kind.label) if kind else row.channel.kind,
        where=row.channel.name,
        state=f"{row.get_state_display()} · {row.get_action_display()}",
        tone=TONES[State(row.state)],
        is_open=row.state in State.open(),
        at=row.settled_at or row.created_at,
        detail=row.reason or receipt.get("note", ""),
        address=receipt.get("address", "") if row.action != Action.RETRACT else "",
        verbs=tuple((f"{address}?of=ripple", labels[verb]) for address, verb in act),
    )


@register
def stations(page: StoryPage, correction: Correction | None) -> Iterable[Place]:
    """Yield the stations that took the item by an address of their own: have they come again?"""
    rows = StationFetch.objects.filter(delivery__story=page.story).order_by("delivery", "pk")
    last = {row.key_id: row for row in rows.select_related("key__channel", "delivery")}
    for fetch in last.values():
        current = correction is None or fetch.delivery.created_at >= correction.at
        gone = fetch.key.revoked_at is not None
        waits = not current and not gone
        yield Place(
            what=fetch.key.channel.name,
            where=fetch.key.name,
            state=_("has not come for it yet") if waits else _("took it"),
            tone=Tone.WAITING if waits else Tone.DONE if current else Tone.PAST,
            is_open=waits,
            at=fetch.first_at,
            detail=_("Its address was revoked since.") if gone else "",
        )


@register
def copies(page: StoryPage, correction: Correction | None) -> Iterable[Place]:
    """Yield the copies on paper, on air and on walls, with what is to be done about each."""
    tasks = RecallTask.objects.filter(correction=correction).select_related("done_by")
    by_copy = {task.copy_id: task for task in tasks} if correction else {}
    rows = PhysicalCopy.objects.filter(page=page.pk).select_related("organisation", "holder")
    for copy in rows:
        yield of_copy(copy, by_copy.get(copy.pk))


def of_copy(copy: PhysicalCopy, task: RecallTask | None) -> Place:
    """Return the place a copy is at."""
    where = f"{copy.place} × {copy.quantity}" if copy.quantity > 1 else copy.place
    common: dict[str, Any] = {"what": str(copy.get_kind_display()), "where": where}
    if task is None:
        state = _("taken down") if copy.gone_at else pgettext("physical copy", "about")
        at = copy.gone_at or copy.at
        return Place(
            **common, state=state, tone=Tone.PAST, is_open=False, at=at, detail=copy.keeper
        )
    common["address"] = reverse("portal_recall", args=[task.pk])
    common["address_label"] = _("Open the task")
    if not task.is_open:
        state = _("done") if task.done_at else _("replaced by a newer task")
        detail = " · ".join(str(part) for part in (task.done_by, task.note) if part)
        at = task.done_at or task.due_at
        tone = Tone.DONE if task.done_at else Tone.PAST
        return Place(**common, state=state, tone=tone, is_open=False, at=at, detail=detail)
    tone = Tone.WRONG if task.is_overdue else Tone.WAITING
    words = _("overdue: %s") if task.is_overdue else _("to do: %s")
    state = words % task.get_todo_display()
    return Place(
        **common,
        state=state,
        tone=tone,
        is_open=True,
        at=task.due_at,
        detail=copy.keeper,
    )


def not_arrived() -> Any:
    """Return the newest corrections of their items that some channel or copy has not got yet."""
    newer = Correction.objects.filter(story=OuterRef("story"), pk__gt=OuterRef("pk"))
    on_the_way = Delivery.objects.filter(
        story=OuterRef("story"), created_at__gte=OuterRef("at"), state__in=State.open()
    )
    to_do = RecallTask.objects.open().filter(correction=OuterRef("pk"))
    rows = Correction.objects.filter(~Exists(newer), Exists(on_the_way) | Exists(to_do))
    return rows.exclude(page=None).order_by("at", "pk")
