"""Screens that withdraw a plan and take that back."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput
from wagtail.documents.widgets import AdminDocumentChooser

from campaigns.admin.views import crumbs, overview_url
from campaigns.models import Activity, Plan, Withdrawal
from campaigns.plans import withdrawing
from campaigns.slots import planning
from core.errors import RefusedError

SHOWN_CHANGES = 50
NEEDED = ["campaigns.change_plan", "campaigns.publish_plan"]


class WithdrawalForm(forms.ModelForm[Withdrawal]):
    """By which document, from when, and why."""

    class Meta:
        model = Withdrawal
        fields: ClassVar[list[str]] = ["number", "issued_on", "day", "reason", "document"]
        widgets: ClassVar[dict[str, Any]] = {
            "issued_on": AdminDateInput,
            "day": AdminDateInput,
            "reason": forms.Textarea(attrs={"rows": 3}),
            "document": AdminDocumentChooser,
        }


@permission_required(NEEDED, raise_exception=True)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask by which document and why, show what is asked for no more, and do it when confirmed."""
    plan = get_object_or_404(Plan, pk=pk)
    form = WithdrawalForm(request.POST or None, initial={"day": timezone.localdate()})
    changes = None
    if request.method == "POST" and form.is_valid():
        if "confirm" in request.POST:
            try:
                withdrawing.withdraw(plan, form.save(commit=False), request.user)
            except RefusedError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The plan “%s” was withdrawn.") % plan.label)
                return redirect(overview_url(plan))
        activities = Activity.objects.filter(plan=plan)
        changes = planning.compare(activities, stop=form.cleaned_data["day"])
    context = {
        "form": form,
        "plan": plan,
        "changes": changes,
        "shown": SHOWN_CHANGES,
        "parts": planning.described(changes, SHOWN_CHANGES) if changes is not None else [],
        "breadcrumbs_items": crumbs((overview_url(plan), plan.label), ("", _("Withdraw a plan"))),
        "header_title": _("Withdraw a plan"),
        "header_icon": "no-view",
    }
    return render(request, "campaigns/admin/withdraw.html", context)


@permission_required(NEEDED, raise_exception=True)
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a withdrawal back, with a reason."""
    plan = get_object_or_404(Plan, pk=pk)
    try:
        withdrawing.undo(plan, request.POST.get("reason", "")[:2000], request.user)
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The plan “%s” holds again.") % plan.label)
    return redirect(overview_url(plan))
