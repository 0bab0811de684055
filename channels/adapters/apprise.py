"""The long tail of other services, by Apprise: a notice of the item, and no more."""

import asyncio
import logging
import textwrap
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from pydantic import BaseModel, ConfigDict

from channels.adapters.shared_answers import too_large
from channels.adapters.shared_correcting import marked, noted
from channels.adapters.shared_requests import Heard, listening
from channels.contract import (
    Adapter,
    Barred,
    DeliveryError,
    Message,
    NotSent,
    PermanentError,
    Receipt,
    Story,
    TemporaryError,
    UncertainError,
)

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase
    from apprise.result import AppriseResult

# Apprise is loaded where it is first used: its services take a third of a second, which every
# process would pay for a kind of channel that few have.

TEXT_LIMIT = 700  # characters; every service takes so much, or cuts it itself
SECONDS = 15.0  # for all services of the channel together
SOCKET_SECONDS = 5.0
NAME_SECONDS = 5.0

# What runs a program or shows something on this machine.
LOCAL = frozenset(
    {"windows", "dbus", "kde", "qt", "glib", "gio", "gnome", "macosx", "syslog", "blink1"}
)
# What keeps files or connects by other means than HTTP, perhaps to hosts it does not name.
BEYOND_CONTROL = frozenset(
    {"amqp", "amqps", "aprs", "deltachat", "deltachats", "growl", "irc", "ircs", "mailto",
     "mailtos", "mqtt", "mqtts", "nostr", "rsyslog", "smpp", "smpps", "vapid", "xmpp", "xmpps"}
)  # fmt: skip
# What makes a service read a file or any address, trust anybody, or wait longer than we do.
REFUSED_SETTINGS = frozenset(
    {"template", "keyfile", "subfile", "redirect", "verify", "rto", "cto", "retry", "wait"}
)
# Their "host" is the domain of a sender; they connect to the provider's one address.
PROVIDERS = frozenset({"mailgun", "sparkpost", "smtp2go", "sendpulse"})

# With these a service may do it another time.
PASSING = {408, 425, 429, 500, 502, 503}

# Addresses of services hold their tokens, and the libraries log addresses.
for name in ("apprise", "urllib3"):
    logging.getLogger(name).setLevel(logging.CRITICAL)


class Options(BaseModel):
    """There are none: the addresses are the secret."""

    model_config = ConfigDict(extra="forbid")


class Apprise(Adapter):
    """Tells services of an item. What they have, they keep: a person corrects it there."""

    kind = "apprise"
    label = gettext_lazy("Other services (Apprise)")
    summary = gettext_lazy(
        "A short notice with a link, to services that have no kind of their own."
    )
    Options = Options
    secret_label = gettext_lazy("Apprise addresses of the services, with a space between")
    in_threads = True
    limits: ClassVar[dict[str, int]] = {"text": TEXT_LIMIT}

    def compose(self, story: Story) -> Message:
        with translation.override(story.language):
            alerts = {
                "urgent": pgettext("level of an announcement", "URGENT"),
                "priority": pgettext("level of an announcement", "IMPORTANT"),
            }
            alert = alerts.get(story.level, "")
        said = textwrap.shorten(
            noted(story.summary or story.text, story), TEXT_LIMIT, placeholder="…"
        )
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=": ".join(part for part in (alert, marked(story.title, story)) if part),
            text="\n\n".join(part for part in (said, story.address) if part),
            address=story.address,
            language=story.language,
            level=story.level,
            section=story.section,
            author=story.author,
            published=story.published,
            updated=story.updated,
        )

    async def send(self, message: Message) -> Receipt:
        """Tell all services. What one of them may have taken without confirming it is in doubt."""
        services = await self._services()
        try:
            async with asyncio.timeout(SECONDS + SOCKET_SECONDS):
                result, heard = await asyncio.to_thread(_notify, services, message)
        except TimeoutError:
            raise UncertainError(_silent(_names(services))) from None
        if not result:
            silent = [told for told, ok in zip(services, result, strict=False) if not ok]
            raise meaning(heard, _names(silent or services))
        if any(one.page for one in heard):  # their status is a yes, and perhaps not their own
            raise UncertainError(_silent(_names(services)))
        return Receipt(external_id=message.key, note=_names(services))

    async def check(self) -> str:
        """Read the addresses and look up their hosts. Services can only be tried by sending."""
        return _names(await self._services())

    async def _services(self) -> list[dict[str, Any]]:
        """Return the services as Apprise takes them apart. Raises a ``DeliveryError``."""
        services = await asyncio.to_thread(_read, self.secret.split())
        for service in services:
            if "host" in _made_by(service).template_tokens and service["schema"] not in PROVIDERS:
                await self._permit(service)
        return services

    async def _permit(self, service: dict[str, Any]) -> None:
        port = service.get("port") or (443 if service.get("secure") else 80)
        try:
            async with asyncio.timeout(NAME_SECONDS):
                await self.network.permitted(str(service.get("host") or "").strip("[]"), int(port))
        except Barred as error:
            raise PermanentError(str(error), stops_channel=True) from None
        except NotSent as error:
            raise TemporaryError(str(error)) from None
        except TimeoutError:
            raise TemporaryError(_("The service's name could not be looked up in time.")) from None


def _read(addresses: list[str]) -> list[dict[str, Any]]:
    """Return the parts of each address. Raises ``PermanentError``."""
    if not addresses:
        raise PermanentError(_("Enter the Apprise address of a service."), stops_channel=True)
    return [_taken_apart(place, address) for place, address in enumerate(addresses, 1)]


def _taken_apart(place: int, address: str) -> dict[str, Any]:
    from apprise import Apprise as Library  # noqa: PLC0415
    from apprise.plugins import url_to_dict  # noqa: PLC0415

    try:
        service: dict[str, Any] | None = url_to_dict(address)  # type: ignore[no-untyped-call]
    except Exception:  # noqa: BLE001 - each service reads addresses in its own way
        service = None
    if service is None:
        raise PermanentError(
            _("Address number %s is not one that Apprise knows.") % place, stops_channel=True
        )
    settings = set(service.get("qsd") or {})
    if service["schema"] in LOCAL | BEYOND_CONTROL or settings & REFUSED_SETTINGS:
        raise PermanentError(
            _("Address number %s is of a service, or has a setting, that is not permitted here.")
            % place,
            stops_channel=True,
        )
    if Library.instantiate(dict(service), asset=_asset()) is None:
        raise PermanentError(
            _("Address number %s is incomplete or not usable here.") % place, stops_channel=True
        )
    return service


def _asset() -> "AppriseAsset":
    """Return how Apprise is to behave: nothing stored, no redirects, no threads of its own."""
    from apprise import AppriseAsset, PersistentStoreMode  # noqa: PLC0415

    return AppriseAsset(
        storage_mode=PersistentStoreMode.MEMORY,
        http_redirects=False,
        async_mode=False,
        service_timeout=SECONDS,
    )


def _notify(
    services: list[dict[str, Any]], message: Message
) -> tuple["AppriseResult", list[Heard]]:
    """Tell the services in their order. Blocks; ends in time or reports what did not.

    Returns also what became of each request: Apprise itself says no more than yes or no.
    """
    from apprise import Apprise as Library  # noqa: PLC0415
    from apprise import NotifyFormat, NotifyType  # noqa: PLC0415

    library = Library(asset=_asset())
    for service in services:
        library.add({**service, "rto": SOCKET_SECONDS, "cto": SOCKET_SECONDS})
    with listening() as heard:
        result = library.notify(
            message.text,
            title=message.title,
            notify_type=NotifyType.WARNING if message.level == "urgent" else NotifyType.INFO,
            body_format=NotifyFormat.TEXT,
            timeout=SECONDS,
        )
    return result, heard


def _made_by(service: dict[str, Any]) -> "type[NotifyBase]":
    from apprise.plugins import N_MGR  # noqa: PLC0415

    made_by: type[NotifyBase] = N_MGR[service["schema"]]
    return made_by


def _names(services: list[dict[str, Any]]) -> str:
    return ", ".join(str(_made_by(service).service_name) for service in services)


def meaning(heard: list[Heard], names: str) -> DeliveryError:
    """Return what it means that services did not confirm. ``heard``: of every request of the call.

    Unless all of them certainly came to nothing, the notice may stand somewhere.
    """
    statuses = {one.status for one in heard if one.left}
    if not heard or not all(300 <= status < 600 and status != 504 for status in statuses):
        return UncertainError(_silent(names))
    if not all(one.trusted for one in heard):
        return PermanentError(
            _(
                "The certificate of a service cannot be trusted: %s. Nothing was sent. Ask those "
                "who run the service to put it right, then start the channel again."
            )
            % names,
            stops_channel=True,
        )
    if statuses <= PASSING:  # of those that were reached, if any was
        return TemporaryError(_("These services cannot be reached now: %s.") % names)
    if 413 in statuses:
        return too_large(names)
    return PermanentError(
        _(
            "Refused by %(names)s (status %(status)s). Check the address of the service and the "
            "key in it, then start the channel again."
        )
        % {"names": names, "status": max(statuses - PASSING)},
        stops_channel=True,
    )


def _silent(names: str) -> str:
    return _("Not confirmed: %s. Look there whether the notice arrived.") % names
