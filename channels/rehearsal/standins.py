"""What stands where a receiver would: it says what the channel says, and sends nothing."""

import hashlib
import random
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from channels import building, quiet, registry, retry
from channels.contract import (
    Adapter,
    HttpResponse,
    Message,
    NotSent,
    Pace,
    PermanentError,
    Receipt,
    Story,
    TemporaryError,
)
from channels.models import Channel
from core.crypto import decrypt

ANSWER = timedelta(milliseconds=300)  # what receivers usually take
REFUSALS = 0.1  # the share of tries that a faulty stand-in answers with "later"


class Nowhere:
    """In the place of the network and of the HTTP client: nothing can be reached through it."""

    async def request(self, *args: object, **kwargs: object) -> HttpResponse:
        raise NotSent("A rehearsal sends nothing.")

    async def permitted(self, host: str, port: int) -> list[str]:
        raise NotSent("A rehearsal connects to nothing.")


@dataclass(frozen=True, slots=True)
class StandIn:
    """One channel of the rehearsal. Its adapter holds no secret and reaches no network."""

    pk: int
    slug: str
    name: str
    pulls: bool
    takes_embargoed: bool
    sections: tuple[str, ...]
    levels: tuple[str, ...]
    window: quiet.Window | None
    policy: retry.Policy
    paces: tuple[Pace, ...]
    adapter: Adapter

    def takes(self, story: Story) -> bool:
        """Whether a new item of this section and level goes to the channel."""
        return (not self.sections or story.section in self.sections) and (
            not self.levels or story.level in self.levels
        )

    def compose(self, story: Story) -> Message:
        """Return what the channel would say. Raises ``PermanentError``."""
        with building.guarded(self.adapter.kind):
            return self.adapter.compose(story)

    def costs(self, message: Message) -> list[int]:
        """Return as how many messages each call counts that the message takes, at least one call.

        Raises ``PermanentError``.
        """
        with building.guarded(self.adapter.kind):
            return self.adapter.costs(message)

    def send(self, message: Message, chance: random.Random | None) -> Receipt:
        """Answer as a receiver would; with ``chance``, now and then that it has no time.

        Raises ``TemporaryError``.
        """
        if chance is not None and not self.pulls and chance.random() < REFUSALS:
            raise TemporaryError(_("The stand-in was told to refuse this try."))
        return Receipt(
            external_id=f"rehearsal:{message.key}", note=_("Rehearsal: nothing was sent")
        )


def useless(secret: str) -> str:
    """Return what tells secrets apart, as the rates of one bot need it, and opens nothing."""
    return f"rehearsal-{hashlib.sha256(secret.encode()).hexdigest()[:24]}" if secret else ""


def stand_in(channel: Channel) -> StandIn:
    """Return the channel's stand-in. Raises ``PermanentError`` when its settings are unusable."""
    kind = registry.ADAPTERS.get(channel.kind)
    if kind is None:
        raise PermanentError(_("This version of the system has no channels of this kind."))
    with building.guarded(channel.kind):
        nowhere, options = Nowhere(), kind.Options.model_validate(channel.options)
        adapter = kind(
            options,
            useless(decrypt(building.keeper_of(channel, options).secret)),
            http=nowhere,
            files=building.StoredFiles(),
            network=nowhere,
        )
        return StandIn(
            pk=channel.pk,
            slug=channel.slug,
            name=channel.name,
            pulls=kind.pulls,
            takes_embargoed=kind.takes_embargoed,
            sections=tuple(channel.takes_sections),
            levels=tuple(channel.takes_levels),
            window=channel.quiet_hours,
            policy=channel.retry_policy,
            paces=tuple(adapter.paces()),
            adapter=adapter,
        )
