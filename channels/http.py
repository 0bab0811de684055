"""The guarded HTTP client of ``core`` in the words of the adapter contract."""

import json as jsonlib
import secrets
import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from aiohttp.abc import AbstractResolver
from django.conf import settings
from django.utils.translation import gettext as _

from channels.contract import HttpResponse, NoAnswer, NotSent, Part, Refused, Untrusted
from core.guard import Guard, is_address
from core.http import Client, GuardedResolver, HttpFailure, Reason, SystemResolver, Unsent


def _guard(allow: list[str] | None) -> Guard:
    return _made_once(tuple(settings.OUTBOUND_ALLOW if allow is None else allow))


@lru_cache(maxsize=16)
def _made_once(allow: tuple[str, ...]) -> Guard:
    return Guard(list(allow))


class OutboundClient:
    """Implements ``contract.HttpClient``. It keeps no connection open.

    ``allow`` names private targets that may be reached all the same; the default is the
    operator's ``OUTBOUND_ALLOW``. ``resolver`` and ``tls`` replace the system's.
    """

    def __init__(
        self,
        *,
        allow: list[str] | None = None,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._client = Client(_guard(allow), resolver=resolver, tls=tls)

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        body: bytes | None = None,
        parts: list[Part] | None = None,
        timeout: float = 20.0,
        max_bytes: int = 5_000_000,
        follow_redirects: bool = False,
    ) -> HttpResponse:
        """See ``contract.HttpClient``. At most one of ``json``, ``body``, ``parts`` is given."""
        content_type, content = encoded(json=json, body=body, parts=parts)
        sent = {"Content-Type": content_type} if content_type else {}
        try:
            answer = await self._client.request(
                method,
                url,
                headers=sent | dict(headers or {}),
                body=content,
                timeout=timeout,
                max_bytes=max_bytes,
                follow_redirects=follow_redirects,
            )
        except HttpFailure as failure:
            raise _in_words(failure) from None
        return HttpResponse(answer.status, answer.headers, answer.body)


class OutboundNetwork:
    """Implements ``contract.Network``."""

    def __init__(
        self, *, allow: list[str] | None = None, resolver: AbstractResolver | None = None
    ) -> None:
        self._guard = _guard(allow)
        self._resolver = GuardedResolver(self._guard, resolver or SystemResolver())

    async def permitted(self, host: str, port: int) -> list[str]:
        if is_address(host):
            if not (self._guard.allows_name(host) or self._guard.allows_address(host)):
                raise Refused(_words(Reason.FORBIDDEN))
            return [host]
        try:
            found = await self._resolver.resolve(host, port)
        except HttpFailure as failure:
            raise _in_words(failure) from None
        except OSError:
            found = []
        if not found:
            raise NotSent(_words(Reason.NAME))
        return [entry["host"] for entry in found]


def encoded(
    *, json: Any = None, body: bytes | None = None, parts: list[Part] | None = None
) -> tuple[str, bytes | None]:
    """Return the media type (empty: the caller knows it) and the bytes of a request body."""
    if parts is not None:
        return multipart(parts)
    if json is not None:
        return "application/json", jsonlib.dumps(json, ensure_ascii=False).encode()
    return "", body


def multipart(parts: list[Part]) -> tuple[str, bytes]:
    """Return the media type and bytes of a form (RFC 7578, names escaped as browsers do)."""
    boundary = secrets.token_hex(16)
    lines = [_head(boundary, part) + part.content + b"\r\n" for part in parts]
    end = f"--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", b"".join(lines) + end


def _head(boundary: str, part: Part) -> bytes:
    disposition = f'form-data; name="{_quoted(part.name)}"'
    if part.filename:
        disposition += f'; filename="{_quoted(part.filename)}"'
    mime = part.mime or ("application/octet-stream" if part.filename else "")
    kind = f"Content-Type: {_quoted(mime)}\r\n" if mime else ""
    return f"--{boundary}\r\nContent-Disposition: {disposition}\r\n{kind}\r\n".encode()


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _in_words(failure: HttpFailure) -> NotSent | NoAnswer:
    words = _words(failure.reason)
    if not isinstance(failure, Unsent):
        return NoAnswer(words)
    return _KINDS.get(failure.reason, NotSent)(words)


_KINDS = {Reason.FORBIDDEN: Refused, Reason.CERTIFICATE: Untrusted}


def _words(reason: Reason) -> str:
    return {
        Reason.ADDRESS: _("The address of the receiver is not usable."),
        Reason.FORBIDDEN: _(
            "The receiver is inside a private network and is not permitted. If it is meant, ask "
            "the operator to permit it (OUTBOUND_ALLOW)."
        ),
        Reason.NAME: _("The receiver's name could not be found on the network."),
        Reason.CONNECT: _("The receiver could not be reached."),
        Reason.CERTIFICATE: _(
            "The receiver's certificate cannot be trusted: it has run out, is of another name, or "
            "nobody known vouches for it. Nothing was sent. Ask those who run the receiver to put "
            "it right, then start the channel again."
        ),
        Reason.TLS: _("No encrypted connection to the receiver was possible."),
        Reason.TIME: _("The receiver did not answer in time."),
        Reason.BROKEN: _("The connection to the receiver broke off."),
        Reason.SIZE: _("The receiver's answer is too large."),
        Reason.CODING: _("The receiver's answer could not be unpacked."),
        Reason.REDIRECTS: _("The receiver passes requests on too many times."),
    }[reason]
