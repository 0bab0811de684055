"""Who owes what, what was sent, and the rhythm of one plan."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from campaigns.admin.views import crumbs, overview_url
from campaigns.chasing import overview, sending
from campaigns.chasing.models import ChasingMail, ChasingSettings, Pause, PlanRhythm, UrgingLetter
from campaigns.models import Plan
from core import audit

MAY_CHASE = "campaigns.chase"
PER_PAGE = 50
LETTERS_SHOWN = 10


def required(request: HttpRequest) -> Any:
    """Return the person. Raises ``PermissionDenied`` for those who do not chase."""
    if not request.user.has_perm(MAY_CHASE):
        raise PermissionDenied
    return request.user


def steps(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Return breadcrumbs below the page of chasing."""
    return crumbs((reverse("campaigns_chasing:home") if more else "", _("Chasing")), *more)


class PlanForm(forms.Form):
    """Of which plan the overdue things are shown."""

    plan = forms.ModelChoiceField(
        Plan.objects.none(),
        label=gettext_lazy("Plan"),
        required=False,
        empty_label=gettext_lazy("All plans"),
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["plan"]
        field.queryset = Plan.objects.live().order_by("-year", "-issued_on", "number", "pk")

    @property
    def chosen(self) -> Plan | None:
        return self.cleaned_data.get("plan") if self.is_valid() else None


def home(request: HttpRequest) -> HttpResponse:
    """Show the agencies with something overdue; from here letters are made."""
    required(request)
    today = timezone.localdate()
    form = PlanForm(request.GET)
    plan = form.chosen
    found = overview.overdue(today, plan.pk if plan else None)
    plans = Plan.objects.live().filter(pk__in={due.plan for due in found if due.plan})
    settings = ChasingSettings.load()
    context = {
        "form": form,
        "plan": plan,
        "plans": plans.order_by("-year", "-issued_on", "number", "pk"),
        "debtors": overview.debtors(found, today),
        "total": len(found),
        "today": today,
        "chosen": settings,
        "may_set": request.user.has_perm("campaigns.change_chasingsettings"),
        "settings_url": reverse(
            "wagtailsettings:edit", args=["campaigns", "chasingsettings", settings.pk]
        ),
        "stuck": ChasingMail.objects.filter(
            state__in=[ChasingMail.State.FAILED, ChasingMail.State.UNCERTAIN]
        ).count(),
        "letters": UrgingLetter.objects.select_related("plan").annotate(
            agencies=Count("lines__agency", distinct=True)
        ).order_by("-made_at", "-pk")[:LETTERS_SHOWN],
        "pauses": Pause.objects.in_force(today).select_related(
            "organisation", "slot__organisation", "slot__activity", "paused_by"
        ),
        "breadcrumbs_items": steps(),
        "header_title": _("Chasing"),
        "header_icon": "bell",
    }  # fmt: skip
    return render(request, "campaigns/chasing/home.html", context)


def mails(request: HttpRequest) -> HttpResponse:
    """Show what was sent, newest first."""
    required(request)
    rows = ChasingMail.objects.annotate(size=Count("lines")).order_by("-day", "name", "pk")
    state = request.GET.get("state", "")
    if state in ChasingMail.State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    query = f"state={state}&" if state else ""
    context = {
        "page": page,
        "states": ChasingMail.State.choices,
        "state": state,
        "next_url": f"?{query}p={page.number + 1}" if page.has_next() else "",
        "previous_url": f"?{query}p={page.number - 1}" if page.has_previous() else "",
        "breadcrumbs_items": steps(("", _("Reminders sent"))),
        "header_title": _("Reminders sent"),
        "header_icon": "mail",
    }
    return render(request, "campaigns/chasing/mails.html", context)


def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail as it went out, and every line it was made of."""
    required(request)
    found = get_object_or_404(ChasingMail, pk=pk)
    stuck = found.state in {ChasingMail.State.FAILED, ChasingMail.State.UNCERTAIN}
    context = {
        "mail": found,
        "lines": found.lines.select_related("agency").order_by("due_day", "pk"),
        "may_repeat": stuck,
        "breadcrumbs_items": steps(
            (reverse("campaigns_chasing:mails"), _("Reminders sent")), ("", found.name)
        ),
        "header_title": str(found),
        "header_icon": "mail",
    }
    return render(request, "campaigns/chasing/mail.html", context)


@require_POST
def mail_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a mail that was refused go out again."""
    required(request)
    found = get_object_or_404(ChasingMail, pk=pk)
    if sending.send_again(found, timezone.now()):
        messages.success(request, _("It goes out within a few minutes."))
    else:
        messages.error(request, _("It does not wait for a decision. Nothing was changed."))
    return redirect("campaigns_chasing:mail", found.pk)


class RhythmForm(forms.ModelForm[PlanRhythm]):
    class Meta:
        model = PlanRhythm
        fields = ("is_silent", "before", "after", "head_after", "planner_after")


def rhythm(request: HttpRequest, pk: int) -> HttpResponse:
    """Set what one plan does otherwise than the settings say."""
    user = required(request)
    plan = get_object_or_404(Plan, pk=pk)
    row = PlanRhythm.objects.filter(plan=plan).first() or PlanRhythm(plan=plan)
    form = RhythmForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        audit.record(plan, "campaigns.chasing_set", user)
        messages.success(request, _("The reminders of the plan were saved."))
        return redirect(overview_url(plan))
    context = {
        "form": form,
        "chosen": ChasingSettings.load(),
        "breadcrumbs_items": crumbs((overview_url(plan), plan.label), ("", _("Reminders"))),
        "header_title": _("Reminders of the plan"),
        "header_icon": "bell",
    }
    return render(request, "campaigns/chasing/rhythm.html", context)
