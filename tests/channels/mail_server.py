"""A real SMTP server that a test can make refuse, hang or break off; and receivers of raw bytes."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from django.conf import LazySettings

USER, PASSWORD = "cong-thong-tin", "MatKhauBiMatCuaMayChuThu"


@dataclass
class Desk:
    """Handler of a server: what it received, and the answers it is to give."""

    rcpt: Mapping[str, str] = field(default_factory=dict)  # address → reply
    sender: str = ""  # reply to MAIL FROM, when it is not accepted
    data: str = "250 Message accepted for delivery"
    drops: bool = False  # takes the mail, and breaks off before it says so
    envelopes: list[Envelope] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        """Return the mails received, as mail programs read them."""
        return [
            message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[misc]
            for envelope in self.envelopes
        ]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender:
            return self.sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data.startswith("250"):
            self.envelopes.append(envelope)
        if self.drops:
            server.transport.abort()
        return self.data

    async def handle_NOOP(
        self, server: SMTP, session: Session, envelope: Envelope, arg: str
    ) -> str:
        self.commands.append("NOOP")
        return "250 OK"


def authenticator(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
) -> AuthResult:
    right = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def serving(
    desk: Desk, settings: LazySettings, tls: ssl.SSLContext | None = None, **options: Any
) -> AsyncIterator[Desk]:
    """Run the desk's server and have Django's mail lead there. ``options`` are aiosmtpd's."""

    def session() -> SMTP:
        with warnings.catch_warnings(action="ignore"):  # it advises TLS for passwords
            return SMTP(desk, tls_context=tls, loop=asyncio.get_running_loop(), **options)

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    settings.EMAIL_PORT = server.sockets[0].getsockname()[1]
    settings.EMAIL_USE_TLS = tls is not None
    async with server:
        yield desk
        server.close()


@asynccontextmanager
async def raw(
    act: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    """Run a server that does as told with each connection. Yields its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await act(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client gave up first
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        server.close()
