"""Verbs of the permission table: slots, their evidence, and what is decided of them.

A slot is "own" (of an agency the person belongs to) or "another's".
"""

from datetime import date

from django.utils import timezone

from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.models import Activity
from campaigns.slots.models import Decision, Slot
from organisations.models import Organisation
from tests.verbs import VERBS, Actor, activity, opens, plan, verb

Whose = str


def slot(actor: Actor, whose: Whose) -> Slot:
    """Return a slot of the person's own agency, or of another one."""
    agency, _ = Organisation.objects.get_or_create(code=whose[:3], defaults={"name": whose})
    if actor.user is not None and whose == "own":
        actor.user.organisations.add(agency)
    task = Activity.objects.get(pk=activity(actor))
    values = {"opens_on": date(2021, 1, 1), "due_on": date(2021, 6, 30)}
    Fulfilment.objects.filter(slot__activity=task).delete()  # of whoever tried before
    Decision.objects.filter(slot__activity=task).delete()
    Slot.objects.filter(activity=task).delete()
    return Slot.objects.create(
        activity=task, organisation=agency, period_start=date(2021, 1, 1), **values
    )


def look(actor: Actor, whose: Whose) -> bool:
    return actor.get("campaigns_slots:one", slot(actor, whose).pk).status_code == 200


def bring(actor: Actor, whose: Whose) -> bool:
    one = slot(actor, whose)
    form = {
        "evidence-title": "Bài",
        "evidence-dated": f"{timezone.localdate():%d/%m/%Y}",
        "evidence-amount": 1,
        "evidence-url": "https://baolangson.vn/a",
    }
    actor.post("campaigns_slots:add_evidence", one.pk, **form)
    return Fulfilment.objects.filter(slot=one).exists()


def extend(actor: Actor, whose: Whose) -> bool:
    one = slot(actor, whose)
    form = {"extension-until": "30/09/2021", "extension-reason": "Chờ số liệu"}
    actor.post("campaigns_slots:extend", one.pk, **form)
    return Decision.objects.filter(slot=one, kind="extended").exists()


def drop(actor: Actor, whose: Whose) -> bool:
    one = slot(actor, whose)
    Slot.objects.filter(pk=one.pk).update(dropped_at=None)
    actor.post("campaigns_slots:drop", one.pk, **{"reason-reason": "Không có kinh phí"})
    return Decision.objects.filter(slot=one, kind="dropped").exists()


def resume(actor: Actor, whose: Whose) -> bool:
    one = slot(actor, whose)
    Slot.objects.filter(pk=one.pk).update(dropped_at=timezone.now())
    actor.post("campaigns_slots:resume", one.pk, **{"reason-reason": "Đã có kinh phí"})
    return Decision.objects.filter(slot=one, kind="resumed").exists()


def brought(actor: Actor, *, own: bool) -> tuple[Slot, Evidence]:
    """Return a slot of the person's agency with a piece that the person brought, or another did."""
    one = slot(actor, "own")
    evidence = Evidence.objects.create(
        kind="link",
        url="https://baolangson.vn/b",
        title="Bài",
        dated=date(2021, 5, 1),
        activity=one.activity,
        added_by=actor.user if own else actor.other,
    )
    Fulfilment.objects.create(slot=one, evidence=evidence)
    return one, evidence


def withdraw(actor: Actor, *, own: bool) -> bool:
    one, evidence = brought(actor, own=own)
    actor.post("campaigns_slots:withdraw", one.pk, evidence.pk, reason="Nhầm")
    evidence.refresh_from_db()
    return evidence.is_withdrawn


for _name, _verb in (
    ("look at {} slot", look),
    ("bring evidence for {} slot", bring),
    ("extend {} slot", extend),
    ("give up {} slot", drop),
    ("take {} slot up again", resume),
):
    VERBS[_name.format("own")] = lambda actor, run=_verb: run(actor, "own")
    VERBS[_name.format("another's")] = lambda actor, run=_verb: run(actor, "another's")

VERBS["withdraw evidence of own"] = lambda actor: withdraw(actor, own=True)
VERBS["withdraw evidence of another's"] = lambda actor: withdraw(actor, own=False)

opens("list an activity's slots", "campaigns_slots:of_activity", activity)
opens("see what slots would change", "campaigns_slots:generate", plan)
opens("choose a slot", "slot_chooser:choose")


@verb("work out the slots")
def work_out(actor: Actor) -> bool:
    task = Activity.objects.get(pk=activity(actor))
    task.leads.add(Organisation.objects.get(code="so-noi-vu"))
    Decision.objects.filter(slot__activity=task).delete()
    Slot.objects.filter(activity=task).delete()
    actor.post("campaigns_slots:generate", task.plan_id)
    return Slot.objects.filter(activity=task).exists()


@verb("place evidence")
def place(actor: Actor) -> bool:
    one = slot(actor, "own")
    evidence = Evidence.objects.create(
        kind="article", title="Tin", dated=date(2021, 5, 1), activity=one.activity
    )
    actor.post("campaigns_slots:place", evidence.pk, slots=[one.pk])
    return evidence.fulfilments.exists()
