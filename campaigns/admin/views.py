"""Pages and verbs of the plan admin beside Wagtail's own."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from campaigns.admin.forms import DeriveForm, ImportForm
from campaigns.agencies import Directory
from campaigns.derive import derive
from campaigns.importing.facts import Facts
from campaigns.importing.files import read_bytes
from campaigns.importing.founding import find_bases
from campaigns.importing.packing import pack, unpack
from campaigns.importing.problems import ImportFailedError
from campaigns.importing.store import Draft, draft_of, missing_facts, read_draft, store
from campaigns.models import Activity, Plan
from campaigns.wording import reading


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


@permission_required(["campaigns.add_plan", "campaigns.change_plan"], raise_exception=True)
def import_plan(request: HttpRequest) -> HttpResponse:
    """Take a file, show what was understood, and store it after a person has said yes."""
    if request.method == "POST" and "draft" in request.POST:
        return confirm_import(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        draft = read_upload(form)
        if draft is not None:
            return render(request, "campaigns/admin/import_review.html", review(draft))
    return render(request, "campaigns/admin/import.html", import_context(form))


def import_context(form: ImportForm) -> dict[str, Any]:
    return {
        "form": form,
        "breadcrumbs_items": crumbs(("", _("Import from a file"))),
        "header_title": _("Import a plan from a file"),
        "header_icon": "upload",
    }


def read_upload(form: ImportForm) -> Draft | None:
    """Return what the upload says; put every problem on the form where it has any."""
    values = form.cleaned_data
    given = Facts(
        values["number"],
        values["issued_on"],
        values["title"],
        values["issuer"].code if values["issuer"] else "",
        values["year"],
    )
    try:
        draft = read_draft(read_bytes(values["file"].read()), given, timezone.localdate())
    except ImportFailedError as error:
        form.add_error("file", [str(problem) for problem in error.problems[:50]])
        return None
    if problems := missing_facts(draft.facts):
        form.add_error(None, [str(problem) for problem in problems])
        return None
    return draft


def review(draft: Draft) -> dict[str, Any]:
    pairs = zip(draft.rows, draft.understood, strict=True)
    return {
        "draft": draft,
        "rows": [
            {"row": row.texts, "doubts": read.doubts(), "reading": reading(read.as_activity())}
            for row, read in pairs
        ],
        "packed": pack(draft),
        "bases": find_bases(draft.parts.bases),
        "sections": [
            capfirst(str(Plan._meta.get_field(name).verbose_name))
            for name, text in draft.parts.texts.items()
            if text
        ],
        "issuer": Directory.on(draft.day).find(draft.facts.issuer) or draft.facts.issuer,
        "breadcrumbs_items": crumbs(
            (reverse("campaigns_plans:import"), _("Import from a file")), ("", _("Review"))
        ),
        "header_title": _("Review before saving"),
        "header_icon": "upload",
    }


def confirm_import(request: HttpRequest) -> HttpResponse:
    """Store the rows a person has reviewed. They come back signed, so nobody else wrote them."""
    try:
        facts, rows, day, parts = unpack(request.POST["draft"])
    except signing.BadSignature as error:
        raise PermissionDenied from error
    try:
        draft = draft_of(facts, rows, (), day, parts)
        wanted = frozenset(int(key) for key in request.POST.getlist("basis") if key.isdecimal())
        outcome = store(replace(draft, new_bases=wanted), request.user)
    except ImportFailedError as error:
        messages.error(request, "; ".join(map(str, error.problems)))
        return redirect("campaigns_plans:import")
    count = len(rows)
    template = (
        ngettext(
            "Plan “%(plan)s” was created as a draft with %(count)d activity.",
            "Plan “%(plan)s” was created as a draft with %(count)d activities.",
            count,
        )
        if outcome.is_new
        else ngettext(
            "Plan “%(plan)s” was there already and was brought up to date: %(count)d activity.",
            "Plan “%(plan)s” was there already and was brought up to date: %(count)d activities.",
            count,
        )
    )
    messages.success(request, template % {"plan": outcome.plan.label, "count": count})
    for warning in outcome.warnings:
        messages.warning(request, warning)
    return redirect(overview_url(outcome.plan))
