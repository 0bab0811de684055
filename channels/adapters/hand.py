"""Channels that a person carries: a Zalo group, a notice board, a poster, a communicator.

Nothing is sent. The pack is ready at once, and the delivery waits until somebody confirms it.
"""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal, cast
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from channels.adapters.hand_text import TEXTS
from channels.adapters.shared_correcting import marked
from channels.adapters.shared_posts import POST_TEXT, ZALO_TEXT
from channels.contract import NIGHT, Adapter, Message, Receipt, Story

# Carriers that show no picture: what they carry is said.
WITHOUT_PICTURE = frozenset({"communicator"})


def web_address(value: str) -> str:
    """Return the address as entered. Raises ``ValueError`` unless a browser can open it."""
    text = value.strip()
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError(_("Enter a complete address, such as https://example.vn/."))
    return text


class Options(BaseModel):
    """Settings of one group, board or person."""

    model_config = ConfigDict(extra="forbid")

    carrier: Literal["zalo", "facebook", "board", "panel", "poster", "leaflet", "communicator"] = (
        Field(
            "zalo",
            title=cast(str, gettext_lazy("Carried by")),
            description=cast(str, gettext_lazy("Decides which text of the item is made ready.")),
            json_schema_extra={
                "choices": {
                    "zalo": cast(str, pgettext_lazy("carrier", "Zalo group")),
                    "facebook": cast(str, pgettext_lazy("carrier", "Facebook, posted by hand")),
                    "board": cast(str, pgettext_lazy("carrier", "Public notice board")),
                    "panel": cast(str, pgettext_lazy("carrier", "Panel")),
                    "poster": cast(str, pgettext_lazy("carrier", "Poster")),
                    "leaflet": cast(str, pgettext_lazy("carrier", "Leaflet")),
                    "communicator": cast(str, pgettext_lazy("carrier", "Grassroots communicator")),
                }
            },
        )
    )
    place: str = Field(
        "",
        max_length=200,
        title=cast(str, pgettext_lazy("carrier", "Where")),
        description=cast(
            str,
            gettext_lazy(
                "Name of the group, or where the board stands. Whom to call is chosen under "
                "“whom to call”, from the contact book."
            ),
        ),
    )
    link: Annotated[str, AfterValidator(web_address)] = Field(
        "",
        max_length=500,
        title=cast(str, gettext_lazy("Address of the group or page")),
        description=cast(str, gettext_lazy("Opened from the task; empty where there is none.")),
    )
    hours: int = Field(
        24,
        ge=1,
        le=720,
        title=cast(str, gettext_lazy("Hours to do it")),
        description=cast(str, gettext_lazy("After these it counts as overdue. From 1 to 720.")),
    )
    urgent_hours: int = Field(
        2,
        ge=1,
        le=720,
        title=cast(str, gettext_lazy("Hours for what is urgent")),
        description=cast(str, gettext_lazy("For urgent items and for taking down.")),
    )
    with_picture: bool = Field(
        True,
        title=cast(str, gettext_lazy("Picture in the pack")),
        description=cast(str, gettext_lazy("Hand over the main picture for download.")),
    )


_POST, _PAPER = ("zalo", "facebook"), ("board", "panel", "poster", "leaflet")


def _words(post: Promise, paper: Promise, said: Promise) -> dict[str, Promise]:
    return dict.fromkeys(_POST, post) | dict.fromkeys(_PAPER, paper) | {"communicator": said}


DO = _words(
    gettext_lazy("Post the text and the picture, then confirm here."),
    gettext_lazy("Print it and put it up or hand it out, then confirm here."),
    gettext_lazy("Give the text to the communicator; confirm here when it was told."),
)
REPLACE = _words(
    gettext_lazy("Correct the post, or post the new text if there is none yet, then confirm here."),
    gettext_lazy("Put the new version in place of the old one, then confirm here."),
    gettext_lazy("Give the communicator the new text; confirm here when it was told."),
)
REMOVE = _words(
    gettext_lazy("Delete the post, then confirm here."),
    gettext_lazy("Take all copies down and collect them, then confirm here."),
    gettext_lazy("Tell the communicator that the item is withdrawn, then confirm here."),
)


class Hand(Adapter):
    """Makes a pack ready and hands it over; a person does the rest and confirms it."""

    kind = "hand"
    label = gettext_lazy("Carried by hand")
    summary = gettext_lazy(
        "A Zalo group, notice board, poster or communicator: text, picture and link are made "
        "ready, a person carries them and confirms with a photo or link."
    )
    Options = Options
    can_update = True
    can_retract = True
    quiet_hours = NIGHT
    limits: ClassVar[dict[str, int]] = {"zalo": ZALO_TEXT, "facebook": POST_TEXT}

    def compose(self, story: Story) -> Message:
        carrier = self.options.carrier
        pictured = self.options.with_picture and carrier not in WITHOUT_PICTURE
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=marked(story.title, story),
            text=TEXTS[carrier](story),
            address=story.address,
            image=story.picture if pictured else None,
            language=story.language,
            level=story.level,
            section=story.section_name or story.section,
            author=story.author,
            documents=story.documents,
            published=story.published,
            updated=story.updated,
            details={"carrier": carrier},
        )

    async def send(self, message: Message) -> Receipt:
        handed = Receipt(external_id=message.story)
        return self._handed(message, handed, DO[self.options.carrier])

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        return self._handed(message, receipt, REPLACE[self.options.carrier])

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        return self._handed(message, receipt, REMOVE[self.options.carrier], soon=True)

    def _handed(
        self, message: Message, record: Receipt, todo: str | Promise, *, soon: bool = False
    ) -> Receipt:
        """Return the receipt of what a person has to do, and by when.

        It keeps the address where the item stands, but not the photo of another version.
        """
        hours = self.options.hours
        if soon or message.level == "urgent":
            hours = min(hours, self.options.urgent_hours)
        place = self.options.place.strip()
        return replace(
            record,
            note=f"{todo} ({place})" if place else str(todo),
            details={name: value for name, value in record.details.items() if name != "photo"},
            new_options={},
            awaits_person=True,
            within_hours=hours,
        )
