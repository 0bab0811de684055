"""Calls of the official account API over the guarded client."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from channels.adapters.zalo_access import Access
from channels.adapters.zalo_errors import StaleToken, bad_access, doubt, understood
from channels.contract import (
    Barred,
    HttpClient,
    NoAnswer,
    NotSent,
    Part,
    PermanentError,
    TemporaryError,
)

SECONDS = 15.0
ANSWER_BYTES = 1_000_000


class ZaloApi:
    """One official account. A token that Zalo no longer takes is renewed once in each call."""

    def __init__(self, http: HttpClient, access: Access) -> None:
        self.http = http
        self.access = access

    async def get(self, path: str, **query: object) -> dict[str, Any]:
        """Return the ``data`` of an answer. Raises ``DeliveryError``, like every call here."""
        return await self._call("GET", f"{path}?{urlencode(query)}" if query else path)

    async def post(self, path: str, body: Any, *, repeatable: bool = True) -> dict[str, Any]:
        """``repeatable``: the same again does no harm, so that a doubt only means "again"."""
        return await self._call("POST", path, json=body, repeatable=repeatable)

    async def upload(self, path: str, file: Part) -> dict[str, Any]:
        """Upload a file; twice does no harm."""
        return await self._call("POST", path, parts=[file])

    async def _call(
        self, method: str, path: str, *, repeatable: bool = True, **content: Any
    ) -> dict[str, Any]:
        token = await self.access.token()
        try:
            return await self._request(method, path, token, repeatable=repeatable, **content)
        except StaleToken:
            token = await self.access.another(token)
        try:
            return await self._request(method, path, token, repeatable=repeatable, **content)
        except StaleToken:
            raise bad_access() from None

    async def _request(
        self, method: str, path: str, token: str, *, repeatable: bool, **content: Any
    ) -> dict[str, Any]:
        try:
            answer = await self.http.request(
                method,
                f"{settings.ZALO_API_URL}{path}",
                headers={"access_token": token},
                timeout=SECONDS,
                max_bytes=ANSWER_BYTES,
                **content,
            )
        except Barred as error:
            raise PermanentError(str(error), stops_channel=True) from None
        except NotSent as error:
            raise TemporaryError(str(error)) from None
        except NoAnswer as error:
            raise doubt(str(error), repeatable=repeatable) from None
        return understood(answer, self.access.tokens.secrets, repeatable=repeatable)
