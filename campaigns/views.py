"""What the public sees of plans: the list, and each published plan with its table."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.exporting.files import PUBLIC_FORMS, export, response_of
from campaigns.models import Plan
from campaigns.tables import assignment_table

PER_PAGE = 20


def plan_list(request: HttpRequest) -> HttpResponse:
    """Show the published plans, newest year first."""
    plans = Plan.objects.live().select_related("issuer").annotate(size=Count("activities"))
    # Counting groups the rows, and grouped rows lose the model's own order.
    plans = plans.order_by("-year", "-issued_on", "number")
    page = Paginator(plans, PER_PAGE).get_page(request.GET.get("trang"))
    return render(request, "campaigns/plan_list.html", {"items": page})


def plan_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one published plan. Drafts are not found."""
    plans = Plan.objects.live().select_related("issuer", "parent", "document")
    plan = get_object_or_404(plans, slug=slug)
    return render(request, "campaigns/plan.html", {"plan": plan, "groups": assignment_table(plan)})


@require_safe
def download(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Give a published plan as a file. Drafts and other forms are not found."""
    if form not in PUBLIC_FORMS:
        raise Http404
    plans = Plan.objects.live().select_related("issuer__parent__parent")
    return response_of(export(get_object_or_404(plans, slug=slug), form))
