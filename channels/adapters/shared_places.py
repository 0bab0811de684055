"""Folders elsewhere into which adapters put files: on this machine, by SFTP, FTP or S3.

Everything here blocks: call it in a thread. What goes wrong comes out as a ``DeliveryError``
(``explained``); writing a file again under its name does no harm, so nothing is ever uncertain.
"""

import errno
import ftplib
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import paramiko
from django.conf import settings
from django.utils.translation import gettext as _
from fsspec.implementations.local import LocalFileSystem

from channels.contract import DeliveryError, PermanentError, TemporaryError

PORTS = {"file": 0, "ftp": 21, "sftp": 22, "s3": 443}
PART = ".part"
MOST_BYTES = 2_000_000  # of a file that is read: manifests have a few thousand
SEGMENT = re.compile(r"[\w .@+-]+")
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
BARRED = {errno.ENOENT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR,
          errno.ELOOP}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """Where the folder is. ``path`` begins with "/" and does not end with one, but for the root."""

    scheme: str
    host: str
    port: int
    path: str

    def __str__(self) -> str:
        return f"{self.host}{self.path}"


def _nowhere(host: str, port: int) -> Sequence[str]:
    raise out_of_reach()


@dataclass(frozen=True, slots=True)
class Access:
    """How to get in. ``ways`` are the addresses that may be connected to.

    ``reach`` returns those of another host (Amazon's buckets have hosts of their own), for a thread
    to call; it raises ``DeliveryError`` when there are none.
    """

    address: Address
    ways: tuple[str, ...] = ()
    user: str = ""
    secret: str = field(default="", repr=False)
    fingerprint: str = ""
    endpoint: str = ""
    reach: Callable[[str, int], Sequence[str]] = field(default=_nowhere, repr=False)


def address_of(text: str) -> Address:
    """Return a folder's address. Raises ``ValueError`` with words for the person who typed it."""
    try:
        if not text.strip().isprintable():  # urlsplit would leave line breaks out
            raise ValueError
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise ValueError(_("This is not an address of a folder.")) from None
    if parts.scheme not in PORTS:
        raise ValueError(_("Begin the address with file://, sftp://, ftp:// or s3://."))
    if "@" in parts.netloc:
        raise ValueError(_("Leave user name and password out of the address: they have fields."))
    if bool(parts.hostname) is (parts.scheme == "file"):
        raise ValueError(
            _("Write file:///folder for this machine, and sftp://server/folder for another.")
        )
    segments = [segment for segment in parts.path.split("/") if segment]
    strange = any(not SEGMENT.fullmatch(item) or item.strip(". ") == "" for item in segments)
    if strange or parts.query or parts.fragment:
        raise ValueError(
            _("Folders may have letters, digits, spaces and . _ - + @ in their names.")
        )
    path = "/" + "/".join(segments)
    return Address(parts.scheme, parts.hostname or "", port or PORTS[parts.scheme], path)


class Halt:
    """Ends from outside what a thread is doing: breaks its connections, refuses the next step.

    ``afterwards`` holds what the thread itself closes when it is done.
    """

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self.called = False
        self.afterwards = ExitStack()

    def holds(self, connection: socket.socket) -> None:
        """Have this connection broken at the end, at once if the end has come."""
        with self._lock:
            self._sockets.append(connection)
            called = self.called
        if called:
            self()

    def __call__(self) -> None:
        with self._lock:
            self.called = True
            sockets, self._sockets = self._sockets, []
        for connection in sockets:
            with suppress(OSError):  # closed already
                connection.shutdown(socket.SHUT_RDWR)


class Place:
    """An open folder."""

    def __init__(self, files: Any, base: str, halt: Halt, *, whole: bool = False) -> None:
        """``whole``: a file is seen when it is complete, and there are no folders (S3)."""
        self._files, self._halt, self._whole = files, halt, whole
        self._base = base.rstrip("/")

    def put(self, name: str, content: bytes) -> None:
        """Write a file, or write it anew; nobody sees half of it under its name."""
        path = self._path(name)
        if self._whole:
            self._files.pipe_file(path, content)
            return
        self._files.pipe_file(path + PART, content)
        self._go_on()
        self._files.mv(path + PART, path)

    def get(self, name: str) -> bytes | None:
        """Return a small file, or how a larger one begins; None when there is none."""
        try:
            content: bytes = self._files.cat_file(self._path(name), 0, MOST_BYTES)
        except FileNotFoundError:
            return None
        return content

    def remove(self, name: str) -> None:
        """Delete a file. One that is gone already counts as deleted."""
        with suppress(FileNotFoundError):
            self._files.rm_file(self._path(name))

    def make(self, folder: str) -> None:
        """Make a folder below this one if it is not there."""
        if not self._whole:
            self._files.makedirs(self._path(folder), exist_ok=True)

    def _path(self, name: str) -> str:
        self._go_on()
        return f"{self._base}/{name}"

    def _go_on(self) -> None:
        if self._halt.called:
            raise TimeoutError


class RootedFiles(LocalFileSystem):
    """Files below one folder, also where somebody put symbolic links into it."""

    cachable = False

    def __init__(self, root: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._root = Path(root)

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **kwargs: Any) -> None:
        """Write a file through to the disk. Raises ``PermissionError`` outside the root."""
        if not Path(path).parent.resolve().is_relative_to(self._root):
            raise PermissionError(errno.EACCES, "outside")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        with os.fdopen(os.open(path, flags, 0o644), "wb") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())

    def mv(self, path1: str, path2: str, **kwargs: Any) -> None:
        os.replace(path1, path2)

    def rm_file(self, path: str) -> None:
        if Path(path).parent.resolve().is_relative_to(self._root):
            os.remove(path)


def here(access: Access, halt: Halt) -> Place:
    """Open a folder below ``DROP_ROOT``; it is made if need be."""
    root = Path(settings.DROP_ROOT).resolve()
    folder = (root / access.address.path.lstrip("/")).resolve()
    if not folder.is_relative_to(root):
        raise PermissionError(errno.EACCES, "outside")
    folder.mkdir(parents=True, exist_ok=True)
    return Place(RootedFiles(str(root)), str(folder), halt)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what file systems raise into errors for editors; they hold no address, no secret."""
    try:
        yield
    except DeliveryError:
        raise
    except paramiko.AuthenticationException:
        raise unknown_user() from None
    except ftplib.Error as error:
        raise _by_ftp(str(error)) from None
    except (EOFError, paramiko.SSHException):
        raise TemporaryError(_("The connection to the receiver's folder broke off.")) from None
    except OSError as error:
        raise _by_number(error) from None


def _by_number(error: OSError) -> DeliveryError:
    if error.errno in FULL:
        return full()
    if error.errno in BARRED or isinstance(error, FileNotFoundError | PermissionError):
        return barred()
    if isinstance(error, TimeoutError):
        return TemporaryError(_("The receiver's folder did not answer in time."))
    return out_of_reach()


def _by_ftp(words: str) -> DeliveryError:
    """Read a reply code (RFC 959, 4.2)."""
    code = words[:3]
    if code in {"530", "332", "532"}:
        return unknown_user()
    if code in {"452", "552"}:
        return full()
    if code in {"550", "553"}:
        return barred()
    return out_of_reach()


def full() -> TemporaryError:
    """Return the failure of a folder without room."""
    return TemporaryError(_("There is no room left in the receiver's folder."))


def out_of_reach() -> TemporaryError:
    """Return the failure of a server that does not answer, or not now."""
    return TemporaryError(_("The receiver's folder cannot be reached now."))


def unknown_user() -> PermanentError:
    """Return the failure of somebody who is not let in."""
    return PermanentError(
        _("The receiver refuses the user name or the password (or key). Enter them again."),
        stops_channel=True,
    )


def barred() -> PermanentError:
    """Return the failure of a folder that is not there, or not for us."""
    return PermanentError(
        _(
            "The receiver's folder does not exist, or it may not be written to. Check its address "
            "in the channel's settings, and ask the receiver for the right to write there."
        ),
        stops_channel=True,
    )
