"""Whether a version of a story is for a channel: it takes such items, or holds an earlier one."""

from collections.abc import Collection
from dataclasses import dataclass, field

from channels import registry
from channels.composing import Composer
from channels.contract import Story
from channels.history import History
from channels.models import Action, Channel, Delivery, State
from channels.payload import says_the_same
from channels.standing import Standing


@dataclass
class Choice:
    """What decides it: the story, what went out so far, and the slugs a person took off the item.

    ``same``: the version that stands says the same. ``hidden``: it had expired.
    """

    story: Story
    history: History
    off: Collection[str] = ()
    same: bool = False
    hidden: bool = False
    composer: Composer = field(init=False)

    def __post_init__(self) -> None:
        self.composer = Composer(self.story)

    def wants(self, channel: Channel) -> bool:
        """Whether the version is for the channel."""
        if channel.slug in self.off:
            return False
        held = self.history.standing(channel.pk)
        if channel.is_retired and not held.may_be_up:
            return False
        has_it = held.may_be_up or held.queued
        shown_again = self.hidden and pulls(channel)
        if self.same and has_it and not shown_again:
            return self.history.retraction_waits(channel.pk)
        if has_it:
            return shown_again or not self._shows_the_same(channel, held)
        if self.same and self.history.ended_for_a_person(channel.pk):
            return False
        return channel.is_active and channel.takes(
            section=self.story.section, level=self.story.level
        )

    def _shows_the_same(self, channel: Channel, held: Standing) -> bool:
        """Whether the receiver is known to show just what the channel would say of this version.

        A change in the radio text is then no message to a group that never saw it.
        """
        last = self.history.last(channel.pk)
        if held.queued or held.in_flight or last is None or not _stands(last):
            return False
        said = self.composer.say(channel, Action.UPDATE)
        if said.error is not None:
            return False  # a failure that people are told of
        return says_the_same(said.message, self.history.message(last))


def _stands(row: Delivery) -> bool:
    """Whether the row is what the receiver shows to everybody it serves."""
    arrived = row.state in {State.DELIVERED, State.AWAITING}
    return arrived and row.action != Action.RETRACT and row.publication.embargo_until is None


def pulls(channel: Channel) -> bool:
    """Whether the channel's receivers fetch from us."""
    kind = registry.ADAPTERS.get(channel.kind)
    return kind is not None and kind.pulls
