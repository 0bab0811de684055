"""The verbs of slots: looking at them, and writing for them."""

from datetime import timedelta

from django.utils import timezone

from campaigns.models import Activity, Plan
from campaigns.slots.models import Slot
from organisations.models import Organisation
from portal.models import ArticlePage
from tests import factories
from tests.verbs import Actor, opens, verb


def slot(actor: Actor, *, own: bool = False) -> Slot:
    """Return a slot of a public plan; its agency is the actor's own, or none of theirs."""
    today = timezone.localdate()
    agency = Organisation.objects.get_or_create(code="xa-kia", defaults={"name": "Xã Kia"})[0]
    if own and actor.user:
        actor.user.organisations.add(agency)
    values = {"live": True, "issued_on": today}
    plan = Plan.objects.get_or_create(
        title="Kế hoạch", year=today.year, issuer=agency, defaults=values
    )[0]
    row = Activity.objects.get_or_create(plan=plan, content="Treo băng rôn")[0]
    dates = {"opens_on": today, "due_on": today + timedelta(days=3)}
    return Slot.objects.get_or_create(
        activity=row, organisation=agency, period_start=today.replace(day=1), defaults=dates
    )[0]


def progress_of(actor: Actor) -> int:
    return slot(actor).activity.plan_id


opens("look at the slots", "campaigns_board")
opens("look at the slots' calendar", "campaigns_slot_calendar")
opens("look at the slots' timeline", "campaigns_slot_timeline")
opens("look at the slots' completion", "campaigns_slot_dashboard")
opens("look at a plan's progress", "campaigns_progress", progress_of)


def sees_board(actor: Actor, *, own: bool) -> bool:
    agency = slot(actor, own=own).organisation_id
    answer = actor.get("campaigns_board", agency=agency)
    return "Treo băng rôn" in answer.content.decode()


@verb("see own agency's slots")
def own_slots(actor: Actor) -> bool:
    return sees_board(actor, own=True)


@verb("see another agency's slots")
def other_slots(actor: Actor) -> bool:
    return sees_board(actor, own=False)


@verb("write for a slot")
def write(actor: Actor) -> bool:
    factories.site_tree()
    actor.post("editorial_write_slot", slot(actor, own=True).pk)
    begun = ArticlePage.objects.filter(slot__isnull=False, owner=actor.user)
    return actor.user is not None and begun.exists()
