"""Where staff check their own files: the admin page and the command."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from media.documents.checking import package
from tests.media.documents import breaking, samples

pytestmark = pytest.mark.one_database

PAGE = "/admin/check-document/"


def upload(data: bytes, name: str = "van-ban.docx") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, data)}


@pytest.fixture
def officer(as_person: Callable[[str], Client]) -> Client:
    return as_person("officer")


def test_the_menu_leads_to_the_page(officer: Client):
    assert PAGE in officer.get("/admin/").content.decode()
    words = officer.get(PAGE).content.decode()
    assert "Nghị định 30/2020/NĐ-CP" in words
    assert "Kiểm tra thể thức văn bản" in words


def test_a_good_file_breaks_nothing(officer: Client):
    words = officer.post(PAGE, upload(samples.written("plan"))).content.decode()
    assert "Không vi phạm quy định nào." in words
    assert "Khổ giấy A4" in words


def test_a_fault_is_shown_with_place_and_clause(officer: Client):
    fault = next(each for each in breaking.FAULTS if each.rule == "number.zero")
    words = officer.post(PAGE, upload(fault.document(), "công văn <b>.docx")).content.decode()
    assert "Số nhỏ hơn 10 ghi thêm số 0 phía trước" in words
    assert "Số: 5/SNV-CCHC" in words
    assert "Phụ lục I, Phần I, II.3.c" in words
    assert "<b>" not in words


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"PK" + b"0" * package.MAX_BYTES, "lon.docx", "lớn hơn 10 MB"),
        (b"%PDF-1.7", "ban.docx", "không phải tệp Word"),
        (b"x", "ban.exe", "exe"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 9, "cu.doc", "định dạng cũ"),
    ],
)
def test_a_file_that_cannot_be_checked_says_why(
    officer: Client, data: bytes, name: str, reason: str
):
    response = officer.post(PAGE, upload(data, name))
    assert response.status_code == 200
    assert reason in response.content.decode()


def test_strangers_do_not_see_the_page(client: Client):
    assert client.post(PAGE, upload(b"x")).status_code == 302


def test_the_command_says_what_is_broken_and_fails(tmp_path: Path):
    good, bad, other = tmp_path / "a.docx", tmp_path / "b.docx", tmp_path / "c.docx"
    good.write_bytes(samples.written("plan"))
    fault = next(each for each in breaking.FAULTS if each.rule == "number.zero")
    bad.write_bytes(fault.document())
    other.write_bytes(b"%PDF")
    call_command("check_document", good, stdout=StringIO())
    out = StringIO()
    with pytest.raises(CommandError, match=r"b\.docx") as caught:
        call_command("check_document", good, bad, other, tmp_path / "d.docx", stdout=out)
    assert caught.value.returncode == 1
    assert "a.docx" not in str(caught.value)
    assert "number.zero: Số nhỏ hơn 10" in out.getvalue()
    assert "5 → 05" in out.getvalue()


def test_the_command_prints_json(tmp_path: Path):
    path = tmp_path / "a.docx"
    path.write_bytes(samples.written("plan"))
    out = StringIO()
    call_command("check_document", path, "--json", stdout=out)
    (entry,) = json.loads(out.getvalue())
    assert entry["file"] == str(path)
    assert entry["error"] is None
    assert {row["status"] for row in entry["rules"]} == {"kept", "not applicable"}
