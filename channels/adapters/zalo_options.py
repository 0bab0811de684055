"""Settings of one Zalo official account, or of one of its groups."""

import re
from typing import Annotated, Any, Literal, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from channels.adapters.shared_answers import web_address

REGIONS = {"north": "0", "central": "1", "south": "2"}  # broadcast, target.locations


def app_number(value: str) -> str:
    """Return the app's number. Raises ``ValueError``."""
    number = value.strip()
    if not re.fullmatch(r"[1-9]\d{5,24}", number, re.ASCII):
        raise ValueError(_("Enter the app's number from developers.zalo.me: digits only."))
    return number


def city_numbers(values: list[str]) -> list[str]:
    """Return the numbers of provinces, each once. Raises ``ValueError``."""
    wrong = [value for value in values if not re.fullmatch(r"\d{1,3}", value, re.ASCII)]
    if wrong:
        raise ValueError(_("Not a number of a province at Zalo: %s.") % ", ".join(wrong))
    return list(dict.fromkeys(values))


class ZaloOptions(BaseModel):
    """Settings of one receiver: the account's own articles, or a group."""

    model_config = ConfigDict(extra="forbid", validate_default=True)

    place: Literal["articles", "group"] = Field(
        "articles",
        title=cast(str, pgettext_lazy("zalo", "Where")),
        description=cast(
            str,
            gettext_lazy("Articles stand on the account's page; a group gets a message each time."),
        ),
        json_schema_extra={
            "choices": {
                "articles": cast(str, pgettext_lazy("zalo", "Articles of the official account")),
                "group": cast(str, pgettext_lazy("zalo", "A group of the official account")),
            }
        },
    )
    app_id: Annotated[str, AfterValidator(app_number)] = Field(
        min_length=1,
        title=cast(str, gettext_lazy("Number of the app")),
        description=cast(
            str, gettext_lazy("From developers.zalo.me; the app is linked to the account.")
        ),
    )
    secret_of: str = Field(
        "",
        max_length=60,
        title=cast(str, gettext_lazy("Share the access of the channel")),
        description=cast(
            str,
            gettext_lazy(
                "Short name of another Zalo channel of the same account: a refresh token works "
                "once, so that it must be kept in one place only. Empty: this channel has its own."
            ),
        ),
    )
    group_id: str = Field(
        "",
        max_length=60,
        title=cast(str, pgettext_lazy("zalo", "Group")),
        description=cast(
            str,
            gettext_lazy(
                "The group's number at Zalo. If you do not know it, enter anything: the check of "
                "the connection lists the account's groups."
            ),
        ),
    )
    cover: str = Field(
        "",
        max_length=500,
        title=cast(str, gettext_lazy("Picture for articles without one")),
        description=cast(
            str,
            gettext_lazy(
                "Address of a JPEG or PNG of at most 1 MB: Zalo takes no article without a cover."
            ),
        ),
    )
    author: str = Field(
        "",
        max_length=50,
        title=cast(str, gettext_lazy("Author of articles")),
        description=cast(str, gettext_lazy("Empty: the unit that publishes the item.")),
    )
    broadcast: Literal["none", "urgent", "important"] = Field(
        "none",
        title=cast(str, gettext_lazy("Broadcast to followers")),
        description=cast(
            str,
            gettext_lazy(
                "Each follower gets very few broadcasts a month (1, 4 or 6 by the account's plan): "
                "keep them for what matters. Articles themselves are not limited by this."
            ),
        ),
        json_schema_extra={
            "choices": {
                "none": cast(str, pgettext_lazy("broadcast", "Never")),
                "urgent": cast(str, pgettext_lazy("broadcast", "Urgent items")),
                "important": cast(str, pgettext_lazy("broadcast", "Urgent and priority items")),
            }
        },
    )
    region: Literal["all", "north", "central", "south"] = Field(
        "all",
        title=cast(str, gettext_lazy("Broadcast to the region")),
        description=cast(str, gettext_lazy("Where followers live, as far as Zalo knows.")),
        json_schema_extra={
            "choices": {
                "all": cast(str, pgettext_lazy("region", "Everywhere")),
                "north": cast(str, pgettext_lazy("region", "The North")),
                "central": cast(str, pgettext_lazy("region", "The Centre")),
                "south": cast(str, pgettext_lazy("region", "The South")),
            }
        },
    )
    cities: Annotated[list[str], AfterValidator(city_numbers)] = Field(
        default_factory=list,
        title=cast(str, gettext_lazy("Broadcast to the provinces")),
        description=cast(
            str, gettext_lazy("Their numbers in Zalo's list of provinces. Empty: all of them.")
        ),
    )
    with_picture: bool = Field(
        True,
        title=cast(str, gettext_lazy("With picture")),
        description=cast(str, gettext_lazy("Send the main picture along to the group.")),
    )
    comments: bool = Field(
        False,
        title=cast(str, gettext_lazy("Allow comments on articles")),
        description=cast(str, gettext_lazy("Somebody must read and answer them.")),
    )

    @field_validator("group_id")
    @classmethod
    def group_needs_a_number(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("place") == "group" and not value.strip():
            raise ValueError(_("Enter the number of the group."))
        return value.strip()

    @field_validator("cover")
    @classmethod
    def articles_need_a_cover(cls, value: str, info: ValidationInfo) -> str:
        address = value.strip()
        if address and not web_address(address):
            raise ValueError(_("Enter a complete address, such as https://example.vn/."))
        if info.data.get("place") == "articles" and not address:
            raise ValueError(_("Zalo takes no article without a cover: enter an address."))
        return address

    def target(self) -> dict[str, Any]:
        """Return whom a broadcast goes to, in Zalo's words; everybody when nothing is chosen."""
        target = {"gender": "0"}
        if self.region != "all":
            target["locations"] = REGIONS[self.region]
        if self.cities:
            target["cities"] = ",".join(self.cities)
        return target
