"""What the public sees of plans: the list, each published plan, and what was published for it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns import counting
from campaigns.events import selectors
from campaigns.exporting.files import PUBLIC_FORMS, export, response_of
from campaigns.models import Plan
from campaigns.public.answering import asked_again
from campaigns.public.forms import PlanFilter
from campaigns.public.items import Published
from campaigns.public.progress import progress_of

PER_PAGE = 20
NEWEST = 5  # items on the plan's own page
IN_FEED = 50


@require_safe
@asked_again
def plan_list(request: HttpRequest) -> HttpResponse:
    """Show the published plans, newest year first."""
    form = PlanFilter(request.GET)
    plans = form.narrow(Plan.objects.live().select_related("issuer", "parent"))
    # Counting groups the rows, and grouped rows lose the model's own order.
    counted = plans.annotate(size=Count("activities", filter=Q(activities__removed_by=None)))
    ordered = counted.order_by("-year", "-issued_on", "number", "pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("trang"))
    return render(request, "campaigns/plan_list.html", {"items": page, "form": form})


@require_safe
@asked_again
def plan_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one published plan. Drafts are not found."""
    plan = published(slug, "issuer", "parent", "document", "combined_document")
    shown = plan.shown()
    groups = shown["groups"]
    activities = [row.activity for group in groups for row in group.rows]
    subordinate = plan.sub_plans.live().select_related("issuer")
    context = {
        **shown,
        "progress": progress_of(activities, timezone.localdate()),
        "newest": counting.newest([one.pk for one in activities], 0, NEWEST),
        "total_items": sum(row.count for group in groups for row in group.rows),
        "events": selectors.public_of(plan),
        "sub_plans": subordinate.order_by("issuer__name", "-issued_on", "number", "pk"),
        "address": request.build_absolute_uri(plan.get_absolute_url()),
    }
    return render(request, "campaigns/plan.html", context)


def published(slug: str, *related: str) -> Plan:
    """Return the published plan with what it names. A draft is not found."""
    return get_object_or_404(Plan.objects.live().select_related(*related), slug=slug)


@require_safe
@asked_again
def plan_items(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was published for a plan, or for the activity that ``?nhiem-vu=`` names."""
    plan = published(slug, "issuer")
    activities = list(plan.activities.order_by("position", "pk"))
    asked = request.GET.get("nhiem-vu", "")
    activity = next((one for one in activities if str(one.pk) == asked), None)
    if asked and activity is None:
        raise Http404
    chosen = [activity] if activity is not None else activities
    items = Published([one.pk for one in chosen])
    context: dict[str, Any] = {
        "plan": plan,
        "activity": activity,
        "activities": {one.pk: one for one in activities},
        "items": Paginator(items, PER_PAGE).get_page(request.GET.get("trang")),
    }
    return render(request, "campaigns/plan_items.html", context)


@require_safe
@asked_again
def plan_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the newest items of a plan as RSS."""
    plan = published(slug, "issuer")
    lines = list(plan.activities.values_list("pk", flat=True))
    feed = Rss201rev2Feed(
        title=_("News on plan %(plan)s") % {"plan": plan.label},
        link=request.build_absolute_uri(plan.get_absolute_url()),
        description=plan.title,
        language="vi",
        feed_url=request.build_absolute_uri(),
    )
    for item in counting.newest(lines, 0, IN_FEED):
        link = request.build_absolute_uri(item.url)
        feed.add_item(item.title, link, description="", pubdate=item.published_at, unique_id=link)
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


@require_safe
def download(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Give a published plan as a file. Drafts and other forms are not found."""
    if form not in PUBLIC_FORMS:
        raise Http404
    return response_of(export(published(slug, "issuer__parent__parent"), form))
