"""Verbs of the permission table: legal bases of plans, amending and withdrawing a plan."""

from datetime import date

from campaigns.models import Activity, Amendment, LegalBasis, Plan, PlanVersion, Withdrawal
from campaigns.plans import amending, withdrawing
from campaigns.plans.snapshots import snapshot
from tests.verbs import Actor, activity, opens, plan, verb


def basis(actor: Actor) -> int:
    found, _new = LegalBasis.objects.get_or_create(kind="Luật", title="Báo chí")
    return found.pk


opens("list the legal bases", "campaigns_bases:list")
opens("add a legal basis", "campaigns_bases:add")
opens("edit a legal basis", "campaigns_bases:edit", basis)
opens("delete a legal basis", "campaigns_bases:delete", basis)


def published(actor: Actor) -> Plan:
    """Return the plan, public and not withdrawn."""
    key = plan(actor)
    Withdrawal.objects.filter(plan=key).delete()
    Activity.objects.filter(plan=key).update(removed_by=None)
    PlanVersion.objects.filter(plan=key).delete()
    Amendment.objects.filter(plan=key).delete()
    Plan.objects.filter(pk=key).update(live=True, issued_on=date(2021, 4, 21), withdrawn_on=None)
    return Plan.objects.get(pk=key)


@verb("withdraw a plan")
def withdraw(actor: Actor) -> bool:
    form = {"number": "200/QĐ-UBND", "issued_on": "10/08/2021", "day": "15/08/2021"}
    one = published(actor)
    actor.post("campaigns_plans:withdraw", one.pk, **form, reason="Nhầm", confirm="1")
    found = withdrawing.standing(one) is not None
    published(actor)
    return found


@verb("take back a withdrawal")
def restore(actor: Actor) -> bool:
    one = published(actor)
    facts = {"number": "200/QĐ-UBND", "issued_on": date(2021, 8, 10), "reason": "Nhầm"}
    withdrawing.withdraw(one, Withdrawal(**facts, day=date(2021, 8, 15)), actor.other)
    actor.post("campaigns_plans:restore", one.pk, reason="Nhầm")
    found = withdrawing.standing(one) is None
    published(actor)
    return found


def amendment(actor: Actor) -> Amendment:
    """Return an open amendment of the plan that somebody else opened and wrote a row of."""
    one = published(actor)
    facts = {"number": "150/KH-UBND", "issued_on": date(2021, 8, 2), "reason": "Sắp xếp lại"}
    found = amending.begin(one, Amendment(**facts), actor.other)
    row = Activity.objects.get(pk=activity(actor))
    amending.propose(found, row, snapshot(row) | {"note": f"Mới {row.edition}"}, actor.other)
    return found


@verb("open an amendment")
def begin(actor: Actor) -> bool:
    one = published(actor)
    actor.post("campaigns_plans:amend", one.pk, reason="Sắp xếp lại")
    found = amending.open_amendment(one) is not None
    published(actor)
    return found


@verb("look at an amendment")
def look(actor: Actor) -> bool:
    found = actor.get("campaigns_plans:amendment", amendment(actor).pk).status_code == 200
    published(actor)
    return found


@verb("change a row in an amendment")
def take_out(actor: Actor) -> bool:
    one = amendment(actor)
    actor.post("campaigns_plans:amendment_out", one.pk, activity(actor))
    found = one.rows.filter(kind="removed").exists()
    published(actor)
    return found


@verb("drop an amendment")
def drop(actor: Actor) -> bool:
    one = amendment(actor)
    actor.post("campaigns_plans:amendment_drop", one.pk)
    found = amending.open_amendment(one.plan) is None
    published(actor)
    return found


@verb("issue another's amendment")
def issue(actor: Actor) -> bool:
    one = amendment(actor)
    actor.post("campaigns_plans:amendment_issue", one.pk)
    one.refresh_from_db()
    published(actor)
    return one.issued_at is not None


@verb("issue what they amended")
def issue_own(actor: Actor) -> bool:
    one = amendment(actor)
    Amendment.objects.filter(pk=one.pk).update(changed_by=actor.user)
    actor.post("campaigns_plans:amendment_issue", one.pk)
    one.refresh_from_db()
    published(actor)
    return one.issued_at is not None


opens("compare versions of a plan", "campaigns_plans:versions", plan)
