"""Drafts out of files: the command, the admin and what they leave behind."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry

from ingest.drafts import LOG_ACTION, make_draft, remember
from ingest.models import ImportedFile
from portal.models import ArticlePage
from tests import factories

pytestmark = pytest.mark.one_database

TEXT = """Skip to main content
Chế độ ban đêm In trang Xuất PDF Đọc nội dung
08:15, 04/05/2026

Trung tâm Phục vụ hành chính công tỉnh khai trương quầy hỗ trợ lưu động

Sáng nay, tỉnh đưa vào hoạt động quầy hỗ trợ lưu động dành cho người cao tuổi.

Người dân nộp nộp hồ sơ tại nhà văn hóa thôn vào thứ Bảy hằng tuần. Cán bộ mang theo \
máy quét, máy in và hướng dẫn từng bước trên Cổng Dịch vụ công, không thu thêm khoản nào.

Quang cảnh buổi khai trương. Ảnh: Minh Đức

Trong tháng đầu, quầy phục vụ mười hai xã vùng cao rồi mở rộng ra toàn tỉnh trước ngày 30/9/2026./.

Hoàng Lan
Phòng Cải cách hành chính
Đánh giá
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "quay-luu-dong.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*args: Any) -> tuple[list[dict[str, Any]], bool]:
    """Return what the command printed as JSON, and whether it ended well."""
    out = StringIO()
    try:
        call_command("import_article", "--json", *map(str, args), stdout=out)
    except CommandError:
        return json.loads(out.getvalue()), False
    return json.loads(out.getvalue()), True


def test_dry_run_prints_the_parts_and_needs_no_database(file: Path) -> None:
    (article,), well = run("--dry-run", file)
    assert well
    assert list(article) == [
        "headline", "date", "sapo", "body", "captions", "credits", "author", "unit", "warnings",
    ]  # fmt: skip
    assert article["date"] == "2026-05-04T08:15:00+07:00"
    assert article["author"] == "Hoàng Lan"
    assert article["unit"] == "Phòng Cải cách hành chính"
    assert article["captions"] == ["Quang cảnh buổi khai trương"]
    assert article["credits"] == ["Minh Đức"]
    assert len(article["body"]) == 2
    assert any("nộp nộp" in warning for warning in article["warnings"])


@pytest.mark.django_db
def test_a_file_becomes_a_draft_that_is_never_live(file: Path) -> None:
    factories.site_tree()
    _articles, well = run(file)
    assert well
    page = ArticlePage.objects.get()
    assert not page.live
    assert page.has_unpublished_changes
    draft = page.get_latest_revision_as_object()
    assert draft.title.startswith("Trung tâm Phục vụ hành chính công")
    assert draft.summary.startswith("Sáng nay")
    assert draft.byline == "Hoàng Lan"
    assert draft.unit == "Phòng Cải cách hành chính"
    assert draft.picture_caption == "Quang cảnh buổi khai trương"
    assert draft.picture_credit == "Minh Đức"
    assert [block.block_type for block in draft.body] == ["paragraph", "paragraph"]
    assert "30/9/2026./." in draft.body_text()
    assert draft.dated.isoformat() == "2026-05-04T08:15:00+07:00"
    assert PageLogEntry.objects.filter(page=page.pk, action=LOG_ACTION).count() == 1


@pytest.mark.django_db
def test_the_same_content_makes_no_second_draft(file: Path, tmp_path: Path) -> None:
    factories.site_tree()
    run(file)
    again = tmp_path / "ban-sao.txt"
    again.write_bytes(file.read_bytes())
    (article,), well = run(again)
    assert well
    assert ArticlePage.objects.count() == 1
    assert str(ArticlePage.objects.get().pk) in article["warnings"][-1]


@pytest.mark.django_db
def test_a_deleted_draft_may_be_imported_again(file: Path) -> None:
    factories.site_tree()
    run(file)
    ArticlePage.objects.get().delete()
    run(file)
    assert ArticlePage.objects.count() == 1


@pytest.mark.django_db
def test_one_bad_file_does_not_stop_the_others(file: Path, tmp_path: Path) -> None:
    factories.site_tree()
    bad = tmp_path / "anh.txt"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    results, well = run(bad, tmp_path / "khong-co.txt", file)
    assert not well
    assert "anh.txt" in results[0]["error"]
    assert "khong-co.txt: Không có tệp này" in results[1]["error"]
    assert "headline" in results[2]
    assert ArticlePage.objects.count() == 1
    assert ImportedFile.objects.count() == 1


@pytest.mark.django_db
def test_a_folder_is_no_file(tmp_path: Path) -> None:
    results, well = run("--dry-run", tmp_path)
    assert not well
    assert "thư mục" in results[0]["error"]


@pytest.mark.django_db
def test_without_a_news_page_the_command_says_so(file: Path) -> None:
    with pytest.raises(CommandError, match="trang tin tức"):
        call_command("import_article", str(file))


@pytest.mark.django_db
def test_an_unknown_user_is_named(file: Path) -> None:
    with pytest.raises(CommandError, match="khong-ai"):
        call_command("import_article", "--user", "khong-ai", str(file))


@pytest.mark.django_db
def test_people_read_the_plain_output(file: Path) -> None:
    out = StringIO()
    call_command("import_article", "--dry-run", str(file), stdout=out)
    assert out.getvalue().startswith("✓ quay-luu-dong.txt: Trung tâm")
    assert "! " in out.getvalue()


@pytest.mark.django_db
def test_texts_too_long_for_their_fields_are_cut_and_reported_in_full() -> None:
    factories.site_tree()
    headline = "Hội nghị " + "chuyên ngành " * 20
    text = f"{headline}\n\n{TEXT.split('khai trương quầy hỗ trợ lưu động', 1)[1]}"
    draft = make_draft(remember(text.encode(), "dai.txt"))
    assert len(draft.page.title) <= 255
    assert any(headline.strip() in warning for warning in draft.file.warnings)


def upload(*contents: tuple[str, bytes]) -> dict[str, Any]:
    return {"uploads": [SimpleUploadedFile(name, data) for name, data in contents]}


def test_reporter_uploads_looks_and_makes_a_draft(as_person: Callable[[str], Client]) -> None:
    factories.site_tree()
    browser = as_person("reporter")
    address = reverse("ingest_import")
    assert browser.get(address).status_code == 200
    browser.post(address, upload(("bai.txt", TEXT.encode())))
    shown = browser.get(address).content.decode()
    assert "Trung tâm Phục vụ hành chính công tỉnh khai trương" in shown
    assert "nộp nộp" in shown
    assert ArticlePage.objects.count() == 0
    waiting = ImportedFile.objects.get()
    made = browser.post(reverse("ingest_make_drafts"), {"file": [waiting.pk], "action": "make"})
    page = ArticlePage.objects.get()
    assert made["Location"] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert page.owner.username == "reporter"
    assert not page.live


def test_the_editor_shows_the_warnings_once(as_person: Callable[[str], Client]) -> None:
    factories.site_tree()
    draft = make_draft(remember(TEXT.encode(), "bai.txt"))
    address = reverse("wagtailadmin_pages:edit", args=[draft.page.pk])
    browser = as_person("editor")
    assert "lặp từ" in browser.get(address).content.decode()
    assert "lặp từ" not in browser.get(address).content.decode()


def test_a_failed_upload_keeps_the_form_and_names_the_file(
    as_person: Callable[[str], Client],
) -> None:
    factories.site_tree()
    answer = as_person("reporter").post(
        reverse("ingest_import"),
        upload(("trong.txt", b""), ("anh.txt", b"\x89PNG\r\n"), ("bai.txt", TEXT.encode())),
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "<li>trong.txt: Tệp trống.</li>" in shown
    assert "<li>anh.txt: Đây là tệp PNG." in shown
    assert 'name="uploads"' in shown
    assert ImportedFile.objects.get().name == "bai.txt"


def test_discarded_files_leave_nothing(as_person: Callable[[str], Client]) -> None:
    factories.site_tree()
    browser = as_person("reporter")
    browser.post(reverse("ingest_import"), upload(("bai.txt", TEXT.encode())))
    pk = ImportedFile.objects.get().pk
    browser.post(reverse("ingest_make_drafts"), {"file": [pk], "action": "forget"})
    assert not ImportedFile.objects.exists()
    assert not ArticlePage.objects.exists()


def test_nobody_makes_drafts_of_another_persons_files(
    as_person: Callable[[str], Client],
) -> None:
    factories.site_tree()
    as_person("reporter").post(reverse("ingest_import"), upload(("bai.txt", TEXT.encode())))
    pk = ImportedFile.objects.get().pk
    as_person("editor").post(reverse("ingest_make_drafts"), {"file": [pk], "action": "make"})
    assert not ArticlePage.objects.exists()


def test_people_who_cannot_write_articles_stay_out(as_person: Callable[[str], Client]) -> None:
    factories.site_tree()
    answer = as_person("officer").get(reverse("ingest_import"))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("wagtailadmin_home")
