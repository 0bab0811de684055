"""Corrections and withdrawals of the demo, made as the office makes them."""

from typing import TYPE_CHECKING, Any

from asgiref.sync import async_to_sync
from django.db import transaction

from channels import claiming, delivery
from channels.contract import Receipt
from channels.deciding import by_hand
from channels.models import Channel, Delivery, State
from channels.outcomes import Outcome
from channels.sending import Job, call
from core import actor
from editorial.demo import field, illustrations
from portal import gates
from portal.corrections import withdrawing
from portal.corrections.forms import Choice
from portal.models import CorrectionMode, StoryPage

if TYPE_CHECKING:
    from editorial.demo.items import Desk, Entry


def correct(page: StoryPage, entry: "Entry", desk: "Desk") -> None:
    """Put right what the first version said wrong, with a note for the public."""
    told: dict[str, Any] = entry["correction"]
    for name in told["before"]:
        setattr(page, name, entry[name])
    choice = Choice(told["reason"], CorrectionMode.NOTED, told["note"])
    revision = page.save_revision(user=desk.people["bientap"], log_action=True)
    consent = gates.Consent(correction=choice, warnings_accepted=True)
    with transaction.atomic(), actor.acting(desk.approver), gates.consenting(consent):
        revision.publish(user=desk.approver)


def take_back(page: StoryPage, entry: "Entry", desk: "Desk") -> None:
    """Pin the item up, withdraw it, and take it down again, with a photo of the empty board."""
    board = Channel.objects.filter(slug=field.BOARD).first()
    told = entry["withdrawal"]
    carry(board, page, desk, "Đã dán tại nhà văn hóa khối 6.", told["photo"])
    with actor.acting(desk.approver):
        choice = Choice(told["reason"], CorrectionMode.NOTED, told["note"])
        withdrawing.withdraw(page, desk.approver, choice)
    carry(board, page, desk, "Đã gỡ khỏi bảng tin lúc 8 giờ.", told["photo"])


def carry(board: Channel | None, page: StoryPage, desk: "Desk", note: str, photo: str) -> None:
    """Hand the item over to whoever carries it, and confirm that it was done."""
    if board is None:
        return
    while claims := claiming.claim_due(1, channels=[board.pk])[0]:
        for claim in claims:  # nothing is sent: the pack is made ready at once
            receipt = async_to_sync(hand_over)(claim.job)
            delivery.settle(claim.row, Outcome(State.AWAITING, receipt=receipt))
    rows = Delivery.objects.for_channel(board).of_story(page.story)
    for row in rows.filter(state=State.AWAITING).order_by("pk"):
        proof = illustrations.picture(photo, desk.people["bientap"])
        delivery.confirm(row, desk.approver, note, photo=proof.pk)


async def hand_over(job: Job) -> Receipt:
    """Return what the carrier is told to do. Raises ``DeliveryError``."""
    told = call(job)
    return await told if told else by_hand(job.action, job.record)
