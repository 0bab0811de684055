"""An S3 server on this machine: buckets are folders, objects are files.

It checks signatures by its own reading of Amazon's rules (Signature Version 4), dates, sums of
bodies and rights, and answers with the codes of Amazon's S3 API reference.
"""

import hashlib
import hmac
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tests.channels.folder_servers import PASSWORD, USER

SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>(?P<day>\d{8})/(?P<region>[^/]+)"
    r"/s3/aws4_request), ?SignedHeaders=(?P<names>[^,]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)
STATUS = {"NoSuchKey": 404, "NoSuchBucket": 404, "BadDigest": 400, "QuotaExceeded": 507,
          "SlowDown": 503, "EntityTooLarge": 400}  # fmt: skip
XML = "application/xml"


@dataclass
class Buckets:
    """The server: where it listens, what it was asked, and how it is to behave."""

    folder: Path
    region: str = "ap-southeast-1"
    refuses: dict[str, str] = field(default_factory=dict)  # the code answered, by method
    ahead: timedelta = timedelta()  # of its clock
    cut_at: int = 0  # which writing is broken off in the middle
    port: int = 0
    asked: list[str] = field(default_factory=list)
    written: int = 0


def signature(handler: BaseHTTPRequestHandler, found: re.Match[str]) -> str:
    """Return the signature this request must bear."""
    parts = urlsplit(handler.path)
    query = [
        "=".join(quote(part, safe="-_.~") for part in pair)
        for pair in sorted(parse_qsl(parts.query, keep_blank_values=True))
    ]
    names = found["names"].split(";")
    canonical = "\n".join([
        handler.command, quote(unquote(parts.path), safe="/-_.~"),
        "&".join(query),
        *[f"{name}:{' '.join(handler.headers[name].split())}" for name in names], "",
        found["names"], handler.headers["x-amz-content-sha256"],
    ])  # fmt: skip
    summed = hashlib.sha256(canonical.encode()).hexdigest()
    told = "\n".join(["AWS4-HMAC-SHA256", handler.headers["x-amz-date"], found["scope"], summed])
    key = b"AWS4" + PASSWORD.encode()
    for part in found["scope"].split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, told.encode(), "sha256").hex()


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    buckets: Buckets

    def do_GET(self) -> None:
        if code := self.fault(b""):
            return self.refuse(code)
        if self.asks_where:
            region = self.buckets.region
            return self.answer(200, f"<LocationConstraint>{region}</LocationConstraint>".encode())
        if not self.file.is_file():
            return self.refuse("NoSuchKey")
        content = self.file.read_bytes()
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not wanted:
            return self.answer(200, content)
        return self.answer(206, content[int(wanted[1]) : int(wanted[2] or len(content)) + 1])

    def do_PUT(self) -> None:
        length = int(self.headers["Content-Length"])
        self.buckets.written += 1
        if self.buckets.written == self.buckets.cut_at:
            self.rfile.read(length // 2)
            self.close_connection = True
            return None
        content = self.rfile.read(length)
        if code := self.fault(content):
            return self.refuse(code)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_bytes(content)
        return self.answer(200, b"", ETag=f'"{hashlib.md5(content).hexdigest()}"')  # noqa: S324

    def do_DELETE(self) -> None:
        if code := self.fault(b""):
            return self.refuse(code)
        self.file.unlink(missing_ok=True)
        return self.answer(204, b"")

    @property
    def asks_where(self) -> bool:
        return self.command == "GET" and urlsplit(self.path).query == "location="

    @property
    def file(self) -> Path:
        """Where the object is. An empty segment of a key is one, too: "/a" is not "a"."""
        bucket, _slash, key = unquote(urlsplit(self.path).path)[1:].partition("/")
        return self.buckets.folder.joinpath(bucket, *[part or "(empty)" for part in key.split("/")])

    def fault(self, content: bytes) -> str:
        """Return the code of what is wrong with the request; "" for nothing."""
        self.buckets.asked.append(f"{self.command} {self.path}")
        found = SIGNED.fullmatch(self.headers.get("Authorization", ""))
        if not found or not {"host", "x-amz-date"} <= set(found["names"].split(";")):
            return "AccessDenied"
        if code := self.mistrust(found):
            return code
        told = self.headers["x-amz-content-sha256"]
        if told not in ("UNSIGNED-PAYLOAD", hashlib.sha256(content).hexdigest()):
            return "BadDigest"
        bucket = self.path.split("?")[0].split("/")[1]
        if not (self.buckets.folder / bucket).is_dir():
            return "NoSuchBucket"
        return "" if self.asks_where else self.buckets.refuses.get(self.command, "")

    def mistrust(self, found: re.Match[str]) -> str:
        """Return the code of what is wrong with key, signature, date or region."""
        if found["key"] != USER:
            return "InvalidAccessKeyId"
        if not hmac.compare_digest(found["signature"], signature(self, found)):
            return "SignatureDoesNotMatch"
        at = datetime.strptime(self.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if abs(datetime.now(UTC) + self.buckets.ahead - at) > timedelta(minutes=15):
            return "RequestTimeTooSkewed"
        if found["region"] != self.buckets.region and not self.asks_where:
            return "AuthorizationHeaderMalformed"
        return ""

    def refuse(self, code: str) -> None:
        words = f"<Error><Code>{code}</Code><Message>No, {USER}</Message></Error>"
        self.answer(STATUS.get(code, 403), words.encode())

    def answer(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": XML, "Content-Length": str(len(content)),
                            **headers}.items():  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Encrypts in the thread of the connection, so that a bad visitor keeps nobody waiting."""

    tls: ssl.SSLContext

    def finish_request(self, request, client_address) -> None:
        with self.tls.wrap_socket(request, server_side=True) as safe:
            super().finish_request(safe, client_address)

    def handle_error(self, request, client_address) -> None:
        """A visitor who does not trust us, or leaves, is what is tested."""


@contextmanager
def s3_server(folder: Path, tls: ssl.SSLContext, **settings) -> Iterator[Buckets]:
    """Run an S3 server over a folder. ``settings``: see ``Buckets``."""
    buckets = Buckets(folder, **settings)
    server = Server(("127.0.0.1", 0), type("Here", (Handler,), {"buckets": buckets}))
    server.tls = tls
    buckets.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield buckets
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
