"""Settings of one Telegram group."""

import re
import unicodedata
from typing import Annotated, Any, Literal, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from channels.adapters.telegram_text import ParseMode

CHAT_NAME = re.compile(r"@[A-Za-z]\w{3,31}", re.ASCII)
TOPIC = re.compile(r"(?P<section>.*\S)\s*[=:]\s*(?P<number>[1-9]\d{0,8})", re.ASCII)

Silent = Literal["never", "night", "ordinary", "always"]
Preview = Literal["usual", "none", "small", "large", "above"]
PREVIEWS = {
    "usual": gettext_lazy("As Telegram chooses"),
    "none": pgettext_lazy("preview", "None"),
    "small": gettext_lazy("With a small picture"),
    "large": gettext_lazy("With a large picture"),
    "above": gettext_lazy("With a large picture above the text"),
}
SILENCES = {
    "never": pgettext_lazy("items without sound", "None"),
    "night": gettext_lazy("Those between 21:00 and 5:30"),
    "ordinary": gettext_lazy("All of the normal level"),
    "always": pgettext_lazy("items without sound", "All"),
}


def chat_reference(value: object) -> object:
    """Return a chat's number as ``int`` and its public name as ``str``. Raises ``ValueError``."""
    text = str(value).strip() if not isinstance(value, bool) else ""
    if re.fullmatch(r"-?[1-9]\d{0,17}", text, re.ASCII):
        return int(text)
    if CHAT_NAME.fullmatch(text):
        return text
    raise ValueError(_("Enter the group's number, such as -1001234567890, or its public @name."))


def silence(value: object) -> object:
    """Return what a channel stored as yes or no in the words of today."""
    return {True: "always", False: "never"}.get(value, value) if isinstance(value, bool) else value


class TelegramOptions(BaseModel):
    """Settings of one group."""

    model_config = ConfigDict(extra="forbid")

    chat_id: Annotated[int | str, BeforeValidator(chat_reference)] = Field(
        title=cast(str, pgettext_lazy("chat", "Group")),
        description=cast(
            str,
            gettext_lazy("The group's number, such as -1001234567890, or its public @name."),
        ),
    )
    thread_id: int | None = Field(
        None,
        ge=1,
        title=cast(str, gettext_lazy("Topic")),
        description=cast(
            str, gettext_lazy("Number of the topic in a group with topics; usually empty.")
        ),
    )
    topics: list[str] = Field(
        [],
        title=cast(str, gettext_lazy("Topics by section")),
        description=cast(
            str,
            gettext_lazy(
                "Section and number of its topic, such as “Chuyển đổi số = 12”. Items of other "
                "sections go to the topic above."
            ),
        ),
    )
    parse_mode: ParseMode = Field(
        "HTML",
        title=cast(str, gettext_lazy("Markup")),
        description=cast(str, gettext_lazy("Members see no difference; keep HTML.")),
        json_schema_extra={"choices": {"HTML": "HTML", "MarkdownV2": "MarkdownV2"}},
    )
    with_picture: bool = Field(
        True,
        title=cast(str, gettext_lazy("With picture")),
        description=cast(str, gettext_lazy("Send the main picture with the text as its caption.")),
    )
    with_album: bool = Field(
        True,
        title=cast(str, gettext_lazy("With further pictures")),
        description=cast(
            str,
            gettext_lazy(
                "Send an item with several pictures as an album of at most ten, the main one first."
            ),
        ),
    )
    with_sound: bool = Field(
        True,
        title=cast(str, gettext_lazy("With sound")),
        description=cast(
            str, gettext_lazy("Send attached recordings under the message, 50 MB each at most.")
        ),
    )
    with_documents: bool = Field(
        True,
        title=cast(str, gettext_lazy("With documents")),
        description=cast(
            str, gettext_lazy("Send attached documents under the message, 50 MB each at most.")
        ),
    )
    preview: Preview = Field(
        "usual",
        title=cast(str, gettext_lazy("Preview of the link")),
        description=cast(str, gettext_lazy("Under a message without a picture.")),
        json_schema_extra=cast(Any, {"choices": PREVIEWS}),
    )
    silent: Annotated[Silent, BeforeValidator(silence)] = Field(
        "never",
        title=cast(str, gettext_lazy("Without sound")),
        description=cast(
            str,
            gettext_lazy(
                "Which items members get without a sound. Urgent ones sound unless all are silent."
            ),
        ),
        json_schema_extra=cast(Any, {"choices": SILENCES}),
    )
    pin_urgent: bool = Field(
        True,
        title=cast(str, gettext_lazy("Pin urgent announcements")),
        description=cast(
            str,
            gettext_lazy("Until they are withdrawn. The bot needs the right to pin messages."),
        ),
    )
    protect: bool = Field(
        False,
        title=cast(str, gettext_lazy("No forwarding")),
        description=cast(str, gettext_lazy("Members cannot forward or save the message.")),
    )

    @field_validator("topics")
    @classmethod
    def _known_form(cls, lines: list[str]) -> list[str]:
        for line in lines:
            if not TOPIC.fullmatch(line.strip()):
                raise ValueError(
                    _("“%(line)s” is not a section and a number, such as “Chuyển đổi số = 12”.")
                    % {"line": line}
                )
        return [line.strip() for line in lines]

    def topic_of(self, *names: str) -> int | None:
        """Return the topic for a section known by any of these names; else the usual one."""
        wanted = {_plain(name) for name in names if name}
        for line in self.topics:
            found = TOPIC.fullmatch(line)
            if found and _plain(found["section"]) in wanted:
                return int(found["number"])
        return self.thread_id


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()
