"""Screens of slots: those of an activity, one with its evidence, and working them out anew."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from campaigns.admin.slot_forms import (
    EvidenceForm,
    ExtensionForm,
    PlaceForm,
    ReasonForm,
    SlotFilter,
)
from campaigns.admin.views import crumbs, overview_url
from campaigns.evidence import recording
from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.models import Activity, Plan
from campaigns.slots import access, deciding, figures, planning
from campaigns.slots.models import Slot, SlotQuerySet
from campaigns.slots.status import Status
from campaigns.wording import reading
from core import audit
from core.errors import RefusedError

Verb = Callable[..., object]
PER_PAGE = 100
SHOWN_CHANGES = 200


def person(request: HttpRequest) -> Any:
    """Return who is signed in; nobody else comes here."""
    return request.user


def of_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the slots of an activity that the person may see, with status and evidence."""
    user = request.user
    if not access.may_see_any(user):
        raise PermissionDenied
    activity = get_object_or_404(Activity.objects.select_related("plan"), pk=pk)
    form = SlotFilter(request.GET)
    slots = access.visible(user).filter(activity=activity)
    shown = filtered(slots, form).select_related("organisation").in_order()
    part = Paginator(with_evidence(shown), PER_PAGE).get_page(request.GET.get("p"))
    planner = user.has_perm("campaigns.change_slot")
    context = {
        "activity": activity,
        "form": form,
        "part": part,
        "figures": figures.of(slots),
        "reading": reading(activity),
        "unplaced": Evidence.objects.unplaced().filter(activity=activity) if planner else [],
        "breadcrumbs_items": crumbs(
            (overview_url(activity.plan), activity.plan.label), ("", _("Slots"))
        ),
        "header_title": str(activity),
        "header_icon": "tick-inverse",
        "query": "&".join(
            f"{name}={value}" for name, value in request.GET.items() if name != "p" and value
        ),
    }
    return render(request, "campaigns/admin/slots.html", context)


def filtered(slots: SlotQuerySet, form: SlotFilter) -> SlotQuerySet:
    """Return those slots that the filter asks for, with their status."""
    if not form.is_valid():
        return slots.with_status()
    wanted = form.cleaned_data["status"]
    rows = slots.in_status(Status(wanted)) if wanted else slots.with_status()
    if words := form.cleaned_data["agency"]:
        named = Q(organisation__name__icontains=words)
        rows = rows.filter(named | Q(organisation__short_name__icontains=words))
    return rows


def with_evidence(slots: SlotQuerySet) -> SlotQuerySet:
    """Return the slots with their evidence and decisions at hand: two queries more."""
    proofs = Fulfilment.objects.select_related("evidence", "added_by").order_by("pk")
    return slots.prefetch_related(Prefetch("fulfilments", proofs), "decisions")


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one slot, and what the person may do about it."""
    return screen(request, found(request, pk))


def found(request: HttpRequest, pk: int) -> Slot:
    """Return the slot with its status, or answer that there is none for this person."""
    if not access.may_see_any(request.user):
        raise PermissionDenied
    rows = access.visible(request.user).with_status()
    return get_object_or_404(rows.select_related("organisation", "activity__plan"), pk=pk)


def screen(request: HttpRequest, slot: Slot, **bound: Any) -> HttpResponse:
    """Return the page of a slot; ``bound``: a form that was refused, with what was entered.

    ``other``: the decision of somebody who was quicker.
    """
    user = request.user
    may_add = access.may_act(user, "add_evidence", slot)
    may_decide = access.may_act(user, "decide_slot", slot)
    activity = slot.activity
    seen = {"seen": deciding.last_of(slot)}
    fresh = {
        "evidence_form": EvidenceForm(prefix="evidence"),
        "extension_form": ExtensionForm(slot, prefix="extension", initial=seen),
        "reason_form": ReasonForm(prefix="reason", initial=seen),
    }
    proofs = slot.fulfilments.select_related(
        "evidence__document", "evidence__picture", "added_by", "evidence__added_by"
    )
    context = {
        **fresh,
        **bound,
        "slot": slot,
        "activity": activity,
        "proofs": proofs.prefetch_related("evidence__locks"),
        "decisions": slot.decisions.select_related("decided_by"),
        "may_add": may_add,
        "may_decide": may_decide,
        "breadcrumbs_items": crumbs(
            (overview_url(activity.plan), activity.plan.label),
            (reverse("campaigns_slots:of_activity", args=[activity.pk]), str(activity)),
            ("", slot.label),
        ),
        "header_title": f"{capfirst(slot.label)} · {slot.organisation}",
        "header_icon": "date",
    }
    return render(request, "campaigns/admin/slot.html", context)


def allowed(request: HttpRequest, pk: int, permission: str) -> Slot:
    slot = found(request, pk)
    if not access.may_act(request.user, permission, slot):
        raise PermissionDenied
    return slot


def to(slot: Slot) -> HttpResponse:
    return redirect("campaigns_slots:one", slot.pk)


@require_POST
def add_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a document, a photo or a link for a slot."""
    slot = allowed(request, pk, "add_evidence")
    form = EvidenceForm(request.POST, request.FILES, prefix="evidence")
    if not form.is_valid():
        messages.error(request, _("The evidence was not saved. Please look at the marked fields."))
        return screen(request, slot, evidence_form=form)
    with transaction.atomic():
        evidence = form.save(slot, request.user)
        audit.record(
            slot.activity, "campaigns.evidence_added", person(request), title=evidence.title
        )
    messages.success(request, _("“%(title)s” was added.") % {"title": evidence.title})
    return to(slot)


def decided(
    request: HttpRequest,
    slot: Slot,
    name: str,
    form: forms.Form,
    done: str,
    verb: Verb,
    **said: Any,
) -> HttpResponse:
    """Do it, and say that it was done; or show why not, with what was typed still in the form."""
    seen = form.cleaned_data["seen"]
    try:
        verb(slot, **said, reason=form.cleaned_data["reason"], user=request.user, seen=seen)
    except RefusedError as error:
        messages.error(request, str(error))
        data = request.POST.copy()
        data[form.add_prefix("seen")] = str(deciding.last_of(slot))
        form.data = data
        other = error.decision if isinstance(error, deciding.ConflictError) else None
        return screen(request, found(request, slot.pk), other=other, **{name: form})
    messages.success(request, done)
    return to(slot)


@require_POST
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put off the last day of a slot."""
    slot = allowed(request, pk, "decide_slot")
    form = ExtensionForm(slot, request.POST, prefix="extension")
    if not form.is_valid():
        return screen(request, slot, extension_form=form)
    until = form.cleaned_data["until"]
    done = _("The last day is now %(day)s.") % {"day": f"{until:%d/%m/%Y}"}
    return decided(request, slot, "extension_form", form, done, deciding.extend, until=until)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a slot is not carried out."""
    slot = allowed(request, pk, "decide_slot")
    form = ReasonForm(request.POST, prefix="reason")
    if not form.is_valid():
        return screen(request, slot, reason_form=form)
    done = _("The slot is on record as not carried out.")
    return decided(request, slot, "reason_form", form, done, deciding.drop)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a slot is carried out after all."""
    slot = allowed(request, pk, "decide_slot")
    form = ReasonForm(request.POST, prefix="reason")
    if not form.is_valid():
        return screen(request, slot, reason_form=form)
    done = _("The slot is carried out after all.")
    return decided(request, slot, "reason_form", form, done, deciding.resume)


@require_POST
def withdraw(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    """Withdraw a piece of evidence for all slots: one's own, or for planners any."""
    slot = allowed(request, pk, "add_evidence")
    row = get_object_or_404(Evidence.objects.filter(slots=slot).distinct(), pk=evidence)
    planner = request.user.has_perm("campaigns.change_slot")
    if not planner and (row.is_automatic or row.added_by_id != request.user.pk):
        raise PermissionDenied
    reason = request.POST.get("reason", "").strip()

    if not reason:
        messages.error(request, _("Give a reason."))
        return to(slot)
    try:
        take_back(row, slot, reason[:2000], person(request))
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(title)s” was withdrawn.") % {"title": row.title})
    return to(slot)


@transaction.atomic
def take_back(row: Evidence, slot: Slot, reason: str, user: Any) -> None:
    """Withdraw the evidence, and note it in the activity's history."""
    recording.withdraw(row, reason, user)
    data = {"title": row.title, "reason": reason}
    audit.record(slot.activity, "campaigns.evidence_withdrawn", user, **data)


def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a planner say which slots a piece of evidence serves."""
    if not request.user.has_perm("campaigns.change_slot"):
        raise PermissionDenied
    evidence = get_object_or_404(Evidence, pk=pk)
    activity = get_object_or_404(Activity.objects.select_related("plan"), evidence=evidence)
    back = reverse("campaigns_slots:of_activity", args=[activity.pk])
    form = PlaceForm(evidence, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            recording.attach(evidence, form.cleaned_data["slots"], request.user)
        except RefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("“%(title)s” was added.") % {"title": evidence.title})
        return redirect(back)
    context = {
        "form": form,
        "evidence": evidence,
        "breadcrumbs_items": crumbs(
            (overview_url(activity.plan), activity.plan.label),
            (back, str(activity)),
            ("", _("Slots it serves")),
        ),
        "header_title": evidence.title,
        "header_icon": "link",
    }
    return render(request, "campaigns/admin/place.html", context)


def generate(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what working out the slots of a plan would change; do it when that is confirmed."""
    if not request.user.has_perm("campaigns.change_slot"):
        raise PermissionDenied
    plan = get_object_or_404(Plan, pk=pk)
    if request.method == "POST":
        with transaction.atomic():
            changes = planning.generate_plan(plan)
            data = {name: len(getattr(changes, name)) for name in planning.KINDS}
            audit.record(plan, "campaigns.slots_generated", person(request), **data)
        messages.success(request, _("The slots were brought in line with the plan."))
        return redirect(overview_url(plan))
    changes = planning.compare(Activity.objects.filter(plan=plan))
    context = {
        "plan": plan,
        "changes": changes,
        "shown": SHOWN_CHANGES,
        "parts": planning.described(changes, SHOWN_CHANGES),
        "breadcrumbs_items": crumbs((overview_url(plan), plan.label), ("", _("Slots"))),
        "header_title": _("Work out the slots"),
        "header_icon": "date",
    }
    return render(request, "campaigns/admin/generate.html", context)


def urlpatterns() -> list[URLPattern]:
    """Return the addresses below ``/admin/slots/``."""
    return [
        path("activity/<int:pk>/", of_activity, name="of_activity"),
        path("plan/<int:pk>/", generate, name="generate"),
        path("evidence/<int:pk>/", place, name="place"),
        path("<int:pk>/", one, name="one"),
        path("<int:pk>/evidence/", add_evidence, name="add_evidence"),
        path("<int:pk>/evidence/<int:evidence>/withdraw/", withdraw, name="withdraw"),
        path("<int:pk>/extend/", extend, name="extend"),
        path("<int:pk>/drop/", drop, name="drop"),
        path("<int:pk>/resume/", resume, name="resume"),
    ]
