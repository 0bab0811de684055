"""The calendar over HTTP: what it shows to whom, moving, and people's own .ics."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import PageLogEntry, Revision

from campaigns.models import Activity, Plan
from core.errors import RefusedError
from editorial.desk import moving
from editorial.models import CalendarKey
from organisations.models import Organisation, User
from portal import scheduler
from portal.bundles import actions
from portal.models import ArticlePage, Bundle
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
AsPerson = Callable[[str], Client]
Person = Callable[[str], User]
EMBARGO = "Giữ đến giờ"


def in_days(days: int) -> datetime:
    at = timezone.localtime() + timedelta(days=days)
    return at.replace(hour=9, minute=30, second=0, microsecond=0)


def waiting(moment: datetime, **values: Any) -> ArticlePage:
    """Return an article that was approved to go out at the moment."""
    page = factories.article(**({"go_live_at": moment} | values))
    page.get_latest_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


def stands(page: ArticlePage) -> datetime | None:
    moment: datetime | None = Revision.objects.for_instance(page).get().approved_go_live_at
    return moment


def shown(browser: Client, day: date, **filters: Any) -> str:
    query = {"view": "week", "day": day.isoformat(), **filters}
    return browser.get(reverse("editorial_calendar"), query).content.decode()


def move(browser: Client, page: ArticlePage, to: datetime, seen: datetime | None = None) -> Any:
    form = {
        "day": f"{to:%d/%m/%Y}",
        "time": f"{to:%H:%M}",
        "seen": (seen or stands(page) or to).isoformat(),
    }
    return browser.post(reverse("editorial_move_page", args=[page.pk]), form)


@pytest.fixture
def plan() -> Activity:
    agency = Organisation.objects.create(code="so-y-te", name="Sở Y tế")
    year = timezone.localdate().year
    made = Plan.objects.create(title="Kế hoạch", number="1/KH-UBND", year=year, issuer=agency)
    end = timezone.localdate()
    activity = Activity.objects.create(plan=made, content="Phát tờ gấp", end=end)
    activity.leads.add(agency)
    return activity


def test_what_waits_is_for_those_who_write(as_person: AsPerson) -> None:
    page = waiting(in_days(2), title="Sắp đăng")
    day = in_days(2).date()
    seen = shown(as_person("reporter"), day)
    assert "Sắp đăng" in seen
    assert reverse("editorial_move_page", args=[page.pk]) in seen  # refused there, see below
    assert "Sắp đăng" not in shown(as_person("officer"), day)


def test_filters_leave_out_the_rest(as_person: AsPerson, approver: User) -> None:
    waiting(in_days(2), title="Của duyệt", owner=approver, channels_off=["phat-thanh"])
    factories.channel("phat-thanh")
    waiting(in_days(2), title="Của ai đó")
    browser, day = as_person("approver"), in_days(2).date()
    mine = shown(browser, day, mine="on")
    assert "Của duyệt" in mine
    assert "Của ai đó" not in mine
    on_air = shown(browser, day, channel="phat-thanh")
    assert "Của duyệt" not in on_air
    assert "Của ai đó" in on_air
    assert "Của ai đó" not in shown(browser, day, kind="published")
    assert "Của ai đó" in shown(browser, day, kind="scheduled", section="khong-co")


def test_days_of_plans_are_for_their_agencies(
    as_person: AsPerson, person: Person, plan: Activity
) -> None:
    today = timezone.localdate()
    assert "Phát tờ gấp" in shown(as_person("planner"), today)
    assert "Phát tờ gấp" not in shown(as_person("officer"), today)
    person("officer").organisations.set(plan.leads.all())
    assert "Phát tờ gấp" in shown(as_person("officer"), today)
    Plan.objects.update(live=False)
    assert "Phát tờ gấp" not in shown(as_person("planner"), today)


def test_an_approver_moves_even_their_own(as_person: AsPerson, approver: User) -> None:
    page = waiting(in_days(2), owner=approver)
    browser = as_person("approver")
    form = browser.get(reverse("editorial_move_page", args=[page.pk]), {"day": "2030-01-02"})
    assert "2030" in form.content.decode()
    answer = move(browser, page, in_days(5))
    assert answer.status_code == HTTPStatus.FOUND
    assert stands(page) == in_days(5)
    page.refresh_from_db()
    assert page.go_live_at == in_days(5)
    assert page.get_latest_revision_as_object().go_live_at == in_days(5)
    entry = PageLogEntry.objects.get(action="editorial.move")
    assert f"{in_days(5):%d/%m/%Y}" in entry.message
    assert scheduler.due(in_days(4)) == []


def test_nobody_else_moves(as_person: AsPerson) -> None:
    page = waiting(in_days(2))
    for role in ("reporter", "editor", "planner"):
        move(as_person(role), page, in_days(5))
    assert stands(page) == in_days(2)


def test_never_into_the_past_or_past_what_somebody_else_did(as_person: AsPerson) -> None:
    page = waiting(in_days(2), expire_at=in_days(9))
    browser = as_person("approver")
    past = move(browser, page, in_days(-1))
    assert "đã qua" in past.content.decode()
    moved = move(browser, page, in_days(5), seen=in_days(3))
    assert "Đã có người dời" in moved.content.decode()
    assert "hết thời hạn" in move(browser, page, in_days(10)).content.decode()
    bad = {"day": "32/13/2026", "time": "25:00", "seen": "x"}
    again = browser.post(reverse("editorial_move_page", args=[page.pk]), bad)
    assert "32/13/2026" in again.content.decode()
    assert stands(page) == in_days(2)


def test_what_went_out_meanwhile_stays_out(approver: User) -> None:
    page = waiting(in_days(2))
    Revision.objects.for_instance(page).get().publish()
    Revision.objects.for_instance(page).update(approved_go_live_at=None)
    with pytest.raises(RefusedError):
        moving.move_page(page, in_days(5), in_days(2).isoformat(), approver)


def test_the_end_of_an_embargo_moves_with_its_item(approver: User) -> None:
    page = waiting(in_days(2), go_live_at=None, embargo_until=in_days(2), title=EMBARGO)
    moving.move_page(page, in_days(6), in_days(2).isoformat(), approver)
    version = Revision.objects.for_instance(page).get().as_object()
    assert version.embargo_until == version.go_live_at == in_days(6)
    page.refresh_from_db()
    assert page.embargo_until == in_days(6)


def test_no_time_under_embargo(approver: User) -> None:
    page = waiting(in_days(5), embargo_until=in_days(4))
    with pytest.raises(RefusedError):
        moving.move_page(page, in_days(3), in_days(5).isoformat(), approver)
    moving.move_page(page, in_days(7), in_days(5).isoformat(), approver)
    assert Revision.objects.for_instance(page).get().as_object().embargo_until == in_days(4)


def test_a_bundle_moves_as_one(as_person: AsPerson, approver: User) -> None:
    bundle = Bundle.objects.create(name="Ra mắt")
    actions.schedule(bundle.pk, in_days(2), approver)
    browser, to = as_person("approver"), in_days(4)
    assert "Ra mắt" in shown(browser, in_days(2).date())
    form = {"day": f"{to:%d/%m/%Y}", "time": f"{to:%H:%M}", "seen": in_days(2).isoformat()}
    address = reverse("editorial_move_bundle", args=[bundle.pk])
    assert as_person("editor").post(address, form).status_code != HTTPStatus.OK
    browser.post(address, form)
    bundle.refresh_from_db()
    assert bundle.release_at == to


def ics(token: str, **headers: Any) -> Any:
    return Client().get(reverse("editorial_ics", args=[token]), headers=headers)


def test_a_persons_own_calendar(person: Person, plan: Activity) -> None:
    reporter = person("reporter")
    reporter.organisations.set(plan.leads.all())
    waiting(in_days(2), title="Bài của tôi, có dấu phẩy; và chấm phẩy", owner=reporter)
    waiting(in_days(2), title="Bài của người khác")
    key = CalendarKey.objects.renew(reporter)
    answer = ics(key.token)
    assert answer["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    by_title = {str(event["summary"]): event for event in events}
    mine = next(event for title, event in by_title.items() if "chấm phẩy" in title)
    assert mine["dtstart"].dt == in_days(2)
    day = next(event for title, event in by_title.items() if "Phát tờ gấp" in title)
    assert day["dtstart"].dt == timezone.localdate()
    assert not any("người khác" in title for title in by_title)
    assert all(line.endswith(b"\r\n") for line in answer.content.splitlines(keepends=True))
    assert "Người dân nộp hồ sơ".encode() not in answer.content  # titles only
    assert (
        ics(key.token, **{"if-none-match": answer["ETag"]}).status_code == HTTPStatus.NOT_MODIFIED
    )


def test_only_a_valid_address_of_a_working_account_answers(person: Person) -> None:
    reporter = person("reporter")
    token = CalendarKey.objects.renew(reporter).token
    tampered = token[:-1] + ("0" if token[-1] != "0" else "1")
    for wrong in (tampered, "x", "1", f"{'9' * 40}-a", f"²-{token}"):
        assert ics(wrong).status_code == HTTPStatus.NOT_FOUND
    renewed = CalendarKey.objects.renew(reporter).token
    assert ics(token).status_code == HTTPStatus.NOT_FOUND
    assert ics(renewed).status_code == HTTPStatus.OK
    User.objects.filter(pk=reporter.pk).update(is_active=False)
    assert ics(renewed).status_code == HTTPStatus.NOT_FOUND


def test_a_person_makes_and_renews_their_address(as_person: AsPerson) -> None:
    browser = as_person("officer")
    page = reverse("editorial_my_calendar")
    assert ".ics" not in browser.get(page).context["address"]
    browser.post(reverse("editorial_renew_calendar"))
    first = browser.get(page).context["address"]
    assert first.endswith(".ics")
    browser.post(reverse("editorial_renew_calendar"))
    assert browser.get(page).context["address"] != first
