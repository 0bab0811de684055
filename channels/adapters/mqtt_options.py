"""Settings of one MQTT broker."""

import ipaddress
import re
import ssl
from typing import Annotated, Literal, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z){LABEL}(\.{LABEL})*")
CLIENT_NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")
PREFIX_BYTES = 200


def host_name(value: str) -> str:
    """Return the name or IP address of a machine. Raises ``ValueError``."""
    text = value.strip().rstrip(".")
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        if HOST_NAME.fullmatch(text):
            return text.lower()
    raise ValueError(_("Enter only the broker's name, such as mqtt.example.vn."))


def topic_prefix(value: str) -> str:
    """Return where the topics begin. Raises ``ValueError``.

    MQTT 5 §4.7: ``+`` and ``#`` are wildcards, names with ``$`` belong to the broker.
    """
    text = value.strip().strip("/")
    levels = text.split("/")
    if (
        not text.isprintable()
        or not all(levels)
        or set(text) & set("+#")
        or text.startswith("$")
        or len(text.encode()) > PREFIX_BYTES
    ):
        raise ValueError(_("Enter words parted by slashes, without + or #, such as tinh/tin."))
    return text


def client_name(value: str) -> str:
    """Return the first part of a client identifier. Raises ``ValueError``."""
    text = value.strip()
    if not CLIENT_NAME.fullmatch(text):
        raise ValueError(_("Use letters without accents, digits, dots and dashes, at most 40."))
    return text


def certificates(value: str) -> str:
    """Return the text of one or more CA certificates, or "". Raises ``ValueError``."""
    text = value.strip()
    if text:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
        except (ssl.SSLError, ValueError):
            raise ValueError(
                _("This is not a certificate: it begins with -----BEGIN CERTIFICATE-----.")
            ) from None
    return text


class MqttOptions(BaseModel):
    """Settings of one broker and of the place in it where items are put."""

    model_config = ConfigDict(extra="forbid")

    host: Annotated[str, AfterValidator(host_name)] = Field(
        title=cast(str, gettext_lazy("Broker")),
        description=cast(str, gettext_lazy("Its name in the network, such as mqtt.example.vn.")),
    )
    port: int = Field(
        8883,
        ge=1,
        le=65535,
        title=cast(str, gettext_lazy("Port of the broker")),
        description=cast(str, gettext_lazy("Usually 8883; without encryption 1883.")),
    )
    tls: bool = Field(
        True,
        title=cast(str, gettext_lazy("Encrypt the connection to the broker")),
        description=cast(
            str,
            gettext_lazy("Switch it off only in a closed network: the password is then readable."),
        ),
    )
    ca_certificate: Annotated[str, AfterValidator(certificates)] = Field(
        "",
        title=cast(str, gettext_lazy("Certificate of the broker's authority")),
        description=cast(
            str,
            gettext_lazy(
                "Text in PEM form, if the broker's certificate comes from an authority of your own."
            ),
        ),
        json_schema_extra={"widget": "textarea"},
    )
    client: Annotated[str, AfterValidator(client_name)] = Field(
        "nhip-cau",
        title=cast(str, gettext_lazy("Client name")),
        description=cast(
            str,
            gettext_lazy("How we call ourselves; a random ending is added to each connection."),
        ),
    )
    prefix: Annotated[str, AfterValidator(topic_prefix)] = Field(
        "nhip-cau",
        title=cast(str, gettext_lazy("Topics begin with")),
        description=cast(
            str, gettext_lazy("Each item has the topic <this>/items/<number of the item>.")
        ),
    )
    says: Literal["text", "summary", "spoken"] = Field(
        "spoken",
        title=cast(str, gettext_lazy("Text of the items")),
        json_schema_extra={
            "choices": {
                "text": cast(str, pgettext_lazy("text of items", "The whole text, for screens")),
                "summary": cast(
                    str, pgettext_lazy("text of items", "The summary, for notice boards")
                ),
                "spoken": cast(str, pgettext_lazy("text of items", "The text to be read aloud")),
            }
        },
    )
    with_picture: bool = Field(
        True,
        title=cast(str, gettext_lazy("With the picture's address")),
        description=cast(str, gettext_lazy("Notice boards fetch the picture from the portal.")),
    )
    expiry_hours: int | None = Field(
        None,
        ge=1,
        le=8760,
        title=cast(str, gettext_lazy("Forget items after (hours)")),
        description=cast(
            str, gettext_lazy("The broker then drops the item by itself. Empty: it keeps it.")
        ),
    )
    clear_withdrawn: bool = Field(
        False,
        title=cast(str, gettext_lazy("Clear withdrawn items")),
        description=cast(
            str,
            gettext_lazy(
                "After the withdrawal is told, the topic is emptied. Receivers that were off then "
                "learn nothing of it."
            ),
        ),
    )
