"""The screens of a rehearsal: its clock, what it has come to, each message, and the report."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.views import generic

from channels.rehearsal.playing import Limit
from core.sheets import Cells, download
from portal.models import Rehearsal, RehearsalState, RehearsedDelivery
from portal.rehearsal.running import begin

PER_PAGE = 100
VIEW = "portal.view_rehearsal"
LIMITS = {
    Limit.QUIET: pgettext_lazy("limit of a rehearsal", "quiet hours"),
    Limit.LANE: pgettext_lazy("limit of a rehearsal", "another item on its way"),
    Limit.RATE: pgettext_lazy("limit of a rehearsal", "rate of the receiver"),
    Limit.RETRY: pgettext_lazy("limit of a rehearsal", "tries that were refused"),
}


def in_words(seconds: float) -> str:
    """Return a span as people say it, to the second below an hour, to the minute above."""
    span = timedelta(seconds=round(seconds))
    hours, rest = divmod(int(span.total_seconds()), 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": left}
    return _("%(seconds)s s") % {"seconds": left} if left else _("less than a second")


def waits_of(row: RehearsedDelivery) -> list[str]:
    """Return each limit that held the item up, and for how long."""
    return [
        f"{LIMITS[limit]}: {in_words(row.waits[limit])}" for limit in Limit if limit in row.waits
    ]


def limits_hit(rows: Iterable[tuple[str, dict[str, float]]]) -> list[dict[str, Any]]:
    """Return how often each limit was met on each channel, and the longest wait for it."""
    times: Counter[tuple[str, str]] = Counter()
    longest: dict[tuple[str, str], float] = {}
    for channel, waits in rows:
        for limit, seconds in waits.items():
            times[channel, limit] += 1
            longest[channel, limit] = max(longest.get((channel, limit), 0.0), seconds)
    return [
        {
            "channel": channel,
            "limit": LIMITS[Limit(limit)],
            "times": number,
            "longest": in_words(longest[channel, limit]),
        }
        for (channel, limit), number in times.most_common()
    ]


def picture(rehearsal: Rehearsal, now: datetime, page: str = "1") -> dict[str, Any]:
    """Return what the screen shows at this moment of the rehearsal."""
    clock = rehearsal.clock(now)
    come = rehearsal.deliveries.until(clock)
    shown = Paginator(come.order_by("-shown_at", "-pk").defer("message"), PER_PAGE).get_page(page)
    arrived = come.filter(sent_at__isnull=False).count()
    return {
        "rehearsal": rehearsal,
        "clock": clock,
        "is_over": rehearsal.is_over(now),
        "page_of_rows": shown,
        "rows": [(row, waits_of(row)) for row in shown],
        "total": rehearsal.deliveries.count(),
        "arrived": arrived,
        "not_arrived": shown.paginator.count - arrived,
        "limits": limits_hit(come.order_by("pk").values_list("channel_name", "waits")),
        "notes": rehearsal.problem.splitlines(),
    }


class StartView(generic.CreateView):
    """Fill in the form; the rehearsal is worked out in the background."""

    def save_instance(self) -> Rehearsal:
        rehearsal: Rehearsal = self.form.save(commit=False)
        begin(rehearsal, self.request.user)
        return rehearsal

    def get_success_url(self) -> str:
        return reverse("portal_rehearsals:inspect", args=[self.object.pk])

    def get_initial(self) -> dict[str, Any]:
        begins = timezone.localtime().replace(minute=0, second=0, microsecond=0) + timedelta(
            hours=1
        )
        given = {"begins_at": begins, "ends_at": begins + timedelta(days=7)}
        plan = self.request.GET.get("plan", "")
        return super().get_initial() | given | ({"plan": plan} if plan.isdigit() else {})


class RehearsalView(generic.InspectView):
    """The rehearsal itself; ``?part=rows`` gives the changing part alone."""

    def get_fields(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        may_start = self.permission_policy.user_has_permission(self.request.user, "add")
        shown = picture(self.object, timezone.now(), self.request.GET.get("p", "1"))
        return context | shown | {"may_start": may_start}

    def get_template_names(self) -> list[str]:
        part = "rows" if self.request.GET.get("part") == "rows" else "rehearsal"
        return [f"portal/admin/rehearsals/{part}.html"]


class MessageView(generic.InspectView):
    """What one channel would say, under the sign of the rehearsal."""

    def get_template_names(self) -> list[str]:
        return ["portal/admin/rehearsals/message.html"]

    def get_fields(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = RehearsedDelivery.objects.filter(rehearsal=self.object)
        row = get_object_or_404(rows, pk=self.kwargs["row"])
        return super().get_context_data(**kwargs) | {"row": row, "waits": waits_of(row)}


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the clock of a rehearsal back to its beginning."""
    if not request.user.has_perm("portal.add_rehearsal"):
        raise PermissionDenied
    ready = Rehearsal.objects.filter(pk=pk, state=RehearsalState.PLAYING)
    if ready.update(started_at=timezone.now()):
        messages.success(request, _("The rehearsal begins again."))
    else:
        messages.error(request, _("This rehearsal cannot be played: it has no deliveries."))
    return redirect("portal_rehearsals:inspect", pk)


def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The whole report as a file, marked as a rehearsal in every line and in its name."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    rehearsal = get_object_or_404(Rehearsal, pk=pk)
    form = "csv" if request.GET.get("format") == "csv" else "xlsx"
    headings = [
        _("REHEARSAL"), _("Item"), _("Channel"), _("Planned for"), _("Would arrive at"),
        _("Attempts"), _("Limits"), _("Remark"),
    ]  # fmt: skip
    return download(form, pgettext("name of a file", "rehearsal"), headings, lines(rehearsal))


def lines(rehearsal: Rehearsal) -> Iterator[Cells]:
    for row in rehearsal.deliveries.order_by("shown_at", "pk").defer("message").iterator():
        yield [
            _("REHEARSAL"), row.title, row.channel_name, row.planned_at, row.sent_at,
            row.attempts, "; ".join(waits_of(row)), row.reason,
        ]  # fmt: skip
