"""Settings of one Telegram group."""

import re
from typing import Annotated, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from channels.adapters.telegram_text import ParseMode

CHAT_NAME = re.compile(r"@[A-Za-z]\w{3,31}", re.ASCII)


def chat_reference(value: object) -> object:
    """Return a chat's number as ``int`` and its public name as ``str``. Raises ``ValueError``."""
    text = str(value).strip() if not isinstance(value, bool) else ""
    if re.fullmatch(r"-?[1-9]\d{0,17}", text, re.ASCII):
        return int(text)
    if CHAT_NAME.fullmatch(text):
        return text
    raise ValueError(_("Enter the group's number, such as -1001234567890, or its public @name."))


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
    silent: bool = Field(
        False,
        title=cast(str, gettext_lazy("Without sound")),
        description=cast(str, gettext_lazy("Members get the message without a sound.")),
    )
    protect: bool = Field(
        False,
        title=cast(str, gettext_lazy("No forwarding")),
        description=cast(str, gettext_lazy("Members cannot forward or save the message.")),
    )
