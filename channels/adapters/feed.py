"""A feed that others fetch: general, for radio, television, newspapers or loudspeakers.

What is composed here is listed by ``channels.feeds`` as RSS 2.0, Atom and JSON Feed.
"""

from dataclasses import replace
from datetime import datetime
from typing import Literal, cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from channels.adapters.feed_contents import CONTENTS, SPOKEN, as_html
from channels.adapters.shared_correcting import marked, note, noted
from channels.contract import Adapter, Message, Receipt, Story


def corrected(message: Message, story: Story, *, spoken: bool) -> Message:
    """Return the message with the mark of a correction, and its note before everything else."""
    return replace(
        message,
        title=marked(message.title, story),
        text=noted(message.text, story, spoken=spoken),
        html=as_html([note(story, spoken=spoken)]) + message.html if message.html else "",
    )


def asking(message: Message, contact: str) -> Message:
    """Return the message with whom newsrooms may ask, in the language of the feed."""
    line = f"Liên hệ: {contact}"
    return replace(
        message,
        text=f"{message.text}\n\n{line}",
        html=message.html + as_html([line]) if message.html else "",
    )


def under_embargo(message: Message, until: datetime) -> Message:
    """Return the message with the moment before which nobody may use it, where nobody misses it.

    In the language of the feed, like the mark of withdrawn items: newsrooms look for it literally.
    """
    mark = f"CHƯA ĐƯỢC PHÁT TRƯỚC {timezone.localtime(until):%H:%M ngày %d/%m/%Y}"
    return replace(
        message,
        title=f"[{mark}] {message.title}",
        text=f"{mark}.\n\n{message.text}",
        html=as_html([f"{mark}."]) + message.html if message.html else "",
    )


class Options(BaseModel):
    """Settings of one feed."""

    model_config = ConfigDict(extra="forbid")

    variant: Literal["text", "spoken", "picture", "press", "loudspeaker"] = Field(
        "text",
        title=cast(str, _("What it carries")),
        description=cast(str, _("Radio reads the spoken text; television needs the wide picture.")),
        json_schema_extra={
            "choices": {
                "text": cast(str, _("Text, for everybody")),
                "spoken": cast(str, _("Text to be read aloud, for radio")),
                "picture": cast(str, _("Text with a picture of 1920×1080, for television")),
                "press": cast(str, _("Headline, lead and text for newspapers")),
                "loudspeaker": cast(str, _("Text to be read aloud, for loudspeakers")),
            }
        },
    )
    title: str = Field(
        "",
        max_length=200,
        title=cast(str, _("Title of the feed")),
        description=cast(str, _("Empty: the name of the channel.")),
    )
    description: str = Field(
        "",
        max_length=500,
        title=cast(str, _("What the feed is about")),
        description=cast(str, _("One or two sentences for those who subscribe.")),
        json_schema_extra={"widget": "textarea"},
    )
    limit: int = Field(
        50,
        ge=20,
        le=200,
        title=cast(str, _("Items listed")),
        description=cast(str, _("The newest ones, between 20 and 200.")),
    )
    full_text: bool = Field(
        True,
        title=cast(str, _("Carry the full text")),
        description=cast(str, _("Off: only the summary and the link.")),
    )
    with_contact: bool = Field(
        False,
        title=cast(str, _("Name the contact of the item")),
        description=cast(str, _("For newsrooms: whom they may ask. Everybody can read a feed.")),
    )


class Feed(Adapter):
    """Composes items; the document views list what was delivered."""

    kind = "feed"
    label = _("RSS feed")
    summary = _("A list of items that stations, newspapers and readers fetch themselves.")
    Options = Options
    pulls = True
    takes_embargoed = True
    can_update = True
    can_retract = True

    def compose(self, story: Story) -> Message:
        said = CONTENTS[self.options.variant](story)
        full = self.options.full_text
        message = Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=said.title,
            text=said.text if full else said.brief,
            html=said.html if full else "",
            address=story.address,
            image=said.picture,
            language=story.language,
            level=story.level,
            section=story.section_name or story.section,
            author=story.author,
            published=story.published,
            updated=story.updated,
        )
        if self.options.with_contact and story.contact:
            message = asking(message, story.contact)
        if story.correction:
            message = corrected(message, story, spoken=self.options.variant in SPOKEN)
        return under_embargo(message, story.embargo) if story.embargo else message

    async def send(self, message: Message) -> Receipt:
        return Receipt(external_id=f"urn:uuid:{message.story}", address=message.address)

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        return await self.send(message)

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        return Receipt(external_id=f"urn:uuid:{message.story}")
