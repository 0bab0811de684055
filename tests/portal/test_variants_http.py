"""Variants in the editor, on the board, and on their way to the channels."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry

from channels.models import Publication
from core.actor import acting
from core.errors import RefusedError
from organisations.models import User
from portal.models import ArticlePage
from portal.variants.composers import compose
from portal.variants.texts import frozen, master_of, stale_kinds, texts_of
from tests import factories, forms

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
RADIO, CRAWL = "variant_texts-radio-text", "variant_texts-tv-crawl"


@pytest.fixture
def page() -> ArticlePage:
    return factories.article()


def newest(page: ArticlePage) -> ArticlePage:
    stored = ArticlePage.objects.get(pk=page.pk)
    draft: ArticlePage = stored.get_latest_revision_as_object()
    return draft


def save(client: Client, page: ArticlePage, **values: Any) -> Any:
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(address, forms.article(page, **values), follow=True)


def composed_boxes(page: ArticlePage) -> dict[str, str]:
    """Return the radio's boxes as the editor shows them, with the line ends of a browser."""
    text = texts_of(newest(page))["radio"]["text"].replace("\n", "\r\n")
    return {RADIO: text, f"{RADIO}-composed": text}


def test_the_editor_shows_what_would_be_composed(
    page: ArticlePage, as_person: Callable[[str], Client]
) -> None:
    answer = as_person("editor").get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    words = answer.content.decode()
    for texts in texts_of(page).values():
        for text in texts.values():
            assert text.split("\n")[0] in words
    assert "Tự soạn từ bài gốc" in words


def test_a_text_left_as_composed_follows_the_master(
    page: ArticlePage, as_person: Callable[[str], Client]
) -> None:
    save(as_person("editor"), page, title="Tiêu đề mới", **composed_boxes(page))
    draft = newest(page)
    assert draft.variants == {}
    assert texts_of(draft)["radio"]["text"].startswith("Tiêu đề mới.")


def test_a_written_text_stays_and_grows_stale(
    page: ArticlePage, as_person: Callable[[str], Client]
) -> None:
    editor = as_person("editor")
    save(editor, page, **{RADIO: "Thưa bà con.\r\n\r\nHết tin."})
    assert newest(page).variants["radio"]["texts"] == {"text": "Thưa bà con.\n\nHết tin."}
    assert stale_kinds(newest(page)) == []
    save(editor, page, title="Tiêu đề mới", **{RADIO: "Thưa bà con.\n\nHết tin."})
    assert stale_kinds(newest(page)) == ["radio"]
    words = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "<ins>Tiêu đề mới</ins>" in words
    assert f"<del>{page.title}</del>" in words
    keep = {RADIO: "Thưa bà con.\n\nHết tin.", "variant_texts-radio-keep": "1"}
    save(editor, page, title="Tiêu đề mới", **keep)
    assert stale_kinds(newest(page)) == []
    assert len(newest(page).variant_masters) == 1


def test_a_cleared_text_is_composed_again(
    page: ArticlePage, as_person: Callable[[str], Client]
) -> None:
    editor = as_person("editor")
    save(editor, page, **{RADIO: "Viết tay."})
    save(editor, page, **{RADIO: " "})
    assert newest(page).variants == {}
    assert newest(page).variant_masters == {}


def test_a_form_without_the_boxes_leaves_them_alone(
    page: ArticlePage, as_person: Callable[[str], Client]
) -> None:
    editor = as_person("editor")
    save(editor, page, **{RADIO: "Viết tay."})
    save(editor, page, title="Tiêu đề mới")
    assert newest(page).variants["radio"]["texts"] == {"text": "Viết tay."}


def test_too_long_a_text_is_kept_as_a_draft_and_not_published(
    page: ArticlePage, as_person: Callable[[str], Client], approver: User
) -> None:
    approver_window, long = as_person("approver"), "Chữ chạy rất dài. " * 10
    save(as_person("editor"), page, **{CRAWL: long})
    assert newest(page).variants["tv"]["texts"] == {"crawl": long.strip()}
    answer = save(approver_window, page, **{CRAWL: long, "action-publish": "1"})
    words = answer.content.decode()
    assert "Truyền hình, Chữ chạy: quá dài, 179 ký tự, tối đa 120" in words
    assert long.strip() in words  # what was typed is still there
    page.refresh_from_db()
    assert not page.live
    with acting(approver), pytest.raises(RefusedError, match="quá dài"):
        page.get_latest_revision().publish(user=approver)


def test_a_refused_form_keeps_what_is_composed_composed(
    page: ArticlePage, as_person: Callable[[str], Client]
) -> None:
    boxes = composed_boxes(page)
    answer = save(as_person("editor"), page, title="", **boxes, **{CRAWL: "Chữ tôi gõ"})
    words = answer.content.decode()
    assert "Chữ tôi gõ" in words
    assert newest(page).variants == {}


def test_what_is_published_is_frozen_with_it(page: ArticlePage) -> None:
    page.variants = {
        "telegram": {"texts": {"text": "Cho nhóm."}, "based_on": ""},
        "tv": {"texts": {"crawl": "Chữ chạy."}, "based_on": ""},
    }
    page.save_revision().publish()
    publication = Publication.objects.latest_of(page.story)
    assert publication is not None
    variants = publication.content["variants"]
    master = master_of(page)
    assert variants["telegram"] == {"text": "Cho nhóm."}
    assert variants["tv"] == compose("tv", master) | {"crawl": "Chữ chạy."}
    assert variants["radio"] == compose("radio", master)
    assert "press" not in variants  # the feed makes it of the story, with tables and pictures
    assert variants == frozen(page)


def test_the_lists_of_the_portal_show_the_card(client: Client) -> None:
    variants = {"portal": {"texts": {"headline": "Tiêu đề trên ô tin"}, "based_on": ""}}
    page = factories.article(live=True, variants=variants)
    words = client.get("/tin-tuc/").content.decode()
    assert "Tiêu đề trên ô tin" in words
    assert page.title not in words
    assert page.title in client.get(page.url).content.decode()


def test_the_comparison_of_versions_shows_variants(
    page: ArticlePage, as_person: Callable[[str], Client]
) -> None:
    editor = as_person("editor")
    save(editor, page, **{RADIO: "Bản đọc viết tay."})
    earliest, latest = page.revisions.order_by("pk").values_list("pk", flat=True)
    address = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, earliest, latest])
    words = editor.get(address).content.decode()
    assert "Phát thanh: Bài đọc cho phát thanh viên" in words
    assert "Bản đọc viết tay." in words


# --- the board -----------------------------------------------------------------------------------


def test_the_board_shows_every_text_as_its_receivers_see_it(
    page: ArticlePage, as_person: Callable[[str], Client]
) -> None:
    factories.channel("phat-thanh", "feed", name="Đài tỉnh", options={"variant": "spoken"})
    words = as_person("editor").get(reverse("portal_board", args=[page.pk])).content.decode()
    assert "Kênh: Đài tỉnh" in words
    assert "Chưa có kênh nào dùng bản này." in words  # television, say
    assert "#ThủTụcHànhChính" in words  # as the Telegram adapter writes it
    assert page.full_url in words


def test_a_click_composes_anew_or_keeps(
    page: ArticlePage, as_person: Callable[[str], Client]
) -> None:
    editor = as_person("editor")
    save(editor, page, **{RADIO: "Viết tay.", CRAWL: "Chữ chạy."})
    save(editor, page, title="Tiêu đề mới")
    assert stale_kinds(newest(page)) == ["radio", "tv"]
    editor.post(reverse("portal_board_act", args=[page.pk, "keep"]), {"kind": "tv"})
    assert stale_kinds(newest(page)) == ["radio"]
    editor.post(reverse("portal_board_act", args=[page.pk, "refresh"]))
    assert set(newest(page).variants) == {"tv"}
    verbs = PageLogEntry.objects.filter(page=page.pk, action__startswith="portal.variants")
    assert [entry.action for entry in verbs.order_by("timestamp")] == [
        "portal.variants_keep",
        "portal.variants_refresh",
    ]


def test_those_who_may_not_edit_read_only(as_person: Callable[[str], Client]) -> None:
    page = factories.article(live=True)
    planner, address = as_person("planner"), reverse("portal_board", args=[page.pk])
    words = planner.get(address).content.decode()
    assert "chỉ xem được" in words
    assert reverse("portal_board_act", args=[page.pk, "refresh"]) not in words
    for verb in ("refresh", "keep", "delete"):
        planner.post(reverse("portal_board_act", args=[page.pk, verb]), {"kind": "radio"})
    assert page.revisions.count() == 1


def test_a_page_that_is_no_item_has_no_board(as_person: Callable[[str], Client]) -> None:
    home = factories.site_tree().home
    assert as_person("editor").get(reverse("portal_board", args=[home.pk])).status_code == 404


# --- from before --------------------------------------------------------------------------------


def test_the_text_for_reading_aloud_becomes_the_radio_variant_in_every_version(
    page: ArticlePage,
) -> None:
    revision = page.get_latest_revision()
    revision.content["radio_text"] = "Đọc cũ."
    del revision.content["variants"]
    revision.save()
    migration = import_module("portal.migrations.0003_radio_text_to_variants")
    for one in migration.revisions(apps):
        migration.convert(one)
    revision.refresh_from_db()
    assert "radio_text" not in revision.content
    assert texts_of(revision.as_object())["radio"]["text"] == "Đọc cũ."
