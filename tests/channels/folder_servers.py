"""FTP and SFTP servers on this machine, for adapters that put files into folders."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncssh
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import FTPServer

from channels.contract import Refused

USER = "nhipcau"
PASSWORD = "mat-khau-rat-bi-mat"


class Ways:
    """A network on which every name is this machine, or nothing may be reached."""

    def __init__(self, *, private: bool = False) -> None:
        self.private = private
        self.asked: list[tuple[str, int]] = []

    async def permitted(self, host: str, port: int) -> list[str]:
        self.asked.append((host, port))
        if self.private:
            raise Refused("The receiver is inside a private network and is not permitted.")
        return ["127.0.0.1"]


@contextmanager
def ftp_server(folder: Path, perm: str = "elradfmwMT", **settings: Any) -> Iterator[int]:
    """Run an FTP server over a folder. ``settings`` replace those of its handler."""
    authorizer = DummyAuthorizer()
    authorizer.add_user(USER, PASSWORD, str(folder), perm=perm)
    given = {"authorizer": authorizer, "auth_failed_timeout": 0, **settings}
    handler = type("Handler", (FTPHandler,), given)
    loop = IOLoop()
    server = FTPServer(("127.0.0.1", 0), handler, ioloop=loop)
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            loop.loop(timeout=0.02, blocking=False)
        server.close_all()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.socket.getsockname()[1]
    finally:
        ended.set()
        thread.join()


class Doors(asyncssh.SSHServer):
    """Lets one person in."""

    def __init__(self, visitors: list[asyncssh.SSHServerConnection]) -> None:
        self.visitors = visitors

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.visitors.append(conn)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


@asynccontextmanager
async def sftp_server(
    folder: Path, host_key: asyncssh.SSHKey, *, client_key: asyncssh.SSHKey | None = None,
    files: type[asyncssh.SFTPServer] = asyncssh.SFTPServer,
) -> AsyncIterator[int]:  # fmt: skip
    """Run an SFTP server over a folder, which its users see as "/"."""
    known = None
    visitors: list[asyncssh.SSHServerConnection] = []
    if client_key:
        known = asyncssh.import_authorized_keys(client_key.export_public_key().decode())
    server = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=lambda: Doors(visitors), server_host_keys=[host_key],
        authorized_client_keys=known,
        sftp_factory=lambda channel: files(channel, chroot=str(folder)),
    )  # fmt: skip
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for visitor in visitors:
            visitor.abort()
            await visitor.wait_closed()
        await server.wait_closed()


@asynccontextmanager
async def silent_server(
    greeting: bytes = b"",
) -> AsyncIterator[tuple[int, asyncio.Event, asyncio.Event]]:
    """Run a server that takes connections and says no more than its greeting.

    Yields its port, and what is set when somebody came and when they left.
    """
    came, left = asyncio.Event(), asyncio.Event()
    talks: list[asyncio.Future[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(over := asyncio.get_running_loop().create_future())
        writer.write(greeting)
        came.set()
        try:
            while await reader.read(1000):
                pass
        except ConnectionError:
            pass
        finally:
            writer.close()
            left.set()
            over.set_result(None)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], came, left
    finally:
        server.close()
        await asyncio.gather(*talks)  # whoever came leaves: that is what is tested
        await server.wait_closed()
