"""Folders on SFTP and FTP servers, for ``shared_places``."""

import ftplib
import io
import re
import socket
from collections.abc import Sequence
from typing import Any, cast

import paramiko
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
)
from django.utils.translation import gettext as _
from fsspec.implementations.ftp import FTPFileSystem
from fsspec.implementations.sftp import SFTPFileSystem

from channels.adapters.shared_places import Access, Halt, Place
from channels.contract import PermanentError

SECONDS = 15.0  # for each thing waited for
SAID_BYTES = 256_000  # of all answers to FTP commands of one visit; ftplib is slow with long ones
HEARD_BYTES = 16_000_000  # of one visit; what a server has to say is far less, manifests included
ARMOUR = re.compile(r"-----BEGIN ([A-Z ]+)-----(.*?)-----END \1-----", re.DOTALL)


def connected(ways: Sequence[str], port: int) -> socket.socket:
    """Connect to the first address that answers. Raises ``OSError``."""
    failure: OSError = ConnectionRefusedError()
    for way in ways:
        try:
            return socket.create_connection((way, port), timeout=SECONDS)
        except OSError as error:
            failure = error
    raise failure


class Line:
    """A connection over which a server that talks without end is heard no longer."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._left = HEARD_BYTES

    def recv(self, size: int) -> bytes:
        data = self._connection.recv(size) if self._left > 0 else b""
        self._left -= len(data)
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


# --- FTP ---------------------------------------------------------------------------------------


class Dialogue(ftplib.FTP):
    """FTP in passive mode. Data connections go to the host of the first one, whatever it names.

    That is ``ftplib``'s own rule (``trust_server_pasv_ipv4_address`` is off).
    """

    def __init__(self, access: Access, halt: Halt) -> None:
        super().__init__(timeout=SECONDS, encoding="utf-8")
        self._halt = halt
        self._said = self._heard = 0
        halt.afterwards.callback(self.close)
        self._open(access)
        try:
            self.login(access.user, access.secret)
        except ValueError:  # a line break in what was entered, a key for example
            raise ftplib.error_perm("530") from None  # noqa: S321 - an answer, not a call

    def _open(self, access: Access) -> None:
        """Connect to the first address that answers. Raises ``OSError``."""
        failure: OSError = ConnectionRefusedError()
        for way in access.ways:
            self.held = False
            try:
                self.connect(way, access.address.port)
            except OSError as error:
                self.close()
                failure = error
            else:
                return
        raise failure

    def getline(self) -> str:
        """Read a line of an answer. From the first on the connection can be broken from outside."""
        if not self.held:
            self._halt.holds(cast(socket.socket, self.sock))
            self.held = True
        if self._halt.called:
            raise TimeoutError
        line: str = super().getline()
        self._said += len(line)
        if self._said > SAID_BYTES:
            raise EOFError  # as if the connection had ended
        return line

    def retrieved(self, path: str) -> bytes:
        """Return a file. Raises ``FileNotFoundError`` when it is not there, or not for us."""
        parts: list[bytes] = []

        def take(part: bytes) -> None:
            self._heard += len(part)
            if self._heard > HEARD_BYTES:
                raise EOFError
            parts.append(part)

        try:
            self.retrbinary(f"RETR {path}", take)
        except ftplib.error_perm as refusal:
            if str(refusal).startswith("550"):
                raise FileNotFoundError(path) from None
            raise
        return b"".join(parts)

    def ntransfercmd(
        self, cmd: str, rest: int | str | None = None
    ) -> tuple[socket.socket, int | None]:
        connection, size = super().ntransfercmd(cmd, rest)
        self._halt.holds(connection)
        return connection, size


class Ftp(FTPFileSystem):
    """Files on an FTP server."""

    def __init__(self, access: Access, halt: Halt) -> None:
        self._access, self._halt = access, halt
        super().__init__(access.address.host, access.address.port, timeout=SECONDS)

    def _connect(self) -> None:
        self.ftp = Dialogue(self._access, self._halt)

    def __del__(self) -> None:
        """Nothing is left to close: ``Halt.afterwards`` did, also when nothing was opened."""

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **kwargs: Any) -> None:
        """Write a file in one command: not every server appends (``REST``) as fsspec does."""
        self.ftp.storbinary(f"STOR {path}", io.BytesIO(value))

    def cat_file(
        self, path: str, start: int | None = None, end: int | None = None, **kwargs: Any
    ) -> bytes:
        """Read a file without a look at the whole folder first."""
        return self.ftp.retrieved(path)[start:end]

    def mv(self, path1: str, path2: str, **kwargs: Any) -> None:
        """Rename. Where the server does not overwrite, the old file is deleted first."""
        try:
            self.ftp.rename(path1, path2)
        except ftplib.error_perm:
            self.rm_file(path2)
            self.ftp.rename(path1, path2)

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        try:
            self.ftp.mkd(path)
        except ftplib.error_perm:
            self.ftp.cwd(path)  # it is there, or this tells what is wrong

    def rm_file(self, path: str) -> None:
        """Delete a file. Raises ``FileNotFoundError`` when it is not there."""
        try:
            self.ftp.delete(path)
        except ftplib.error_perm as refusal:
            try:
                self.ftp.voidcmd("TYPE I")
                self.ftp.size(path)
            except ftplib.error_perm:
                raise FileNotFoundError(path) from None
            raise refusal


def by_ftp(access: Access, halt: Halt) -> Place:
    """Open a folder of an FTP server."""
    return Place(Ftp(access, halt), access.address.path, halt)


# --- SFTP --------------------------------------------------------------------------------------


class Sftp(SFTPFileSystem):
    """SFTP with a server whose key is known."""

    cachable = False

    def __init__(self, access: Access, halt: Halt) -> None:
        self._access, self._halt = access, halt
        super().__init__(access.address.host)

    def _connect(self) -> None:
        access = self._access
        key = private_key(access.secret)
        line = connected(access.ways, access.address.port)
        self._halt.afterwards.callback(line.close)
        self._halt.holds(line)
        transport = paramiko.Transport(Line(line))
        self._halt.afterwards.callback(transport.close)
        transport.banner_timeout = transport.auth_timeout = SECONDS
        transport.start_client(timeout=SECONDS)
        compare(access.fingerprint, transport.get_remote_server_key().fingerprint)
        if key:
            transport.auth_publickey(access.user, key)
        else:
            transport.auth_password(access.user, access.secret)
        session = transport.open_session(timeout=SECONDS)
        session.settimeout(SECONDS)
        session.invoke_subsystem("sftp")
        self.ftp = paramiko.SFTPClient(session)

    def mv(self, old: str, new: str) -> None:
        """Rename over what is there; where the server cannot, delete that first."""
        try:
            self.ftp.posix_rename(old, new)
        except OSError as error:
            if error.errno:
                raise
            self.rm_quietly(new)
            self.ftp.rename(old, new)

    def rm_quietly(self, path: str) -> None:
        try:
            self.ftp.remove(path)
        except FileNotFoundError:
            return

    def rm_file(self, path: str) -> None:
        self.ftp.remove(path)

    def makedirs(self, path: str, exist_ok: bool = False, mode: int = 0o755) -> None:
        try:
            self.ftp.mkdir(path, mode)
        except OSError:
            if not self.isdir(path):
                raise


def by_sftp(access: Access, halt: Halt) -> Place:
    """Open a folder of an SFTP server. Raises ``PermanentError`` unless its key is known."""
    return Place(Sftp(access, halt), access.address.path, halt)


def compare(known: str, seen: str) -> None:
    """Raise ``PermanentError`` unless the server is the one whose fingerprint was entered."""
    if not known:
        raise PermanentError(
            _(
                "The server shows the fingerprint %s. Compare it with what its operator says, "
                "and enter it in the channel's settings."
            )
            % seen,
            stops_channel=True,
        )
    if known.rstrip("=") != seen.rstrip("="):
        raise PermanentError(
            _(
                "The server shows another fingerprint than the one entered: %s. It may be another "
                "server: ask its operator before entering the new one."
            )
            % seen,
            stops_channel=True,
        )


def private_key(secret: str) -> paramiko.PKey | None:
    """Return the key if the secret is one, also when its lines ran together. None: a password.

    Raises ``PermanentError`` for a key that cannot be used.
    """
    found = ARMOUR.search(secret)
    if not found:
        return None
    kind, body = found.group(1), "".join(found.group(2).split())
    lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
    text = f"-----BEGIN {kind}-----\n{lines}\n-----END {kind}-----\n"
    try:
        return _for_paramiko(text.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm, paramiko.SSHException):
        raise PermanentError(
            _("The key cannot be used. Enter an unencrypted OpenSSH key (Ed25519, ECDSA or RSA)."),
            stops_channel=True,
        ) from None


def _for_paramiko(text: bytes) -> paramiko.PKey:
    """Return a key in the one form of its kind that paramiko reads without fail."""
    load = load_ssh_private_key if b"OPENSSH" in text else load_pem_private_key
    key = load(text, None)
    kinds: dict[type, tuple[type[paramiko.PKey], PrivateFormat]] = {
        Ed25519PrivateKey: (paramiko.Ed25519Key, PrivateFormat.OpenSSH),
        EllipticCurvePrivateKey: (paramiko.ECDSAKey, PrivateFormat.TraditionalOpenSSL),
        RSAPrivateKey: (paramiko.RSAKey, PrivateFormat.TraditionalOpenSSL),
    }
    for kind, (cls, form) in kinds.items():
        if isinstance(key, kind):
            written = key.private_bytes(Encoding.PEM, form, NoEncryption())
            return cls.from_private_key(io.StringIO(written.decode()))
    raise UnsupportedAlgorithm("")
