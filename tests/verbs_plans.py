"""Verbs of the permission table: legal bases of plans, withdrawing a plan."""

from datetime import date

from campaigns.models import LegalBasis, Plan, Withdrawal
from campaigns.plans import withdrawing
from tests.verbs import Actor, opens, plan, verb


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
