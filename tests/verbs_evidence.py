"""Verbs of the permission table: reading evidence, taking it along, moving slots, calendars."""

from datetime import date, timedelta

from django.core.files.base import ContentFile

from campaigns.admin.slot_forms import store_document
from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.showing.models import SlotCalendar
from campaigns.slots import deciding
from campaigns.slots.models import Decision, Slot
from tests.verbs import Actor, opens, verb
from tests.verbs_progress import slot

opens("ask for evidence as a folder", "campaigns_folder")
opens("look at the calendar addresses", "campaigns_slot_subscribe")


def reads(actor: Actor, *, own: bool) -> bool:
    """Whether the person reads the file of a slot of the own agency, or of a strange one."""
    one = slot(actor, own=own)
    file = store_document(ContentFile(b"%PDF-1.7", "bien-ban.pdf"), "Biên bản", None)
    held = Evidence.objects.create(
        kind="file", document=file, title="Biên bản", dated=date(2026, 1, 9)
    )
    Fulfilment.objects.create(slot=one, evidence=held)
    answer = actor.browser.get(file.url)
    answer.close()
    Fulfilment.objects.filter(evidence=held).delete()
    return answer.status_code == 200


@verb("read own agency's evidence")
def own_evidence(actor: Actor) -> bool:
    return reads(actor, own=True)


@verb("read another agency's evidence")
def other_evidence(actor: Actor) -> bool:
    return reads(actor, own=False)


@verb("take evidence as a folder")
def take(actor: Actor) -> bool:
    plan = slot(actor, own=True).activity.plan_id
    answer = actor.get("campaigns_folder", download=1, plan=plan)
    answer.close()
    return answer["Content-Type"] == "application/zip"


@verb("make a calendar address")
def calendar(actor: Actor) -> bool:
    SlotCalendar.objects.all().delete()
    slot(actor, own=True)
    actor.post("campaigns_slot_renew_calendar")
    return SlotCalendar.objects.exists()


def cleared(one: Slot) -> Slot:
    Decision.objects.filter(slot=one).delete()
    Slot.objects.filter(pk=one.pk).update(extended_to=None)
    one.refresh_from_db()
    return one


@verb("move slots in the calendar")
def move(actor: Actor) -> bool:
    one = cleared(slot(actor, own=True))
    until = one.due_on + timedelta(days=9)
    form = {"until": f"{until:%d/%m/%Y}", "reason": "Chờ số liệu", "slots": one.pk}
    actor.post("campaigns_slot_move", one.activity_id, one.due_on.isoformat(), **form)
    moved = Slot.objects.get(pk=one.pk).due == until
    cleared(one)
    return moved


@verb("undo a move")
def undo(actor: Actor) -> bool:
    one = cleared(slot(actor, own=True))
    made = deciding.extend(one, one.due_on + timedelta(days=9), "Chờ số liệu", None)
    actor.post("campaigns_slot_undo", decisions=made.pk)
    undone = Slot.objects.get(pk=one.pk).extended_to is None
    cleared(one)
    return undone
