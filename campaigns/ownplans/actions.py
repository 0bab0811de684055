"""The verbs of agencies' own plans. Each checks the state under a lock, and is logged."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.evidence import recording
from campaigns.evidence.matching import Found
from campaigns.evidence.models import Evidence
from campaigns.models import Activity, Plan
from campaigns.ownplans import deriving
from campaigns.ownplans.models import OwnPlan
from campaigns.slots import planning
from campaigns.slots.models import Slot
from core.audit import record
from core.errors import RefusedError
from organisations.models import Organisation


@transaction.atomic
def derive(parent: Plan, organisation: Organisation, title: str, user: Any) -> OwnPlan:
    """Begin a plan of the agency's own with the lines that bind it. Raises ``RefusedError``."""
    _require_first(parent, organisation)
    plan = deriving.new_plan(parent, organisation, title)
    return _begun(parent, organisation, plan, user)


@transaction.atomic
def fold(
    parent: Plan,
    organisation: Organisation,
    user: Any,
    *,
    number: str,
    issued_on: date,
    title: str,
    document: Any,
) -> OwnPlan:
    """Record that the lines stand in the agency's reform plan. Raises ``RefusedError``."""
    _require_first(parent, organisation)
    plan = deriving.folded(parent, organisation, number, issued_on, title, document)
    return _begun(parent, organisation, plan, user)


def _require_first(parent: Plan, organisation: Organisation) -> None:
    """Raise ``RefusedError`` for an agency that answers already; who comes second waits."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if OwnPlan.objects.filter(parent=parent, organisation=organisation).exists():
        raise RefusedError(_("The agency already answers this plan."))


def _begun(parent: Plan, organisation: Organisation, plan: Plan, user: Any) -> OwnPlan:
    plan.save_revision(user=user, clean=False)  # number and date come when it is issued
    made = OwnPlan.objects.create(parent=parent, organisation=organisation, plan=plan)
    record(made, "campaigns.own_plan_begun", user)
    return made


def held(own: OwnPlan) -> OwnPlan:
    """Return the row locked, so that nobody submits it meanwhile."""
    row: OwnPlan = OwnPlan.objects.select_for_update(of=("self",)).get(pk=own.pk)
    return row


def require_open(own: OwnPlan) -> None:
    if not own.is_open:
        raise RefusedError(
            _("The plan was submitted and is locked. Ask the Department to return it.")
        )


@transaction.atomic
def discard(own: OwnPlan) -> None:
    """Throw away what was never submitted, so that the agency can choose again."""
    row = held(own)
    if row.first_submitted_at is not None:
        raise RefusedError(_("What was submitted once stays on record."))
    plan = row.plan
    row.delete()
    plan.delete()


@transaction.atomic
def submit(own: OwnPlan, user: Any) -> None:
    """Hand the plan in. It needs its number and its date: an agency submits what it has issued."""
    row = held(own)
    require_open(row)
    now, plan = timezone.now(), row.plan
    if not plan.number.strip() or plan.issued_on is None:
        raise RefusedError(_("Enter number and date of issue first."))
    if plan.issued_on > timezone.localdate(now):
        raise RefusedError(_("The date of issue is still to come."))
    if row.is_folded and plan.document is None:
        raise RefusedError(_("Attach the reform plan."))
    row.state, row.submitted_by, row.submitted_at = row.State.SUBMITTED, user, now
    row.first_submitted_at = row.first_submitted_at or now
    row.returned_reason = ""
    row.save()
    record(row, "campaigns.own_plan_submitted", user)


@transaction.atomic
def send_back(own: OwnPlan, reason: str, user: Any) -> None:
    """Let the agency correct its plan; the reason is for them."""
    row = held(own)
    if row.state != row.State.SUBMITTED:
        raise RefusedError(_("Only what was submitted can be returned."))
    if not reason.strip():
        raise RefusedError(_("Say what the agency has to correct."))
    row.state, row.returned_reason = row.State.RETURNED, reason.strip()
    row.decided_by, row.decided_at = user, timezone.now()
    row.save()
    record(row, "campaigns.own_plan_returned", user, reason=row.returned_reason)


@transaction.atomic
def accept(own: OwnPlan, user: Any) -> None:
    """Accept a plan: it is the evidence for the line that asks for it, and its own lines count."""
    row = held(own)
    if row.state != row.State.SUBMITTED:
        raise RefusedError(_("Only what was submitted can be accepted."))
    if row.submitted_by_id == user.pk:
        raise RefusedError(_("Who submitted a plan does not accept it."))
    row.state, row.decided_by, row.decided_at = row.State.ACCEPTED, user, timezone.now()
    row.save()
    planning.generate_plan(row.plan)
    prove(row)
    record(row, "campaigns.own_plan_accepted", user)


def line_of(parent: Plan) -> Activity | None:
    """Return the line of the province's plan that asks for the agencies' own."""
    return parent.activities.filter(asks_for_plan=True).order_by("position", "pk").first()


def slot_of(own: OwnPlan) -> Slot | None:
    """Return the slot that the agency's plan fulfils."""
    line = line_of(own.parent)
    slots = Slot.objects.expected().filter(activity=line, organisation=own.organisation_id)
    return slots.order_by("due_on", "pk").first() if line else None


def prove(own: OwnPlan) -> None:
    """Record an accepted plan as evidence of the slot it fulfils; again changes nothing."""
    slot, plan = slot_of(own), own.plan
    if slot is None or plan.issued_on is None:
        return
    key = f"own-plan:{own.pk}"
    found = Found(
        key=key,
        kind=Evidence.Kind.FILE,
        title=f"{plan.number}: {plan.title}",
        dated=plan.issued_on,
        activity=slot.activity_id,
        slot=slot.pk,
        organisations=(own.organisation_id,),
        url=settings.WAGTAILADMIN_BASE_URL + reverse("campaigns_own_plan", args=[own.pk]),
    )
    recording.record([found])
    Evidence.objects.filter(source_key=key).update(document=plan.document)


def is_on_time(own: OwnPlan, due: date | None) -> bool | None:
    """Whether the plan was issued by the day the province set; ``None`` while that is open."""
    issued = own.plan.issued_on
    return None if due is None or issued is None else issued <= due
