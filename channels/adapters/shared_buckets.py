"""Folders in buckets of S3 servers, for ``shared_places``. Loaded when the first one is opened.

The library speaks S3; connections are ours: to permitted addresses only, bounded, and broken from
outside. An object is seen when it is complete, so nothing is written under a temporary name.
"""

import io
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError

import urllib3
from django.utils.translation import gettext as _
from minio import Minio
from minio.error import MinioException, S3Error
from minio.helpers import check_bucket_name
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError, SSLError
from urllib3.exceptions import TimeoutError as TooLate

from channels.adapters import shared_servers
from channels.adapters.shared_answers import too_large
from channels.adapters.shared_places import (
    MOST_BYTES,
    Access,
    Halt,
    Place,
    barred,
    full,
    out_of_reach,
    unknown_user,
)
from channels.contract import DeliveryError, PermanentError

AMAZON = "https://s3.amazonaws.com"
CHUNK = 16_384
SINGLE = 5 * 2**20  # bytes; the smallest size of a part the library takes
LATER = {408, 425, 429}


class Connection(HTTPSConnection):
    """A connection to an address that is permitted, which can be broken from outside."""

    def __init__(self, access: Access, halt: Halt, *args: Any, **kwargs: Any) -> None:
        self._access, self._halt = access, halt
        super().__init__(*args, **kwargs)

    def _new_conn(self) -> socket.socket:
        """Connect. Raises ``DeliveryError`` for what is not permitted, ``OSError``."""
        ways = self._access.reach(self.host, self.port or 443)
        line = shared_servers.connected(ways, self.port or 443)
        # TLS takes the socket over; its double ends the same connection, handshake included.
        double = line.dup()
        self._halt.afterwards.callback(double.close)
        self._halt.holds(double)
        return line


class Connections(urllib3.PoolManager):
    """Carries requests without redirects and repetitions, and reads bounded answers."""

    def __init__(self, access: Access, halt: Halt) -> None:
        seconds = urllib3.Timeout(connect=shared_servers.SECONDS, read=shared_servers.SECONDS)
        super().__init__(1, timeout=seconds, ssl_context=ssl.create_default_context())
        self._made = partial(Connection, access, halt)
        self._halt = halt
        self.status = 0  # of the last answer

    def connection_from_host(self, *args: Any, **kwargs: Any) -> Any:
        pool = super().connection_from_host(*args, **kwargs)
        setattr(pool, "ConnectionCls", self._made)  # noqa: B010 - typed as a class
        return pool

    def urlopen(  # type: ignore[override]
        self, method: str, url: str, redirect: bool = True, **given: Any
    ) -> urllib3.BaseHTTPResponse:
        """Ask. Raises ``EOFError`` for an answer without end, ``TimeoutError`` when halted."""
        self.status = 0
        if self._halt.called:
            raise TimeoutError
        how = given | {"preload_content": False, "decode_content": False, "retries": False}
        answer = super().urlopen(method, url, redirect=False, **how)
        body = bytearray()
        for chunk in answer.stream(CHUNK):
            body += chunk
            if len(body) > MOST_BYTES or self._halt.called:
                answer.close()
                raise EOFError
        answer.release_conn()
        self.status = answer.status
        return urllib3.HTTPResponse(
            io.BytesIO(body), answer.headers, answer.status, decode_content=False,
            preload_content=given.get("preload_content", True), request_method=method,
        )  # fmt: skip


class Bucket:
    """Objects of one bucket, with the names ``Place`` calls for."""

    def __init__(self, access: Access, halt: Halt) -> None:
        if not (access.secret and access.user.isascii() and access.user.isprintable()):
            raise unknown_user()
        self._name = access.address.host
        self._carrier = Connections(access, halt)
        halt.afterwards.callback(self._carrier.clear)
        try:
            check_bucket_name(self._name, s3_check=True)
        except ValueError:
            raise barred() from None
        with self._explained():
            host = urlsplit(access.endpoint or AMAZON).netloc
            self._client = Minio(host, access.user, access.secret, http_client=self._carrier)

    def pipe_file(self, path: str, value: bytes) -> None:
        """Write an object whole, in one request."""
        with self._explained():
            written = self._client.put_object(
                self._name,
                _key(path),
                io.BytesIO(value),
                len(value),
                part_size=max(len(value), SINGLE),
            )
            if not written.etag:  # somebody else's "yes"
                raise ValueError

    def cat_file(self, path: str, start: int, end: int) -> bytes:
        """Read how an object begins. Raises ``FileNotFoundError``: it is not there, or not for us.

        Amazon tells the two apart only to keys that may list the bucket.
        """
        with self._explained():
            try:
                answer = self._client.get_object(self._name, _key(path), start, end - start)
            except S3Error as error:
                if error.code == "AccessDenied":
                    raise FileNotFoundError(path) from None
                raise
            content: bytes = answer.read()
        return content

    def rm_file(self, path: str) -> None:
        """Delete an object; S3 counts one that is not there as deleted."""
        with self._explained():
            self._client.remove_object(self._name, _key(path))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the library raises into errors for editors, or of files."""
        try:
            yield
        except S3Error as error:
            raise self._by_code(error.code or "") from None
        except SSLError as error:
            cause = error.args[0] if error.args else None
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise _untrusted() from None
            raise out_of_reach() from None
        except TooLate:
            raise TimeoutError from None
        except HTTPError:
            raise out_of_reach() from None
        except (MinioException, ParseError, ValueError):  # not in S3's words
            raise self._by_status() from None

    def _by_code(self, code: str) -> Exception:
        """Read the code of an answer in S3's words."""
        if code == "NoSuchKey":
            return FileNotFoundError()
        said = next((made for codes, made in CODES.items() if code in codes), self._by_status)
        return said()

    def _by_status(self) -> DeliveryError:
        """Read a status alone: of a proxy, of another service, or of a code we do not know."""
        status = self._carrier.status
        if status >= 500 or status in LATER:
            return out_of_reach()
        if status == 401:
            return unknown_user()
        if status == 403:
            return barred()
        if status == 413:
            return too_large("S3")
        return PermanentError(
            _(
                "The server does not answer as an S3 server does. Check the address of the S3 "
                "server in the channel's settings."
            ),
            stops_channel=True,
        )


def _key(path: str) -> str:
    """Return an object's key. To S3 one that begins with "/" is another."""
    return path.lstrip("/")


def _untrusted() -> PermanentError:
    return PermanentError(
        _(
            "The receiver's certificate cannot be trusted: it has run out, is of another name, or "
            "nobody known vouches for it. Nothing was sent. Ask those who run the receiver to put "
            "it right, then start the channel again."
        ),
        stops_channel=True,
    )


def _askew() -> PermanentError:
    return PermanentError(
        _(
            "The S3 server's clock and ours differ too much. Ask the operator to set the clock of "
            "this machine, then start the channel again."
        ),
        stops_channel=True,
    )


# Of "Error Responses" in Amazon's S3 API reference, and those MinIO adds.
CODES: dict[tuple[str, ...], Callable[[], DeliveryError]] = {
    ("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidSecurity", "InvalidToken",
     "ExpiredToken", "AuthorizationHeaderMalformed"): unknown_user,
    ("NoSuchBucket", "AccessDenied", "AllAccessDisabled", "AccountProblem", "InvalidBucketName",
     "MethodNotAllowed", "PermanentRedirect"): barred,
    ("QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded"): full,
    ("EntityTooLarge",): partial(too_large, "S3"),
    ("RequestTimeTooSkewed",): _askew,
}  # fmt: skip


def in_bucket(access: Access, halt: Halt) -> Place:
    """Open a folder of an S3 bucket. Raises ``DeliveryError`` for one that cannot exist."""
    return Place(Bucket(access, halt), access.address.path, halt, whole=True)
