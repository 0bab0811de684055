"""The editor's side panel: each delivery of this item with its state, time and receipt."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Prefetch, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel

from channels.admin.report import may_see
from channels.archive.models import ArchivedDelivery
from channels.calling.models import Call
from channels.feeds.models import StationReport
from channels.models import Delivery, State
from portal.models import StoryPage

#: State → the verbs a person may use on it.
VERBS: dict[str, list[str]] = {
    State.PENDING: ["cancel"],
    State.FAILED: ["send_again", "confirm", "cancel"],
    State.UNCERTAIN: ["confirm", "send_again", "cancel"],
    State.AWAITING: ["confirm", "cancel"],
}


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery as the panel shows it."""

    row: Delivery
    current: bool  # the last word on its channel
    blocked: bool  # waits behind one of which nobody knows whether it arrived
    verbs: list[str]  # what a person may do
    quiet_until: datetime | None = None  # it waits for the end of quiet hours

    @property
    def needs_a_person(self) -> bool:
        """Something has to be settled by somebody, perhaps with a call."""
        return self.row.state in {State.FAILED, State.UNCERTAIN, State.AWAITING}


def deliveries_of(page: StoryPage) -> list[Line]:
    """Return the item's deliveries by channel, the newest of each first; trouble before all."""
    archived = ArchivedDelivery.objects.of_story(page.story).order_by()
    counted = archived.values("story").annotate(number=Count("pk"))
    rows = list(
        Delivery.objects.of_story(page.story)
        .select_related("channel")
        .prefetch_related("channel__contacts__organisation")
        .annotate(embargo=F("publication__embargo_until"), archived=counted.values("number"))
        .order_by("channel", "-pk")
    )
    doubtful = {row.channel_id for row in rows if row.state == State.UNCERTAIN}
    seen: set[int] = set()
    lines, now = [], timezone.now()
    for row in rows:
        current = row.channel_id not in seen and row.state != State.CANCELLED
        blocked = row.state == State.PENDING and row.channel_id in doubtful and not row.forced
        verbs = verbs_for(row, current=current, blocked=blocked)
        lines.append(Line(row, current, blocked, verbs, row.waits_until(now)))
        if current:
            seen.add(row.channel_id)
    return troubled_first(lines)


def troubled_first(lines: list[Line]) -> list[Line]:
    """Return the lines with those channels first at which somebody has something to do."""
    troubled = {line.row.channel_id for line in lines if line.current and line.needs_a_person}
    return sorted(lines, key=lambda line: line.row.channel_id not in troubled)


def with_station_words(rows: list[Delivery]) -> None:
    """Read what stations took of these deliveries and what they say of them, all at once."""
    reports = StationReport.objects.standing().select_related("key")
    prefetch_related_objects(rows, "fetches__key", Prefetch("reports", reports))


def archived_of(page: StoryPage, lines: list[Line], user: Any) -> dict[str, Any]:
    """Return how many deliveries of the item were archived, and where they can be read, if any."""
    if lines:
        number = lines[0].row.archived or 0  # type: ignore[attr-defined]
    else:  # all of them, or nothing was ever published
        number = ArchivedDelivery.objects.of_story(page.story).count()
    address = f"{reverse('channels_archive')}?story={page.story}" if may_see(user) else ""
    return {"number": number, "url": address} if number else {}


def verbs_for(row: Delivery, *, current: bool, blocked: bool) -> list[str]:
    """Return what a person may do. An old version is settled if in doubt, never sent again."""
    verbs = list(VERBS.get(row.state, []))
    if blocked:
        verbs.insert(0, "force")
    if current:
        return verbs
    return [verb for verb in verbs if verb != "send_again"] if row.state == State.UNCERTAIN else []


def panel_context(
    page: StoryPage, request: HttpRequest, lines: list[Line] | None = None
) -> dict[str, Any]:
    """Return what the panel's list shows, whether in the editor or fetched again on its own."""
    lines = deliveries_of(page) if lines is None else lines
    with_station_words([line.row for line in lines])
    now = timezone.now()
    return {
        "page": page,
        "lines": lines,
        "can_act": page.permissions_for_user(request.user).can_settle_deliveries(),
        "moving": any(line.row.state in State.unsettled() for line in lines),
        "overdue": any(
            line.row.state == State.AWAITING and line.row.due_at <= now for line in lines
        ),
        "archived": archived_of(page, lines, request.user),
        "calls": Call.objects.of_story(page.story).select_related("contact", "noted_by"),
        "list_url": reverse("portal_deliveries", args=[page.pk]),
    }


SidePanelFactory = Callable[[StoryPage, HttpRequest], BaseSidePanel]
_SIDE_PANELS: list[SidePanelFactory] = []


def register_side_panel(factory: SidePanelFactory) -> SidePanelFactory:
    """Let every item's editor show the panel as well, given the page and the request."""
    if factory not in _SIDE_PANELS:
        _SIDE_PANELS.append(factory)
    return factory


def side_panels(page: StoryPage, request: HttpRequest) -> list[BaseSidePanel]:
    """Return our panels for the item, the deliveries first."""
    return [factory(page, request) for factory in (DeliverySidePanel, *_SIDE_PANELS)]


class DeliverySidePanel(BaseSidePanel):
    """Shows where the item went, and lets those who may publish settle what is open."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Deliveries")
        icon_name = "upload"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["count"] = sum(
                line.row.state in {State.FAILED, State.UNCERTAIN}
                for line in self.panel.lines
                if line.current
            )
            return context

    name = "deliveries"
    title = _("Deliveries")
    template_name = "portal/admin/deliveries_panel.html"
    order = 150

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        return context | panel_context(self.object, self.request, self.lines)

    @cached_property
    def lines(self) -> list[Line]:
        """The deliveries, asked for once for the panel and for its button."""
        return deliveries_of(self.object)
