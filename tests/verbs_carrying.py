"""Verbs of the permission table: what a person carries, and what they say of it."""

from channels.models import Delivery, State
from tests.verbs import Actor, opens, verb


def handed(actor: Actor, *, own: bool = True) -> Delivery:
    """Return a delivery of an item that waits for a person."""
    page = actor.draft(own=own, live=True)
    row = Delivery.objects.of_story(page.story).get()
    Delivery.objects.filter(pk=row.pk).update(state=State.AWAITING)
    return row


def came_to(actor: Actor, row: Delivery, **data: str) -> str:
    actor.post("portal_carrying_task", row.pk, note="Đã dán tại nhà văn hóa", **data)
    row.refresh_from_db()
    return row.state


opens("list what is done by hand", "portal_carrying")
opens("look at a task by hand", "portal_carrying_task", lambda actor: handed(actor).pk)


@verb("confirm own done by hand")
def confirm_own(actor: Actor) -> bool:
    return came_to(actor, handed(actor)) == State.DELIVERED


@verb("confirm another's by hand")
def confirm_other(actor: Actor) -> bool:
    return came_to(actor, handed(actor, own=False)) == State.DELIVERED


@verb("give up a task by hand")
def give_up(actor: Actor) -> bool:
    return came_to(actor, handed(actor), give_up="1") == State.CANCELLED
