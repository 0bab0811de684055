"""A feed that others fetch: general, spoken for radio, with wide pictures for television.

What is composed here is listed by ``channels.feeds`` as RSS 2.0, Atom and JSON Feed.
"""

from collections.abc import Sequence
from typing import Literal, cast

from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from channels.contract import Adapter, Message, Picture, Receipt, Story


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a plain text, which are parted by blank lines."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def as_html(parts: Sequence[str]) -> str:
    """Return one escaped HTML paragraph for each part."""
    return str(format_html_join("", "<p>{}</p>", ((part,) for part in parts)))


class Options(BaseModel):
    """Settings of one feed."""

    model_config = ConfigDict(extra="forbid")

    variant: Literal["text", "spoken", "picture"] = Field(
        "text",
        title=cast(str, _("What it carries")),
        description=cast(str, _("Radio reads the spoken text; television needs the wide picture.")),
        json_schema_extra={
            "choices": {
                "text": cast(str, _("Text, for everybody")),
                "spoken": cast(str, _("Text to be read aloud, for radio")),
                "picture": cast(str, _("Text with a picture of 1920×1080, for television")),
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


class Feed(Adapter):
    """Composes items; the document views list what was delivered."""

    kind = "feed"
    label = _("RSS feed")
    summary = _("A list of items that stations, newspapers and readers fetch themselves.")
    Options = Options
    pulls = True
    can_update = True
    can_retract = True

    def compose(self, story: Story) -> Message:
        text, html = self._texts(story)
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=story.title,
            text=text,
            html=html,
            address=story.address,
            image=self._picture(story),
            language=story.language,
            level=story.level,
            section=story.section_name or story.section,
            author=story.author,
            published=story.published,
            updated=story.updated,
        )

    def _texts(self, story: Story) -> tuple[str, str]:
        """Return the plain text and the full text as HTML; the latter is empty when unwanted."""
        if self.options.variant == "spoken":
            spoken = paragraphs(story.spoken)
            if self.options.full_text:
                return "\n\n".join(spoken), as_html(spoken)
            return "".join(spoken[:1]), ""
        return story.summary, story.html if self.options.full_text else ""

    def _picture(self, story: Story) -> Picture | None:
        if self.options.variant == "picture":
            return story.wide_picture
        return story.picture if self.options.variant == "text" else None

    async def send(self, message: Message) -> Receipt:
        return Receipt(external_id=f"urn:uuid:{message.story}", address=message.address)

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        return await self.send(message)

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        return Receipt(external_id=f"urn:uuid:{message.story}")
