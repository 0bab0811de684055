"""Withdrawing a plan before its end, and taking that back."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.plans.plan import Plan
from campaigns.plans.withdrawal import Withdrawal
from campaigns.slots import planning
from core import audit
from core.errors import RefusedError


def standing(plan: Plan) -> Withdrawal | None:
    """Return by what the plan is withdrawn now, or ``None``."""
    return plan.withdrawals.filter(undone_at=None).first()


@transaction.atomic
def withdraw(plan: Plan, withdrawal: Withdrawal, user: Any) -> planning.Changes:
    """Withdraw the plan: what is due after that day is asked for no more, what was done counts.

    ``withdrawal`` is unsaved. Raises ``RefusedError`` for a draft or a plan withdrawn already.
    """
    row = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if not row.live:
        raise RefusedError(_("Only a published plan can be withdrawn; a draft can be deleted."))
    if row.withdrawn_on is not None:
        raise RefusedError(_("This plan is withdrawn already."))
    if row.issued_on and withdrawal.day < row.issued_on:
        raise RefusedError(_("The plan was not issued yet on that day."))
    withdrawal.plan, withdrawal.made_by = row, user
    withdrawal.save()
    facts = {"document": withdrawal.number, "reason": withdrawal.reason}
    return _stop(plan, withdrawal.day, "plan_withdrawn", user, facts)


@transaction.atomic
def undo(plan: Plan, reason: str, user: Any) -> planning.Changes:
    """Let the plan hold again, with the slots it asks for. Raises ``RefusedError``."""
    Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    found = standing(plan)
    if found is None:
        raise RefusedError(_("This plan is not withdrawn."))
    if not reason.strip():
        raise RefusedError(_("Give a reason."))
    found.undone_by, found.undone_at, found.undone_reason = user, timezone.now(), reason.strip()
    found.save()
    return _stop(plan, None, "plan_restored", user, {"reason": reason})


def _stop(plan: Plan, day: Any, verb: str, user: Any, facts: dict[str, Any]) -> planning.Changes:
    plan.withdrawn_on = day
    Plan.objects.filter(pk=plan.pk).update(withdrawn_on=day)
    changes = planning.generate_plan(plan)
    audit.record(plan, f"campaigns.{verb}", user, **facts)
    return changes
