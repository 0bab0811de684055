"""Access to an official account: a token of a day, renewed by one that works once.

Zalo gives with each access token (25 hours) a refresh token (3 months) that may be used a single
time. So it is renewed hours before it must be, by one worker, and what Zalo gives is stored before
anything else is done. If that answer is lost, the old access token works on while a person is
told; the channel is not locked out.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from channels.adapters.shared_answers import is_page, json_object, scrubbed
from channels.adapters.zalo_errors import not_zalo
from channels.contract import (
    Barred,
    DeliveryError,
    HttpClient,
    HttpResponse,
    NoAnswer,
    NotSent,
    PermanentError,
    TemporaryError,
    Vault,
)

logger = logging.getLogger(__name__)

RENEW_BEFORE = 6 * 3600  # seconds before the access token runs out
REFRESH_SECONDS = 90 * 86_400  # a refresh token lives for three months
WARN_BEFORE = 14 * 86_400
ALONE = 60.0  # for so long one worker has the renewal to itself, far longer than it takes
SECONDS = 8.0
ANSWER_BYTES = 64_000
NOT_NOW = {0, -1, -32, -100, -129}  # errors of the moment: too many requests, unknown
MARGIN = 60  # a token that runs out while a request is on its way is of no use


@dataclass(frozen=True, slots=True)
class Tokens:
    """The secret of a channel: the two parts a person entered, and what came of them."""

    app_secret: str = ""
    refresh_token: str = ""
    access_token: str = ""
    expires: float = 0  # when the access token runs out; Unix time, as the next one
    renewed: float = 0
    trouble: str = ""  # why Zalo does not take the refresh token; for people

    @classmethod
    def read(cls, secret: str) -> "Tokens":
        """Return the tokens of a stored secret; empty ones for a secret of another form."""
        stored = json_object(secret.encode())
        known = {field.name: stored[field.name] for field in fields(cls) if field.name in stored}
        try:
            known |= {name: float(known.get(name, 0)) for name in ("expires", "renewed")}
        except (TypeError, ValueError):
            return cls()
        return cls(**known)

    def text(self) -> str:
        """Return what is stored."""
        return json.dumps(asdict(self))

    def outlives(self, moment: float) -> bool:
        """Whether the access token still works at that moment."""
        return bool(self.access_token) and self.expires > moment

    @property
    def secrets(self) -> tuple[str, str, str]:
        return self.app_secret, self.refresh_token, self.access_token


class Access:
    """Gives access tokens that work, and renews them. ``vault`` is asked for only then."""

    def __init__(
        self, http: HttpClient, vault: Callable[[], Vault], app_id: str, secret: str
    ) -> None:
        self.http = http
        self.vault = vault
        self.app_id = app_id
        self.tokens = Tokens.read(secret)

    async def token(self) -> str:
        """Return an access token. Raises a ``DeliveryError`` when there is none to be had."""
        now = time.time()
        if not self.tokens.outlives(now + RENEW_BEFORE):
            try:
                self.tokens = await self._renewed(self.tokens.access_token)
            except DeliveryError as error:
                if not self.tokens.outlives(now + MARGIN):
                    raise
                logger.warning("Zalo's access was not renewed in time: %s", type(error).__name__)
        return self.tokens.access_token

    async def another(self, refused: str) -> str:
        """Return a token other than the one Zalo refused. Raises a ``DeliveryError``."""
        self.tokens = await self._renewed(refused)
        return self.tokens.access_token

    async def _renewed(self, stale: str) -> Tokens:
        """Renew, to the end also when the try at the delivery is given up meanwhile."""
        renewal = asyncio.ensure_future(self._renew(stale))
        try:
            return await asyncio.shield(renewal)
        except asyncio.CancelledError:
            await asyncio.wait({renewal}, timeout=SECONDS * 2)
            if renewal.done() and not renewal.cancelled():
                renewal.exception()  # looked at: nobody else will
            raise

    async def _renew(self, stale: str) -> Tokens:
        vault = self.vault()
        present = Tokens.read(await vault.read())
        if _usable(present, stale):
            return present  # another worker was faster
        _check(present)
        if not await vault.reserve(ALONE):
            raise TemporaryError(_("The access to Zalo is being renewed; this takes a moment."))
        stored = await vault.read()  # once more: now nobody but us changes it
        present = Tokens.read(stored)
        if _usable(present, stale):
            return present
        return await self._exchange(vault, stored, present)

    async def _exchange(self, vault: Vault, stored: str, present: Tokens) -> Tokens:
        """Trade the refresh token for a new pair and store it."""
        answer = await self._ask(present)
        said = json_object(answer.body)
        access, refresh = said.get("access_token"), said.get("refresh_token")
        if isinstance(access, str) and isinstance(refresh, str) and access and refresh:
            now = time.time()
            new = replace(
                present,
                access_token=access,
                refresh_token=refresh,
                expires=now + _seconds(said.get("expires_in")),
                renewed=now,
                trouble="",
            )
            if await vault.replace(stored, new.text()):
                return new
            return await _entered_meanwhile(vault)
        trouble = _refused(answer, said, present)
        await vault.replace(stored, replace(present, trouble=trouble).text())
        raise PermanentError(trouble, stops_channel=True)

    async def _ask(self, present: Tokens) -> HttpResponse:
        fields_sent = {
            "refresh_token": present.refresh_token,
            "app_id": self.app_id,
            "grant_type": "refresh_token",
        }
        try:
            return await self.http.request(
                "POST",
                f"{settings.ZALO_OAUTH_URL}/v4/oa/access_token",
                headers={
                    "secret_key": present.app_secret,
                    "Content-Type": "application/x-www-form-urlencoded",
                },
                body=urlencode(fields_sent).encode(),
                timeout=SECONDS,
                max_bytes=ANSWER_BYTES,
            )
        except Barred as error:
            raise PermanentError(str(error), stops_channel=True) from None
        except (NotSent, NoAnswer) as error:
            # Nothing was posted; whether the refresh token was used up shows the next time.
            raise TemporaryError(_("The access to Zalo could not be renewed. %s") % error) from None


def _usable(tokens: Tokens, stale: str) -> bool:
    return tokens.access_token != stale and tokens.outlives(time.time() + MARGIN)


def _check(tokens: Tokens) -> None:
    """Raise ``PermanentError`` when it makes no sense to ask Zalo."""
    if not (tokens.app_secret and tokens.refresh_token):
        raise PermanentError(
            _(
                "The app's secret key or the refresh token is missing. Enter both in the channel's "
                "settings."
            ),
            stops_channel=True,
        )


async def _entered_meanwhile(vault: Vault) -> Tokens:
    """Return what a person entered while we asked; ours belonged to what was there before."""
    present = Tokens.read(await vault.read())
    if present.outlives(time.time() + MARGIN):
        return present
    raise TemporaryError(_("The access to Zalo was just changed; trying again with the new one."))


def _refused(answer: HttpResponse, said: dict[str, object], present: Tokens) -> str:
    """Return why Zalo gave no tokens. Raises a ``DeliveryError`` if that was not its last word."""
    code = said.get("error")
    if 300 <= answer.status < 400 or is_page(answer):
        raise not_zalo(answer.status)
    if answer.status >= 400 or not isinstance(code, int) or code in NOT_NOW:
        raise TemporaryError(
            _("The access to Zalo could not be renewed (status %s).") % answer.status
        )
    words = said.get("error_description") or said.get("error_name") or said.get("message")
    return _(
        "Zalo does not take the refresh token or the app's secret key (%(words)s). Let an "
        "administrator of the official account grant the access again, enter the new refresh token "
        "in the channel's settings, then start the channel again."
    ) % {"words": f"{scrubbed(words, present.secrets)}, {code}"}


def _seconds(value: object) -> float:
    """Return how long a token lives; Zalo writes the number as a text."""
    text = str(value)
    return float(text) if text.isascii() and text.isdigit() and len(text) < 9 else 3600.0


def attention(tokens: Tokens, now: datetime) -> str:
    """Return what a person should see to before the access ends; "" for nothing."""
    if tokens.trouble:
        return _("%(trouble)s Until %(moment)s the channel still works.") % {
            "trouble": tokens.trouble,
            "moment": _local(tokens.expires, "SHORT_DATETIME_FORMAT"),
        }
    ends = tokens.renewed + REFRESH_SECONDS
    if tokens.renewed and now.timestamp() > ends - WARN_BEFORE:
        return _(
            "The access to Zalo was not renewed for long and ends on %(day)s. Press “Check the "
            "connection”: that renews it."
        ) % {"day": _local(ends, "SHORT_DATE_FORMAT")}
    return ""


def _local(moment: float, form: str) -> str:
    return date_format(timezone.localtime(datetime.fromtimestamp(moment, UTC)), form)
