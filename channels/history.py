"""All that was ever written for one story, channel by channel, read once for many channels."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from channels import standing
from channels.contract import Message
from channels.models import Action, Delivery, Publication, State
from channels.payload import message_from_json
from channels.standing import Standing


@dataclass
class History:
    """The deliveries of a story by channel id, oldest first, as they stood when this was read.

    Whoever holds the story's lock finds them so still, but for what a worker has claimed since.
    """

    rows: dict[int, list[Delivery]] = field(default_factory=dict)

    @classmethod
    def of(cls, story: UUID | str, channels: Collection[int] | None = None) -> "History":
        """Read it, of ``channels`` only when given. Messages are left out: they are long."""
        found = Delivery.objects.of_story(story).select_related("channel").defer("payload")
        if channels is not None:
            found = found.filter(channel__in=channels)
        versions = Publication.objects.defer("content")
        history = cls()
        for row in found.prefetch_related(Prefetch("publication", versions)).order_by("pk"):
            history.rows.setdefault(row.channel_id, []).append(row)
        return history

    def standing(self, channel: int) -> Standing:
        """Return what the channel holds of the story."""
        return standing.after(self.rows.get(channel, ()))

    def standings(self) -> dict[int, Standing]:
        """Return what each channel holds of the story that ever was to have it."""
        return {channel: self.standing(channel) for channel in self.rows}

    def in_state(self, state: State, channels: Iterable[int]) -> list[Delivery]:
        """Return the deliveries of these channels that are in the state."""
        rows = (row for channel in channels for row in self.rows.get(channel, ()))
        return [row for row in rows if row.state == state]

    def last(self, channel: int) -> Delivery | None:
        """Return the last delivery that was not cancelled."""
        rows = self.rows.get(channel, ())
        return next((row for row in reversed(rows) if row.state != State.CANCELLED), None)

    def spoken(self, channel: int) -> Delivery | None:
        """Return the last delivery that left."""
        unsaid = {State.CANCELLED, State.PENDING}
        rows = self.rows.get(channel, ())
        return next((row for row in reversed(rows) if row.state not in unsaid), None)

    def newest(self, channel: int) -> Delivery | None:
        """Return the last delivery of the newest version that was not cancelled."""
        rows = [row for row in self.rows.get(channel, ()) if row.state != State.CANCELLED]
        return max(rows, key=lambda row: (row.sequence, row.pk), default=None)

    def retraction_waits(self, channel: int) -> bool:
        """Whether a withdrawal is on its way or its end is not known."""
        on_its_way = {State.PENDING, State.SENDING, State.UNCERTAIN}
        rows = self.rows.get(channel, ())
        return any(row.action == Action.RETRACT and row.state in on_its_way for row in rows)

    def ended(self, channel: int) -> bool:
        """Whether what last left is ended, or will be."""
        last = self.spoken(channel)
        rows = self.rows.get(channel, ())
        return last is not None and any(
            row.action == Action.END and row.pk >= last.pk for row in rows
        )

    def ended_for_a_person(self, channel: int) -> bool:
        """Whether the last word is a failure that a person is asked about."""
        rows = self.rows.get(channel, [])[-1:]
        return any(row.state == State.FAILED and row.action != Action.RETRACT for row in rows)

    def message(self, row: Delivery) -> Message:
        """Return what one of the ``last``, ``spoken`` or ``newest`` rows says."""
        return message_from_json(self._payloads[row.pk])

    @cached_property
    def _payloads(self) -> dict[int, Any]:
        wanted = {row.pk for channel in self.rows for row in self._ends(channel)}
        return dict(Delivery.objects.filter(pk__in=wanted).values_list("pk", "payload"))

    def _ends(self, channel: int) -> list[Delivery]:
        ends = (self.last(channel), self.spoken(channel), self.newest(channel))
        return [row for row in ends if row is not None]
