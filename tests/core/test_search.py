"""Search finds Vietnamese however it is typed, on either database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from media.models import Picture
from portal.models import ArticlePage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]


@pytest.fixture
def items():
    return {
        "reform": factories.article(live=True, title="Đẩy mạnh cải cách hành chính ở cấp xã"),
        "plan": factories.article(
            live=True,
            title="Tỉnh ban hành Kế hoạch số 95/KH-UBND",
            body=[("paragraph", "<p>Nhà văn hóa thôn niêm yết kế hoạch.</p>")],
        ),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("cải cách hành chính", {"reform"}),
        ("cai cach hanh chinh", {"reform"}),
        ("CẢI CÁCH", {"reform"}),
        ("đẩy mạnh", {"reform"}),
        ("day manh", {"reform"}),
        ("ke hoach", {"plan"}),
        ("95/KH-UBND", {"plan"}),
        ("95/kh-ubnd", {"plan"}),
        ("văn hóa", {"plan"}),
        ("văn hoá", {"plan"}),
        ("van hoa", {"plan"}),
        ("cải cách văn hóa", set()),
        ("/-–!", set()),
        ("'\"()*:^", set()),
        ("AND OR NOT", set()),
    ],
)
def test_a_query_finds_the_same_however_it_is_typed(items, query, names):
    found = Page.objects.search(query)
    assert {page.pk for page in found} == {items[name].pk for name in names}
    assert found.count() == len(names)


def test_the_last_word_may_be_cut_short_while_typing(items):
    for query in ("day ma", "đẩy mạ", "cai c"):
        assert [page.pk for page in Page.objects.autocomplete(query)] == [items["reform"].pk]
    assert Page.objects.autocomplete("95/KH-U")[0].pk == items["plan"].pk


def test_the_admin_finds_pages_and_pictures_alike(items, as_person):
    factories.picture(title="Lễ khai trương", credit="Đỗ Thủy")
    assert [picture.title for picture in Picture.objects.search("do thuy")] == ["Lễ khai trương"]
    found = as_person("administrator").get("/admin/pages/search/", {"q": "day manh"})
    assert "Đẩy mạnh cải cách hành chính ở cấp xã" in found.content.decode()


def test_a_title_ranks_above_a_body():
    titled = factories.article(live=True, title="Đẩy mạnh")
    factories.article(
        live=True,
        title="Tin khác",
        body=[("paragraph", f"<p>{'Hội nghị bàn nhiều việc. ' * 30} đẩy mạnh</p>")],
    )
    assert Page.objects.search("day manh")[0].pk == titled.pk


def test_filters_slices_and_counts_agree(items):
    for number in range(12):
        factories.article(live=True, title=f"Đẩy mạnh cải cách, kỳ {number}")
    found = Page.objects.live().search("day manh cai cach")
    assert found.count() == 13
    first, second = list(found[:5]), list(found[5:13])
    assert [*first, *second] == list(found)
    assert len({page.pk for page in [*first, *second]}) == 13
    assert not Page.objects.filter(live=False).search("day manh").count()


def test_an_order_of_ones_own_is_kept(items):
    found = ArticlePage.objects.order_by("first_published_at").search(
        "hanh", order_by_relevance=False
    )
    assert [page.pk for page in found] == [items["reform"].pk, items["plan"].pk]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite ranks in a pass of its own")
def test_the_index_is_read_once_whatever_is_found(items):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        list(Page.objects.search("hanh")[:10])
    assert sum("MATCH" in query["sql"] for query in asked.captured_queries) == 1
