"""Loudspeakers and notice boards behind an MQTT 5 broker: one retained topic for each item."""

import asyncio
import json
import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.adapters.mqtt_options import MqttOptions
from channels.adapters.mqtt_reasons import NO_SUBSCRIBERS
from channels.adapters.mqtt_session import Broker, Retained, converse, given
from channels.adapters.shared_correcting import marked, noted
from channels.contract import (
    NIGHT,
    Adapter,
    Barred,
    Degree,
    Message,
    NotSent,
    PermanentError,
    Proof,
    Receipt,
    Story,
    TemporaryError,
)

NAME_SECONDS = 5.0  # to find the broker's addresses
# Boards that show whatever title they get show at least this.
WITHDRAWN = "[ĐÃ GỠ]"


class Mqtt(Adapter):
    """Puts the state of every item into its topic, where receivers find it at any time."""

    kind = "mqtt"
    label = gettext_lazy("MQTT broker")
    summary = gettext_lazy("Loudspeakers and electronic notice boards that listen to a broker.")
    Options = MqttOptions
    secret_label = gettext_lazy("User and password for the broker, as user:password")
    in_threads = True
    can_update = True
    can_retract = True
    can_probe = True
    quiet_hours = NIGHT
    limits: ClassVar[dict[str, int]] = {}

    options: MqttOptions

    # --- what is said ----------------------------------------------------------------------

    def compose(self, story: Story) -> Message:
        said = {"text": story.text, "summary": story.summary, "spoken": _spoken(story)}
        text = said[self.options.says] or story.text or story.summary
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=marked(story.title, story),
            text=noted(text, story, spoken=self.options.says == "spoken"),
            address=story.address,
            image=story.picture if self.options.with_picture else None,
            language=story.language,
            level=story.level,
            section=story.section,
            author=story.author,
            published=story.published,
            updated=story.updated,
            details={"valid_until": _valid_until(story)},
        )

    # --- how it is carried -----------------------------------------------------------------

    async def send(self, message: Message) -> Receipt:
        return await self._put(message, self._topic(message))

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        """Replace the state in the topic of record, wherever new items go meanwhile."""
        return await self._put(message, receipt.details.get("topic") or self._topic(message))

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        """Put "withdrawn" into the topic, so that receivers which come back later see it."""
        topic = receipt.details.get("topic") or self._topic(message)
        messages = [self._retained(topic, withdrawn(message))]
        if self.options.clear_withdrawn:
            messages.append(Retained(topic=topic))
        await converse(await self._broker(), messages)
        return Receipt(external_id=topic, details={"topic": topic})

    async def arrived(self, message: Message, receipt: Receipt) -> Proof | None:
        """Subscribe as receivers do, and see the broker give the item back."""
        topic = receipt.details.get("topic") or self._topic(message)
        if await given(await self._broker(), topic) != encoded(state(message)):
            raise TemporaryError(
                _(
                    "The broker does not give the item to those who subscribe. See that it keeps "
                    "messages for later receivers, and that our user may read there too."
                )
            )
        return Proof(Degree.RETURNED, _("The broker gave it back to a receiver that subscribed."))

    async def check(self) -> str:
        """Connect and part. Returns the broker's name and where the topics begin."""
        await converse(await self._broker(), [])
        return f"{self.options.host}: {self.options.prefix}"

    async def _put(self, message: Message, topic: str) -> Receipt:
        answers = await converse(await self._broker(), [self._retained(topic, state(message))])
        note = _("No receiver listens now; they get it when they connect.")
        return Receipt(
            external_id=topic,
            details={"topic": topic},
            note=note if NO_SUBSCRIBERS in answers else "",
        )

    def _topic(self, message: Message) -> str:
        return f"{self.options.prefix}/items/{message.story}"

    def _retained(self, topic: str, said: dict[str, Any]) -> Retained:
        hours = self.options.expiry_hours
        return Retained(
            topic=topic,
            payload=encoded(said),
            seconds=None if hours is None else int(timedelta(hours=hours).total_seconds()),
        )

    async def _broker(self) -> Broker:
        """Return where to connect to. Raises a ``DeliveryError``; nothing was sent then."""
        user, parted, password = self.secret.partition(":")
        if self.secret and not (user and parted):
            raise PermanentError(
                _("Enter the broker's user and password with a colon between them."),
                stops_channel=True,
            )
        chosen = self.options
        return Broker(
            host=chosen.host,
            addresses=await self._addresses(),
            port=chosen.port,
            # Two connections of one name would push each other out (MQTT 5 §3.1.4).
            client=f"{chosen.client}-{secrets.token_hex(4)}",
            user=user,
            password=password,
            tls=chosen.tls,
            ca_certificate=chosen.ca_certificate,
        )

    async def _addresses(self) -> list[str]:
        try:
            async with asyncio.timeout(NAME_SECONDS):
                return await self.network.permitted(self.options.host, self.options.port)
        except Barred as error:
            raise PermanentError(str(error), stops_channel=True) from None
        except NotSent as error:
            raise TemporaryError(str(error)) from None
        except TimeoutError:
            raise TemporaryError(_("The broker's name could not be looked up in time.")) from None


def state(message: Message) -> dict[str, Any]:
    """Return what a topic holds of a published item."""
    return {
        "state": "published",
        "id": message.story,
        "version": int(message.key.rpartition(":")[2]),
        "level": message.level,
        "title": message.title,
        "text": message.text,
        "language": message.language,
        "link": message.address,
        "picture": message.image.url if message.image else None,
        "published": message.published.isoformat(),
        "updated": message.updated.isoformat(),
        "valid_until": message.details.get("valid_until"),
    }


def encoded(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def withdrawn(message: Message) -> dict[str, Any]:
    """Return what a topic holds of a withdrawn item: nothing that could be shown or read out."""
    title = message.title if message.title.startswith(WITHDRAWN) else f"{WITHDRAWN} {message.title}"
    return state(message) | {"state": "withdrawn", "title": title, "text": "", "picture": None}


def _spoken(story: Story) -> str:
    """Return what was written for loudspeakers, else the item as it is read aloud."""
    return story.variants.get("loudspeaker", {}).get("text", "").strip() or story.spoken


def _valid_until(story: Story) -> str | None:
    """Return the end of an announcement in ISO 8601; None when it has none."""
    try:
        end = datetime.strptime(story.facts.get("ends_at", ""), "%H:%M %d/%m/%Y")  # noqa: DTZ007
    except ValueError:
        return None
    return timezone.make_aware(end).isoformat()
