"""Editing an agency's own plan: its texts and its lines, by the agency, until it is submitted."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from campaigns.admin.frame import back_to
from campaigns.admin.slot_forms import store_document
from campaigns.models import Activity
from campaigns.ownplans import actions, deriving
from campaigns.ownplans.admin.forms import LineForm, TextsForm
from campaigns.ownplans.admin.pages import page, writable
from campaigns.ownplans.models import OwnPlan
from campaigns.wording import reading


def form_page(request: HttpRequest, own: OwnPlan, form: Any, title: str, **more: Any) -> Any:
    back = reverse("campaigns_own_plan", args=[own.pk])
    step = (back, str(own))
    label = _("Save")
    return page(request, "form.html", title, step, form=form, back=back, label=label, **more)


@back_to("campaigns_own_plan")
def texts(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the texts, the number and the signed file."""
    own = writable(request, pk)
    actions.require_open(own)
    form = TextsForm(
        request.POST or None, request.FILES or None, instance=own.plan, for_user=request.user
    )
    if request.method == "POST" and form.is_valid():
        save_texts(own, form, request.user)
        messages.success(request, _("Saved."))
        return redirect("campaigns_own_plan", pk)
    return form_page(request, own, form, _("Texts of the plan"), is_upload=True)


@transaction.atomic
def save_texts(own: OwnPlan, form: TextsForm, user: Any) -> None:
    """Store what the form says, as a new revision of the plan."""
    actions.require_open(actions.held(own))
    plan = form.save(commit=False)
    file = form.cleaned_data["file"]
    if file:
        plan.document = store_document(file, f"{plan.number}: {plan.title}".strip(": "), user)
    plan.save()
    plan.save_revision(user=user, clean=False)  # number and date come when it is issued


@back_to("campaigns_own_plan")
def line(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Adapt a line of the plan."""
    own = writable(request, pk)
    found = get_object_or_404(Activity.objects.select_related("plan", "origin"), pk=line)
    if found.plan_id != own.plan_id:
        raise PermissionDenied
    return edited(request, own, found, str(found))


@back_to("campaigns_own_plan")
def add_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a line of the agency's own."""
    own = writable(request, pk)
    new = deriving.add_line(own.plan, own.organisation)
    return edited(request, own, new, _("New line"))


def edited(request: HttpRequest, own: OwnPlan, found: Activity, title: str) -> HttpResponse:
    actions.require_open(own)
    if own.is_folded:
        raise PermissionDenied
    form = LineForm(request.POST or None, instance=found, for_user=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            actions.require_open(actions.held(own))
            form.save()
            found.leads.set([own.organisation])
        for doubt in form.doubts():
            messages.warning(request, doubt)
        messages.success(request, _("Saved."))
        return redirect("campaigns_own_plan", own.pk)
    return form_page(request, own, form, title, line=found, reading=reading(found))


@require_POST
@back_to("campaigns_own_plan")
@transaction.atomic
def remove_line(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Take a line of the agency's own out; those of the province's plan stay."""
    own = writable(request, pk)
    actions.require_open(actions.held(own))
    found = get_object_or_404(Activity, pk=line, plan=own.plan_id)
    if found.origin_id is not None:
        messages.error(request, _("The province's plan asks for this line: adapt it instead."))
    else:
        found.delete()
        messages.success(request, _("The line was taken out."))
    return redirect("campaigns_own_plan", pk)
