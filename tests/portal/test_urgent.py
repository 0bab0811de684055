"""An urgent announcement in the office: its reason, its officers, and what is seen of them."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from channels import outbox
from channels.calling import engine
from channels.calling.models import Call
from channels.models import Action, Channel, Delivery
from config import clock
from editorial.models import Notice
from organisations.models import Contact, Organisation, User
from portal import urgent as urgent_page
from portal.forms import AnnouncementForm
from portal.models import AnnouncementPage, ArticlePage, UrgentSettings
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
State = Call.State
Browser = Callable[[str], Client]
REASON = "Nước sông lên nhanh trong đêm"


@pytest.fixture
def officer(db: None) -> Contact:
    ward = Organisation.objects.create(code="phuong", name="UBND phường Một")
    return Contact.objects.create(
        organisation=ward, name="Nguyễn Văn An", phone="0900 000 001", email="an@phuong.example.vn"
    )


@pytest.fixture
def urgent(officer: Contact, room: Channel) -> Callable[..., AnnouncementPage]:
    """Give a function that publishes an urgent announcement of which the officer must know."""

    def publish(**values: Any) -> AnnouncementPage:
        page = factories.announcement(**{"level": "urgent", "urgent_reason": REASON} | values)
        page.officers = [officer]
        page.save_revision().publish()
        return AnnouncementPage.objects.get(pk=page.pk)

    return publish


def test_publishing_calls_the_officers_by_the_settings(
    urgent: Callable[..., AnnouncementPage], officer: Contact
) -> None:
    settings = UrgentSettings.load()
    settings.every, settings.most = 5, 2
    settings.save()
    ends = timezone.now() + timedelta(hours=3)
    page = urgent(ends_at=ends, expire_at=ends + timedelta(hours=1))
    call = Call.objects.get()
    assert (call.contact, call.every, call.most, call.until) == (officer, 5, 2, ends)
    assert Delivery.objects.of_story(page.story).get().quiet_waiver == REASON


def test_what_is_not_urgent_calls_nobody(urgent: Callable[..., AnnouncementPage]) -> None:
    page = urgent(level="priority")
    assert not Call.objects.exists()
    assert Delivery.objects.of_story(page.story).get().quiet_waiver == ""


def test_withdrawing_ends_the_calls(urgent: Callable[..., AnnouncementPage]) -> None:
    urgent().unpublish()
    assert Call.objects.get().state == State.ENDED


def test_a_lower_level_ends_the_calls(urgent: Callable[..., AnnouncementPage]) -> None:
    page = urgent()
    page.level = "normal"
    page.save_revision().publish()
    assert {call.state for call in Call.objects.all()} == {State.ENDED}


def test_the_panel_shows_who_knows_and_takes_word_by_telephone(
    urgent: Callable[..., AnnouncementPage], as_person: Browser
) -> None:
    page, client = urgent(), as_person("approver")
    call = Call.objects.get()
    panel = client.get(reverse("portal_deliveries", args=[page.pk])).content.decode()
    assert "Nguyễn Văn An" in panel
    assert "0900 000 001" in panel
    url = reverse("portal_call_note", args=[page.pk, call.pk])
    assert as_person("editor").post(url).status_code in {302, 403}
    assert Call.objects.get().state == State.CALLING
    answer = client.post(url, headers={"X-Requested-With": "fetch"}).content.decode()
    assert "đã xác nhận" in answer
    call.refresh_from_db()
    assert (call.state, call.noted_by.first_name) == (State.ACKNOWLEDGED, "Duy")
    assert PageLogEntry.objects.for_instance(page).filter(action="channels.call_answered").exists()


def test_a_call_in_vain_is_an_alarm_and_a_notice(
    urgent: Callable[..., AnnouncementPage], as_person: Browser, approver: User
) -> None:
    page = urgent()
    Call.objects.update(give_up_at=timezone.now())
    engine.finish(timezone.now())
    home = as_person("approver").get(reverse("wagtailadmin_home")).content.decode()
    assert "Chưa xác nhận" in home
    assert page.title in home
    notice = Notice.objects.of(approver).get(verb=Notice.Verb.CALL)
    assert "0900 000 001" in notice.text


@pytest.mark.parametrize(
    ("level", "reason", "named", "wrong"),
    [
        ("urgent", "", False, {"urgent_reason"}),
        ("urgent", REASON, True, set()),
        ("normal", "", True, {"officers"}),
        ("normal", "", False, set()),
    ],
)
def test_the_form_asks_for_a_reason(
    officer: Contact, level: str, reason: str, named: bool, wrong: set[str]
) -> None:
    page = factories.announcement()
    form_class = AnnouncementPage.get_edit_handler().get_form_class()
    data = {
        "title": page.title, "slug": page.slug, "level": level, "urgent_reason": reason,
        "officers": [officer.pk] if named else [], "text": "null",
    }  # fmt: skip
    form = form_class(data, instance=page, parent_page=page.get_parent())
    assert issubclass(form_class, AnnouncementForm)
    form.is_valid()
    assert set(form.errors) & {"urgent_reason", "officers"} == wrong


def test_an_urgent_article_goes_out_at_night_if_somebody_says_why(room: Channel) -> None:
    night = {"quiet_from": time(0), "quiet_until": time(23, 59, 59)}
    Channel.objects.update(**night)
    patient = factories.article(level="urgent", live=True)
    pressing = factories.article(level="urgent", urgent_reason=REASON, live=True)
    waivers = [
        Delivery.objects.of_story(one.story).get().quiet_waiver for one in (patient, pressing)
    ]
    assert waivers == ["", REASON]
    patient.urgent_reason = REASON
    patient.save_revision().publish()
    assert Delivery.objects.of_story(patient.story).get().quiet_waiver == REASON
    entries = PageLogEntry.objects.filter(page=patient.pk, action="channels.quiet_waived")
    assert entries.get().data["reason"] == REASON


def test_a_copy_has_no_reason_of_its_own() -> None:
    page = factories.article(level="urgent", urgent_reason=REASON, live=True)
    copy = page.copy(update_attrs={"slug": "ban-sao", "title": "Bản sao"}, keep_live=False)
    assert copy.urgent_reason == ""


def test_the_form_of_an_article_has_room_for_a_reason() -> None:
    assert "urgent_reason" in ArticlePage.get_edit_handler().get_form_class().base_fields


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The stories whose end was queued."""
    found: list[Any] = []

    def end(story: Any) -> int:
        found.append(story)
        return 1

    monkeypatch.setattr(outbox, "end", end)
    return found


@pytest.mark.parametrize(
    ("level", "minutes", "ends"),
    [("urgent", -1, True), ("urgent", 1, False), ("priority", -1, False), ("urgent", -4000, False)],
)
def test_what_left_the_strip_comes_off_the_top_of_its_groups(
    ended: list[Any], room: Channel, level: str, minutes: int, ends: bool
) -> None:
    now = timezone.now()
    page = factories.announcement(level=level, urgent_reason=REASON, live=True,
                                  ends_at=now + timedelta(minutes=minutes))  # fmt: skip
    urgent_page.run(now)
    assert ended == ([page.story] if ends else [])
    urgent_page.run(now)  # once a minute
    assert len(ended) == ends
    assert urgent_page.run in clock.JOBS


@pytest.mark.parametrize(
    ("state", "again"), [("pending", False), ("failed", False), ("cancelled", True)]
)
def test_what_was_ended_is_not_ended_again_unless_a_correction_took_its_place(
    ended: list[Any], room: Channel, state: str, again: bool
) -> None:
    now = timezone.now()
    page = factories.announcement(level="urgent", urgent_reason=REASON, live=True,
                                  ends_at=now - timedelta(minutes=5))  # fmt: skip
    row = Delivery.objects.of_story(page.story).get()
    row.pk, row.action, row.state = None, Action.END, state
    row.save()
    urgent_page.run(now)
    assert ended == ([page.story] if again else [])


def test_only_those_who_can_be_reached_are_offered(officer: Contact) -> None:
    by_phone = Contact.objects.create(
        organisation=officer.organisation, name="Chỉ có điện thoại", phone="0900 000 002"
    )
    form_class = AnnouncementPage.get_edit_handler().get_form_class()
    page = factories.announcement()
    offered = form_class(instance=page, parent_page=page.get_parent()).fields["officers"].queryset
    assert officer in offered
    assert by_phone not in offered
