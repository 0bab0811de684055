"""Settings of one feed."""

import re
import uuid
from typing import Any, Literal, cast

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

MOST_HUBS = 5
ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:[/?](?![!-~]*[<>\"#])[!-~]*)?")
MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
PODCAST: dict[str, Any] = {"group": cast(str, _("Podcast"))}


def words(text: str | Promise) -> str:
    """Let pydantic, which takes texts only, keep a translation for later."""
    return cast(str, text)


def choices(**labels: str | Promise) -> dict[str, Any]:
    return {"choices": labels}


class Options(BaseModel):
    """Settings of one feed."""

    model_config = ConfigDict(extra="forbid")

    variant: Literal["text", "spoken", "picture", "press", "loudspeaker"] = Field(
        "text",
        title=words(_("What it carries")),
        description=words(_("Radio reads the spoken text; television needs the wide picture.")),
        json_schema_extra=choices(
            text=_("Text, for everybody"),
            spoken=_("Text to be read aloud, for radio"),
            picture=_("Text with a picture of 1920×1080, for television"),
            press=_("Headline, lead and text for newspapers"),
            loudspeaker=_("Text to be read aloud, for loudspeakers"),
        ),
    )
    title: str = Field(
        "",
        max_length=200,
        title=words(_("Title of the feed")),
        description=words(_("Empty: the name of the channel.")),
    )
    description: str = Field(
        "",
        max_length=500,
        title=words(_("What the feed is about")),
        description=words(_("One or two sentences for those who subscribe.")),
        json_schema_extra={"widget": "textarea"},
    )
    limit: int = Field(
        50,
        ge=20,
        le=200,
        title=words(_("Items listed")),
        description=words(_("The newest ones, between 20 and 200.")),
    )
    full_text: bool = Field(
        True,
        title=words(_("Carry the full text")),
        description=words(_("Off: only the summary and the link.")),
    )
    with_contact: bool = Field(
        False,
        title=words(_("Name the contact of the item")),
        description=words(_("For newsrooms: whom they may ask. Everybody can read a feed.")),
    )
    rights: str = Field(
        "",
        max_length=200,
        title=words(_("Terms of use")),
        description=words(_("What those who use the items must observe. Empty: nothing is said.")),
    )
    hubs: list[str] = Field(
        [],
        max_length=MOST_HUBS,
        title=words(_("WebSub hubs")),
        description=words(
            _("Told of every change, so that subscribers get it within seconds. Addresses of hubs.")
        ),
    )
    podcast: bool = Field(
        False,
        title=words(_("This feed is a podcast")),
        description=words(
            _("Items with a recording are its episodes. It needs a cover and a mail address.")
        ),
        json_schema_extra=PODCAST,
    )
    podcast_cover: str = Field(
        "",
        max_length=500,
        title=words(_("Cover")),
        description=words(_("Address of a square picture, JPEG or PNG, 1400 to 3000 pixels wide.")),
        json_schema_extra=PODCAST,
        validate_default=True,
    )
    podcast_email: str = Field(
        "",
        max_length=254,
        title=words(_("Mail of the owner")),
        description=words(_("Podcast directories write there to check whose podcast it is.")),
        json_schema_extra=PODCAST,
        validate_default=True,
    )
    podcast_owner: str = Field(
        "",
        max_length=150,
        title=words(pgettext_lazy("podcast", "Owner")),
        description=words(_("Empty: the title of the feed.")),
        json_schema_extra=PODCAST,
    )
    podcast_author: str = Field(
        "",
        max_length=150,
        title=words(pgettext_lazy("podcast", "Author")),
        description=words(_("Empty: the title of the feed.")),
        json_schema_extra=PODCAST,
    )
    podcast_category: Literal[
        "Government",
        "News",
        "News/Daily News",
        "News/Politics",
        "Education",
        "Society & Culture",
        "Business",
        "Health & Fitness",
        "Technology",
    ] = Field(
        "Government",
        title=words(pgettext_lazy("podcast", "Category")),
        json_schema_extra=PODCAST
        | {
            "choices": {
                "Government": words(_("Government")),
                "News": words(pgettext_lazy("podcast", "News")),
                "News/Daily News": words(_("News: daily news")),
                "News/Politics": words(_("News: politics")),
                "Education": words(_("Education")),
                "Society & Culture": words(_("Society and culture")),
                "Business": words(_("Business")),
                "Health & Fitness": words(_("Health")),
                "Technology": words(_("Technology")),
            }
        },
    )
    podcast_type: Literal["episodic", "serial"] = Field(
        "episodic",
        title=words(_("Order of the episodes")),
        json_schema_extra=PODCAST
        | choices(episodic=_("The newest first"), serial=_("From the first one on")),
    )
    podcast_medium: Literal["podcast", "audiobook", "course"] = Field(
        "podcast",
        title=words(pgettext_lazy("podcast", "Medium")),
        json_schema_extra=PODCAST
        | choices(
            podcast=_("Programme"),
            audiobook=pgettext_lazy("podcast", "Audiobook"),
            course=pgettext_lazy("podcast", "Course"),
        ),
    )
    podcast_explicit: bool = Field(
        False,
        title=words(_("Not suitable for children")),
        json_schema_extra=PODCAST,
    )
    podcast_locked: bool = Field(
        True,
        title=words(pgettext_lazy("podcast", "Locked")),
        description=words(_("Other services may not take the podcast over.")),
        json_schema_extra=PODCAST,
    )
    podcast_guid: str = Field(
        "",
        title=words(_("Identity of the podcast")),
        description=words(
            _("Empty: made from the feed's address. After a change of address: the old identity.")
        ),
        json_schema_extra=PODCAST,
    )

    @field_validator("hubs")
    @classmethod
    def hubs_are_addresses(cls, hubs: list[str]) -> list[str]:
        for hub in hubs:
            if len(hub) > 500 or not ADDRESS.fullmatch(hub):
                raise ValueError(gettext("“%(hub)s” is not the address of a hub.") % {"hub": hub})
        return list(dict.fromkeys(hubs))

    @field_validator("podcast_cover")
    @classmethod
    def cover_is_a_picture(cls, cover: str, info: ValidationInfo) -> str:
        if not cover and not info.data.get("podcast"):
            return cover
        path = cover.lower().partition("?")[0]
        if not ADDRESS.fullmatch(cover) or not path.endswith((".jpg", ".jpeg", ".png")):
            raise ValueError(
                gettext("A podcast needs the address of a cover, ending in .jpg or .png.")
            )
        return cover

    @field_validator("podcast_email")
    @classmethod
    def mail_is_one(cls, mail: str, info: ValidationInfo) -> str:
        if not mail and not info.data.get("podcast"):
            return mail
        if not MAIL.fullmatch(mail):
            raise ValueError(gettext("A podcast needs the mail address of its owner."))
        return mail

    @field_validator("podcast_guid")
    @classmethod
    def guid_is_one(cls, guid: str) -> str:
        if not guid:
            return guid
        try:
            return str(uuid.UUID(guid))
        except ValueError:
            raise ValueError(
                gettext("An identity looks like ead4c236-bf58-58c6-a2c6-a6b28d128cb6.")
            ) from None
