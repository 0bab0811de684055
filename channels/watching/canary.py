"""Trial messages: the system sends itself something through the outbox and looks whether it came.

Only to channels that are test targets, which never get an item. What is proved is the whole way:
outbox, worker, adapter, network, receiver.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from uuid import uuid4

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from channels import building, delivery, outbox, probing, registry
from channels.contract import (
    Adapter,
    Degree,
    DeliveryError,
    Message,
    NoAnswer,
    NotSent,
    Proof,
    Story,
    TemporaryError,
)
from channels.feeds import addresses, checking
from channels.models import Channel, Delivery, Publication, State
from channels.payload import message_from_json, receipt_from_json
from channels.watching import answers
from channels.watching.models import Canary, WatchSettings

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)
PATIENCE = timedelta(minutes=2)  # so long a trial may be on its way without a word
#: Kinds that cannot be test targets: the portal is public, and people are not sent on trial.
NEVER = ("portal", "hand")


def run(now: datetime) -> int:
    """Send the trials that are due and look for those that were sent. Returns how many were proved.

    Must run outside a transaction: looking waits for the network.
    """
    every = timedelta(minutes=WatchSettings.load().canary_minutes)
    channels = Channel.objects.active().filter(is_test=True).exclude(kind__in=NEVER)
    proved = 0
    for channel in channels.order_by("pk"):
        canary, _created = Canary.objects.get_or_create(
            channel=channel, defaults={"due_at": now, "since": now}
        )
        proved += look(canary, channel, now)
        if canary.due_at <= now and reserve(canary, now, every):
            send(canary, channel)
    forget(now)
    return proved


def reserve(canary: Canary, now: datetime, every: timedelta) -> bool:
    mine = Canary.objects.filter(pk=canary.pk, due_at=canary.due_at)
    return bool(mine.update(due_at=now + every))


@transaction.atomic
def send(canary: Canary, channel: Channel) -> Delivery:
    """Give up on the trial before, if it is still open, and send the next."""
    before = canary.delivery
    if before is not None and before.state in State.open() and before.state != State.SENDING:
        delivery.cancel(before, reason=_("The next trial message takes its place."))
    row = outbox.publish_trial(story(channel), channel)
    Canary.objects.filter(pk=canary.pk).update(delivery=row)
    return row


def look(canary: Canary, channel: Channel, now: datetime) -> bool:
    """Look whether the last trial message is there. Returns whether that is proved now."""
    row = canary.delivery
    if row is None:
        return False
    if row.state != State.DELIVERED or is_answered(channel):
        if problem := what_is_wrong(row, now):
            tell_problem(canary, problem)
        return False
    try:
        proof = async_to_sync(arrival)(building.adapter(channel), row, channel)
    except DeliveryError as error:
        tell_problem(canary, str(error))
        return False
    return prove(canary, row, proof, now)


def is_answered(channel: Channel) -> bool:
    """Whether only an answer by the signed address in the message proves that it arrived."""
    return channel.options.get("answers_trials") is True


def what_is_wrong(row: Delivery, now: datetime) -> str:
    """Return what keeps a trial from being proved; "" for one that is on its way."""
    if row.state in {State.FAILED, State.UNCERTAIN, State.CANCELLED}:
        return row.reason
    if row.created_at > now - PATIENCE:
        return ""
    if row.state == State.AWAITING:
        return receipt_from_json(row.receipt or {}).note or _("Its confirmation is awaited.")
    if row.state == State.DELIVERED:
        return _("It was handed over; nobody has opened the signed address in it yet.")
    return _("It is still waiting to be sent.")


def prove(canary: Canary, row: Delivery, proof: Proof, now: datetime) -> bool:
    """Write down that a trial arrived, and clear it away. False: another one took its place."""
    mine = Canary.objects.filter(pk=canary.pk, delivery=row)
    proved = mine.update(
        arrived_at=now, proof=proof.words[:255], degree=proof.degree, problem="", delivery=None
    )
    if proved:
        take_back(row, canary.channel)
    return bool(proved)


def came_back(row: Delivery, words: str) -> bool:
    """A mail was returned after its server had taken it: if it was a trial, it proves nothing.

    One that came back by its signed address since counts for more than an old mail's return.
    """
    later = Q(degree=Degree.RETURNED, arrived_at__gt=row.created_at)
    mine = Canary.objects.filter(channel=row.channel_id).exclude(later)
    if not row.publication.is_canary:
        return False
    return bool(mine.update(arrived_at=None, degree="", proof="", problem=words))


def tell_problem(canary: Canary, problem: str) -> None:
    Canary.objects.filter(pk=canary.pk).update(problem=problem)
    logger.warning("Trial message not there", extra={"canary": canary.channel_id, "why": problem})


async def arrival(adapter: Adapter, row: Delivery, channel: Channel) -> Proof:
    """Return how it is known that the message arrived. Raises a ``DeliveryError`` if it did not."""
    message, receipt = message_from_json(row.payload), receipt_from_json(row.receipt or {})
    with building.guarded(adapter.kind):
        try:
            async with asyncio.timeout(settings.DELIVERY_TIMEOUT_SECONDS):
                if adapter.pulls:
                    return await fetched(adapter, message, channel)
                proof = await adapter.arrived(message, receipt)
        except (NotSent, NoAnswer, TimeoutError) as error:
            silent = _("The receiver did not answer in time.")
            raise TemporaryError(str(error) or silent) from error
    said = _("The receiver gave a receipt: %(id)s") % {"id": receipt.external_id}
    return proof or Proof(Degree.ACCEPTED, said)


async def fetched(adapter: Adapter, message: Message, channel: Channel) -> Proof:
    """Fetch every document of the feed as a reader would, and find the message in it."""
    for form in addresses.FORMS:
        address = addresses.public(channel.slug, form)
        answer = await adapter.http.request("GET", address, timeout=probing.CHECK_SECONDS)
        if answer.status != 200:
            raise TemporaryError(_("The feed answers with status %s.") % answer.status)
        if f"urn:uuid:{message.story}" not in checking.identities(form, answer.body):
            raise TemporaryError(_("The feed does not show it."))
    return Proof(Degree.RETURNED, _("It was fetched from the feed, in every format."))


def take_back(row: Delivery, channel: Channel) -> None:
    """Clear the trial away where that is silent: from feeds, folders, topics and groups."""
    kind = registry.ADAPTERS[channel.kind]
    silent = kind.pulls or kind.arrived is not Adapter.arrived
    if kind.can_retract and silent:
        with transaction.atomic():
            outbox.retract(row.story)


def forget(now: datetime) -> None:
    """Delete old trials: nobody has to account for them."""
    old = Publication.objects.filter(is_canary=True, created_at__lt=now - KEPT)
    keys = list(old.values_list("pk", flat=True)[:500])
    if keys:
        with transaction.atomic():
            Delivery.objects.filter(publication__in=keys).delete()
            Publication.objects.filter(pk__in=keys).delete()


def story(channel: Channel) -> Story:
    """Return the trial message: short, and plainly marked as one."""
    now = timezone.now()
    with translation.override(settings.LANGUAGE_CODE):
        moment = date_format(timezone.localtime(now), "DATETIME_FORMAT")
        title = _("[TRIAL MESSAGE] %(site)s") % {"site": settings.SITE_NAME}
        text = _(
            "This is a trial message of the system, sent to “%(channel)s” at %(moment)s to see "
            "whether messages arrive. Nothing has to be done."
        ) % {"channel": channel.name, "moment": moment}
        if is_answered(channel):
            text = _(
                "This is a trial message of the system, sent to “%(channel)s” at %(moment)s to see "
                "whether messages arrive. Open the address below and press the button."
            ) % {"channel": channel.name, "moment": moment}
    key = str(uuid4())
    return Story(
        key=key,
        sequence=1,
        title=title,
        summary=text,
        text=text,
        html=format_html("<p>{}</p>", text),
        spoken=text,
        address=answers.link(key) if is_answered(channel) else addresses.site(),
        published=now,
        updated=now,
    )
