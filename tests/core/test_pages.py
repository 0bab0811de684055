"""Every page has composed text and an ASCII slug, on every path it may be made."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from core.fields import StreamField
from portal.models import ArticlePage, SectionPage
from tests import factories, forms

pytestmark = pytest.mark.django_db
DECOMPOSED = unicodedata.normalize("NFD", "Đẩy mạnh cải cách")


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def test_an_imported_page_is_composed_in_every_field():
    page = factories.article(
        live=True,
        title=DECOMPOSED,
        summary=decomposed("Tóm tắt"),
        byline=decomposed("Đặng Thị Hồng"),
        body=[
            ("paragraph", decomposed("<p>Hồ sơ một cửa</p>")),
            ("quote", {"text": decomposed("Trả kết quả"), "source": decomposed("Ông Bảo")}),
        ],
    )
    assert page.title == page.draft_title == "Đẩy mạnh cải cách"
    assert (page.summary, page.byline) == ("Tóm tắt", "Đặng Thị Hồng")
    assert page.body[0].value.source == "<p>Hồ sơ một cửa</p>"
    assert dict(page.body[1].value) == {"text": "Trả kết quả", "source": "Ông Bảo"}


def test_a_draft_is_composed_too():
    page = factories.article(title=DECOMPOSED, body=[("heading", decomposed("Kết quả"))])
    assert (page.title, page.body[0].value) == ("Đẩy mạnh cải cách", "Kết quả")


@pytest.mark.parametrize("slug", ["", "Đẩy mạnh cải cách", DECOMPOSED])
def test_the_slug_is_ascii(slug):
    assert factories.article(title=DECOMPOSED, slug=slug).slug == "day-manh-cai-cach"


def test_a_slug_that_is_taken_gets_a_number():
    titles = ["Đẩy mạnh", "Đẩy mạnh", "Day manh"]
    assert [factories.article(title=title).slug for title in titles] == [
        "day-manh",
        "day-manh-2",
        "day-manh-3",
    ]


def test_a_chosen_ascii_slug_is_kept_and_refused_when_taken():
    assert factories.article(slug="ke-hoach-95").slug == "ke-hoach-95"
    with pytest.raises(ValidationError) as refused:
        factories.article(slug="ke-hoach-95")
    assert "slug" in refused.value.message_dict


@pytest.mark.parametrize(
    ("title", "slug", "kept"),
    [
        (
            "Lịch tiếp công dân",
            "lich-tiep-cong-dan",
            ["lich-tiep-cong-dan", "lich-tiep-cong-dan-2"],
        ),
        ("Lịch tháng Mười Hai", "lich-tiep-cong-dan", ["lich-tiep-cong-dan"]),  # somebody chose it
    ],
)
def test_the_form_counts_on_where_a_title_comes_again(as_person, title, slug, kept):
    first = factories.article(title="Lịch tiếp công dân")
    address = reverse(
        "wagtailadmin_pages:add", args=("portal", "articlepage", first.get_parent().pk)
    )
    page = as_person("reporter").post(address, forms.article(title=title, slug=slug))
    slugs = ArticlePage.objects.order_by("path").values_list("slug", flat=True)
    assert list(slugs) == kept
    assert ("đã được dùng" in page.content.decode()) == (len(kept) == 1)


def test_a_title_without_a_letter_still_gets_an_address():
    assert factories.article(title="???").slug == "articlepage"


def test_a_title_of_5000_characters_is_refused_on_every_path():
    for live in (False, True):
        with pytest.raises(ValidationError):
            factories.article(title="Đ" * 5000, live=live)


def test_the_form_refuses_a_title_of_5000_characters_and_loses_nothing(as_person):
    pages = factories.site_tree()
    data = {"title": "Đ" * 5000, "slug": "", "intro": "Giới thiệu", "action-publish": "1"}
    address = reverse("wagtailadmin_pages:add", args=("portal", "sectionpage", pages.sections.pk))
    response = as_person("administrator").post(address, data)
    page = response.content.decode()
    assert "Quá dài: tối đa 255 ký tự, hiện có 5000 ký tự." in page
    assert "Đ" * 5000 in page
    assert "Giới thiệu" in page
    assert not SectionPage.objects.filter(intro="Giới thiệu").exists()


def test_the_browser_does_not_cut_a_long_title(as_person):
    pages = factories.site_tree()
    address = reverse("wagtailadmin_pages:add", args=("portal", "articlepage", pages.news.pk))
    page = as_person("administrator").get(address).content.decode()
    title = page[page.index('name="title"') - 200 :][:600]
    assert "maxlength" not in title.split(">")[0]


def test_blocks_stay_out_of_migrations():
    field = ArticlePage._meta.get_field("body")
    _name, path, args, kwargs = field.deconstruct()
    assert (path, args) == ("core.fields.StreamField", [])
    assert "block_lookup" not in kwargs
    assert isinstance(StreamField(*args, **kwargs), StreamField)
