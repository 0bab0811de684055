"""What many channels say of one story, put into words once for those that say the same."""

import json
from dataclasses import dataclass
from typing import Any

from channels import building
from channels.adapters.portal import Portal
from channels.contract import Adapter, Message, PermanentError, Story
from channels.models import Action, Channel
from channels.payload import to_json


@dataclass(frozen=True, slots=True)
class Said:
    """One channel's part: its message as the outbox stores it, or why it has none."""

    channel: Channel
    action: Action
    message: Message
    payload: dict[str, Any]
    adapter: Adapter | None = None
    error: PermanentError | None = None


class Composer:
    """Composes one story for channel after channel.

    Channels of a kind whose settings differ only in where they send (``Adapter.addressing``) say
    the same, so it is composed once for all of them.
    """

    def __init__(self, story: Story) -> None:
        self.story = story
        self._known: dict[str, tuple[Message, dict[str, Any]]] = {}

    def say(self, channel: Channel, action: Action) -> Said:
        """Return what the channel says, or a plain message and the error that it cannot."""
        try:
            adapter = building.adapter(channel)
            message, payload = self._composed(channel, adapter)
        except PermanentError as error:
            plain = self._plain()
            return Said(channel, action, plain, to_json(plain), error=error)
        return Said(channel, action, message, payload, adapter)

    def _composed(self, channel: Channel, adapter: Adapter) -> tuple[Message, dict[str, Any]]:
        what = {k: v for k, v in channel.options.items() if k not in adapter.addressing}
        key = json.dumps([channel.kind, what], sort_keys=True)
        if key not in self._known:
            with building.guarded(channel.kind):
                message = adapter.compose(self.story)
            self._known[key] = message, to_json(message)
        return self._known[key]

    def _plain(self) -> Message:
        """Return a message for a channel that has none of its own, so that the row can be seen."""
        portal = Portal(Portal.Options(), "", http=None, files=None)  # type: ignore[arg-type]
        return portal.compose(self.story)
