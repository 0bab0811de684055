"""The file drop in buckets: against a server that checks signatures, over TLS."""

import asyncio
import hashlib
import json
import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from channels.adapters import shared_buckets, shared_places, shared_servers
from channels.adapters.file import FileDrop
from channels.contract import DeliveryError, Network, PermanentError, TemporaryError
from channels.http import OutboundClient, OutboundNetwork
from tests.certificates import server_context
from tests.channels.bucket_server import s3_server
from tests.channels.folder_servers import PASSWORD, USER, Ways, silent_server
from tests.channels.test_file import FILES, FULL, NAME, manifest, names, refusal, round_trip

BUCKET = "bao.example.vn"
SERVER = "s3.example.vn"


@pytest.fixture(autouse=True)
def discreet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever happens, no log line holds the key."""
    caplog.set_level("DEBUG")
    yield
    assert PASSWORD not in caplog.text


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a moment only, where nothing will come."""
    monkeypatch.setattr(shared_servers, "SECONDS", 0.5)


@pytest.fixture
def stranger(tmp_path: Path) -> ssl.SSLContext:
    """Return what a server shows whom nobody vouches for."""
    return server_context(tmp_path, SERVER)


@pytest.fixture
def tls(
    stranger: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ssl.SSLContext:
    """Return the same, and have this machine trust it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    return stranger


@pytest.fixture
def there(tmp_path: Path) -> Path:
    (tmp_path / "server" / BUCKET / "vao").mkdir(parents=True)
    return tmp_path / "server"


def in_bucket(
    port: int, secret: str = PASSWORD, network: Network | None = None, **options
) -> FileDrop:
    given = {"address": f"s3://{BUCKET}/vao", "user": USER, "endpoint": f"https://{SERVER}:{port}"}
    return FileDrop(
        FileDrop.Options.model_validate(given | options), secret, http=OutboundClient(),
        files=FILES, network=network or Ways(),
    )  # fmt: skip


async def both(sender: FileDrop) -> list[DeliveryError]:
    """Return what sending and checking come to."""
    calls = (sender.send(sender.compose(FULL)), sender.check())
    return [await refusal(call) for call in calls]


async def test_a_package_in_a_bucket(there: Path, tls: ssl.SSLContext) -> None:
    with s3_server(there, tls) as server:
        sender = in_bucket(server.port)
        await round_trip(sender, there / BUCKET / "vao")
        assert set(sender.network.asked) == {(SERVER, server.port)}  # type: ignore[attr-defined]
    assert manifest(there / BUCKET / "vao" / NAME)["status"] == "withdrawn"
    assert "canceled" in (there / BUCKET / "vao" / NAME / "item.xml").read_text()


async def test_objects_are_written_whole_the_manifest_last(
    there: Path, tls: ssl.SSLContext
) -> None:
    with s3_server(there, tls) as server:
        sender = in_bucket(server.port)
        await sender.send(sender.compose(FULL))
    folder = there / BUCKET / "vao" / NAME
    put = [line.rpartition("/")[2] for line in server.asked if line.startswith("PUT")]
    assert put == ["item.xml", "picture.jpg", "document-1.pdf", "manifest.json"]
    for entry in manifest(folder)["files"]:
        content = (folder / entry["name"]).read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()


async def test_large_files_go_in_one_request(
    there: Path, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = b"x" * (2 * shared_buckets.SINGLE + 1)
    monkeypatch.setitem(FILES, "a.jpg", large)
    with s3_server(there, tls) as server:
        sender = in_bucket(server.port, layout="stem")
        await sender.send(sender.compose(FULL))
    assert (there / BUCKET / "vao" / f"{NAME}.picture.jpg").read_bytes() == large
    assert sum(line.startswith("PUT") for line in server.asked) == 4


async def test_a_name_with_spaces_and_the_root_of_a_bucket(
    there: Path, tls: ssl.SSLContext
) -> None:
    with s3_server(there, tls) as server:
        for folder in ("/Tin bài + ảnh/x@y", ""):
            sender = in_bucket(server.port, address=f"s3://{BUCKET}{folder}", layout="stem")
            await sender.send(sender.compose(FULL))
            written = there / BUCKET / folder.lstrip("/")
            assert json.loads((written / f"{NAME}.manifest.json").read_text())["version"] == 3


@pytest.mark.parametrize(
    "given", [{"secret": "mat-khau-sai"}, {"user": "ai-do"}, {"secret": ""}, {"user": "Lan Ánh"}]
)
async def test_a_wrong_key_stops_the_channel(given: dict, there: Path, tls: ssl.SSLContext) -> None:
    with s3_server(there, tls) as server:
        for error in await both(in_bucket(server.port, **given)):
            assert isinstance(error, PermanentError)
            assert error.stops_channel
            assert "password (or key)" in str(error) or "mật khẩu" in str(error)
    assert names(there / BUCKET / "vao") == []


@pytest.mark.parametrize("bucket", ["khac.example.vn", "a", "10.0.0.1", "a..b"])
async def test_no_such_bucket(bucket: str, there: Path, tls: ssl.SSLContext) -> None:
    with s3_server(there, tls) as server:
        for error in await both(in_bucket(server.port, address=f"s3://{bucket}/vao")):
            assert isinstance(error, PermanentError)
            assert error.stops_channel


@pytest.mark.parametrize(("code", "kind", "stops"), [
    ("AccessDenied", PermanentError, True),
    ("QuotaExceeded", TemporaryError, False),
    ("SlowDown", TemporaryError, False),
    ("EntityTooLarge", PermanentError, False),
    ("NobodyKnows", PermanentError, True),
])  # fmt: skip
async def test_what_a_server_may_refuse(
    code: str, kind: type[DeliveryError], stops: bool, there: Path, tls: ssl.SSLContext
) -> None:
    with s3_server(there, tls, refuses={"PUT": code}) as server:
        for error in await both(in_bucket(server.port)):
            assert type(error) is kind
            assert getattr(error, "stops_channel", False) is stops
    assert names(there / BUCKET / "vao") == []


async def test_a_key_that_may_not_list_is_told_of_no_file_by_a_refusal(
    there: Path, tls: ssl.SSLContext
) -> None:
    with s3_server(there, tls, refuses={"GET": "AccessDenied"}) as server:
        sender = in_bucket(server.port)
        assert await sender.find(sender.compose(FULL)) is None
        await sender.send(sender.compose(FULL))
    assert "manifest.json" in names(there / BUCKET / "vao" / NAME)


async def test_clocks_that_differ(there: Path, tls: ssl.SSLContext) -> None:
    with s3_server(there, tls, ahead=timedelta(hours=7)) as server:
        for error in await both(in_bucket(server.port)):
            assert isinstance(error, PermanentError)
            assert error.stops_channel


async def test_broken_off_in_the_middle_leaves_no_half_file(
    there: Path, tls: ssl.SSLContext
) -> None:
    with s3_server(there, tls, cut_at=2) as server:
        sender = in_bucket(server.port)
        assert isinstance(await refusal(sender.send(sender.compose(FULL))), TemporaryError)
        assert names(there / BUCKET / "vao" / NAME) == ["item.xml"]
        await sender.send(sender.compose(FULL))
    assert "manifest.json" in names(there / BUCKET / "vao" / NAME)


async def test_of_a_manifest_only_the_beginning_is_read(
    there: Path, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server(there, tls) as server:
        sender = in_bucket(server.port)
        await sender.send(sender.compose(FULL))
        monkeypatch.setattr(shared_places, "MOST_BYTES", 20)
        assert await sender.find(sender.compose(FULL)) is None


# --- who may be talked to ----------------------------------------------------------------------


async def test_a_server_nobody_vouches_for_gets_nothing(
    there: Path, stranger: ssl.SSLContext
) -> None:
    with s3_server(there, stranger) as server:
        for error in await both(in_bucket(server.port)):
            assert isinstance(error, PermanentError)
            assert error.stops_channel
    assert server.asked == []


async def test_a_certificate_of_another_name_is_wrong(there: Path, tls: ssl.SSLContext) -> None:
    with s3_server(there, tls) as server:
        sender = in_bucket(server.port, endpoint=f"https://khac.example.vn:{server.port}")
        for error in await both(sender):
            assert isinstance(error, PermanentError)
            assert error.stops_channel
    assert server.asked == []


async def test_a_private_network_is_refused_unless_permitted(
    there: Path, tls: ssl.SSLContext
) -> None:
    with s3_server(there, tls) as server:
        local = {"endpoint": f"https://127.0.0.1:{server.port}"}
        for error in await both(in_bucket(server.port, network=OutboundNetwork(allow=[]), **local)):
            assert isinstance(error, PermanentError)
            assert error.stops_channel
        assert server.asked == []
        allowed = OutboundNetwork(allow=["127.0.0.0/8"])
        assert await in_bucket(server.port, network=allowed, **local).check() == f"{BUCKET}/vao"


async def test_every_host_of_amazon_is_checked() -> None:
    class Hosts(Ways):
        async def permitted(self, host: str, port: int) -> list[str]:
            self.private = host != "s3.ap-southeast-1.amazonaws.com"
            return await super().permitted(host, port)

    for endpoint in ("", "https://s3.ap-southeast-1.amazonaws.com"):
        sender = in_bucket(1, network=Hosts(), address="s3://bao/vao", endpoint=endpoint)
        error = await refusal(sender.check())
        assert isinstance(error, PermanentError)
        ((host, port),) = sender.network.asked  # type: ignore[attr-defined]
        assert (host.endswith(".amazonaws.com"), port) == (True, 443)
    assert host == "bao.s3.ap-southeast-1.amazonaws.com"


# --- servers that are not there ----------------------------------------------------------------


async def test_nobody_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        for error in await both(in_bucket(unused.getsockname()[1])):
            assert isinstance(error, TemporaryError)


@pytest.mark.parametrize("greeting", [b"", b"220 Hi\r\n", b"HTTP/1.1 400\r\n\r\n"])
async def test_servers_that_hang_or_speak_something_else(greeting: bytes, impatient: None) -> None:
    async with silent_server(greeting) as (port, _came, _left):
        for error in await both(in_bucket(port)):
            assert isinstance(error, TemporaryError)


async def test_cancelling_hangs_up() -> None:
    async with silent_server() as (port, came, left):
        sender = in_bucket(port)
        task = asyncio.create_task(sender.send(sender.compose(FULL)))
        await came.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(left.wait(), 10)
