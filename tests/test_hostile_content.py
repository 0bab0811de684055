"""What somebody posts raw, past every editor, never runs anywhere: page, feed, message, preview."""

import html
import json
import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.test.utils.form_data import streamfield

from channels.models import Delivery
from core.crypto import encrypt
from media.models import Attachment
from portal.body import sanitised
from portal.models import ArticlePage
from tests import factories, forms
from tests.channels.bot_api import TOKEN

pytestmark = [pytest.mark.django_db, pytest.mark.indexed, pytest.mark.one_database]

EVIL = [
    "<script>danger()</script>",
    "<img src=x onerror=danger()>",
    "<svg onload=danger()><script>danger()</script></svg>",
    '<a href="javascript:danger()">a</a>',
    '<a href="java\nscript:danger()">b</a>',
    '<a href="&#106;avascript:danger()">c</a>',
    '<a href="data:text/html,<script>danger()</script>">d</a>',
    '<a href="vbscript:danger()">e</a>',
    '<a linktype="page" id="1" onclick="danger()">f</a>',
    '<iframe srcdoc="<script>danger()</script>"></iframe>',
    '<embed embedtype="media" url="javascript:danger()"/>',
    "<style>@import 'javascript:danger()'</style>",
    '<form action="javascript:danger()"><button formaction="javascript:danger()">g</button></form>',
    '<math><mtext></p><img src=x onerror="danger()"></mtext></math>',
    '"><script>danger()</script>',
    "]]><script>danger()</script>",
]
ACTIVE = {"iframe", "object", "embed", "svg", "math", "style", "base", "applet", "frame"}
ADDRESSES = {"href", "src", "action", "formaction", "srcset", "poster", "xlink:href", "background"}


def runs(markup: str) -> list[str]:
    """Return the elements that would run something, other than the portal's own scripts."""
    found = BeautifulSoup(markup, "html.parser").find_all(is_active)
    return [str(element) for element in found]


def is_active(element: Tag) -> bool:
    """Whether an element does something by its kind, by an attribute or by where it leads."""
    if element.name == "script":
        return not str(element.get("src", "")).startswith("/static/") or bool(element.string)
    if element.name == "meta" and element.get("http-equiv"):
        return True
    if element.name == "form" and element.get("action") != "/tim-kiem/":
        return True
    return element.name in ACTIVE or any(
        name.startswith("on") or name == "style" or (name in ADDRESSES and not is_web(str(value)))
        for name, value in element.attrs.items()
    )


def is_web(address: str) -> bool:
    """Whether a browser takes the address for a page, with what it skips before the scheme."""
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", re.sub(r"[\x00-\x20]", "", address), re.IGNORECASE)
    return scheme is None or scheme.group(1).lower() in {"http", "https", "mailto", "tel"}


def test_the_measure_finds_what_runs() -> None:
    harmless = '<p>x <a href="/tin-tuc/">y</a></p><script src="/static/portal/menu.js"></script>'
    assert not runs(harmless)
    for evil in EVIL:
        assert runs(evil) or "embedtype" in evil, evil


def blocks(evil: str) -> list[tuple[str, object]]:
    """Return every kind of text block, filled with it."""
    return [
        ("paragraph", f"<p>{evil}</p>"),
        ("heading", evil[:200]),
        ("quote", {"text": evil, "source": evil}),
        (
            "table",
            {
                "caption": evil,
                "columns": [
                    {"type": "text", "heading": evil},
                    {"type": "long_text", "heading": ""},
                ],
                "rows": [{"values": [evil, evil]}],
            },
        ),
        ("video", {"title": evil, "document": None, "address": "javascript:danger()",
                   "poster": None, "transcript": evil}),
    ]  # fmt: skip


@pytest.fixture
def page() -> ArticlePage:
    """A live article full of it, stored as nobody's editor would, and delivered everywhere."""
    factories.channel("phat-thanh", "feed", options={"full_text": True})
    factories.channel(
        "nhom", "telegram", options={"chat_id": -4001}, secret=encrypt(TOKEN), name=EVIL[0]
    )
    body = [block for evil in EVIL for block in blocks(evil)]
    raw = [{"type": kind, "value": value} for kind, value in body]
    return factories.article(
        live=True,
        title=EVIL[0] + EVIL[3],
        summary="".join(EVIL[:4]),
        byline=EVIL[1],
        unit=EVIL[14],
        variants={"radio": {"texts": {"text": EVIL[0]}, "based_on": ""}},
        picture=factories.picture(description=EVIL[14], credit=EVIL[1]),
        picture_caption=EVIL[1],
        body=json.dumps(raw),
    )


def test_readers_pages_run_nothing(client: Client, page: ArticlePage) -> None:
    factories.announcement(live=True, title=EVIL[0], text="".join(EVIL))
    places = ["/", "/tin-tuc/", "/chuyen-muc/thu-tuc-hanh-chinh/", "/thong-bao/", "/feeds/"]
    searched = "/tim-kiem/?q=" + "<script>danger()</script>"
    for place in (*places, page.url, searched, "/tim-kiem/?q=danger"):
        answer = client.get(place)
        assert answer.status_code == 200
        assert not runs(answer.content.decode()), place
        assert "'unsafe-inline'" not in answer["Content-Security-Policy"]


def test_receivers_get_nothing_that_runs(client: Client, page: ArticlePage) -> None:
    payloads = [row.payload for row in Delivery.objects.of_story(page.story)]
    assert len(payloads) == 2
    assert not [found for payload in payloads for found in runs(payload["html"])]
    for form in ("xml", "atom", "json"):
        feed = client.get(f"/feeds/phat-thanh.{form}")
        text = feed.content.decode()
        if form == "json":
            (item,) = json.loads(text)["items"]
            assert not runs(item.get("content_html", ""))
        else:
            # What a reader's program puts on its screen: the document, unescaped once.
            assert "<script" not in text
            bodies = re.findall(
                r"<(?:content:encoded|content|description|summary)[^>]*>(.*?)</", text
            )
            assert bodies
            assert not [found for part in bodies for found in runs(html.unescape(part))]


def test_previews_run_nothing_and_keep_the_strict_policy(
    as_person: Callable[[str], Client], page: ArticlePage
) -> None:
    for mode in ("", "channel-phat-thanh", "channel-nhom"):
        answer = page.make_preview_request(preview_mode=mode)
        assert answer.status_code == 200
        assert not runs(answer.content.decode()), mode
    preview = as_person("approver").get(
        reverse("wagtailadmin_pages:view_draft", args=[page.pk]), {"mode": ""}
    )
    assert not runs(preview.content.decode())
    assert "unsafe-inline" not in preview["Content-Security-Policy"]


def test_the_form_takes_the_poison_out_or_refuses_it(as_person: Callable[[str], Client]) -> None:
    page = factories.article()
    draft = json.dumps(
        {
            "blocks": [
                {"key": "a", "text": "bấm đây", "type": "unstyled", "depth": 0,
                 "inlineStyleRanges": [], "entityRanges": [{"key": 0, "offset": 0, "length": 3}]},
            ],
            "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE",
                                "data": {"url": "javascript:danger()"}}},
        }
    )  # fmt: skip
    form = forms.article(page, body=streamfield([("paragraph", draft)]))
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    as_person("reporter").post(url, form)
    stored = as_person("approver").post(url, form)
    assert stored.status_code == 302
    assert "javascript:" not in str(page.get_latest_revision_as_object().body.raw_data[0])
    video = {"title": "x", "document": "", "address": "javascript:danger()", "poster": "",
             "transcript": ""}  # fmt: skip
    refused = as_person("approver").post(
        url, forms.article(page, body=streamfield([("video", video)]))
    )
    assert refused.status_code == 200
    assert "javascript" not in str(page.get_latest_revision_as_object().body.raw_data)


@given(
    st.lists(
        st.sampled_from(
            [*"<>\"'=/ \t\n:;&#x0aA", "script", "img", "svg", "a", "href", "src", "on", "error",
             "java", "data", "&#x6a;", "<a href=", "<img src=", "]]>", "<!--", "-->", "\x00"]
        ),
        max_size=40,
    ).map("".join),
    st.sampled_from(["", "https://cchc.example.vn"]),
)  # fmt: skip
def test_no_mixture_of_markup_gets_through(markup: str, root: str) -> None:
    assert not runs(sanitised(markup, root))


@pytest.mark.parametrize(
    "name", ["anh.svg", "trang.html", "trang.xhtml", "a.xml", "a.js", "a.pdf.svg"]
)
@pytest.mark.parametrize(
    "view", ["wagtaildocs:add", "wagtaildocs:add_multiple", "wagtailimages:add"]
)
def test_files_that_could_run_on_our_address_are_not_taken(
    as_person: Callable[[str], Client], name: str, view: str
) -> None:
    script = b'<svg xmlns="http://www.w3.org/2000/svg"><script>danger()</script></svg>'
    file = SimpleUploadedFile(name, script, content_type="application/pdf")
    form = {"title": "x", "description": "x", "file": file, "files[]": file}
    as_person("administrator").post(reverse(view), form)
    assert not Attachment.objects.exists()
    assert not factories.Picture.objects.exists()


def test_a_document_is_not_replaced_by_one_that_runs(as_person: Callable[[str], Client]) -> None:
    file = SimpleUploadedFile("bao-cao.pdf", b"%PDF-1.7")
    document = Attachment.objects.create(title="Báo cáo", file=file)
    form = {"title": "x", "file": SimpleUploadedFile("x.html", b"<script>danger()</script>")}
    as_person("administrator").post(reverse("wagtaildocs:edit", args=[document.pk]), form)
    document.refresh_from_db()
    assert document.file.name.endswith(".pdf")
