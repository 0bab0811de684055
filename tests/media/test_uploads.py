"""What happens to a bad upload: a clear message, and the form keeps what was typed."""

import struct
import zlib
from io import BytesIO

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from media.models import Attachment, Picture

pytestmark = pytest.mark.django_db


def png(width: int, height: int) -> bytes:
    """Return a black PNG; many megapixels of nothing compress to a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def jpeg() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (80, 60), "teal").save(buffer, "JPEG")
    return buffer.getvalue()


def noise(kind: str) -> bytes:
    buffer = BytesIO()
    Image.effect_noise((400, 300), 80).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


@pytest.fixture
def desk(client):
    client.force_login(get_user_model().objects.create_superuser("lan", password="x"))
    return client


def upload(desk, name: str, content: bytes, **fields: str):
    data = {
        "title": "Cán bộ một cửa hướng dẫn người dân",
        "description": "Hai người đứng bên quầy tiếp nhận hồ sơ",
        "credit": "Thu Hà",
        "tags": "",
        "collection": "1",
        "focal_point_x": "",
        "focal_point_y": "",
        "focal_point_width": "",
        "focal_point_height": "",
        "file": SimpleUploadedFile(name, content),
    }
    return desk.post(reverse("wagtailimages:add"), data | fields)


BAD = {
    "not a picture": ("anh.jpg", b"Dear editor, please see the enclosed", "không phải là ảnh"),
    "a JPEG that breaks off": ("anh.jpg", noise("JPEG")[:20_000], "đã bị hỏng"),
    "a PNG that breaks off": ("anh.png", noise("PNG")[:20_000], "đã bị hỏng"),
    "a WebP that breaks off": ("anh.webp", noise("WEBP")[:20_000], "đã bị hỏng"),
    "empty": ("anh.png", b"", "không có nội dung"),
    "no picture by name": ("anh.exe", jpeg(), "Không dùng được loại tệp này"),
    "wrong name": ("anh.png", jpeg(), "Phần mở rộng của tệp"),
    "100 megapixels": ("anh.png", png(10_000, 10_000), "quá nhiều điểm ảnh"),
    "200 megapixels": ("anh.png", png(20_000, 10_000), "quá nhiều điểm ảnh"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_in_vietnamese_and_the_form_is_kept(desk, case):
    name, content, message = BAD[case]
    response = upload(desk, name, content)
    page = response.content.decode()
    assert response.status_code == 200
    assert message in " ".join(response.context["form"].errors["file"])
    assert "Cán bộ một cửa hướng dẫn người dân" in page
    assert "Hai người đứng bên quầy tiếp nhận hồ sơ" in page
    assert not Picture.objects.exists()


def test_a_bomb_is_small_before_it_goes_off():
    assert len(png(10_000, 10_000)) < 20_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_whole_picture_of_each_kind_is_taken(desk, kind):
    assert upload(desk, f"anh.{kind.lower()}", noise(kind)).status_code == 302


def test_a_file_over_the_limit_is_refused(desk, monkeypatch):
    monkeypatch.setattr("wagtail.images.fields.settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE", 100)
    response = upload(desk, "anh.jpg", jpeg())
    assert "Tệp quá lớn" in " ".join(response.context["form"].errors["file"])


def test_the_description_is_required_and_the_credit_is_kept(desk):
    refused = upload(desk, "anh.jpg", jpeg(), description="")
    assert "description" in refused.context["form"].errors
    assert upload(desk, "anh.jpg", jpeg()).status_code == 302
    picture = Picture.objects.get()
    assert (picture.default_alt_text, picture.credit) == (
        "Hai người đứng bên quầy tiếp nhận hồ sơ",
        "Thu Hà",
    )


def test_a_document_over_the_limit_is_refused_and_its_title_kept(desk, settings):
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 10
    file = SimpleUploadedFile("ke-hoach.pdf", b"x" * 11)
    data = {"title": "Kế hoạch 95", "tags": "", "collection": "1", "file": file}
    response = desk.post(reverse("wagtaildocs:add"), data)
    assert "Tệp quá lớn" in " ".join(response.context["form"].errors["file"])
    assert "Kế hoạch 95" in response.content.decode()
    assert not Attachment.objects.exists()


def test_a_program_is_not_a_document(desk):
    data = {"title": "x", "tags": "", "collection": "1", "file": SimpleUploadedFile("x.exe", b"MZ")}
    assert "file" in desk.post(reverse("wagtaildocs:add"), data).context["form"].errors
