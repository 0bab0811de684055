"""Settings of one press desk."""

import re
from collections.abc import Iterable
from typing import Annotated, cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# Quoted local parts (RFC 5321, 4.1.2) are legal, unused, and hold what headers must not.
_ODD = re.compile(r"[\s\"<>(),;:\\]")
MOST_RECIPIENTS = 50  # every server takes 100 in one transaction (RFC 5321, 4.5.3.1.8)


def is_address(text: str) -> bool:
    """Whether the text is one plain mail address, without a name."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return not _ODD.search(text)


def addresses(values: Iterable[str]) -> list[str]:
    """Return the addresses, each once. Raises ``ValueError`` that names every wrong one."""
    found = {text.lower(): text for text in (value.strip() for value in values) if text}
    wrong = [text for text in found.values() if not is_address(text)]
    if wrong:
        named = ", ".join(f"“{text}”" for text in wrong)
        raise ValueError(_("Not a mail address: %(named)s.") % {"named": named})
    if not found:
        raise ValueError(_("Enter at least one mail address."))
    if len(found) > MOST_RECIPIENTS:
        raise ValueError(_("At most %(count)s addresses.") % {"count": MOST_RECIPIENTS})
    return list(found.values())


def address_or_nothing(value: str) -> str:
    """Return the address; "" for none. Raises ``ValueError``."""
    return addresses([value])[0] if value.strip() else ""


def one_line(value: str) -> str:
    """Return the text with every white space, line breaks too, as one blank."""
    return " ".join(value.split())


class EmailOptions(BaseModel):
    """Settings of one desk."""

    model_config = ConfigDict(extra="forbid")

    recipients: Annotated[list[str], AfterValidator(addresses)] = Field(
        title=cast(str, pgettext_lazy("mail", "Addresses of the desk")),
        description=cast(
            str, gettext_lazy("All of them get the same mail and see each other's address.")
        ),
    )
    reply_to: Annotated[str, AfterValidator(address_or_nothing)] = Field(
        "",
        title=cast(str, gettext_lazy("Answers go to")),
        description=cast(
            str, gettext_lazy("A mail address that somebody reads. Empty: the sender's own.")
        ),
    )
    subject_prefix: Annotated[str, AfterValidator(one_line)] = Field(
        "",
        max_length=40,
        title=cast(str, gettext_lazy("Start of the subject")),
        description=cast(
            str, gettext_lazy("For example [Press release]. Desks sort their mail by it.")
        ),
    )
    attachments_mb: int = Field(
        10,
        ge=0,
        le=50,
        title=cast(str, gettext_lazy("Attachments up to (MB)")),
        description=cast(
            str,
            gettext_lazy("Pictures and documents beyond this are linked. 0: all are linked."),
        ),
    )
    with_html: bool = Field(
        True,
        title=cast(str, gettext_lazy("Also as formatted text")),
        description=cast(
            str, gettext_lazy("Headings, lists and links beside the plain text. Keep it on.")
        ),
    )
    answers_trials: bool = Field(
        False,
        title=cast(str, gettext_lazy("Trial messages are answered")),
        description=cast(
            str,
            gettext_lazy(
                "For test targets: a person or program who reads this mailbox opens the signed "
                "address in each trial message. Only that proves that mail arrives; without it a "
                "trial proves that the mail server took it."
            ),
        ),
    )
