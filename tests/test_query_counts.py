"""What a page costs the database does not depend on how much there is: the promised numbers."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import tree
from portal.models import ArticlePage, SectionPage
from portal.variants.kinds import KINDS
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.indexed, pytest.mark.one_database]
FEW, MANY = 3, 30
EDITOR_MOST, BOARD_MOST = 60, 40
CHANNELS = (
    ("phat-thanh", "feed", {"variant": "spoken"}),
    ("truyen-hinh", "feed", {"variant": "picture"}),
    ("bao-chi", "feed", {"variant": "press"}),
    ("loa", "feed", {"variant": "loudspeaker"}),
    ("nhom", "telegram", {"chat_id": -4001}),
)
MOST = {
    "/tin-tuc/bai-1/": 12,
    "/chuyen-muc/thu-tuc-hanh-chinh/": 15,
    "/chuyen-muc/thu-tuc-hanh-chinh/?trang=2": 15,
    "/tin-tuc/": 15,
    "/": 15,
    "/feeds/phat-thanh.xml": 6,
    "/feeds/phat-thanh.atom": 6,
    "/feeds/phat-thanh.json": 6,
}


def publish(first: int, last: int) -> None:
    """Publish articles with a main picture, pictures in the body, and links to pages."""
    section = tree.section(factories.site_tree(), "Thủ tục hành chính")
    others = SectionPage.objects.values_list("pk", flat=True)
    links = "".join(f'<p><a linktype="page" id="{pk}">xem</a></p>' for pk in others)
    for number in range(first, last + 1):
        picture = factories.picture(title=f"Ảnh {number}")
        shown = {"image": picture, "alt": "Quầy hồ sơ", "caption": "Sáng nay", "credit": ""}
        body = [("paragraph", links), ("picture", shown), ("paragraph", links)]
        factories.article(
            live=True,
            title=f"Bài {number}",
            slug=f"bai-{number}",
            section=section,
            picture=picture,
            body=body,
        )


def costs(client: Client) -> dict[str, int]:
    """Count the queries of each address for a reader who is not logged in.

    The first visit makes renditions and fills caches; the second is counted.
    """
    counted = {}
    for address in MOST:
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        counted[address] = len(asked)
    return counted


def test_reading_costs_the_same_with_three_articles_and_with_thirty(client: Client) -> None:
    factories.channel("phat-thanh", "feed", options={"limit": 50, "full_text": True})
    for name in ("Chuyển đổi số", "Công vụ", "Tài chính công"):
        tree.section(factories.site_tree(), name)
    publish(1, FEW)
    with_few = costs(client)
    publish(FEW + 1, MANY)
    with_many = costs(client)
    assert client.get("/feeds/phat-thanh.json").content.count(b'"date_published"') == MANY
    assert not {address for address, most in MOST.items() if with_many[address] > most}, with_many
    assert {address for address in MOST if with_many[address] > with_few[address]} <= {
        # A list longer than a page counts its items.
        "/chuyen-muc/thu-tuc-hanh-chinh/",
        "/chuyen-muc/thu-tuc-hanh-chinh/?trang=2",
        "/tin-tuc/",
    }, (with_few, with_many)


def test_the_editor_with_all_variants_keeps_its_budget(as_person: Callable[[str], Client]) -> None:
    """The issue's number: every text written and stale, in a draft of a public item."""
    for slug, kind, options in CHANNELS:
        factories.channel(slug, kind, options=options)
    publish(1, 1)
    page = ArticlePage.objects.get()
    editor, address = as_person("editor"), reverse("wagtailadmin_pages:edit", args=[page.pk])
    page.variants = {
        kind.key: {"texts": dict.fromkeys(kind.names, "Viết tay."), "based_on": "trước"}
        for kind in KINDS.values()
    }
    page.save_revision()
    assert editor.get(address).status_code == 200
    assert asked_by(editor, address) <= EDITOR_MOST
    board = reverse("portal_board", args=[page.pk])
    assert asked_by(editor, board) <= BOARD_MOST


def asked_by(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_logged_in_readers_cost_little_more(
    client: Client, as_person: Callable[[str], Client]
) -> None:
    publish(1, FEW)
    factories.channel("phat-thanh", "feed")
    reader = costs(client)
    writer = costs(as_person("reporter"))
    assert all(writer[address] <= reader[address] + 2 for address in MOST), (reader, writer)
