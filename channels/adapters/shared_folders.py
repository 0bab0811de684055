"""Settings of a folder into which packages are put."""

import re
from typing import Literal, Self, cast
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from channels.adapters.shared_places import address_of

FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")


class FolderOptions(BaseModel):
    """Where the folder is and how to get in; the password or key is the channel's secret."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(
        title=cast(str, pgettext_lazy("folder", "Folder")),
        description=cast(
            str,
            gettext_lazy(
                "Such as sftp://server/folder, ftp://server/folder, s3://bucket/folder, or "
                "file:///folder below the folder the operator set aside on this machine."
            ),
        ),
    )
    user: str = Field(
        "",
        max_length=100,
        title=cast(str, pgettext_lazy("folder", "User name")),
        description=cast(
            str, gettext_lazy("On the receiver's server; for S3 the access key's id.")
        ),
    )
    fingerprint: str = Field(
        "",
        title=cast(str, gettext_lazy("Fingerprint of the server")),
        description=cast(
            str,
            gettext_lazy(
                "Only for SFTP, such as SHA256:… If it is empty, checking the channel shows the "
                "one to compare."
            ),
        ),
    )
    endpoint: str = Field(
        "",
        title=cast(str, gettext_lazy("S3 server")),
        description=cast(
            str, gettext_lazy("Only for S3 that is not Amazon's: its https:// address.")
        ),
    )
    layout: Literal["folder", "stem"] = Field(
        "folder",
        title=cast(str, gettext_lazy("Arrangement of files")),
        description=cast(str, gettext_lazy("Ask the receiver which one their system reads.")),
        json_schema_extra={
            "choices": {
                "folder": cast(str, gettext_lazy("A folder for each item")),
                "stem": cast(str, gettext_lazy("One folder; files of an item begin alike")),
            }
        },
    )

    @field_validator("address")
    @classmethod
    def _usable(cls, value: str) -> str:
        address_of(value)
        return value.strip()

    @field_validator("fingerprint")
    @classmethod
    def _whole(cls, value: str) -> str:
        value = value.strip()
        if value and not FINGERPRINT.fullmatch(value):
            raise ValueError(_("A fingerprint is SHA256: and 43 letters and digits."))
        return value

    @field_validator("endpoint")
    @classmethod
    def _encrypted(cls, value: str) -> str:
        value = value.strip()
        try:
            parts = urlsplit(value)
            more = "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment
            usable = parts.scheme == "https" and parts.hostname and parts.port != 0 and not more
        except ValueError:
            usable = False
        if value and not usable:
            raise ValueError(
                _("Enter https:// and the server's name, without a password and without a folder.")
            )
        return value

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.user and address_of(self.address).scheme != "file":
            raise ValueError(_("A folder on another server needs a user name."))
        return self
