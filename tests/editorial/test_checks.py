"""What the checks see of a page, and that errors block and warnings ask, whichever way one goes."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageLogEntry

from core.actor import acting
from editorial.checks import gate
from editorial.checks.looking import findings, parted
from organisations.models import Organisation, Succession, User
from portal import gates
from portal.models import ArticlePage
from tests import factories, forms
from tests.editorial.review_fixtures import at_the_board, step_of, written

pytestmark = pytest.mark.django_db
DOUBLED = "<p>Các các sở họp.</p>"
IDENTITY = "<p>Ông A, CCCD 001099012345.</p>"


def codes(page: ArticlePage) -> list[str]:
    return [finding.code for finding in findings(page)]


def body(html: str) -> list[tuple[str, str]]:
    return [("paragraph", html)]


def live(page: ArticlePage) -> bool:
    return ArticlePage.objects.get(pk=page.pk).live


def test_an_item_of_the_tests_has_nothing_to_find() -> None:
    assert codes(factories.article(live=True)) == []
    assert codes(factories.announcement(live=True)) == []


def test_pictures_texts_and_links_are_read_from_stored_and_from_posted_blocks() -> None:
    draft = factories.article(slug="ban-nhap", title="Bản nháp")
    picture = factories.picture(credit="")
    shown = {"image": picture, "alt": "", "caption": "Các các đại biểu", "credit": ""}
    link = (
        f'<p><a linktype="page" id="{draft.pk}">xem</a> <a linktype="page" id="99999">b</a> '
        '<a linktype="document" id="999">c</a> <a href="/khong-co/">d</a> '
        '<a href="/tin-tuc/">e</a> <a href="https://example.vn/x">f</a></p>'
    )
    page = factories.article(
        slug="bai", picture=picture, body=[("paragraph", link), ("picture", shown)]
    )
    stored = ArticlePage.objects.get(pk=page.pk)
    assert set(codes(page)) == {"picture.alt", "picture.credit", "word.doubled", "link.dead"}
    page.body = [("paragraph", link), ("picture", shown)]  # as a form gives it
    assert sorted(codes(page)) == sorted(codes(stored))
    dead = [finding for finding in findings(stored) if finding.code == "link.dead"]
    assert [found.is_error for found in dead] == [True, True, False, False]
    assert [found.excerpt for found in dead[2:]] == ["“Bản nháp”", "/khong-co/"]
    block = stored.body.raw_data[1]["id"]
    assert f"body.{block}.alt" in {finding.where for finding in findings(stored)}


def test_agencies_are_those_of_the_items_day() -> None:
    old = Organisation.objects.create(
        code="so-cu", name="Sở Thông tin và Truyền thông", valid_to=date(2025, 2, 28)
    )
    new = Organisation.objects.create(code="so-moi", name="Sở Khoa học và Công nghệ")
    page = factories.article(body=body("<p>Sở Thông tin và Truyền thông họp.</p>"))
    (finding,) = findings(page)
    assert (finding.code, finding.offer) == ("agency.gone", None)
    Succession.objects.create(old=old, new=new, date=date(2025, 3, 1), kind="merge")
    (finding,) = findings(page)
    assert finding.offer == "Sở Khoa học và Công nghệ"
    page.dated = datetime(2024, 5, 1, tzinfo=UTC)
    assert findings(page) == []


def test_a_station_channel_makes_a_contact_worth_having() -> None:
    factories.channel("phat-thanh", "feed", options={"variant": "spoken"})
    page = factories.article(unit="")
    assert codes(page) == ["station.contact"]
    page.channels_off = ["phat-thanh"]
    assert codes(page) == []


def test_looking_costs_few_queries() -> None:
    picture = factories.picture()
    shown = {"image": picture, "alt": "Quầy", "caption": "Sáng nay", "credit": ""}
    page = factories.article(picture=picture, unit="Sở", body=[("picture", shown)] * 5)
    stored = ArticlePage.objects.get(pk=page.pk)
    findings(stored)
    with CaptureQueriesContext(connection) as asked:
        findings(ArticlePage.objects.get(pk=page.pk))
    assert len(asked) <= 1 + 3


def publish(client: Client, page: ArticlePage, **values: str) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    posted = forms.unchanged(page, **{"action-publish": "1"}, **values)
    client.post(address, posted)


def test_the_editor_asks_once_and_keeps_the_form(
    reporter: User, as_person: Callable[[str], Client]
) -> None:
    page = written(reporter, body=body(DOUBLED))
    client = as_person("approver")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    posted = forms.unchanged(page, **{"action-publish": "1"})
    response = client.post(address, posted)
    shown = response.content.decode()
    assert not live(page)
    assert 'name="accept_warnings" form="page-edit-form"' in shown
    assert "Các các sở họp" in shown
    publish(client, page, accept_warnings="on")
    assert live(page)
    entry = PageLogEntry.objects.get(page=page.pk, action=gate.ACCEPT)
    assert (entry.user.username, entry.data["codes"]) == ("approver", ["word.doubled"])


def test_a_warning_accepted_for_the_same_text_is_not_asked_again(
    reporter: User, approver: User
) -> None:
    page = written(reporter, body=body(DOUBLED))
    with acting(approver), gates.consenting(gates.Consent(warnings_accepted=True)):
        page.get_latest_revision().publish(user=approver)
    page = ArticlePage.objects.get(pk=page.pk)
    with acting(approver):
        page.save_revision(user=reporter).publish(user=approver)
        page.body = body(DOUBLED + "<p>Của của ai?</p>")
        revision = page.save_revision(user=reporter)
        with pytest.raises(gate.NotReadyError, match="Của của"):
            revision.publish(user=approver)


def test_errors_cannot_be_accepted(reporter: User, as_person: Callable[[str], Client]) -> None:
    page = written(reporter, body=body(IDENTITY))
    publish(as_person("approver"), page, accept_warnings="on")
    assert not live(page)


def test_drafts_are_never_asked_about(reporter: User, as_person: Callable[[str], Client]) -> None:
    page = written(reporter, body=body(IDENTITY))
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert as_person("reporter").post(address, forms.unchanged(page)).status_code == 302


def test_submitting_asks_the_author_and_does_not_answer_for_the_board(
    reporter: User, as_person: Callable[[str], Client]
) -> None:
    page = written(reporter, body=body(DOUBLED))
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client = as_person("reporter")
    posted = forms.unchanged(page, **{"action-submit": "1"})
    assert b"accept_warnings" in client.post(address, posted).content
    page = ArticlePage.objects.get(pk=page.pk)
    assert page.current_workflow_state is None
    client.post(address, forms.unchanged(page, accept_warnings="on", **{"action-submit": "1"}))
    page = ArticlePage.objects.get(pk=page.pk)
    assert page.current_workflow_state is not None
    assert gate.accepted(page, gate.SUBMIT)
    assert not gate.accepted(page, gate.PUBLISH)


def test_the_api_and_the_bulk_action_are_asked_as_well(
    reporter: User, as_person: Callable[[str], Client]
) -> None:
    client = as_person("approver")
    one, two = (written(reporter, body=body(DOUBLED), slug=slug) for slug in ("mot", "hai"))
    api = reverse("wagtailadmin_api:pages:action", args=[one.pk, "publish"])
    client.post(api)
    assert not live(one)
    client.post(api, json.dumps({"accept_warnings": True}), content_type="application/json")
    assert live(one)
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{bulk}?id={two.pk}", {"include_descendants": ""})
    assert not live(two)
    client.post(f"{bulk}?id={two.pk}", {"include_descendants": "", "accept_warnings": "on"})
    assert live(two)


def test_the_board_sees_and_accepts_on_the_page_of_the_item(
    reporter: User, person: Callable[[str], User], as_person: Callable[[str], Client]
) -> None:
    page = at_the_board(reporter, person("editor"), body=body(DOUBLED))
    client, address = as_person("approver"), reverse("editorial_review_item", args=[page.pk])
    shown = client.get(address).content.decode()
    assert 'name="accept_warnings"' in shown
    assert "word.doubled" in shown
    step = str(step_of(page).pk)
    client.post(address, {"action": "approve", "step": step})
    assert not live(page)
    client.post(address, {"action": "approve", "step": step, "accept_warnings": "on"})
    assert live(page)


def test_the_panel_lists_what_the_newest_version_holds(
    reporter: User, as_person: Callable[[str], Client]
) -> None:
    page = written(reporter, title="Bài bài mới", body=body(IDENTITY))
    client, address = as_person("reporter"), reverse("editorial_checks", args=[page.pk])
    shown = " ".join(client.get(address).content.decode().split())
    assert 'data-errors="1" data-warnings="1"' in shown
    assert 'data-checks-mend="title"' in shown
    assert as_person("officer").get(address).status_code in {302, 403}
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert f'data-list-url="{address}"' in editor


def test_nobody_is_asked_about_what_the_clock_publishes() -> None:
    page = factories.article(live=True, body=body(IDENTITY))
    assert live(page)
    assert parted(findings(page)).errors
