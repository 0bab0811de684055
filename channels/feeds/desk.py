"""Where a station's desk says what it received and what it aired. The address is the key."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from channels.feeds import links
from channels.feeds.entries import Entry
from channels.feeds.listing import entry_of, listing, options_of
from channels.feeds.models import StationKey, StationReport
from channels.feeds.reporting import ReportForm, store, take_back
from channels.models import Delivery, State

Kind = StationReport.Kind
PROGRAMMES = 20  # names of programmes offered while typing


@dataclass(slots=True)
class Item:
    """One entry, what the station reported of it, and the form for the next report."""

    entry: Entry
    form: ReportForm
    reports: list[StationReport] = field(default_factory=list)

    @property
    def received(self) -> bool:
        """Whether the station confirmed this very version."""
        return any(
            one.kind == Kind.RECEIVED and one.delivery_id == self.entry.delivery
            for one in self.reports
        )

    @property
    def aired(self) -> bool:
        return any(one.kind == Kind.AIRED for one in self.reports)


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
    return answer(request, key, listed.entries, title=listed.title)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, signed: str) -> HttpResponse:
    """Take the station's word on one item, by the link that came with it.

    The page shows the item as it is by now, corrected or withdrawn. A link that was good once is
    answered with what to do instead.
    """
    try:
        found = links.read(signed, timezone.now())
    except links.Outdated:
        return private(render(request, "channels/feeds/outdated.html", status=410))
    if found is None:
        raise Http404
    key, row = found
    rows = Delivery.objects.for_channel(key.channel).of_story(row.story)
    latest = rows.filter(state=State.DELIVERED).order_by("-sequence", "-pk").first()
    return answer(request, key, [entry_of(latest or row)], title=key.channel.name, one=True)


def answer(
    request: HttpRequest,
    key: StationKey,
    entries: Sequence[Entry],
    *,
    title: str,
    one: bool = False,
) -> HttpResponse:
    """Show the entries, or store what was sent about one of them and show them again."""
    sent = ReportForm(key, entries, request.POST) if request.method == "POST" else None
    if sent is not None:
        shown = take_back(key, entries, request.POST.get("take_back", "")) or store(sent)
        if shown is not None:
            return private(redirect(f"{request.path}?saved={shown}#item-{shown}"))
    items = items_of(key, entries, sent)
    context = {
        "key": key,
        "items": items,
        "problem": sent,
        "saved": request.GET.get("saved", ""),
        "title": title,
        "one": one,
        "received": sum(item.received for item in items),
        "aired": sum(item.aired for item in items),
        "programmes": programmes_of(key),
    }
    status = 200 if sent is None else 422
    return private(render(request, "channels/feeds/desk.html", context, status=status))


def items_of(
    key: StationKey, entries: Sequence[Entry], sent: ReportForm | None = None
) -> list[Item]:
    """Return the entries with what the station reported of each, in whichever version it had it."""
    reports: dict[str, list[StationReport]] = defaultdict(list)
    rows = StationReport.objects.of_stories(key, [entry.story for entry in entries])
    for report in rows.select_related("delivery").defer("delivery__payload"):
        reports[str(report.delivery.story)].append(report)
    return [
        Item(
            entry,
            sent if sent is not None and sent.is_about(entry) else ReportForm(key, [entry]),
            reports[entry.story],
        )
        for entry in entries
    ]


def programmes_of(key: StationKey) -> list[str]:
    """Return the programmes the station named most recently, each once."""
    rows = StationReport.objects.standing().filter(key=key).exclude(programme="")
    named = rows.order_by("-pk").values_list("programme", flat=True)[: PROGRAMMES * 5]
    return list(dict.fromkeys(named))[:PROGRAMMES]


def private(response: HttpResponse) -> HttpResponse:
    """Keep the address, which is a key, out of indexes and of other sites' logs.

    Our own site hears it: told nothing at all, a browser names no origin when it sends the form,
    and the check against forged requests refuses that.
    """
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
