"""What a package for commune loudspeakers says besides the script: when, where, how often. Pure."""

import re
from datetime import datetime, timedelta
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from pydantic import Field, field_validator

from channels.adapters.shared_folders import FolderOptions
from channels.contract import Story

CLOCK = re.compile(r"([01]?\d|2[0-3])[:hg.]([0-5]\d)")
# Loudspeakers are silent at night: complaints are about what is earlier or later than this.
EARLIEST, LATEST = "05:30", "21:00"
SYLLABLE = re.compile(r"\w+")


class LoudspeakerOptions(FolderOptions):
    """Settings of one loudspeaker system."""

    areas: list[str] = Field(
        default=[],
        title=cast(str, pgettext_lazy("loudspeakers", "Areas")),
        description=cast(
            str,
            gettext_lazy(
                "Codes of communes or loudspeaker clusters, as the system knows them. Empty: all."
            ),
        ),
    )
    slots: list[str] = Field(
        default=["05:30", "17:00"],
        min_length=1,
        max_length=12,
        title=cast(str, pgettext_lazy("loudspeakers", "Times of broadcast")),
        description=cast(
            str, gettext_lazy("Between 05:30 and 21:00. Urgent items are played at once.")
        ),
    )
    repeat: int = Field(
        1,
        ge=1,
        le=10,
        title=cast(str, pgettext_lazy("loudspeakers", "Readings in each broadcast")),
        description=cast(str, gettext_lazy("How many times in a row an item is read.")),
    )
    days: int = Field(
        3,
        ge=1,
        le=60,
        title=cast(str, pgettext_lazy("loudspeakers", "Days of validity")),
        description=cast(
            str, gettext_lazy("After so many days the item must not be played any more.")
        ),
    )
    speed: int = Field(
        180,
        ge=120,
        le=260,
        title=cast(str, gettext_lazy("Syllables a minute")),
        description=cast(
            str, gettext_lazy("For the reading time. Outdoor loudspeakers need 160 to 190.")
        ),
    )
    normal: str = Field(
        "thong_thuong",
        min_length=1,
        max_length=50,
        title=cast(str, gettext_lazy("Code of ordinary bulletins")),
        description=cast(
            str, gettext_lazy("How the system names the level (Circular 39/2020/TT-BTTTT).")
        ),
    )
    priority: str = Field(
        "uu_tien",
        min_length=1,
        max_length=50,
        title=cast(str, gettext_lazy("Code of priority bulletins")),
        description=cast(str, gettext_lazy("Such bulletins are played first in the programme.")),
    )
    urgent: str = Field(
        "khan_cap",
        min_length=1,
        max_length=50,
        title=cast(str, gettext_lazy("Code of emergency bulletins")),
        description=cast(str, gettext_lazy("Such bulletins interrupt the programme.")),
    )

    @field_validator("slots")
    @classmethod
    def _in_the_day(cls, values: list[str]) -> list[str]:
        return sorted({slot_of(value) for value in values})

    @field_validator("areas")
    @classmethod
    def _once(cls, values: list[str]) -> list[str]:
        areas = list(dict.fromkeys(value.strip() for value in values if value.strip()))
        if any(len(area) > 50 or not area.isprintable() for area in areas):
            raise ValueError(_("A code of an area has at most 50 characters."))
        return areas

    def code_of(self, level: str) -> str:
        """Return how the system names a level; what it does not know is ordinary."""
        return {"priority": self.priority, "urgent": self.urgent}.get(level, self.normal)


def slot_of(text: str) -> str:
    """Return a time of day as "05:30". Raises ``ValueError`` for other words, and for the night."""
    found = CLOCK.fullmatch(text.strip().lower())
    slot = f"{int(found.group(1)):02}:{found.group(2)}" if found else ""
    if not EARLIEST <= slot <= LATEST:
        raise ValueError(_("Enter times between 05:30 and 21:00, such as 17:00."))
    return slot


def plan(story: Story, script: str, options: LoudspeakerOptions) -> dict[str, Any]:
    """Return when, where and how often the script is to be read, as the manifest says it."""
    begins = begin_of(story)
    counted = syllables(script)
    seconds = round(counted * 60 / options.speed)
    immediate = story.level == "urgent"
    return {
        "bulletin_level": options.code_of(story.level),
        "immediate": immediate,
        "areas": options.areas,
        "valid_from": begins.isoformat(),
        "valid_to": (begins + timedelta(days=options.days)).isoformat(),
        "slots": [] if immediate else options.slots,
        "repeat": options.repeat,
        "syllables": counted,
        "reading_seconds": seconds,
        "total_seconds": seconds * options.repeat,
        "source": story.unit,
        "author": story.author,
        "contact": story.contact,
        "genre": story.genre,
    }


def begin_of(story: Story) -> datetime:
    """Return from when it may be read: a correction is read anew, an embargo is kept."""
    moments = [story.published, story.corrected, story.embargo]
    return timezone.localtime(max(moment for moment in moments if moment))


def syllables(script: str) -> int:
    """Return how many syllables are read; the script has its numbers in words already."""
    return len(SYLLABLE.findall(script))
