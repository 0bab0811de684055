"""Carries python-telegram-bot's requests over the guarded HTTP client.

The library's own transport cannot say whether a request left before it failed, and logs addresses
that hold the token. This one raises errors that tell "not sent" from "no answer".
"""

import json
from typing import Any

from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from channels.adapters.shared_answers import is_page
from channels.contract import Barred, HttpClient, HttpResponse, NoAnswer, NotSent, Part

SECONDS = 25.0
SLOWEST = 2_000_000  # bytes a second: what a large upload is given time for
LONGEST = 40.0  # a delivery has little more in all
MAX_ANSWER_BYTES = 2_000_000
PASSING = {408, 425, 429}  # a proxy may say so; another time it will let us through


class NotDone(NetworkError):
    """Telegram certainly did not carry out the request."""


class RequestNotSent(NotDone):
    """Telegram certainly did not get it."""


class RequestBarred(NotDone):
    """As above, and no request will get through until a person changes something."""


class TooLarge(NotDone):
    """It is larger than the server, or a proxy before it, takes."""


class NotTelegram(NotDone):
    """Something that is not the Bot API answered in its place."""


class NotProcessed(NotDone):
    """Somebody answered that it was not carried out: an overloaded server, a proxy."""


class AnswerUnknown(NetworkError):
    """The request left; what became of it is not known."""


class Transport(BaseRequest):
    """One request of the Bot API, over ``HttpClient``."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    @property
    def read_timeout(self) -> float:
        """Seconds for a whole request; the library asks for it."""
        return SECONDS

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Return status and body of an answer by Telegram. Raises the errors above."""
        parts = _parts(request_data) if request_data is not None else None
        size = sum(len(part.content) for part in parts or ())
        try:
            response = await self._http.request(
                method,
                url,
                parts=parts,
                timeout=min(SECONDS + size / SLOWEST, LONGEST),
                max_bytes=MAX_ANSWER_BYTES,
            )
        except Barred as error:
            raise RequestBarred(str(error)) from None
        except NotSent as error:
            raise RequestNotSent(str(error)) from None
        except NoAnswer as error:
            raise AnswerUnknown(str(error)) from None
        _check(response)
        return response.status, response.body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the JSON object. The library's own version would log a foreign answer whole."""
        try:
            data = json.loads(payload)
        except ValueError:
            data = None
        if not isinstance(data, dict):
            raise TelegramError("Invalid server response")
        return data


def _check(response: HttpResponse) -> None:
    """Raise unless this is an answer in the form of the Bot API."""
    # 504: a gateway gave up waiting for a server that may well have done it.
    if response.status == 504:
        raise AnswerUnknown("504")
    if response.status == 413:
        raise TooLarge("413")
    if response.status >= 500:
        raise NotProcessed(str(response.status))
    answer = _json(response.body)
    if response.status < 300:
        if is_page(response):
            raise NotTelegram(str(response.status))
        if answer.get("ok") is not True or "result" not in answer:
            raise AnswerUnknown(str(response.status))
    elif not _official(response.status, answer):
        foreign = response.status not in PASSING
        raise (NotTelegram if foreign else NotProcessed)(str(response.status))


def _json(payload: bytes) -> dict[str, Any]:
    try:
        return Transport.parse_json_payload(payload)
    except TelegramError:
        return {}


def _official(status: int, answer: dict[str, Any]) -> bool:
    """Whether a refusal is the Bot API's own, and complete: 429 says how long to wait."""
    parameters = answer.get("parameters")
    waits = isinstance(parameters, dict) and bool(parameters.get("retry_after"))
    return answer.get("ok") is False and (status != 429 or waits)


def _parts(data: RequestData) -> list[Part]:
    fields = [
        Part(name=name, content=value.encode()) for name, value in data.json_parameters.items()
    ]
    files = [
        Part(name=name, content=_bytes(content), filename=filename, mime=mime)
        for name, (filename, content, mime) in data.multipart_data.items()
    ]
    return fields + files


def _bytes(content: Any) -> bytes:
    return content if isinstance(content, bytes) else bytes(content.read())
