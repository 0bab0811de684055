"""Fixtures that several tests of channels use."""

from tests.channels.channel_fixtures import admin, box, browser, channel
from tests.channels.feed_fixtures import deliver, radio

__all__ = ["admin", "box", "browser", "channel", "deliver", "radio"]
