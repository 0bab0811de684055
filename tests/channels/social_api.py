"""An adapter's view of the Zalo and Facebook look-alikes without a network."""

from collections.abc import Callable, Mapping
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.test import Client

from channels.contract import HttpResponse, NoAnswer, Part
from channels.http import encoded
from channels.sandbox.social.models import SandboxAccount, SandboxPost


class InProcess:
    """Implements ``HttpClient`` by calling the views of this process; remembers every request."""

    def __init__(self) -> None:
        self.client = Client()
        self.calls: list[tuple[str, str]] = []
        self.paused: Callable[[str], Any] | None = None  # awaited before a call is answered

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
        path = url[url.index("/sandbox/") :]
        self.calls.append((method, path.partition("?")[0]))
        if self.paused:
            await self.paused(path)
        content_type, content = encoded(json=json, body=body, parts=parts)
        return await sync_to_async(self._answer)(
            method, path, content or b"", content_type, dict(headers or {})
        )

    def _answer(
        self, method: str, path: str, content: bytes, content_type: str, headers: dict[str, str]
    ) -> HttpResponse:
        kind = headers.pop("Content-Type", "") or content_type or "application/octet-stream"
        sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        answer = self.client.generic(method, path, content, content_type=kind, **sent)
        if answer.streaming:  # the look-alike breaks off
            raise NoAnswer("broken off")
        names = {name.lower(): value for name, value in answer.headers.items()}
        return HttpResponse(answer.status_code, names, answer.content)

    def names(self) -> list[str]:
        """The last two parts of each path that was asked for."""
        return ["/".join(path.strip("/").split("/")[-2:]) for _method, path in self.calls]


class Stored(dict[str, bytes]):
    """Files by name."""

    def read(self, name: str) -> bytes:
        try:
            return self[name]
        except KeyError:
            raise FileNotFoundError(name) from None


def call(method: Callable[..., Any], *arguments: Any) -> Any:
    """Await a method from a synchronous test, with this thread's database connection."""
    return async_to_sync(method)(*arguments)


def order(account: SandboxAccount, *faults: dict[str, Any]) -> None:
    """Let the look-alike answer its next calls with these faults."""
    account.refresh_from_db()
    account.faults = list(faults)
    account.save()


def picture_of(post: SandboxPost) -> bytes:
    """Return the picture that a post shows."""
    with post.picture.open() as file:
        return file.read()
