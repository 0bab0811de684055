"""The public pages: what they show, to whom, and at what cost."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import PageViewRestriction

from media.models import Attachment
from portal import tree
from portal.models import ArticlePage, PortalSettings, RelatedDocument
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]
ARTICLE_QUERIES = 12
LIST_QUERIES = 15


@pytest.fixture(autouse=True)
def pages():
    return factories.site_tree()


def words(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def queries_of(client, address: str, django_assert_max_num_queries, most: int) -> int:
    """Ask once to make renditions and fill caches, then count."""
    words(client.get(address))
    with django_assert_max_num_queries(most) as asked:
        words(client.get(address))
    return len(asked)


def rich_article(number: int = 1, **values) -> ArticlePage:
    """Return a live article with many links, pictures and documents."""
    targets = [factories.article(live=True, title=f"Bài được dẫn {n}") for n in range(number)]
    targets.append(tree.section(factories.site_tree(), "Chuyển đổi số"))
    links = "".join(f'<p><a linktype="page" id="{page.pk}">xem</a></p>' for page in targets)
    shown = [factories.picture(title=f"Ảnh {n}") for n in range(number + 2)]
    plain = {"alt": "Quầy hồ sơ", "caption": "Buổi sáng", "credit": ""}
    body = [("paragraph", links), ("heading", "Kết quả"), ("paragraph", links)]
    body += [("picture", {"image": picture, **plain}) for picture in shown]
    body.append(
        ("gallery", {"title": "Chùm ảnh", "pictures": [{"image": p, **plain} for p in shown]})
    )
    scan = Attachment.objects.create(title="Bản quét", file=ContentFile(b"x", "quet.pdf"))
    body.append(("document", {"document": scan, "title": ""}))
    page = factories.article(
        live=True, picture=factories.picture(), picture_caption="Sáng thứ Bảy", body=body, **values
    )
    for n in range(number):
        file = Attachment.objects.create(title=f"Văn bản {n}", file=ContentFile(b"x", f"{n}.pdf"))
        RelatedDocument.objects.create(page=page, document=file)
    return page


def test_an_article_takes_at_most_12_queries(client, django_assert_max_num_queries):
    address = rich_article(9, byline="Hồng").url
    queries_of(client, address, django_assert_max_num_queries, ARTICLE_QUERIES)


def test_an_article_costs_the_same_however_much_it_links(client, django_assert_max_num_queries):
    few = rich_article(1, title="Ít").url
    many = rich_article(8, title="Nhiều").url
    costs = [
        queries_of(client, address, django_assert_max_num_queries, ARTICLE_QUERIES)
        for address in (few, many)
    ]
    assert costs[0] == costs[1]


def test_lists_cost_the_same_however_long(client, django_assert_max_num_queries):
    addresses = ["/", "/tin-tuc/", "/chuyen-muc/thu-tuc-hanh-chinh/", "/thong-bao/"]
    costs = []
    for number in (2, 14):
        for n in range(number):
            factories.article(live=True, title=f"Tin {number} {n}", picture=factories.picture())
            factories.announcement(live=True, title=f"Báo {number} {n}")
        costs.append(
            [
                queries_of(client, address, django_assert_max_num_queries, LIST_QUERIES)
                for address in addresses
            ]
        )
    # A second page costs nothing more; paging itself asks for the count.
    assert costs[0] == costs[1]


def test_an_article_shows_its_parts(client):
    page = rich_article(2, byline="Nguyễn Như Mai", unit="Trung tâm Thông tin")
    text = words(client.get(page.url))
    for part in (
        page.summary,
        "Nguyễn Như Mai",
        "Trung tâm Thông tin",
        "Sáng thứ Bảy",
        "Ảnh: Nguyễn An",
        "Văn bản 1",
        'alt="Người dân ngồi trước quầy tiếp nhận hồ sơ"',
        'href="/tin-tuc/bai-duoc-dan-1/"',
        timezone.localtime(page.first_published_at).strftime("%d/%m/%Y %H:%M"),
        f'<link rel="canonical" href="{page.full_url}">',
        'fetchpriority="high"',
        "srcset=",
    ):
        assert part in text
    assert text.count('loading="lazy"') >= 4


def test_nothing_on_the_portal_is_inline_or_from_elsewhere(client):
    page = rich_article(1)
    for address in ("/", page.url, "/chuyen-muc/", "/tim-kiem/?q=a"):
        response = client.get(address)
        text = words(response)
        assert "unsafe-inline" not in response["Content-Security-Policy"]
        assert " style=" not in text
        assert "<style" not in text
        assert "<script>" not in text
        assert 'src="http' not in text


def test_a_pasted_script_never_reaches_a_reader(client):
    evil = '<p onclick="x()">An toàn<script>alert(1)</script><a href="javascript:x()">ở đây</a></p>'
    page = factories.article(
        live=True, title="<script>alert(2)</script>", body=[("paragraph", evil)]
    )
    text = words(client.get(page.url))
    assert "An toàn" in text
    for trace in ("alert(1)", "<script>alert", "onclick", "javascript:"):
        assert trace not in text
        assert trace not in page.body_html()


def test_the_home_page_leads_with_what_is_pinned(client):
    factories.article(live=True, title="Tin cũ được ghim", is_pinned=True)
    for n in range(3):
        factories.article(live=True, title=f"Tin mới {n}")
    context = client.get("/").context
    assert context["lead"].title == "Tin cũ được ghim"
    assert [page.title for page in context["latest"]] == ["Tin mới 2", "Tin mới 1", "Tin mới 0"]


def test_without_a_pin_the_latest_leads(client):
    for n in range(2):
        factories.article(live=True, title=f"Tin {n}")
    context = client.get("/").context
    assert (context["lead"].title, [p.title for p in context["latest"]]) == ("Tin 1", ["Tin 0"])


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("/", "Chưa có tin nào được đăng."),
        ("/tin-tuc/", "Chưa có tin bài nào được đăng ở mục này."),
        ("/thong-bao/", "Hiện không có thông báo nào."),
        ("/chuyen-muc/", "Chưa có chuyên mục nào."),
    ],
)
def test_empty_pages_say_so(client, address, message):
    assert message in words(client.get(address))


def test_a_section_has_pages_of_twelve(client):
    for n in range(14):
        factories.article(live=True, title=f"Tin {n:02}")
    address = "/chuyen-muc/thu-tuc-hanh-chinh/"
    first, second = client.get(address), client.get(f"{address}?trang=2")
    assert len(first.context["items"].object_list) == 12
    assert [page.title for page in second.context["items"]] == ["Tin 01", "Tin 00"]
    assert 'aria-current="page" href="/chuyen-muc/thu-tuc-hanh-chinh/?trang=2"' in words(second)
    for odd in ("0", "999", "-1", "abc", "'"):
        assert client.get(address, {"trang": odd}).status_code == 200


def test_imported_items_stand_under_their_own_date(client):
    old = timezone.now() - timedelta(days=900)
    factories.article(live=True, title="Bài nhập", dated=old)
    newer = factories.article(live=True, title="Bài mới")
    assert [page.title for page in client.get("/tin-tuc/").context["items"]] == [
        newer.title,
        "Bài nhập",
    ]
    assert ArticlePage.objects.get(title="Bài nhập").listed_at == old


def test_drafts_and_private_pages_stay_out(client):
    factories.article(title="Bản nháp")
    private = factories.article(live=True, title="Nội bộ")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    factories.announcement(title="Nháp thông báo", ends_at=timezone.now() + timedelta(days=1))
    for address in ("/", "/tin-tuc/", "/chuyen-muc/thu-tuc-hanh-chinh/", "/thong-bao/"):
        text = words(client.get(address))
        assert "Bản nháp" not in text
        assert "Nội bộ" not in text
        assert "Nháp thông báo" not in text
    assert client.get("/tin-tuc/ban-nhap/").status_code == 404
    assert client.get(private.url).status_code == 302


def test_the_strip_shows_what_is_in_force_the_most_pressing_first(client):
    soon, past = timezone.now() + timedelta(hours=1), timezone.now() - timedelta(hours=1)
    factories.announcement(live=True, title="Lịch tiếp dân", ends_at=soon)
    factories.announcement(live=True, title="Lũ lên nhanh", level="urgent", ends_at=soon)
    factories.announcement(live=True, title="Đã qua", level="urgent", ends_at=past)
    factories.announcement(live=True, title="Không lên đầu trang")
    frame = client.get("/tin-tuc/").context["frame"]
    assert [item.title for item in frame.announcements] == ["Lũ lên nhanh", "Lịch tiếp dân"]


def test_the_frame_names_the_province(client):
    settings = PortalSettings.load()
    settings.province, settings.agency = "Tỉnh Bình Sơn", "Sở Nội vụ"
    settings.slogan, settings.email = "Vì Nhân dân phục vụ", "lienhe@binhson.example"
    settings.save()
    text = words(client.get("/"))
    for part in ("Tỉnh Bình Sơn", "Sở Nội vụ", "Vì Nhân dân phục vụ", "lienhe@binhson.example"):
        assert part in text
    assert "Đến nội dung chính" in text
    assert '<html lang="vi">' in text
    for address in ("/ke-hoach/", "/feeds/", "/thong-bao/", "/tin-tuc/"):
        assert f'href="{address}"' in text


def test_an_unknown_address_offers_the_search(client):
    response = client.get("/khong-co-trang-nay/")
    assert response.status_code == 404
    assert "Không tìm thấy trang" in response.content.decode()
    assert 'action="/tim-kiem/"' in response.content.decode()


def test_a_lost_picture_file_does_not_take_the_page_down(client):
    picture = factories.picture()
    page = factories.article(live=True, title="Mất ảnh")
    ArticlePage.objects.filter(pk=page.pk).update(picture=picture)
    picture.file.storage.delete(picture.file.name)
    assert "Mất ảnh" in words(client.get(page.url))
    assert "Mất ảnh" in words(client.get("/"))


def test_an_announcement_shows_its_level_and_its_end(client):
    end = timezone.now() + timedelta(days=1)
    page = factories.announcement(live=True, level="urgent", ends_at=end, unit="Văn phòng")
    text = words(client.get(page.url))
    assert "khẩn cấp" in text
    assert timezone.localtime(end).strftime("%d/%m/%Y %H:%M") in text
    assert "Hệ thống tạm dừng từ 20 giờ." in text


@pytest.mark.parametrize(("role", "there"), [("reporter", True), ("officer", False)])
def test_the_lists_are_in_the_menu_of_those_who_write(as_person, role, there):
    factories.site_tree()
    home = as_person(role).get("/admin/").content.decode()
    assert ('"url": "/admin/articles/"' in home) is there
    assert ('"url": "/admin/announcements/"' in home) is there


def test_autosave_of_a_new_item_brings_no_toggle_without_its_panel(as_person):
    page = factories.article()
    url = f"/admin/pages/{page.pk}/edit/"
    browser = as_person("approver")
    assert 'data-side-panel-toggle="deliveries"' in browser.get(url).content.decode()
    partial = browser.get(url, {"_w_hydrate_create_view": "1"}).content.decode()
    assert 'data-side-panel-toggle="deliveries"' not in partial
    assert "data-side-panel-toggle" in partial
