"""Bounds, and certainty, for libraries that speak through ``requests``: Apprise, django-anymail.

``requests`` collects whatever a server sends, and neither library can be given a session of ours or
says what became of a request. So every session made in this process after the first call of
``listening`` or ``bound`` carries its requests by ``Carrier``.
"""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import requests
import urllib3.exceptions as web
from requests.adapters import HTTPAdapter

from channels.adapters.shared_answers import PAGE_STARTS

ANSWER_BYTES = 2_000_000  # decompressed; services say a few hundred
ANSWER_SECONDS = 20.0
CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of one request.

    ``status``: of the answer; 0 when there was none. ``left``: whether it may have reached the
    service. ``trusted``: false when the service showed a certificate that is not its own.
    ``page``: whether a document for people came back, as from a proxy or a block page.
    """

    status: int = 0
    left: bool = True
    trusted: bool = True
    page: bool = False


_listening: ContextVar[list[Heard] | None] = ContextVar("heard", default=None)


class Carrier(HTTPAdapter):
    """Carries requests as ``requests`` does, reads bounded answers, and tells who listens."""

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """See ``HTTPAdapter``. Raises ``requests.ConnectionError`` for an answer without end."""
        heard = _listening.get()
        try:
            answer = super().send(request, True, *args, **kwargs)
            if not stream:
                _read(answer)
        except requests.RequestException as error:
            if heard is not None:
                heard.append(Heard(left=not never_left(error), trusted=not untrusted(error)))
            raise
        if heard is not None:
            page = not stream and answer.content[:200].lstrip().lower().startswith(PAGE_STARTS)
            heard.append(Heard(answer.status_code, page=page))
        return answer


def _read(answer: requests.Response) -> None:
    """Read the body, bounded, to where ``requests`` keeps it."""
    until = time.monotonic() + ANSWER_SECONDS
    body = bytearray()
    for chunk in answer.iter_content(CHUNK):
        body += chunk
        if len(body) > ANSWER_BYTES or time.monotonic() > until:
            answer.close()
            raise requests.ConnectionError("The answer is too large or too slow")
    answer._content = bytes(body)


def bound() -> None:
    """Have every session made from now on carry its requests by ``Carrier``."""
    setattr(requests.sessions, "HTTPAdapter", Carrier)  # noqa: B010 - its types do not show it


@contextmanager
def listening() -> Iterator[list[Heard]]:
    """Give a list that fills with what becomes of the requests made meanwhile, in their order."""
    bound()
    heard: list[Heard] = []
    token = _listening.set(heard)
    try:
        yield heard
    finally:
        _listening.reset(token)


def never_left(error: BaseException | None) -> bool:
    """Whether no connection was made that a request could have gone over."""
    return isinstance(
        _reason(error), web.NewConnectionError | web.ConnectTimeoutError | web.SSLError
    )


def untrusted(error: BaseException | None) -> bool:
    """Whether the other side could not prove who it is."""
    reason = _reason(error)
    cause = reason.args[0] if isinstance(reason, web.SSLError) and reason.args else None
    return isinstance(cause, ssl.SSLCertVerificationError)


def _reason(error: BaseException | None) -> object:
    """Return urllib3's own error, which ``requests`` wraps twice."""
    return getattr(error.args[0], "reason", None) if error and error.args else None
