"""A web hook: every item as a ninjs 3.0 document, signed, to one address.

``docs/channels/webhook.md`` is the promise to the receiver.
"""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.adapters.shared_correcting import marked, noted
from channels.adapters.shared_ninjs import content, identity, stamped, withdrawal
from channels.adapters.webhook_answers import Said, doubt, understood
from channels.adapters.webhook_options import WebhookOptions
from channels.adapters.webhook_signing import Keys
from channels.contract import (
    Adapter,
    Barred,
    Degree,
    Message,
    NoAnswer,
    NotSent,
    Pace,
    PermanentError,
    Proof,
    Receipt,
    Story,
    TemporaryError,
)

ANSWER_BYTES = 64_000  # a receiver has little to say
CANCELED = ":canceled"  # ends the key of a withdrawal
PING = {"ping": True}
BURST = 5


class Webhook(Adapter):
    """Posts a document for each version; a withdrawal is a document that says so."""

    kind = "webhook"
    label = gettext_lazy("Web hook (ninjs)")
    summary = gettext_lazy("Posts every item, signed, to the address of a newsroom's own system.")
    Options = WebhookOptions
    secret_label = gettext_lazy("Signing key as id:secret")
    takes_embargoed = True
    addressing = frozenset({"address", "with_callback", "drops_repeats", "per_minute"})
    can_update = True
    can_retract = True
    can_probe = True
    limits: ClassVar[dict[str, int]] = {}

    options: WebhookOptions

    def compose(self, story: Story) -> Message:
        """Freeze the document without its version, which ``stamped`` adds when it is sent."""
        said = content(
            story,
            usage_terms=self.options.usage_terms,
            with_contact=self.options.with_contact,
        )
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=marked(story.title, story),
            text=noted(story.text or story.summary, story),
            address=story.address,
            image=story.picture,
            language=story.language,
            level=story.level,
            section=story.section_name or story.section,
            author=story.author,
            documents=story.documents,
            published=story.published,
            updated=story.updated,
            details={"ninjs": said},
        )

    async def send(self, message: Message) -> Receipt:
        """Post the document. Without an answer it is uncertain, unless repeats are dropped."""
        document = stamped(message.details["ninjs"], message)
        said = await self._post(document, message.key, repeatable=self.options.drops_repeats)
        return self._receipt(message, message.key, said)

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        """Post the same address with a higher version: twice does no harm."""
        document = stamped(message.details["ninjs"], message)
        said = await self._post(document, message.key, repeatable=True)
        return self._receipt(message, message.key, said, receipt.address)

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        """Post that the document is canceled: twice does no harm."""
        key = f"{message.key}{CANCELED}"
        said = await self._post(withdrawal(message), key, repeatable=True)
        return replace(self._receipt(message, key, said), address="")

    async def arrived(self, message: Message, receipt: Receipt) -> Proof | None:
        """With call-backs, only one of these settles a delivery."""
        if not self.options.with_callback:
            return None
        return Proof(Degree.RETURNED, _("The receiver confirmed it by a signed call-back."))

    async def check(self) -> str:
        """Post a signed ping, which publishes nothing. Returns the receiver's host."""
        await self._post(PING, "", repeatable=True)
        return urlsplit(self.options.address).hostname or ""

    def paces(self) -> list[Pace]:
        """Kept for the address, whichever channels lead there.

        A burst and a refill that together stay within the limit in every minute.
        """
        address = hashlib.sha256(self.options.address.encode()).hexdigest()[:16]
        burst = min(BURST, self.options.per_minute)
        interval = 60 / (self.options.per_minute - burst + 1)
        return [Pace(key=f"webhook:{address}", interval=interval, burst=burst)]

    async def _post(self, document: Mapping[str, Any], key: str, *, repeatable: bool) -> Said:
        keys = self._keys()
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            **({"Idempotency-Key": key} if key else {}),
            **keys.headers(body, int(time.time())),
        }
        try:
            answer = await self.http.request(
                "POST",
                self.options.address,
                headers=headers,
                body=body,
                max_bytes=ANSWER_BYTES,
            )
        except Barred as error:
            raise PermanentError(str(error), stops_channel=True) from None
        except NotSent as error:
            raise TemporaryError(str(error)) from None
        except NoAnswer as error:
            raise doubt(str(error), repeatable=repeatable) from None
        secrets = [secret.decode() for secret in keys.secrets.values()]
        return understood(answer, secrets, repeatable=repeatable)

    def _keys(self) -> Keys:
        try:
            return Keys.read(self.secret)
        except ValueError as error:
            raise PermanentError(str(error), stops_channel=True) from None

    def _receipt(self, message: Message, key: str, said: Said, shown: str = "") -> Receipt:
        note = said.note
        if self.options.with_callback:
            note = _("The receiver has not confirmed it yet: its signed call-back is awaited.")
        elif said.accepted_only:
            handed_over = _("Handed over; the receiver works on it later.")
            note = f"{handed_over} {said.note}".strip()
        return Receipt(
            external_id=identity(message.story),
            address=said.address or shown,
            note=note,
            details={"key": key},
            awaits_person=self.options.with_callback,
        )
