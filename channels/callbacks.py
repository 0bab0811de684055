"""Call-backs: a receiver of a web hook says later, signed, whether it took an item.

Who cannot sign learns nothing: a channel that does not exist and a wrong signature look alike.
"""

import re
import time
from dataclasses import replace
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import BaseModel, Field, ValidationError

from channels import delivery
from channels.adapters.shared_answers import one_line
from channels.adapters.shared_ninjs import identity
from channels.adapters.webhook import CANCELED, Webhook
from channels.adapters.webhook_signing import SIGNATURE, TIMESTAMP, Keys
from channels.contract import Receipt
from channels.models import Action, Channel, Delivery, Publication, State
from channels.payload import receipt_from_json
from core.crypto import Undecipherable, decrypt

MOST_BYTES = 10_000
LONGEST_NOTE = 500
SOON = 10  # seconds until what is still being sent is settled on our side
KEY = re.compile(rf"([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}):(\d{{1,9}})({CANCELED})?")


class Call(BaseModel):
    """What the receiver says. Names that we do not know are left out."""

    key: str = Field(max_length=100)  # the Idempotency-Key of what it was sent
    status: Literal["received", "refused"]
    note: str = ""


@csrf_exempt  # the signature proves who calls; no browser does
@never_cache
@require_POST
def receive(request: HttpRequest, slug: str) -> HttpResponse:
    """Settle what the call is about. 204 when done; see ``docs/channels/webhook.md``."""
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return HttpResponse(status=413)
    channel = Channel.objects.of_kind(Webhook.kind).filter(slug=slug).first()
    if channel is None or not _is_signed(request, channel, body):
        return HttpResponse(status=403)
    try:
        call = Call.model_validate_json(body)
    except ValidationError:
        return HttpResponse(status=400)
    return _settled(channel, call)


def _is_signed(request: HttpRequest, channel: Channel, body: bytes) -> bool:
    try:
        keys = Keys.read(decrypt(channel.secret))
    except (Undecipherable, ValueError):
        return False
    timestamp, signature = (request.headers.get(name, "") for name in (TIMESTAMP, SIGNATURE))
    return keys.accept(timestamp, signature, body, int(time.time()))


@transaction.atomic
def _settled(channel: Channel, call: Call) -> HttpResponse:
    """Change the delivery once: the same call again finds nothing that waits for it."""
    row = _row(channel, call.key)
    if row is None:
        return HttpResponse(status=404)
    Publication.objects.lock(row.story)
    row.refresh_from_db()
    if row.state in State.unsettled():  # the receiver was faster than our own book-keeping
        return HttpResponse(status=409, headers={"Retry-After": str(SOON)})
    with translation.override(settings.LANGUAGE_CODE):
        try:
            _settle(row, call)
        except delivery.NotAllowed:
            return HttpResponse(status=409)
    return HttpResponse(status=204)


def _row(channel: Channel, key: str) -> Delivery | None:
    """Return the delivery that carried the key; ``None`` when this channel never sent it."""
    match = KEY.fullmatch(key)
    if match is None:
        return None
    story, sequence, canceled = match.groups()
    rows = Delivery.objects.for_channel(channel).filter(story=story, sequence=int(sequence))
    kind = {Action.RETRACT} if canceled else {Action.PUBLISH, Action.UPDATE}
    rows = rows.filter(action__in=kind).exclude(state=State.CANCELLED)
    return rows.select_related("channel", "publication").order_by("-pk").first()


def _settle(row: Delivery, call: Call) -> None:
    """Raises ``NotAllowed`` when nothing is open."""
    note = one_line(call.note)[:LONGEST_NOTE]
    if call.status == "refused":
        refusal = _("The receiver refused the item: %s") % (note or _("it gave no reason"))
        delivery.refused(row, refusal)
        return
    if row.state not in {State.AWAITING, State.UNCERTAIN, State.FAILED}:
        raise delivery.NotAllowed
    sent = receipt_from_json(row.receipt) if row.receipt else None
    known = sent or Receipt(external_id=identity(str(row.story)), details={"key": call.key})
    confirmed = f"{_('Confirmed by the receiver.')} {note}".strip()
    delivery.found(row, replace(known, awaits_person=False, note=confirmed))
