"""Packages for commune loudspeakers, put into a folder their system reads.

No interface of these systems is published (Công văn 1273/BTTTT-TTCS names none), so what they get
is a script, sound where there is some, and a manifest.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from channels.adapters.loudspeaker_package import LoudspeakerOptions, plan
from channels.adapters.shared_correcting import noted
from channels.adapters.shared_files import File, stem
from channels.adapters.shared_packages import PackageAdapter
from channels.contract import NIGHT, Message, Story


class Loudspeaker(PackageAdapter):
    """Puts a script, its sound and a manifest into a folder."""

    kind = "loudspeaker"
    label = gettext_lazy("Commune loudspeakers (package)")
    summary = gettext_lazy(
        "Puts a package for loudspeaker systems into a folder: the text to be read, sound if there "
        "is some, level, areas and times of broadcast."
    )
    quiet_hours = NIGHT
    Options = LoudspeakerOptions

    options: LoudspeakerOptions

    def compose(self, story: Story) -> Message:
        """Say what is read aloud, a correction before it."""
        script = noted(script_of(story), story, spoken=True)
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=story.title,
            text=script,
            address=story.address,
            language=story.language,
            level=story.level,
            section=story.section_name or story.section,
            author=story.author,
            documents=tuple(item for item in story.documents if item.is_audio),
            published=story.published,
            updated=story.updated,
            details={"name": stem(story), "plan": plan(story, script, self.options)},
        )

    def documents(self, message: Message) -> list[File]:
        return [File("script.txt", "script", "text/plain; charset=utf-8", in_utf8(message.text))]

    def tombstones(self, message: Message) -> list[File]:
        """Nothing stays that somebody could read aloud: the manifest alone tells."""
        return []

    def facts(self, message: Message) -> Mapping[str, Any]:
        found: Mapping[str, Any] = message.details["plan"]
        return found


def script_of(story: Story) -> str:
    """Return what was written for loudspeakers, else the item as it is read aloud."""
    written = story.variants.get("loudspeaker", {}).get("text", "").strip()
    return written or story.spoken.strip() or story.text


def in_utf8(text: str) -> bytes:
    return f"{text}\n".encode("utf-8", "replace")
