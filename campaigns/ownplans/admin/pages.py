"""Pages of agencies' own plans: who answers which plan how, one answer, and its verbs."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.models import ModelLogEntry

from campaigns.admin.frame import Frame, back_to
from campaigns.admin.slot_forms import store_document
from campaigns.models import Plan
from campaigns.ownplans import access, actions, deriving
from campaigns.ownplans.admin.forms import DeriveForm, FoldForm, ReasonForm
from campaigns.ownplans.models import OwnPlan
from campaigns.ownplans.overview import overview
from core.errors import RefusedError
from organisations.models import Organisation

ENTRIES_SHOWN = 30


page = Frame("ownplans", "campaigns_own_plans", gettext_lazy("Agencies' plans"), "list-ul").page


def readable(request: HttpRequest, pk: int) -> OwnPlan:
    """Return the agency's plan. Raises ``PermissionDenied`` for another agency's."""
    rows = OwnPlan.objects.select_related(
        "organisation", "parent__issuer", "plan__document", "submitted_by", "decided_by"
    )
    found = get_object_or_404(rows, pk=pk)
    if not access.may_read(request.user, found):
        raise PermissionDenied
    return found


def writable(request: HttpRequest, pk: int) -> OwnPlan:
    """Return the plan of the person's own agency. Raises ``PermissionDenied``."""
    found = readable(request, pk)
    if not access.is_own(request.user, found.organisation_id):
        raise PermissionDenied
    return found


def start(request: HttpRequest) -> HttpResponse:
    """Show the plans that bind the person's agencies, and to planners how all agencies answer."""
    user: Any = request.user
    if not access.may_look(user):
        raise PermissionDenied
    may_accept = user.has_perm(access.ACCEPT)
    submitted = Q(answers__state=OwnPlan.State.SUBMITTED)
    plans = Plan.objects.live().filter(parent=None).annotate(
        answered=Count("answers"), waiting=Count("answers", filter=submitted)
    )  # fmt: skip
    return page(
        request,
        "start.html",
        _("Agencies' plans"),
        owing=access.owing(user),
        plans=plans.select_related("issuer").order_by("-year", "-issued_on", "number", "pk")
        if may_accept
        else [],
        may_accept=may_accept,
    )


@permission_required(access.ACCEPT, raise_exception=True)
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every agency that a plan binds, with its answer."""
    parent = get_object_or_404(Plan.objects.live().select_related("issuer"), pk=pk)
    found = overview(parent, timezone.localdate())
    counts = {kind: found.count(kind) for kind in ("separate", "combined", "none")}
    return page(
        request, "table.html", str(parent), parent=parent, found=found, counts=counts
    )  # fmt: skip


def choose(request: HttpRequest, pk: int, agency: int) -> HttpResponse:
    """Let an agency make a plan of its own, or name the reform plan that took the lines in."""
    if not access.is_own(request.user, agency):
        raise PermissionDenied
    parent = get_object_or_404(Plan.objects.live().select_related("issuer"), pk=pk)
    organisation = get_object_or_404(Organisation, pk=agency)
    is_fold = request.method == "POST" and request.POST.get("way") == "fold"
    is_own = request.method == "POST" and not is_fold
    title = {"title": deriving.title_for(parent, organisation)}
    own_form = DeriveForm(request.POST if is_own else None, initial=title, prefix="own")
    given = (request.POST, request.FILES) if is_fold else ()
    fold_form = FoldForm(*given, prefix="fold")
    form = fold_form if is_fold else own_form
    if request.method == "POST" and form.is_valid():
        try:
            made = begun(parent, organisation, form, request.user)
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            return redirect("campaigns_own_plan", made.pk)
    return page(
        request,
        "choose.html",
        f"{organisation}: {parent.label}",
        parent=parent,
        organisation=organisation,
        lines=deriving.binding(parent, organisation),
        own_form=own_form,
        fold_form=fold_form,
    )


def begun(parent: Plan, organisation: Organisation, form: Any, user: Any) -> OwnPlan:
    data = form.cleaned_data
    if not isinstance(form, FoldForm):
        return actions.derive(parent, organisation, data["title"], user)
    document = store_document(data["document"], f"{data['number']}: {data['title']}", user)
    values = {name: data[name] for name in ("number", "issued_on", "title")}
    return actions.fold(parent, organisation, user, document=document, **values)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an agency's plan: its facts, its lines beside the province's, its state."""
    own = readable(request, pk)
    user: Any = request.user
    slot = actions.slot_of(own)
    due = slot.due if slot else None
    is_own = access.is_own(user, own.organisation_id)
    is_handed = own.state == OwnPlan.State.SUBMITTED
    may_decide = is_handed and user.has_perm(access.ACCEPT)
    lines = own.plan.activities.select_related("origin").order_by("position", "pk")
    return page(
        request,
        "plan.html",
        str(own),
        own=own,
        plan=own.plan,
        parent=own.parent,
        due=due,
        on_time=actions.is_on_time(own, due),
        lines=lines,
        folded=deriving.binding(own.parent, own.organisation) if own.is_folded else [],
        may_write=is_own and own.is_open,
        may_discard=is_own and own.first_submitted_at is None,
        may_return=may_decide,
        may_accept=may_decide and own.submitted_by_id != user.pk,
        may_see_table=user.has_perm(access.ACCEPT),
        reason_form=ReasonForm(),
        log=ModelLogEntry.objects.for_instance(own)
        .select_related("user")
        .order_by("-timestamp", "-pk")[:ENTRIES_SHOWN],
    )


@require_POST
@back_to("campaigns_own_plan")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away a plan that was never submitted."""
    actions.discard(writable(request, pk))
    messages.success(request, _("The draft was thrown away."))
    return redirect("campaigns_own_plans")


@require_POST
@back_to("campaigns_own_plan")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the plan of the person's own agency."""
    actions.submit(writable(request, pk), request.user)
    messages.success(request, _("The plan was submitted and is locked."))
    return redirect("campaigns_own_plan", pk)


@permission_required(access.ACCEPT, raise_exception=True)
@require_POST
@back_to("campaigns_own_plan")
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a plan to its agency with a reason."""
    actions.send_back(readable(request, pk), request.POST.get("reason", "")[:2000], request.user)
    messages.success(request, _("The plan was returned to the agency."))
    return redirect("campaigns_own_plan", pk)


@permission_required(access.ACCEPT, raise_exception=True)
@require_POST
@back_to("campaigns_own_plan")
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept an agency's plan."""
    actions.accept(readable(request, pk), request.user)
    messages.success(request, _("The plan was accepted, and is evidence for its line."))
    return redirect("campaigns_own_plan", pk)
