"""The pages of events, as people of each side use them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.events import guest_lists, selectors, sites, writing
from campaigns.events.models import Event, Guest, Paper, Site
from campaigns.events.state import Status
from campaigns.models import Plan
from campaigns.slots.models import Slot
from organisations.models import Organisation, User
from portal.models import ArticlePage
from tests import factories

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


def get(client: Client, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def form_of(event: Event, client: Client) -> dict[str, Any]:
    """Return what the browser would post back of the form of an event."""
    form = client.get(reverse("campaigns_event_edit", args=[event.pk])).context["form"]
    values = {field.html_name: field.value() for field in form}
    values["ends_at"] = f"{timezone.localtime(event.ends_at):%d/%m/%Y %H:%M}"
    return {name: "" if value is None else value for name, value in values.items() if value}


def test_an_event_for_a_slot_begins_with_what_is_known(
    slot: Slot, planner: User, browser: Browser
) -> None:
    client = browser(planner)
    url = f"{reverse('campaigns_event_add')}?slot={slot.pk}"
    form = client.get(url).context["form"]
    assert form["host"].value() == slot.organisation_id
    day = timezone.localdate() + timedelta(days=9)
    data = {
        "kind": "conference", "name": "Hội nghị mới", "format": "combined",
        "starts_at": f"{day:%d/%m/%Y} 08:00", "ends_at": f"{day:%d/%m/%Y} 11:00",
        "host": slot.organisation_id, "activity": slot.activity_id, "slot": slot.pk,
    }  # fmt: skip
    client.post(url, data)
    made = Event.objects.get()
    assert (made.slot, made.activity, made.plan) == (slot, slot.activity, slot.activity.plan)


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ("07:00", "Giờ kết thúc phải sau giờ bắt đầu."),
        ("99:00", "error-message"),
    ],
)
def test_wrong_times_are_refused_and_nothing_typed_is_lost(
    public_plan: Plan, host: Organisation, planner: User, browser: Browser, ends: str, words: str
) -> None:
    url = f"{reverse('campaigns_event_add')}?plan={public_plan.pk}"
    data = {"kind": "conference", "name": "Hội nghị mới", "format": "on-site", "host": host.pk,
            "starts_at": "15/10/2026 08:00", "ends_at": f"15/10/2026 {ends}"}  # fmt: skip
    text = browser(planner).post(url, data).content.decode()
    assert words in text
    assert "Hội nghị mới" in text
    assert not Event.objects.exists()


def test_of_two_people_the_second_is_shown_both(
    event: Event, planner: User, browser: Browser
) -> None:
    client = browser(planner)
    data = form_of(event, client) | {"venue": "Phòng họp số 1", "name": "Tên của tôi"}
    Event.objects.filter(pk=event.pk).update(venue="Nhà văn hóa")
    url = reverse("campaigns_event_edit", args=[event.pk])
    answer = client.post(url, data)
    text = answer.content.decode()
    assert "Người khác đã sửa" in text
    assert "Nhà văn hóa" in text
    assert "Phòng họp số 1" in text
    event.refresh_from_db()
    assert event.venue == "Nhà văn hóa"
    again = data | {"seen": answer.context["form"]["seen"].value()}
    assert client.post(url, again).status_code == 302
    event.refresh_from_db()
    assert (event.venue, event.name) == ("Phòng họp số 1", "Tên của tôi")


def test_the_agenda_of_another_is_not_overwritten_unseen(
    event: Event, planner: User, browser: Browser
) -> None:
    client, url = browser(planner), reverse("campaigns_event_agenda", args=[event.pk])
    seen = client.get(url).context["form"]["seen"].value()
    client.post(url, {"text": "08:00 - 09:00 | Khai mạc", "seen": seen})
    answer = client.post(url, {"text": "08:00 - 09:30 | Thảo luận", "seen": seen})
    assert "Khai mạc" in answer.content.decode()
    assert event.agenda.get().content == "Khai mạc"
    again = answer.context["form"]["seen"].value()
    client.post(url, {"text": "08:00 - 09:30 | Thảo luận", "seen": again})
    assert event.agenda.get().content == "Thảo luận"


def test_faults_of_the_agenda_keep_the_text(event: Event, planner: User, browser: Browser) -> None:
    url = reverse("campaigns_event_agenda", args=[event.pk])
    text = browser(planner).post(url, {"text": "8h | Khai mạc", "seen": ""}).content.decode()
    assert "Dòng 1" in text
    assert "8h | Khai mạc" in text


def test_a_whole_group_gets_a_site_for_each_member_of_that_day(
    event: Event, communes: Organisation, commune: Organisation, planner: User, browser: Browser
) -> None:
    Organisation.objects.create(
        code="xa-cu", name="UBND xã Cũ", level="commune", kind="committee",
        valid_to=event.day - timedelta(days=1),
    )  # fmt: skip
    client = browser(planner)
    url = reverse("campaigns_event_sites", args=[event.pk])
    client.post(url, {"groups": [communes.pk], "agencies": [commune.pk]})
    assert [str(one) for one in event.sites.order_by("organisation__name")] == [
        "UBND xã Hai",
        "UBND xã Một",
    ]
    client.post(url, {"groups": [communes.pk]})
    assert event.sites.count() == 2
    assert "Hãy chọn ít nhất một" in client.post(url, {"csrfmiddlewaretoken": ""}).content.decode()


def test_a_site_whose_agency_is_gone_on_the_day_is_marked(
    event: Event, commune: Organisation, planner: User, browser: Browser
) -> None:
    sites.add(event, [commune])
    commune.valid_to = event.day - timedelta(days=1)
    commune.save()
    assert "không tồn tại vào ngày đó" in get(browser(planner), "campaigns_event", event.pk)


def invite(event: Event, *lines: str) -> list[Guest]:
    rows = guest_lists.rows_of_text("\n".join(lines))
    guest_lists.store(event, guest_lists.read(rows, event).guests)
    return list(event.guests.in_order())


def test_an_officer_sees_and_ticks_the_own_guests_only(
    event: Event, commune: Organisation, other_commune: Organisation, officer: User,
    browser: Browser,
) -> None:  # fmt: skip
    mine, theirs = invite(event, "Lý Văn An\tChủ tịch\tUBND xã Một", "Vi Thị Ba\t\tUBND xã Hai")
    client = browser(officer)
    text = get(client, "campaigns_event_door", event.pk)
    assert "Lý Văn An" in text
    assert "Vi Thị Ba" not in text
    assert "Đã đến 0/1" in text
    client.post(reverse("campaigns_event_tick", args=[mine.pk]), {"came": "1"})
    assert client.post(reverse("campaigns_event_tick", args=[theirs.pk]), {"came": "1"}).status_code
    assert list(event.guests.exclude(attended_at=None)) == [mine]


def test_ticking_twice_is_ticking_once_and_leads_back_to_the_list(
    event: Event, planner: User, browser: Browser
) -> None:
    (guest,) = invite(event, "Lý Văn An\tChủ tịch\tSở X")
    client, url = browser(planner), reverse("campaigns_event_tick", args=[guest.pk])
    door = reverse("campaigns_event_door", args=[event.pk])
    answer = client.post(url, {"came": "1", "back": f"{door}?q=An&p=1"})
    assert answer["Location"] == f"{door}?q=An&p=1#guest-{guest.pk}"
    guest.refresh_from_db()
    first = guest.attended_at
    assert client.post(url, {"came": "1", "back": "https://evil.example/"})["Location"] == (
        f"{door}#guest-{guest.pk}"
    )
    guest.refresh_from_db()
    assert guest.attended_at == first
    client.post(url, {"came": "0"})
    guest.refresh_from_db()
    assert (guest.attended_at, guest.answer) == (None, "invited")


def test_counts_stand_by_agency_and_by_site(
    event: Event, communes: Organisation, planner: User, browser: Browser
) -> None:
    sites.add(event, [communes])
    guests = invite(
        event, "Lý Văn An\t\tUBND xã Một\txã Một", "Vi Thị Ba\t\tUBND xã Một", "Nông Tư\t\tSở X"
    )
    Guest.objects.filter(pk=guests[0].pk).update(attended_at=timezone.now(), answer="confirmed")
    Guest.objects.filter(pk=guests[2].pk).update(answer="declined")
    tally = (
        browser(planner).get(reverse("campaigns_event_guests", args=[event.pk])).context["tally"]
    )
    agencies = {one.name: (one.all, one.confirmed, one.declined, one.attended)
                for one in tally.by_agency}  # fmt: skip
    assert agencies == {"UBND xã Một": (2, 1, 0, 1), "Sở X": (1, 0, 1, 0)}
    assert {one.name: one.all for one in tally.by_site} == {"UBND xã Một": 1, "Điểm cầu chính": 2}
    text = get(browser(planner), "campaigns_event_guests", event.pk, state="declined")
    assert "Nông Tư" in text
    assert "Lý Văn An" not in text


def test_a_list_is_shown_before_it_is_saved_and_kept_when_it_is_wrong(
    event: Event, planner: User, browser: Browser
) -> None:
    client, url = browser(planner), reverse("campaigns_event_guest_import", args=[event.pk])
    text = client.post(url, {"text": "Lý Văn An\tChủ tịch\n123\tX", "save": "1"}).content.decode()
    assert "Dòng 2" in text
    assert "Lý Văn An\tChủ tịch" in text
    assert "Thêm 1 đại biểu" in client.post(url, {"text": "Lý Văn An\tChủ tịch"}).content.decode()
    assert not event.guests.exists()
    client.post(url, {"text": "Lý Văn An\tChủ tịch", "save": "1"})
    assert event.guests.get().name == "Lý Văn An"


def test_a_file_of_guests_becomes_text_to_correct(
    event: Event, planner: User, browser: Browser
) -> None:
    client, url = browser(planner), reverse("campaigns_event_guest_import", args=[event.pk])
    file = SimpleUploadedFile("ds.txt", "Họ và tên\tChức vụ\nVi Thị Ba\tPhó\n9\tX".encode())
    form = client.post(url, {"file": file}).context["form"]
    assert form["text"].value() == "Họ và tên\tChức vụ\nVi Thị Ba\tPhó\n9\tX"
    bad = SimpleUploadedFile("ds.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert "định dạng Word hoặc Excel cũ" in client.post(url, {"file": bad}).content.decode()


def test_held_needs_attendance_and_a_proof_and_completes_with_an_article(
    event: Event, slot: Slot, planner: User, browser: Browser
) -> None:
    factories.site_tree()
    client, url = browser(planner), reverse("campaigns_event_hold", args=[event.pk])
    text = client.post(url, {"attended": "160"}).content.decode()
    assert "Hãy thêm biên bản hoặc ảnh" in text
    assert 'value="160"' in text
    photo = factories.image_file()
    assert client.post(url, {"attended": "160", "photo": photo}).status_code == 302
    page = get(client, "campaigns_event", event.pk)
    assert "đã tổ chức, chưa có tin bài" in page
    assert "160 người dự" in page
    article = factories.article(title="Tổng kết công tác", event=event, live=True)
    assert ArticlePage.objects.get(pk=article.pk).event == event
    page = get(client, "campaigns_event", event.pk)
    assert "Tổng kết công tác" in page
    assert article.get_url() in page
    (shown,) = selectors.public_of(event.plan)
    assert shown.status == Status.COMPLETE
    assert [one.title for one in shown.published] == ["Tổng kết công tác"]


def test_write_for_this_event_opens_one_draft_tied_to_it(
    event: Event, slot: Slot, reporter: User, browser: Browser
) -> None:
    factories.site_tree()
    client = browser(reporter)
    page = get(client, "campaigns_event", event.pk)
    address = reverse("editorial_write_event", args=[event.pk])
    assert f'action="{address}"' in page
    client.post(address)
    draft = ArticlePage.objects.get()
    assert (draft.event, draft.activity, draft.slot) == (event, slot.activity, slot)
    assert client.post(address)["Location"] == reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert ArticlePage.objects.count() == 1
    (written,) = writing.written([event.pk])[event.pk]
    assert (written.is_published, written.url) == (False, "")


def test_an_article_that_names_the_event_counts_for_its_slot(event: Event, slot: Slot) -> None:
    article = factories.article(event=event)
    article.full_clean()
    assert (article.activity, article.slot) == (slot.activity, slot)


@pytest.mark.parametrize("view", ["month", "week", "agenda"])
def test_the_calendar_shows_events_of_the_days(
    event: Event, planner: User, browser: Browser, view: str
) -> None:
    client = browser(planner)
    asked = {"view": view, "day": event.day.isoformat()}
    assert "Hội nghị tổng kết" in get(client, "campaigns_slot_calendar", **asked)
    other = {"plan": event.plan_id, "status": "overdue"}
    assert "Hội nghị tổng kết" not in get(client, "campaigns_slot_calendar", **asked, **other)
    Event.objects.update(cancelled_at=timezone.now())
    assert "Hội nghị tổng kết" not in get(client, "campaigns_slot_calendar", **asked)


def test_the_plan_and_the_slot_name_the_event(
    event: Event, slot: Slot, planner: User, browser: Browser
) -> None:
    client = browser(planner)
    assert "Hội nghị tổng kết" in get(client, "campaigns_plans:inspect", event.plan_id)
    assert "Hội nghị tổng kết" in get(client, "campaigns_slots:one", slot.pk)


def test_events_of_drafts_are_for_planners(
    event: Event, planner: User, officer: User, browser: Browser
) -> None:
    Plan.objects.update(live=False)
    assert "Hội nghị tổng kết" in get(browser(planner), "campaigns_events")
    assert "Hội nghị tổng kết" not in get(browser(officer), "campaigns_events")
    url = reverse("campaigns_event", args=[event.pk])
    assert browser(officer).get(url).status_code == 404
    assert selectors.public_of(event.plan) == []


def test_an_officer_fills_in_the_own_site_and_hands_in_the_own_paper(
    event: Event, commune: Organisation, officer: User, browser: Browser
) -> None:
    sites.add(event, [commune])
    client, site = browser(officer), Site.objects.get()
    url = reverse("campaigns_event_part", args=["sites", site.pk])
    seen = client.get(url).context["form"]["seen"].value()
    client.post(url, {"place": "Phòng họp", "attended": "12", "is_tested": "on", "seen": seen})
    site.refresh_from_db()
    assert (site.attended, site.is_tested) == (12, True)
    assert "đã có 12 người dự" in get(client, "campaigns_event", event.pk)
    paper = Paper.objects.create(event=event, title="Tham luận", organisation=commune)
    client.post(
        reverse("campaigns_event_paper", args=[paper.pk]),
        {"file": SimpleUploadedFile("tham-luan.txt", b"Tham luan")},
    )
    paper.refresh_from_db()
    assert paper.document is not None
    assert "đã nộp" in get(client, "campaigns_event", event.pk)


def test_a_new_time_is_a_decision_with_a_reason(
    event: Event, planner: User, browser: Browser
) -> None:
    client = browser(planner)
    assert "starts_at" not in form_of(event, client)
    later = timezone.localtime() + timedelta(days=90)
    data = {"starts_at": f"{later:%d/%m/%Y} 08:00"}
    url = reverse("campaigns_event_postpone", args=[event.pk])
    assert client.post(url, data).status_code == 200
    client.post(url, data | {"reason": "Chờ báo cáo của các địa phương"})
    page = get(client, "campaigns_event", event.pk)
    assert "lùi thời gian" in page
    assert "Chờ báo cáo của các địa phương" in page
    assert "sau ngày cuối của kỳ" in page
