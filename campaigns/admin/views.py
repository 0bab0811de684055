"""Pages and verbs of the plan admin beside Wagtail's own."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from campaigns.admin.forms import DeriveForm
from campaigns.derive import derive
from campaigns.models import Activity, Plan


def overview_url(plan: Plan) -> str:
    """Return the admin address of the plan's table of activities."""
    return reverse("campaigns_plans:inspect", args=[plan.pk])


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return breadcrumbs below the list of plans; the last address is empty."""
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    plans = {"url": reverse("campaigns_plans:list"), "label": _("Plans")}
    return [home, plans, *({"url": url, "label": label} for url, label in steps)]


@permission_required("campaigns.add_plan", raise_exception=True)
def derive_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for year, number and date, then make next year's plan and show what to check."""
    plan = get_object_or_404(Plan, pk=pk)
    initial = {"year": plan.year + 1, "issued_on": timezone.localdate()}
    form = DeriveForm(plan, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            new = derive(plan, values["year"], values["number"], values["issued_on"], request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The plan “%s” was made as a draft.") % new.label)
            return redirect(overview_url(new))
    context = {
        "form": form,
        "plan": plan,
        "breadcrumbs_items": crumbs((overview_url(plan), plan.label), ("", _("Next year's plan"))),
        "header_title": _("Make a new year's plan from this plan"),
        "header_icon": "copy",
    }
    return render(request, "campaigns/admin/derive.html", context)


@permission_required("campaigns.change_plan", raise_exception=True)
@require_POST
def clear_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the list of doubts off a plan: a person has seen to them."""
    plan = get_object_or_404(Plan, pk=pk)
    Plan.objects.filter(pk=plan.pk).update(review_notes=[])
    messages.success(request, _("The list of points to check was closed."))
    return redirect(overview_url(plan))


@permission_required("campaigns.change_activity", raise_exception=True)
@require_POST
@transaction.atomic
def move_activity(request: HttpRequest, pk: int, direction: str) -> HttpResponse:
    """Exchange an activity with the one above or below it."""
    activity = get_object_or_404(Activity.objects.select_related("plan"), pk=pk)
    order = list(activity.plan.activities.order_by("position", "pk"))
    index = order.index(activity)
    other = index - 1 if direction == "up" else index + 1
    if 0 <= other < len(order):
        order[index], order[other] = order[other], order[index]
    for position, moved in enumerate(order, start=1):
        moved.position = position
    Activity.objects.bulk_update(order, ["position"])
    return redirect(f"{overview_url(activity.plan)}#activity-{activity.pk}")
