"""Settings of one Facebook page."""

import json
import re
from dataclasses import dataclass
from typing import Annotated, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def page_number(value: str) -> str:
    """Return the page's number. Raises ``ValueError``: names of pages change."""
    number = value.strip()
    if not re.fullmatch(r"[1-9]\d{4,20}", number, re.ASCII):
        raise ValueError(_("Enter the page's number, such as 104123456789012, not its name."))
    return number


class FacebookOptions(BaseModel):
    """Settings of one page."""

    model_config = ConfigDict(extra="forbid")

    page_id: Annotated[str, AfterValidator(page_number)] = Field(
        title=cast(str, pgettext_lazy("facebook", "Page")),
        description=cast(
            str,
            gettext_lazy("The page's number, shown under About → Page transparency; digits only."),
        ),
    )
    with_picture: bool = Field(
        True,
        title=cast(str, gettext_lazy("With picture")),
        description=cast(
            str,
            gettext_lazy("Post the main picture; without one Facebook shows a card of the link."),
        ),
    )
    hourly: int = Field(
        20,
        ge=1,
        le=200,
        title=cast(str, gettext_lazy("Posts an hour")),
        description=cast(
            str, gettext_lazy("No more than this: Facebook takes many posts at once for spam.")
        ),
    )


@dataclass(frozen=True, slots=True)
class PageAccess:
    """What the page's administrator gave us."""

    token: str = ""
    app_secret: str = ""

    @classmethod
    def read(cls, secret: str) -> "PageAccess":
        """Return the access; an empty one for a secret of another form."""
        try:
            parts = json.loads(secret or "{}")
        except ValueError:
            return cls()
        if not isinstance(parts, dict):
            return cls()
        return cls(str(parts.get("page_token", "")), str(parts.get("app_secret", "")))

    @property
    def secrets(self) -> tuple[str, str]:
        return self.token, self.app_secret
