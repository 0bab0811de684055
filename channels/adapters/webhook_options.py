"""Settings of one web hook."""

from typing import Annotated, cast
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def usable_address(value: str) -> str:
    """Return the address. Raises ``ValueError``: options are stored readable, secrets are not."""
    address = value.strip()
    try:
        parts = urlsplit(address)
        host, user = parts.hostname, parts.username
        _port = parts.port  # raises for what is no number
    except ValueError:
        host = user = None
    if not host or parts.scheme not in {"http", "https"} or set(address) & set(" \t\r\n"):
        raise ValueError(_("Enter a complete address, such as https://example.vn/."))
    if user is not None:
        raise ValueError(_("Leave user name and password out of the address."))
    return address


class WebhookOptions(BaseModel):
    """Settings of one receiver."""

    model_config = ConfigDict(extra="forbid")

    address: Annotated[str, AfterValidator(usable_address)] = Field(
        max_length=2000,
        title=cast(str, gettext_lazy("Address of the receiver")),
        description=cast(str, gettext_lazy("Where items are posted to; it begins with https://.")),
    )
    usage_terms: str = Field(
        "",
        max_length=500,
        title=cast(str, gettext_lazy("Terms of use")),
        description=cast(str, gettext_lazy("What the receiver may do with items; sent with each.")),
        json_schema_extra={"widget": "textarea"},
    )
    with_contact: bool = Field(
        False,
        title=cast(str, gettext_lazy("Name the contact to the receiver")),
        description=cast(
            str, gettext_lazy("In the note to the editors there, whom they may ask about the item.")
        ),
    )
    with_callback: bool = Field(
        False,
        title=cast(str, gettext_lazy("Wait for a signed call-back")),
        description=cast(
            str,
            gettext_lazy("An item counts as delivered only when the receiver has confirmed it."),
        ),
    )
    drops_repeats: bool = Field(
        False,
        title=cast(str, gettext_lazy("The receiver drops repeats")),
        description=cast(
            str,
            gettext_lazy(
                "It knows items by their key: what got no answer is sent again without asking."
            ),
        ),
    )
    per_minute: int = Field(
        60,
        ge=1,
        le=600,
        title=cast(str, gettext_lazy("Items a minute")),
        description=cast(str, gettext_lazy("No more than this, however many are waiting.")),
    )
