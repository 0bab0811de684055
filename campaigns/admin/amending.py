"""Screens of amendments: open one, change its rows, compare, issue; and the versions of a plan."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput
from wagtail.documents.widgets import AdminDocumentChooser

from campaigns.admin.views import crumbs, overview_url
from campaigns.exporting.files import FORMS, export, response_of
from campaigns.models import AmendedRow, Amendment, Plan
from campaigns.plans import amending, comparing
from campaigns.plans.snapshots import as_activity, plan_of
from core.errors import RefusedError

SHOWN_CHANGES = 50
CHANGE = ["campaigns.change_plan", "campaigns.change_activity"]
View = Callable[..., HttpResponse]


class AmendmentForm(forms.ModelForm[Amendment]):
    """The amending document; number and date may come when it is signed."""

    class Meta:
        model = Amendment
        fields: ClassVar[list[str]] = ["reason", "number", "issued_on", "document"]
        widgets: ClassVar[dict[str, Any]] = {
            "issued_on": AdminDateInput,
            "reason": forms.Textarea(attrs={"rows": 3}),
            "document": AdminDocumentChooser,
        }


def page(
    request: HttpRequest, template: str, plan: Plan, title: str, **context: Any
) -> HttpResponse:
    frame = {
        "plan": plan,
        "breadcrumbs_items": crumbs((overview_url(plan), plan.label), ("", title)),
        "header_title": title,
        "header_icon": "history",
    }
    return render(request, f"campaigns/admin/{template}", frame | context)


def sees(request: HttpRequest) -> bool:
    """Whether the person may look at what is being changed: who changes plans or approves them."""
    user: Any = request.user
    return user.has_perm("campaigns.change_plan") or user.has_perm("campaigns.publish_plan")


def changing(view: View) -> View:
    """Let in who changes plans; a verb that is refused says why on the amendment's page."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        amendment = get_object_or_404(Amendment.objects.select_related("plan"), pk=pk)
        try:
            return view(request, amendment, **kwargs)
        except RefusedError as error:
            messages.error(request, str(error))
            return redirect("campaigns_plans:amendment", pk)

    return permission_required(CHANGE, raise_exception=True)(guarded)


@permission_required(CHANGE, raise_exception=True)
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an amendment of a plan, or lead to the one that is open."""
    plan = get_object_or_404(Plan, pk=pk)
    there = amending.open_amendment(plan)
    if there is not None:
        return redirect("campaigns_plans:amendment", there.pk)
    form = AmendmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = amending.begin(plan, form.save(commit=False), request.user)
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            return redirect("campaigns_plans:amendment", made.pk)
    return page(request, "amendment_begin.html", plan, _("Amend the plan"), form=form)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an amendment: its document, its rows, what may be done."""
    if not sees(request):
        raise PermissionDenied
    amendment = get_object_or_404(Amendment.objects.select_related("plan"), pk=pk)
    user: Any = request.user
    may_change = user.has_perms(CHANGE) and amendment.is_open
    form = AmendmentForm(request.POST or None, instance=amendment)
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect("campaigns_plans:amendment", pk)
    proposals = {row.activity_id: row for row in amendment.rows.order_by("pk") if row.activity_id}
    rows = [
        (activity, proposals.get(activity.pk)) for activity in amendment.plan.activities.in_force()
    ]
    return page(
        request,
        "amendment.html",
        amendment.plan,
        _("Amendment"),
        amendment=amendment,
        form=form,
        rows=rows if amendment.is_open else [],
        added=amendment.rows.filter(activity=None).order_by("pk"),
        may_change=may_change,
        may_issue=user.has_perm("campaigns.publish_plan") and amendment.is_open,
    )


@changing
@require_POST
def take_out(request: HttpRequest, amendment: Amendment, activity: int) -> HttpResponse:
    """Take a row out of the plan, with the amendment."""
    row = get_object_or_404(amendment.plan.activities.in_force(), pk=activity)
    amending.take_out(amendment, row, request.user)
    return redirect("campaigns_plans:amendment", amendment.pk)


@changing
@require_POST
def leave(request: HttpRequest, amendment: Amendment, row: int) -> HttpResponse:
    """Leave a row as the plan has it."""
    found = get_object_or_404(AmendedRow, amendment=amendment, pk=row)
    amending.leave(amendment, found, request.user)
    return redirect("campaigns_plans:amendment", amendment.pk)


@changing
@require_POST
def drop(request: HttpRequest, amendment: Amendment) -> HttpResponse:
    """Give the amendment up."""
    amending.drop(amendment, request.user)
    messages.success(request, _("The amendment was dropped; the plan stays as it is."))
    return redirect(overview_url(amendment.plan))


@permission_required("campaigns.publish_plan", raise_exception=True)
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the amendment changes, slots included, and let it count when confirmed."""
    amendment = get_object_or_404(Amendment.objects.select_related("plan"), pk=pk)
    plan = amendment.plan
    if not amendment.is_open:
        return redirect("campaigns_plans:versions", plan.pk)
    if request.method == "POST":
        try:
            amending.issue(amendment, request.user, accept="accept" in request.POST)
        except RefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The amendment was issued."))
            return redirect(overview_url(plan))
    old, new = comparing.of_now(plan), comparing.of_amendment(amendment)
    return page(
        request,
        "amendment_issue.html",
        plan,
        _("Issue an amendment"),
        amendment=amendment,
        comparison=comparing.compare(old, new),
        parts=amending.preview(amendment, SHOWN_CHANGES),
        shown=SHOWN_CHANGES,
        overtaken=amending.overtaken(amendment),
        obstacles=list(amending.obstacles(amendment, request.user)),
    )


def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the versions of a plan, and the comparison of any two: ``?old=0&new=draft``."""
    if not request.user.has_perm("campaigns.view_plan"):
        raise PermissionDenied
    plan = get_object_or_404(Plan, pk=pk)
    kept = list(plan.versions.select_related("amendment").order_by("ordinal"))
    amendment = amending.open_amendment(plan) if sees(request) else None
    choices = [(str(one.ordinal), str(one)) for one in kept]
    choices.append(("now", _("as it is now")))
    if amendment is not None:
        choices.append(("draft", _("with the open amendment")))
    old = request.GET.get("old") or choices[0][0]
    new = request.GET.get("new") or choices[-1][0]
    states = [state_of(name, plan, kept, amendment) for name in (old, new)]
    return page(
        request,
        "plan_versions.html",
        plan,
        _("Versions of the plan"),
        versions=kept,
        choices=choices,
        old=old,
        new=new,
        comparison=comparing.compare(*states),
    )


def state_of(name: str, plan: Plan, kept: list[Any], amendment: Amendment | None) -> Any:
    """Return the state that a choice names. Raises ``Http404``."""
    if name == "draft" and amendment is not None:
        return comparing.of_amendment(amendment)
    if name == "now":
        return comparing.of_now(plan)
    found = next((one for one in kept if str(one.ordinal) == name), None)
    if found is None:
        raise Http404
    return comparing.of_version(found)


def download(request: HttpRequest, pk: int, ordinal: int, form: str) -> HttpResponse:
    """Give a version as a file."""
    if form not in FORMS:
        raise Http404
    if not request.user.has_perm("campaigns.view_plan"):
        raise PermissionDenied
    version = get_object_or_404(Plan.objects.get(pk=pk).versions, ordinal=ordinal)
    rows = [as_activity(shot) for shot in version.rows]
    return response_of(export(plan_of(version.content), form, rows))


def urlpatterns() -> list[URLPattern]:
    """Return the addresses below the plans' own."""
    from campaigns.admin.amended_rows import edit_row  # noqa: PLC0415 - it needs the viewset

    return [
        path("amend/<int:pk>/", begin, name="amend"),
        path("amendment/<int:pk>/", show, name="amendment"),
        path("amendment/<int:pk>/issue/", issue, name="amendment_issue"),
        path("amendment/<int:pk>/drop/", drop, name="amendment_drop"),
        path("amendment/<int:pk>/add/", edit_row, name="amendment_add"),
        path("amendment/<int:pk>/row/<int:row>/", edit_row, name="amendment_added"),
        path("amendment/<int:pk>/activity/<int:activity>/", edit_row, name="amendment_row"),
        path("amendment/<int:pk>/out/<int:activity>/", take_out, name="amendment_out"),
        path("amendment/<int:pk>/leave/<int:row>/", leave, name="amendment_leave"),
        path("versions/<int:pk>/", versions, name="versions"),
        path("versions/<int:pk>/<int:ordinal>/<str:form>/", download, name="version_file"),
    ]


def amendment_url(amendment: Amendment) -> str:
    return reverse("campaigns_plans:amendment", args=[amendment.pk])
