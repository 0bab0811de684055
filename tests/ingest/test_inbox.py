"""The inbox over HTTP: adopt, ignore, mute, sources, pick-ups."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.models import PageLogEntry

from core.text import fold
from ingest import polling
from ingest.bodies import parts_of
from ingest.inbox import sapo_of
from ingest.models import InboxItem, MutedTitle, PickUp, Source
from media.models import Picture
from portal.models import ArticlePage
from tests import factories
from tests.ingest.test_polling import InProcess, Server, feed, serving

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]
As = Callable[[str], Client]


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "Parser", InProcess)


def source(**values: Any) -> Source:
    number = Source.objects.count()
    defaults = {"name": f"Sở {number}", "address": f"https://so-{number}.example.vn/rss"}
    return Source.objects.create(**(defaults | values))


def item(title: str = "Trạm y tế xã mở cửa sáng thứ Bảy", **values: Any) -> InboxItem:
    now = timezone.now()
    defaults = {
        "source": values.get("source") or Source.objects.first() or source(),
        "key": f"{title}{InboxItem.objects.count()}",
        "address": "https://so-0.example.vn/tin/1",
        "summary": "Nhận hồ sơ bảo hiểm y tế.",
        "html": "<p>Nhận hồ sơ bảo hiểm y tế.</p><p>Kết quả trả trong <b>ba ngày</b>.</p>",
        "fetched_at": now,
        "listed_at": now,
        "seen_at": now,
        "folded": fold(f"{title} nhận hồ sơ"),
    }
    return InboxItem.objects.create(title=title, **(defaults | values))


def png(size: tuple[int, int] = (640, 400)) -> bytes:
    stored = BytesIO()
    Image.new("RGB", size, "#884422").save(stored, "PNG")
    return stored.getvalue()


def shown(browser: Client, **query: Any) -> str:
    answer = browser.get(reverse("ingest_inbox"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_inbox_says_what_to_do_next(as_person: As) -> None:
    factories.site_tree()
    assert "Thêm nguồn tin" in shown(as_person("editor"))
    assert "Đề nghị biên tập viên" in shown(as_person("reporter"))
    source()
    assert "Mọi tin đã được xử lý" in shown(as_person("reporter"))
    assert "Không có tin nào phù hợp" in shown(as_person("reporter"), q="xyz")


def test_the_filters(as_person: As) -> None:
    factories.site_tree()
    browser = as_person("reporter")
    other = source(name="Sở Tài chính", address="https://k.example.vn/")
    item("Trạm y tế xã mở cửa")
    item("Nộp phí trực tuyến", source=other, listed_at=timezone.now() - timedelta(days=3))
    item("Chợ phiên", state="ignored")
    assert "Trạm y tế" in shown(browser, q="tram Y TE")
    assert "Trạm y tế" not in shown(browser, q="nộp phí")
    assert "Nộp phí" not in shown(browser, days="1")
    assert "Nộp phí" in shown(browser, days="7", source=other.pk)
    assert "Chợ phiên" in shown(browser, state="ignored")
    assert "Trạm y tế" in shown(browser, state="khong-co", source="x", days="y", p="0")


def test_what_several_tell_is_one_row(as_person: As) -> None:
    factories.site_tree()
    first = item("Trạm y tế xã mở cửa", listed_at=timezone.now() - timedelta(hours=5))
    item("Trạm y tế mở cửa", source=source(name="Báo Xứ Lạng"), group=first.group)
    page = shown(as_person("reporter"))
    assert page.count("nc-inbox-row") == 1
    assert "Nguồn khác cùng đưa tin" in page
    assert "Báo Xứ Lạng" in page


def test_adopting_makes_a_draft_with_its_source(as_person: As, server: Server) -> None:
    section = factories.tree.section(factories.site_tree(), "Y tế")
    one = source(section=section)
    picture = server.says("/anh.png", png())
    server.says("/dem.gif", png((1, 1)))
    html = (
        f'<p>Nhận hồ sơ bảo hiểm y tế.</p><h2>Giờ mở cửa</h2><p><img src="{picture}" alt="Quầy">'
        f'</p><p>Kết quả trả trong <b>ba ngày</b>.</p><img src="{server.url}/dem.gif">'
        f'<ul><li>Tờ khai</li></ul><img src="{server.url}/mat.png">'
    )
    adopted = item(source=one, html=html)
    twin = item("Bản khác", group=adopted.group, source=source())
    server.says("/mat.png", b"", status=404)
    browser = as_person("reporter")
    answer = browser.post(reverse("ingest_adopt", args=[adopted.pk]), follow=True)
    page = ArticlePage.objects.get()
    draft = page.get_latest_revision_as_object()
    assert answer.redirect_chain[-1][0] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert (page.live, page.owner.username) == (False, "reporter")
    assert (draft.section, draft.byline, draft.unit, draft.genre) == (section, "", "", "news")
    assert draft.summary == "Nhận hồ sơ bảo hiểm y tế."
    assert draft.picture.credit == one.name
    assert Picture.objects.count() == 1
    assert [block.block_type for block in draft.body] == [
        "heading", "paragraph", "paragraph", "paragraph",
    ]  # fmt: skip
    assert str(draft.body[-1].value.source) == (
        f'<p>Nguồn: <a href="https://so-0.example.vn/tin/1">{one.name}</a></p>'
    )
    assert "mat.png" in answer.content.decode()
    adopted.refresh_from_db()
    twin.refresh_from_db()
    assert (adopted.state, adopted.article_id, twin.state) == ("adopted", page.pk, "ignored")
    assert PageLogEntry.objects.filter(page=page.pk, action="ingest.adopt").exists()


def test_nobody_adopts_twice(as_person: As) -> None:
    factories.site_tree()
    one = item()
    for role in ("reporter", "editor"):
        answer = as_person(role).post(reverse("ingest_adopt", args=[one.pk]), follow=True)
    assert ArticlePage.objects.count() == 1
    assert "đã được tiếp nhận trước đó" in answer.content.decode()


def test_ignoring_and_taking_it_back(as_person: As) -> None:
    factories.site_tree()
    browser = as_person("reporter")
    first, second = item("Một tin"), item("Hai tin")
    item("Bản khác", group=first.group, source=source())
    browser.post(reverse("ingest_several"), {"item": [first.pk, second.pk]})
    assert set(InboxItem.objects.values_list("state", flat=True)) == {"ignored"}
    browser.post(reverse("ingest_several"), {"item": [first.pk], "action": "put_back"})
    assert InboxItem.objects.filter(state="new").count() == 2
    answer = browser.post(reverse("ingest_several"), {"item": ["x"]}, follow=True)
    assert "ít nhất một tin" in answer.content.decode()


def test_muting_titles_and_sources(as_person: As) -> None:
    factories.site_tree()
    browser = as_person("editor")
    item("Giá vàng hôm nay")
    item("Đánh giá vàng thau")
    item("Trạm y tế", folded="tram y te")
    address = reverse("ingest_mute_title")
    refused = browser.post(address, {"words": "vàng"}, follow=True)
    assert "ít nhất hai từ" in refused.content.decode()
    browser.post(address, {"words": "GIÁ VÀNG HÔM"})
    assert MutedTitle.objects.get().folded == "gia vang hom"
    assert InboxItem.objects.get(state="muted").title == "Giá vàng hôm nay"
    browser.post(reverse("ingest_sources:mute", args=[Source.objects.get().pk]))
    assert not InboxItem.objects.filter(state="new").exists()
    assert Source.objects.get().is_muted


def test_the_preview_runs_and_loads_nothing(as_person: As) -> None:
    one = item(html='<p>Chữ</p><img src="https://nguon.example.vn/theo-doi.png">')
    answer = as_person("reporter").get(reverse("ingest_preview", args=[one.pk]))
    policy = answer["Content-Security-Policy"]
    assert "theo-doi" not in answer.content.decode()
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    for kind in ("script-src", "img-src", "form-action"):
        assert f"{kind} 'none'" in policy
    assert as_person("officer").get(reverse("ingest_preview", args=[one.pk])).status_code == 302


def form(address: str, **values: Any) -> dict[str, Any]:
    filled = {"name": "Sở Y tế", "address": address, "kind": "agency", "interval": 15}
    return filled | {"is_active": "on"} | values


def test_adding_a_source_asks_it_once_and_shows_its_items(as_person: As, server: Server) -> None:
    factories.site_tree()
    browser = as_person("editor")
    address = server.says("/rss", feed("Trạm y tế xã mở cửa sáng thứ Bảy"))
    answer = browser.post(reverse("ingest_sources:add"), form(address), follow=True)
    assert "Trạm y tế xã mở cửa sáng thứ Bảy" in answer.content.decode()
    assert "hoạt động tốt" in answer.content.decode()
    assert len(server.seen) == 1
    one = Source.objects.get()
    server.says("/rss", feed("Tin thứ hai của sở", "Tin thứ ba của ngành"))
    browser.post(reverse("ingest_sources:poll", args=[one.pk]))
    assert InboxItem.objects.count() == 3
    browser.post(reverse("ingest_sources:switch", args=[one.pk]))
    assert not Source.objects.get().is_active


def test_a_bad_address_is_told_and_the_form_keeps_its_fields(as_person: As, server: Server) -> None:
    factories.site_tree()
    browser = as_person("editor")
    address = server.says("/trang", b"<!doctype html><p>Trang web")
    answer = browser.post(reverse("ingest_sources:add"), form(address, name="Sở Xây dựng"))
    page = answer.content.decode()
    assert "không có nguồn tin RSS" in page
    assert 'value="Sở Xây dựng"' in page
    assert not Source.objects.exists()
    browser.post(reverse("ingest_sources:add"), form(address, is_active=""))
    assert not Source.objects.get().is_active


def test_a_pick_up_is_shown_confirmed_and_refused(as_person: As) -> None:
    page = factories.article(live=True)
    carried = item(state="carried")
    found = PickUp.objects.create(
        page=page, source_name="Báo Xứ Lạng", item=carried, title="Tin của ta",
        published=timezone.now(), likeness=0.9,
    )  # fmt: skip
    browser = as_person("editor")
    editor = reverse("wagtailadmin_pages:edit", args=[page.pk])
    shown_editor = browser.get(editor).content.decode()
    assert "Tin của ta" in shown_editor
    confirm = reverse("ingest_decide_pick_up", args=[found.pk, "confirm"])
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = browser.cookies
    token = re.search(r'id="nc-pick-up-form".*?value="(\w{30,})"', shown_editor, re.DOTALL)
    assert token
    careful.post(confirm, {"csrfmiddlewaretoken": token[1]})
    found.refresh_from_db()
    assert found.state == "confirmed"
    report = reverse("ingest_pick_ups")
    assert "Báo Xứ Lạng" in browser.get(report).content.decode()
    assert browser.get(report, {"export": "xlsx"}).status_code == 200
    answer = browser.post(
        reverse("ingest_decide_pick_up", args=[found.pk, "reject"]), {"next": editor}
    )
    assert answer["Location"] == editor
    carried.refresh_from_db()
    assert carried.state == "new"
    assert "Tin của ta" not in browser.get(editor).content.decode()
    verbs = PageLogEntry.objects.filter(page=page.pk).values_list("action", flat=True)
    assert {"ingest.confirm_pick_up", "ingest.reject_pick_up"} <= set(verbs)


def test_one_text_for_both_gives_its_first_paragraph_to_the_sapo() -> None:
    html = "<p>Mở cửa sáng thứ Bảy.</p><p>Hồ sơ gồm tờ khai.</p>"
    whole = item(html=html, summary="Mở cửa sáng thứ Bảy. Hồ sơ gồm tờ khai.")
    apart = item(html=html, summary="Trạm y tế phục vụ người đi làm xa.")
    assert sapo_of(whole) == "Mở cửa sáng thứ Bảy."
    assert sapo_of(apart) == "Trạm y tế phục vụ người đi làm xa."


def test_html_becomes_blocks() -> None:
    html = (
        "Mở đầu<br><br>Đoạn hai <div><div>Sâu <i>hơn</i></div></div><h3>Mục</h3>"
        "<blockquote>Lời nói</blockquote><p>&nbsp;</p><p></p>"
        "<figure><img src='https://n.vn/a.jpg'><figcaption>Chú thích</figcaption></figure>"
        "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td></tr></table>"
        "<table><tr><td>Chỉ để <b>trình bày</b></td></tr></table>a &lt; b"
    )
    assert [(part.kind, part.text or part.caption or part.rows) for part in parts_of(html)] == [
        ("paragraph", "<p>Mở đầu</p>"),
        ("paragraph", "<p>Đoạn hai</p>"),
        ("paragraph", "<p>Sâu <i>hơn</i></p>"),
        ("heading", "Mục"),
        ("quote", "Lời nói"),
        ("picture", "Chú thích"),
        ("table", (("A", "B"), ("1", ""))),
        ("paragraph", "<p>Chỉ để <b>trình bày</b></p>"),
        ("paragraph", "<p>a &lt; b</p>"),
    ]
    assert json.dumps(html)


def test_a_picture_behind_a_private_address_is_not_fetched(as_person: As, settings: Any) -> None:
    factories.site_tree()
    one = item(html='<p>Tin</p><img src="http://10.0.0.1/a.png">')
    answer = as_person("reporter").post(reverse("ingest_adopt", args=[one.pk]), follow=True)
    assert "Không lấy được ảnh này" in answer.content.decode()
    assert ArticlePage.objects.get().picture is None
    assert not Picture.objects.exists()


def test_a_muted_title_can_be_let_in_again(as_person: Callable[[str], Client]) -> None:
    muted = MutedTitle.objects.create(words="Lịch công tác", folded="lich cong tac")
    browser = as_person("editor")
    listing = browser.get(reverse("ingest_muted:index"))
    assert "Lịch công tác" in listing.content.decode()
    assert reverse("ingest_muted:add") not in listing.content.decode()
    browser.post(reverse("ingest_muted:delete", args=[muted.pk]))
    assert not MutedTitle.objects.exists()
