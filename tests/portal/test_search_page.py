"""``/tim-kiem/``."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from portal.search import LONGEST_QUERY, cleaned
from portal.snippets import WINDOW, highlighted, snippet
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]


@pytest.fixture(autouse=True)
def pages():
    return factories.site_tree()


def ask(client, query: str, **more: str):
    response = client.get("/tim-kiem/", {"q": query, **more})
    assert response.status_code == 200
    return response, response.content.decode()


@pytest.mark.parametrize("query", ["cải cách", "cai cach", "CAI CÁCH", "95/KH-UBND"])
def test_results_show_where_they_match(client, query):
    factories.article(live=True, title="Kế hoạch 95/KH-UBND về cải cách hành chính")
    _response, text = ask(client, query)
    assert "1 kết quả" in text
    assert "<mark>" in text


def test_announcements_are_found_too(client):
    factories.announcement(live=True, title="Tạm dừng tiếp nhận")
    assert "Tạm dừng tiếp nhận" in ask(client, "tam dung")[0].context["items"][0].title


def test_no_question_and_no_answer_both_help(client):
    assert "Nhập một hoặc nhiều từ" in ask(client, "  ")[1]
    text = ask(client, "xyzzy")[1]
    assert "Không tìm thấy kết quả nào cho “xyzzy”." in text
    assert "Dùng ít từ hơn" in text


def test_only_what_everybody_may_read_is_found(client):
    factories.article(title="Mật bản nháp")
    private = factories.article(live=True, title="Mật nội bộ")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    assert not ask(client, "mat")[0].context["items"].object_list


def test_results_come_in_pages_that_keep_the_question(client):
    for n in range(13):
        factories.article(live=True, title=f"Đẩy mạnh kỳ {n}")
    first, text = ask(client, "đẩy mạnh")
    assert len(first.context["items"].object_list) == 10
    assert "?q=%C4%91%E1%BA%A9y+m%E1%BA%A1nh&amp;trang=2" in text
    assert len(ask(client, "đẩy mạnh", trang="2")[0].context["items"].object_list) == 3


def test_a_page_of_results_takes_few_queries(client, django_assert_max_num_queries):
    picture = {"image": factories.picture(), "alt": "Quầy", "caption": "", "credit": ""}
    for n in range(10):
        body = [("paragraph", "<p>Việc mới xong.</p>"), ("picture", picture)]
        factories.article(live=True, title=f"Đẩy mạnh kỳ {n}", body=body)
    ask(client, "day manh")
    with django_assert_max_num_queries(12):
        ask(client, "day manh")


@pytest.mark.parametrize(
    "query", ["'; DROP TABLE x; --", '"', "*", "a" * 5000, "\0", "<script>x</script>", "NOT", "ß¼"]
)
def test_odd_questions_are_answered_calmly(client, query):
    _response, text = ask(client, query)
    assert "<script>x" not in text


@given(st.text(max_size=400))
def test_a_query_is_one_capped_line(text):
    query = cleaned(text)
    assert len(query) <= LONGEST_QUERY
    assert "\0" not in query
    assert query == " ".join(query.split())


@given(st.text(max_size=300), st.text(max_size=30))
def test_highlighting_never_changes_the_text(text, query):
    assert "".join(piece.text for piece in highlighted(text, query)) == text


def test_a_snippet_shows_the_best_passage():
    text = " ".join(["mở đầu"] * 60 + ["kế hoạch cải cách"] + ["kết"] * 60)
    pieces = snippet(text, "ke hoach")
    assert [piece.text for piece in pieces if piece.hit] == ["kế", "hoạch"]
    shown = "".join(piece.text for piece in pieces)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown.split()) <= WINDOW + 2
