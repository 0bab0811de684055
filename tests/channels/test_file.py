"""The file drop: what stands in the folder, by every way of getting there."""

import asyncio
import errno
import hashlib
import json
import logging
import os
import socket
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest
from django.conf import LazySettings
from lxml import etree
from pydantic import ValidationError
from pyftpdlib.filesystems import AbstractedFS

from channels.adapters import shared_files, shared_packages, shared_places, shared_servers
from channels.adapters.file import FileDrop
from channels.adapters.file_newsml import NAR, XHTML, newsml
from channels.admin.stations import FEEDS
from channels.contract import (
    DeliveryError,
    Document,
    Message,
    PermanentError,
    Receipt,
    Story,
    TemporaryError,
)
from channels.http import OutboundClient
from tests.channels.bot_api import Stored
from tests.channels.conformance import MOMENT, PICTURE, STORY
from tests.channels.folder_servers import (
    PASSWORD,
    USER,
    Ways,
    ftp_server,
    sftp_server,
    silent_server,
)

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT.parent / "shared" / "standards" / "NewsML-G2_2.35-All-Power.xsd"
DOCUMENT = Document(
    url="https://tinh.example.vn/uploads/Kế-hoạch.PDF", file="documents/Kế-hoạch.PDF",
    title="Kế hoạch 95", mime="application/pdf", size=7,
)  # fmt: skip
FILES = Stored({"a.jpg": b"picture", "b.jpg": b"other picture", "w.jpg": b"wide",
                "documents/Kế-hoạch.PDF": b"%PDF-1."})  # fmt: skip
FULL = replace(
    STORY, html='<p>Đoạn <b>một</b>.<br>Hàng &amp; dòng <img src="/x.jpg" alt="">', picture=PICTURE,
    documents=(DOCUMENT,), unit="Sở Nội vụ", author="Lan Anh", contact="Lan Anh, 0912 345 678",
    genre="Tin", wide_picture=replace(PICTURE, file="w.jpg", width=1920, height=1080),
)  # fmt: skip
NAME = "20260512_mot-cua_5f0c7a340b1c"
NS = {"n": NAR, "h": XHTML}
SECRETS = (PASSWORD, "mat-khau-sai")


@pytest.fixture(autouse=True)
def root(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DROP_ROOT = tmp_path / "drop"
    return tmp_path / "drop"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a moment only, where nothing will come."""
    monkeypatch.setattr(shared_servers, "SECONDS", 0.5)


@pytest.fixture(scope="module")
def host_key() -> asyncssh.SSHKey:
    return asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture(autouse=True)
def discreet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever happens, no log line holds a password."""
    caplog.set_level("DEBUG")
    logging.getLogger("asyncssh").setLevel("ERROR")  # the server's own, which was told it
    logging.getLogger("pyftpdlib").setLevel("ERROR")
    yield
    assert not any(secret in caplog.text for secret in SECRETS)


def drop(secret: str = "", network: Ways | None = None, files=FILES, **options) -> FileDrop:
    given = {"address": "file:///bao", **options}
    return FileDrop(
        FileDrop.Options.model_validate(given), secret, http=OutboundClient(), files=files,
        network=network or Ways(),
    )  # fmt: skip


def by_ftp(port: int, secret: str = PASSWORD, **options) -> FileDrop:
    return drop(secret, address=f"ftp://ftp.example.vn:{port}/vao", user=USER, **options)


def by_sftp(port: int, key: asyncssh.SSHKey, secret: str = PASSWORD, **options) -> FileDrop:
    given = {"fingerprint": key.get_fingerprint(), "user": USER, **options}
    return drop(secret, address=f"sftp://sftp.example.vn:{port}/vao", **given)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text())


async def refusal(call) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await call
    told = str(caught.value) + "".join(traceback.format_exception(caught.value))
    assert not any(secret in told for secret in SECRETS)
    assert "example.vn" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)
    return caught.value


# --- settings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [
    "", "bao", "http://a.vn/", "sftp://", "sftp:///vao", "file://may/vao", "ftp://a.vn:x/",
    "sftp://u:p@a.vn/vao", "ftp://u@a.vn/", "file:///../etc", "file:///a/../../etc", "file:///a/./b",
    "ftp://a.vn/a%2e%2e", "ftp://a.vn/a?b", "ftp://a.vn/a#b", "ftp://a.vn/a\nDELE b", "s3:///a",
    "file:///a\\..\\b", "ftp://a.vn/ .. /b",
])  # fmt: skip
def test_unusable_addresses_are_refused(address: str) -> None:
    with pytest.raises(ValidationError) as caught:
        FileDrop.Options.model_validate({"address": address, "user": "u"})
    assert "u:p" not in str(caught.value.errors()[0]["msg"])


@pytest.mark.parametrize("options", [
    {"address": "ftp://a.vn/"},
    {"address": "sftp://a.vn/", "user": "u", "fingerprint": "MD5:00:11"},
    {"address": "s3://a/", "user": "u", "endpoint": "http://a.vn"},
    {"address": "s3://a/", "user": "u", "endpoint": "https://a.vn/kho"},
    {"address": "s3://a/", "user": "u", "endpoint": "https://u:p@a.vn"},
    {"address": "s3://a/", "user": "u", "endpoint": "https://a.vn:x"},
    {"address": "file:///a", "format": "docx"},
    {"address": "file:///a", "password": "x"},
])  # fmt: skip
def test_settings_that_cannot_work_are_refused(options: dict) -> None:
    with pytest.raises(ValidationError):
        FileDrop.Options.model_validate(options)


# --- what is written ---------------------------------------------------------------------------


async def test_a_package_is_the_item_its_files_and_a_manifest_of_them(root: Path) -> None:
    sender = drop()
    receipt = await sender.send(sender.compose(FULL))
    folder = root / "bao" / NAME
    assert receipt.external_id == NAME
    assert names(folder) == ["document-1.pdf", "item.xml", "manifest.json", "picture.jpg"]
    told = manifest(folder)
    assert (told["version"], told["status"], told["level"]) == (3, "usable", "normal")
    assert [entry["name"] for entry in told["files"]] == [
        "item.xml", "picture.jpg", "document-1.pdf",
    ]  # fmt: skip
    for entry in told["files"]:
        content = (folder / entry["name"]).read_bytes()
        assert entry["size"] == len(content)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()


async def test_stems_take_the_place_of_folders(root: Path) -> None:
    sender = drop(layout="stem")
    await sender.send(sender.compose(replace(STORY, picture=PICTURE)))
    assert names(root / "bao") == [f"{NAME}.{end}" for end in
                                   ("item.xml", "manifest.json", "picture.jpg")]  # fmt: skip


async def test_the_wide_picture_comes_along_when_asked_for(root: Path) -> None:
    sender = drop(wide_picture=True)
    await sender.send(sender.compose(FULL))
    assert (root / "bao" / NAME / "picture-wide.jpg").read_bytes() == b"wide"


async def test_what_is_too_large_is_named_with_its_address(root: Path) -> None:
    large = replace(DOCUMENT, size=shared_files.LARGEST + 1)
    sender = drop()
    await sender.send(sender.compose(replace(STORY, documents=(large,))))
    told = manifest(root / "bao" / NAME)
    assert [entry["name"] for entry in told["files"]] == ["item.xml"]
    assert told["links"] == [{"title": "Kế hoạch 95", "url": DOCUMENT.url}]


async def test_a_file_that_grew_too_large_is_refused(monkeypatch, root: Path) -> None:
    monkeypatch.setattr(shared_packages, "LARGEST", 5)
    small = replace(DOCUMENT, size=1)
    sender = drop()
    message = sender.compose(replace(STORY, documents=(small,)))
    assert isinstance(await refusal(sender.send(message)), PermanentError)
    assert not root.exists()


async def test_a_lost_picture_is_told() -> None:
    sender = drop(files=Stored())
    error = await refusal(sender.send(sender.compose(FULL)))
    assert isinstance(error, PermanentError)
    assert not error.stops_channel


async def test_ninjs_is_written_when_chosen(root: Path) -> None:
    sender = drop(format="ninjs")
    await sender.send(sender.compose(FULL))
    told = json.loads((root / "bao" / NAME / "item.json").read_text())
    assert told["uri"] == f"urn:uuid:{STORY.key}"
    assert (told["version"], told["pubStatus"]) == ("3", "usable")


def test_it_takes_embargoed_items_and_needs_no_station_address() -> None:
    assert FileDrop.takes_embargoed
    assert FEEDS == ["feed"]


def test_versions_that_say_the_same_compose_the_same() -> None:
    one, two = (drop().compose(replace(FULL, sequence=number)) for number in (1, 2))
    assert one.details == two.details


# --- NewsML-G2 ---------------------------------------------------------------------------------


async def written(root: Path, story: Story, **options) -> etree._Element:
    sender = drop(**options)
    await sender.send(sender.compose(story))
    return etree.fromstring((root / "bao" / NAME / "item.xml").read_bytes())


async def test_newsml_tells_of_the_item_and_its_files(root: Path) -> None:
    tree = await written(root, replace(FULL, level="urgent"))
    text, picture, document = tree.findall(".//n:newsItem", NS)
    assert text.get("guid") == f"urn:uuid:{STORY.key}"
    assert text.get("version") == "3"
    assert text.find(".//n:pubStatus", NS).get("qcode") == "stat:usable"
    assert text.findtext(".//n:urgency", namespaces=NS) == "1"
    assert text.findtext(".//n:headline", namespaces=NS) == STORY.title
    assert text.findtext(".//n:provider/n:name", namespaces=NS) == "Sở Nội vụ"
    assert [link.get("residref") for link in text.findall(".//n:link[@residref]", NS)] == [
        picture.get("guid"), document.get("guid"),
    ]  # fmt: skip
    assert picture.find(".//n:remoteContent", NS).get("href") == "picture.jpg"
    assert document.find(".//n:remoteContent", NS).get("contenttype") == "application/pdf"
    paragraph = text.find(".//h:body/h:p", NS)
    assert "".join(paragraph.itertext()) == "Đoạn một.Hàng & dòng "


async def test_an_embargo_is_told_to_machines_and_to_people(root: Path) -> None:
    tree = await written(root, replace(STORY, embargo=MOMENT))
    assert tree.findtext(".//n:embargoed", namespaces=NS) == MOMENT.isoformat()
    note = tree.findtext(".//n:edNote", namespaces=NS)
    assert "CHƯA ĐƯỢC PHÁT TRƯỚC 10:30 ngày 12/05/2026" in note
    assert manifest(root / "bao" / NAME)["embargo"] == MOMENT.isoformat()


async def test_a_correction_is_marked_and_told(root: Path) -> None:
    tree = await written(root, replace(STORY, correction="Số đúng là 12.", corrected=MOMENT))
    assert tree.findtext(".//n:headline", namespaces=NS).startswith("[Đính chính] ")
    assert tree.findtext(".//h:body/h:p", namespaces=NS) == (
        "Đính chính ngày 12/05/2026: Số đúng là 12."
    )


WILD = [
    STORY,
    FULL,
    replace(FULL, embargo=MOMENT, correction="Sai.", corrected=MOMENT, level="priority"),
    replace(STORY, title="a\x00b\ud800 <c>", html="<p>\x0b</p></p><a b c='1' 2x>x<hr></b><zz:y>",
            section_name="", summary=""),
    replace(STORY, html="", text="Một.\n\nHai.", author="", language="en"),
]  # fmt: skip


@pytest.mark.skipif(not SCHEMA.exists(), reason="the published schema is not at hand")
@pytest.mark.parametrize("story", WILD, ids=["plain", "full", "everything", "wild", "text"])
async def test_newsml_is_valid_by_the_published_schema(story: Story, root: Path) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    schema.assertValid(await written(root, story, wide_picture=True))
    sender = drop()
    message = sender.compose(story)
    receipt = await sender.retract(message, Receipt(external_id=NAME, details={}))
    assert receipt.details["files"] == ["item.xml"]
    schema.assertValid(etree.fromstring((root / "bao" / NAME / "item.xml").read_bytes()))


# --- correction, withdrawal, doubt -------------------------------------------------------------


async def test_a_new_version_takes_the_place_of_the_old_one(root: Path) -> None:
    sender = drop()
    receipt = await sender.send(sender.compose(FULL))
    moved = replace(
        FULL, sequence=4, title="Tiêu đề mới", address="https://tinh.example.vn/khac/",
        picture=replace(PICTURE, file="b.jpg"), documents=(),
    )  # fmt: skip
    receipt = await sender.update(sender.compose(moved), receipt)
    assert names(root / "bao") == [NAME]
    assert names(root / "bao" / NAME) == ["item.xml", "manifest.json", "picture.jpg"]
    assert (root / "bao" / NAME / "picture.jpg").read_bytes() == b"other picture"
    assert manifest(root / "bao" / NAME)["version"] == 4
    assert receipt.details["files"] == ["item.xml", "picture.jpg"]


@pytest.mark.parametrize("chosen", ["newsml", "ninjs"])
async def test_a_withdrawal_leaves_a_canceled_document_without_the_text(
    chosen: str, root: Path
) -> None:
    sender = drop(format=chosen)
    message = sender.compose(FULL)
    receipt = await sender.send(message)
    for _again in range(2):  # repeating is harmless
        await sender.retract(message, receipt)
    folder = root / "bao" / NAME
    document = "item.xml" if chosen == "newsml" else "item.json"
    assert names(folder) == [document, "manifest.json"]
    words = (folder / document).read_text()
    assert "canceled" in words
    assert "[ĐÃ GỠ]" in words
    told = manifest(folder)
    assert (told["status"], told["title"]) == ("withdrawn", "[ĐÃ GỠ]")
    assert "một cửa" not in words + json.dumps(told, ensure_ascii=False)


async def test_a_doubt_is_settled_by_the_manifest_that_stands_there(root: Path) -> None:
    sender = drop()
    message = sender.compose(FULL)
    assert await sender.find(message) is None
    receipt = await sender.send(message)
    assert await sender.find(message) == receipt
    assert await sender.find(sender.compose(replace(FULL, sequence=4))) is None
    (root / "bao" / NAME / "manifest.json").write_text("[1, null]")
    assert await sender.find(message) is None


async def test_checking_leaves_nothing(root: Path) -> None:
    assert await drop().check() == "/bao"
    assert names(root / "bao") == []


# --- this machine ------------------------------------------------------------------------------


async def test_links_that_lead_out_of_the_root_are_not_followed(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root.mkdir()
    (root / "bao").symlink_to(outside)
    sender = drop()
    error = await refusal(sender.send(sender.compose(FULL)))
    assert isinstance(error, PermanentError)
    (root / "bao").unlink()
    (root / "bao").mkdir()
    (root / "bao" / NAME).symlink_to(outside)
    await refusal(sender.send(sender.compose(FULL)))
    (root / "bao" / NAME).unlink()
    (root / "bao" / NAME).mkdir()
    (root / "bao" / NAME / "item.xml.part").symlink_to(outside / "made")
    await refusal(sender.send(sender.compose(FULL)))
    assert names(outside) == []


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, TemporaryError), (errno.EIO, TemporaryError),
                         (errno.EACCES, PermanentError), (errno.EROFS, PermanentError)],
)  # fmt: skip
async def test_a_disk_that_fails_leaves_no_half_file(
    number: int, kind: type[DeliveryError], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(descriptor: int) -> None:
        raise OSError(number, "no")

    sender = drop()
    with monkeypatch.context() as patched:
        patched.setattr(shared_places.os, "fsync", fails)
        assert type(await refusal(sender.send(sender.compose(FULL)))) is kind
    assert names(root / "bao" / NAME) == ["item.xml.part"]
    await sender.send(sender.compose(FULL))
    assert "manifest.json" in names(root / "bao" / NAME)
    assert not any(name.endswith(".part") for name in names(root / "bao" / NAME))


async def test_breaking_off_in_the_middle_leaves_no_manifest(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves: list[str] = []
    replaced = os.replace

    def third_fails(source: str, target: str) -> None:
        moves.append(target)
        if len(moves) == 3:
            raise OSError(errno.EIO, "no")
        replaced(source, target)

    monkeypatch.setattr(shared_places.os, "replace", third_fails)
    sender = drop()
    await refusal(sender.send(sender.compose(FULL)))
    assert names(root / "bao" / NAME) == ["document-1.pdf.part", "item.xml", "picture.jpg"]


# --- FTP ---------------------------------------------------------------------------------------


@pytest.fixture
def there(tmp_path: Path) -> Path:
    (tmp_path / "server" / "vao").mkdir(parents=True)
    return tmp_path / "server"


async def round_trip(sender: FileDrop, folder: Path) -> None:
    """Check, send twice, correct, doubt and withdraw."""
    assert (await sender.check()).endswith(".example.vn/vao")
    message = sender.compose(FULL)
    receipt = await sender.send(message)
    assert await sender.send(message) == receipt == await sender.find(message)
    assert (folder / NAME / "picture.jpg").read_bytes() == b"picture"
    corrected = sender.compose(replace(FULL, sequence=4, documents=()))
    assert await sender.find(corrected) is None
    receipt = await sender.update(corrected, receipt)
    assert names(folder / NAME) == ["item.xml", "manifest.json", "picture.jpg"]
    for _again in range(2):
        await sender.retract(corrected, receipt)
    assert names(folder / NAME) == ["item.xml", "manifest.json"]
    assert names(folder) == [NAME]


async def test_a_package_by_ftp(there: Path) -> None:
    with ftp_server(there) as port:
        sender = by_ftp(port)
        await round_trip(sender, there / "vao")
        assert set(sender.network.asked) == {("ftp.example.vn", port)}  # type: ignore[attr-defined]


async def test_data_goes_to_the_host_we_talk_to_whatever_it_names(there: Path) -> None:
    with ftp_server(there, masquerade_address="10.9.8.7") as port:
        sender = by_ftp(port)
        await sender.send(sender.compose(FULL))
    assert "manifest.json" in names(there / "vao" / NAME)


async def test_an_ftp_server_that_does_not_overwrite(there: Path) -> None:
    def does_not(self, source: str, target: str) -> None:
        if os.path.exists(target):
            raise OSError(errno.EEXIST, "no")
        os.rename(source, target)

    strict = type("Strict", (AbstractedFS,), {"rename": does_not})
    with ftp_server(there, abstracted_fs=strict) as port:
        await round_trip(by_ftp(port), there / "vao")


@pytest.mark.parametrize(
    "options", [{"secret": "mat-khau-sai"}, {"user": "ai-do"}, {"secret": "mat-khau-sai\nDELE x"}]
)
async def test_ftp_refuses_the_password(options: dict, there: Path) -> None:
    with ftp_server(there) as port:
        given = {"secret": PASSWORD, "user": USER, **options}
        sender = drop(address=f"ftp://ftp.example.vn:{port}/vao", **given)
        for call in (sender.send(sender.compose(FULL)), sender.check()):
            error = await refusal(call)
            assert isinstance(error, PermanentError)
            assert error.stops_channel


async def test_ftp_without_the_right_to_write(there: Path) -> None:
    with ftp_server(there, perm="elr") as port:
        sender = by_ftp(port)
        for call in (sender.send(sender.compose(FULL)), sender.check()):
            error = await refusal(call)
            assert isinstance(error, PermanentError)
            assert error.stops_channel


async def test_an_ftp_folder_that_does_not_exist(there: Path) -> None:
    with ftp_server(there) as port:
        sender = drop(PASSWORD, address=f"ftp://a.example.vn:{port}/khac", user=USER)
        assert isinstance(await refusal(sender.send(sender.compose(FULL))), PermanentError)


async def test_a_full_ftp_server_is_tried_again(there: Path, monkeypatch) -> None:
    def full(self, line: str) -> None:
        self.respond("452 Requested action not taken: insufficient storage.")

    with ftp_server(there, ftp_STOR=full) as port:
        sender = by_ftp(port)
        error = await refusal(sender.send(sender.compose(FULL)))
    assert isinstance(error, TemporaryError)
    assert names(there / "vao" / NAME) == []


async def test_ftp_broken_off_in_the_middle_leaves_no_half_file(there: Path) -> None:
    stored: list[str] = []

    def hangs_up(self, file: str, mode: str = "w") -> None:
        stored.append(file)
        if len(stored) == 2:
            self.close()
            return
        super(type(self), self).ftp_STOR(file, mode)

    with ftp_server(there, ftp_STOR=hangs_up) as port:
        sender = by_ftp(port)
        assert isinstance(await refusal(sender.send(sender.compose(FULL))), TemporaryError)
        assert names(there / "vao" / NAME) == ["item.xml"]
        await sender.send(sender.compose(FULL))
    assert "manifest.json" in names(there / "vao" / NAME)


# --- SFTP --------------------------------------------------------------------------------------


async def test_a_package_by_sftp(there: Path, host_key: asyncssh.SSHKey) -> None:
    async with sftp_server(there, host_key) as port:
        await round_trip(by_sftp(port, host_key), there / "vao")


@pytest.mark.parametrize("algorithm", ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"])
@pytest.mark.parametrize("glue", ["\n", " "], ids=["lines", "run together"])
async def test_sftp_with_a_key(
    algorithm: str, glue: str, there: Path, host_key: asyncssh.SSHKey
) -> None:
    key = asyncssh.generate_private_key(algorithm)
    secret = glue.join(key.export_private_key().decode().splitlines())
    async with sftp_server(there, host_key, client_key=key) as port:
        assert await by_sftp(port, host_key, secret).check() == "sftp.example.vn/vao"


async def test_keys_that_cannot_be_used_are_told(there: Path, host_key: asyncssh.SSHKey) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    locked = key.export_private_key("pkcs8-pem", passphrase="x").decode()
    odd = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"
    for secret in (locked, odd):
        error = await refusal(by_sftp(1, host_key, secret).check())
        assert isinstance(error, PermanentError)
        assert error.stops_channel
        assert "AAAA" not in str(error)


async def test_a_server_without_a_known_fingerprint_is_refused_and_shown(
    there: Path, host_key: asyncssh.SSHKey
) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").get_fingerprint()
    async with sftp_server(there, host_key) as port:
        for fingerprint in ("", other):
            sender = by_sftp(port, host_key, fingerprint=fingerprint)
            for call in (sender.send(sender.compose(FULL)), sender.check()):
                error = await refusal(call)
                assert isinstance(error, PermanentError)
                assert error.stops_channel
                assert host_key.get_fingerprint() in str(error)
    assert names(there / "vao") == []


async def test_sftp_refuses_the_password(there: Path, host_key: asyncssh.SSHKey) -> None:
    async with sftp_server(there, host_key) as port:
        error = await refusal(by_sftp(port, host_key, "mat-khau-sai").check())
    assert isinstance(error, PermanentError)
    assert error.stops_channel


class Troubled(asyncssh.SFTPServer):
    """Fails every file that is opened for writing, as told."""

    code = asyncssh.FX_FAILURE

    def open(self, path, pflags, attrs):
        raise asyncssh.SFTPError(self.code, "no")


@pytest.mark.parametrize(
    ("code", "kind"), [(asyncssh.FX_FAILURE, TemporaryError),
                       (asyncssh.FX_NO_SUCH_FILE, PermanentError),
                       (asyncssh.FX_PERMISSION_DENIED, PermanentError)],
)  # fmt: skip
async def test_an_sftp_folder_that_cannot_be_written_to(
    code: int, kind: type[DeliveryError], there: Path, host_key: asyncssh.SSHKey
) -> None:
    files = type("Files", (Troubled,), {"code": code})
    async with sftp_server(there, host_key, files=files) as port:
        sender = by_sftp(port, host_key)
        assert type(await refusal(sender.send(sender.compose(FULL)))) is kind
    assert names(there / "vao" / NAME) == []


class Old(asyncssh.SFTPServer):
    """Does not know OpenSSH's rename over what is there."""

    def posix_rename(self, oldpath, newpath):
        raise asyncssh.SFTPOpUnsupported("no")

    def rename(self, oldpath, newpath, flags=0):
        if os.path.exists(self.map_path(newpath)):
            raise asyncssh.SFTPFailure("there")
        super().posix_rename(oldpath, newpath)


async def test_an_sftp_server_that_does_not_overwrite(
    there: Path, host_key: asyncssh.SSHKey
) -> None:
    async with sftp_server(there, host_key, files=Old) as port:
        await round_trip(by_sftp(port, host_key), there / "vao")


class HangsUp(asyncssh.SFTPServer):
    """Ends the connection at the second file."""

    opened = 0

    def open(self, path, pflags, attrs):
        type(self).opened += 1
        if type(self).opened == 2:
            self.channel.get_connection().abort()
        return super().open(path, pflags, attrs)


async def test_sftp_broken_off_in_the_middle_leaves_no_half_file(
    there: Path, host_key: asyncssh.SSHKey
) -> None:
    files = type("Files", (HangsUp,), {"opened": 0})
    async with sftp_server(there, host_key, files=files) as port:
        sender = by_sftp(port, host_key)
        assert isinstance(await refusal(sender.send(sender.compose(FULL))), TemporaryError)
        left = names(there / "vao" / NAME)
        assert "item.xml" in left
        assert not {"picture.jpg", "manifest.json"} & set(left)
        await sender.send(sender.compose(FULL))
    assert "manifest.json" in names(there / "vao" / NAME)


# --- servers that are not there ----------------------------------------------------------------

SCHEMES = pytest.mark.parametrize("scheme", ["ftp", "sftp"])
GREETINGS = pytest.mark.parametrize(
    "greeting", [b"", b"220 Hi\r\n", b"SSH-2.0-x\r\n", b"HTTP/1.1 400\r\n\r\n"]
)


def remote(scheme: str, port: int, **options) -> FileDrop:
    return drop(PASSWORD, address=f"{scheme}://a.example.vn:{port}/vao", user=USER, **options)


@SCHEMES
async def test_nobody_there(scheme: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        sender = remote(scheme, unused.getsockname()[1])
        assert isinstance(await refusal(sender.send(sender.compose(FULL))), TemporaryError)


@SCHEMES
@GREETINGS
async def test_servers_that_hang_or_speak_something_else(
    scheme: str, greeting: bytes, impatient: None
) -> None:
    async with silent_server(greeting) as (port, _came, _left):
        sender = remote(scheme, port)
        for call in (sender.send(sender.compose(FULL)), sender.check()):
            assert isinstance(await refusal(call), TemporaryError)


@SCHEMES
async def test_private_addresses_are_refused(scheme: str) -> None:
    sender = remote(scheme, 1, network=Ways(private=True))
    error = await refusal(sender.send(sender.compose(FULL)))
    assert isinstance(error, PermanentError)
    assert error.stops_channel


@SCHEMES
async def test_cancelling_hangs_up(scheme: str) -> None:
    async with silent_server(b"220 Hi\r\n" if scheme == "ftp" else b"") as (port, came, left):
        sender = remote(scheme, port)
        task = asyncio.create_task(sender.send(sender.compose(FULL)))
        await came.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(left.wait(), 10)


async def test_a_package_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_packages, "WHOLE_SECONDS", 0.2)
    async with silent_server(b"220 Hi\r\n") as (port, _came, left):
        sender = remote("ftp", port)
        assert isinstance(await refusal(sender.send(sender.compose(FULL))), TemporaryError)
        await asyncio.wait_for(left.wait(), 10)


def test_the_preview_shows_text_and_newsml_is_pure() -> None:
    message: Message = drop().compose(FULL)
    assert message.text.startswith("Từ ngày 01/6")
    said = {**message.details["document"], "version": "1", "versionCreated": "2026-05-12T00:00:00Z",
            "firstCreated": "2026-05-12T00:00:00Z"}  # fmt: skip
    assert newsml(said, provider="x") == newsml(said, provider="x")
