"""Packages for commune loudspeakers: what is read, when, where, and what stands in the folder."""

import hashlib
import json
import socket
import traceback
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels.adapters import shared_servers
from channels.adapters.loudspeaker import Loudspeaker
from channels.adapters.loudspeaker_package import slot_of, syllables
from channels.contract import DeliveryError, Document, PermanentError, TemporaryError
from channels.http import OutboundClient
from tests.channels.bot_api import Stored
from tests.channels.conformance import PICTURE, STORY
from tests.channels.folder_servers import (
    PASSWORD,
    USER,
    Ways,
    ftp_server,
    sftp_server,
    silent_server,
)

SOUND = Document(url="https://tinh.example.vn/uploads/ban-tin.mp3", file="ban-tin.mp3",
                 title="Bản tin", mime="audio/mpeg", size=5)  # fmt: skip
PAPER = replace(SOUND, file="kh.pdf", mime="application/pdf")
FULL = replace(
    STORY, spoken="Từ ngày một tháng sáu, xã nhận hồ sơ trực tuyến.", documents=(PAPER, SOUND),
    picture=PICTURE, unit="Sở Nội vụ", contact="Lan Anh, 0912 345 678",
)  # fmt: skip
NAME = "20260512_mot-cua_5f0c7a340b1c"


@pytest.fixture(autouse=True)
def root(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DROP_ROOT = tmp_path / "drop"
    return tmp_path / "drop"


def speaker(secret: str = "", network: Ways | None = None, **options: Any) -> Loudspeaker:
    given = {"address": "file:///loa", **options}
    return Loudspeaker(
        Loudspeaker.Options.model_validate(given), secret, http=OutboundClient(),
        files=Stored({"ban-tin.mp3": b"sound"}), network=network or Ways(),
    )  # fmt: skip


def remote(scheme: str, port: int, secret: str = PASSWORD, **options: Any) -> Loudspeaker:
    address = f"{scheme}://loa.example.vn:{port}/vao"
    return speaker(secret, address=address, user=USER, **options)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return found


async def refusal(call: Any, logged: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await call
    told = str(caught.value) + "".join(traceback.format_exception(caught.value)) + logged
    assert PASSWORD not in told
    assert "example.vn" not in str(caught.value)
    return caught.value


# --- settings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"), [("5:30", "05:30"), (" 17:00 ", "17:00"), ("17h00", "17:00"),
                          ("21.00", "21:00"), ("6g15", "06:15")],
)  # fmt: skip
def test_times_are_read_as_people_write_them(written: str, read: str) -> None:
    assert slot_of(written) == read


@pytest.mark.parametrize("slots", [[], ["05:29"], ["21:01"], ["00:00"], ["24:00"], ["17:60"],
                                   ["sáng"], [""], ["17:00:00"]])  # fmt: skip
def test_other_times_and_the_night_are_refused(slots: list[str]) -> None:
    with pytest.raises(ValidationError):
        Loudspeaker.Options.model_validate({"address": "file:///loa", "slots": slots})


@pytest.mark.parametrize("options", [{"repeat": 0}, {"repeat": 11}, {"days": 0}, {"days": 61},
                                     {"speed": 10}, {"normal": ""}, {"areas": ["x" * 51]},
                                     {"address": "http://a.vn"}])  # fmt: skip
def test_settings_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Loudspeaker.Options.model_validate({"address": "file:///loa", **options})


def test_times_are_sorted_and_areas_named_once() -> None:
    options = speaker(slots=["17:00", "5:30", "05:30"], areas=["04126", " 04126 ", ""]).options
    assert options.slots == ["05:30", "17:00"]
    assert options.areas == ["04126"]


# --- what is said ------------------------------------------------------------------------------


def test_the_spoken_text_is_the_script() -> None:
    assert speaker().compose(FULL).text == FULL.spoken


def test_a_text_written_for_loudspeakers_takes_its_place() -> None:
    written = replace(FULL, variants={"loudspeaker": {"text": "Bà con chú ý."}})
    assert speaker().compose(written).text == "Bà con chú ý."


def test_without_a_spoken_text_the_item_itself_is_read() -> None:
    assert speaker().compose(replace(FULL, spoken="")).text == STORY.text


def test_a_correction_is_read_first_and_anew() -> None:
    when = datetime(2026, 5, 20, 1, tzinfo=UTC)
    message = speaker(days=2).compose(
        replace(FULL, correction="Sai số.", correction_spoken="Số đúng là mười hai.",
                corrected=when)
    )  # fmt: skip
    assert message.text.startswith("Đính chính. Số đúng là mười hai.\n\n")
    assert message.details["plan"]["valid_from"] == "2026-05-20T08:00:00+07:00"
    assert message.details["plan"]["valid_to"] == "2026-05-22T08:00:00+07:00"


def test_the_plan_says_when_where_and_how_often() -> None:
    plan = speaker(areas=["04126"], repeat=2, days=3, speed=120).compose(FULL).details["plan"]
    assert plan["areas"] == ["04126"]
    assert plan["slots"] == ["05:30", "17:00"]
    assert (plan["valid_from"], plan["valid_to"]) == (
        "2026-05-12T10:30:00+07:00", "2026-05-15T10:30:00+07:00",
    )  # fmt: skip
    assert (plan["syllables"], plan["reading_seconds"], plan["total_seconds"]) == (11, 6, 12)
    assert (plan["source"], plan["immediate"]) == ("Sở Nội vụ", False)


def test_nothing_is_read_before_an_embargo() -> None:
    until = STORY.published + timedelta(days=1)
    plan = speaker().compose(replace(FULL, embargo=until)).details["plan"]
    assert plan["valid_from"] == "2026-05-13T10:30:00+07:00"
    assert not Loudspeaker.takes_embargoed


@pytest.mark.parametrize(
    ("level", "code"), [("normal", "1"), ("priority", "2"), ("urgent", "3"), ("other", "1")]
)
def test_levels_are_named_as_the_system_names_them(level: str, code: str) -> None:
    sender = speaker(normal="1", priority="2", urgent="3")
    plan = sender.compose(replace(FULL, level=level)).details["plan"]
    assert plan["bulletin_level"] == code


def test_urgent_items_do_not_wait_for_a_time() -> None:
    plan = speaker().compose(replace(FULL, level="urgent")).details["plan"]
    assert plan["immediate"] is True
    assert plan["slots"] == []


@given(st.text(max_size=200))
def test_syllables_of_two_texts_add_up(text: str) -> None:
    assert syllables(f"{text} {text}") == 2 * syllables(text)


# --- what stands in the folder -----------------------------------------------------------------


async def test_a_package_is_a_script_sound_and_a_manifest(root: Path) -> None:
    sender = speaker(areas=["04126"])
    await sender.send(sender.compose(FULL))
    folder = root / "loa" / NAME
    assert names(folder) == ["manifest.json", "script.txt", "sound-1.mp3"]
    assert (folder / "script.txt").read_text() == f"{FULL.spoken}\n"
    told = manifest(folder)
    assert (told["status"], told["version"], told["language"]) == ("usable", 3, "vi")
    assert (told["bulletin_level"], told["level"]) == ("thong_thuong", "normal")
    assert told["areas"] == ["04126"]
    for entry in told["files"]:
        content = (folder / entry["name"]).read_bytes()
        assert (entry["size"], entry["sha256"]) == (
            len(content), hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
    assert [entry["role"] for entry in told["files"]] == ["script", "sound"]


async def test_a_withdrawal_leaves_nothing_to_read_aloud(root: Path) -> None:
    sender = speaker()
    message = sender.compose(FULL)
    receipt = await sender.send(message)
    for _again in range(2):
        await sender.retract(message, receipt)
    folder = root / "loa" / NAME
    assert names(folder) == ["manifest.json"]
    told = manifest(folder)
    assert (told["status"], told["files"], told["title"]) == ("withdrawn", [], "[ĐÃ GỠ]")
    assert "plan" not in told
    assert "slots" not in told


async def test_a_correction_takes_the_place_of_what_stood_there(root: Path) -> None:
    sender = speaker(layout="stem")
    receipt = await sender.send(sender.compose(FULL))
    changed = sender.compose(replace(FULL, sequence=4, spoken="Khác.", documents=()))
    await sender.update(changed, receipt)
    assert names(root / "loa") == [f"{NAME}.manifest.json", f"{NAME}.script.txt"]
    assert (root / "loa" / f"{NAME}.script.txt").read_text() == "Khác.\n"


@pytest.mark.parametrize("scheme", ["ftp", "sftp"])
async def test_a_package_on_a_server(scheme: str, tmp_path: Path) -> None:
    folder = tmp_path / "server" / "vao"
    folder.mkdir(parents=True)

    async def there_and_back(sender: Loudspeaker) -> None:
        assert await sender.check() == "loa.example.vn/vao"
        message = sender.compose(FULL)
        receipt = await sender.send(message)
        assert await sender.find(message) == receipt
        assert names(folder / NAME) == ["manifest.json", "script.txt", "sound-1.mp3"]
        await sender.retract(message, receipt)
        assert names(folder / NAME) == ["manifest.json"]

    if scheme == "ftp":
        with ftp_server(tmp_path / "server") as port:
            await there_and_back(remote(scheme, port))
        return
    key = asyncssh.generate_private_key("ssh-ed25519")
    async with sftp_server(tmp_path / "server", key) as port:
        await there_and_back(remote(scheme, port, fingerprint=key.get_fingerprint()))


# --- what can fail -----------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["ftp", "sftp"])
async def test_nobody_there_or_nobody_speaking(
    scheme: str, caplog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_servers, "SECONDS", 0.5)
    caplog.set_level("DEBUG")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        sender = remote(scheme, unused.getsockname()[1])
        error = await refusal(sender.send(sender.compose(FULL)), caplog.text)
    assert isinstance(error, TemporaryError)
    async with silent_server() as (port, _came, _left):
        sender = remote(scheme, port)
        error = await refusal(sender.send(sender.compose(FULL)), caplog.text)
    assert isinstance(error, TemporaryError)


@pytest.mark.parametrize("scheme", ["ftp", "sftp"])
async def test_private_addresses_are_refused(scheme: str, caplog) -> None:
    sender = remote(scheme, 1, network=Ways(private=True))
    error = await refusal(sender.send(sender.compose(FULL)), caplog.text)
    assert isinstance(error, PermanentError)
    assert error.stops_channel


async def test_a_wrong_password_stops_the_channel(tmp_path: Path, caplog) -> None:
    with ftp_server(tmp_path) as port:
        sender = remote("ftp", port, "mat-khau-sai")
        error = await refusal(sender.send(sender.compose(FULL)), caplog.text)
    assert isinstance(error, PermanentError)
    assert error.stops_channel
    assert "mat-khau-sai" not in str(error)


async def test_broken_off_in_the_middle_leaves_no_manifest(tmp_path: Path, caplog) -> None:
    (tmp_path / "vao").mkdir()
    stored: list[str] = []

    def hangs_up(self, file: str, mode: str = "w") -> None:
        stored.append(file)
        if len(stored) == 2:
            self.close()
            return
        super(type(self), self).ftp_STOR(file, mode)

    with ftp_server(tmp_path, ftp_STOR=hangs_up) as port:
        sender = remote("ftp", port)
        error = await refusal(sender.send(sender.compose(FULL)), caplog.text)
    assert isinstance(error, TemporaryError)
    assert names(tmp_path / "vao" / NAME) == ["script.txt"]
