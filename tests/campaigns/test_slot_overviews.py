"""Calendar, timeline and dashboard of slots."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Activity, Plan
from campaigns.showing import days
from campaigns.slots.models import Slot
from organisations.models import Organisation, Succession, User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
MOST = 30
NAMES = ("campaigns_slot_calendar", "campaigns_slot_timeline", "campaigns_slot_dashboard")


def slot(of: str, content: str, due: date, heading: str = "Báo chí") -> Slot:
    """Return a slot of the agency in a public plan of this year."""
    code = of.lower().replace(" ", "-")
    agency = Organisation.objects.get_or_create(code=code, defaults={"name": of})[0]
    issuer = Organisation.objects.get_or_create(code="ubnd", defaults={"name": "UBND"})[0]
    year = timezone.localdate().year
    plan = Plan.objects.get_or_create(
        number="95/KH-UBND", year=year, issuer=issuer, defaults={"title": "KH", "live": True}
    )[0]
    row = Activity.objects.get_or_create(
        plan=plan, content=content, defaults={"heading": heading, "form": "Tin, bài"}
    )[0]
    ordinal = Slot.objects.count() + 1
    return Slot.objects.create(
        activity=row,
        organisation=agency,
        period_start=date(year, 1, 1),
        ordinal=ordinal,
        opens_on=due - timedelta(days=5),
        due_on=due,
    )


def day(month: int, number: int) -> date:
    return date(timezone.localdate().year, month, number)


def get(client: Client, name: str, **query: object) -> str:
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("view", "first", "last"),
    [
        ("month", date(2021, 4, 26), date(2021, 6, 6)),
        ("week", date(2021, 5, 10), date(2021, 5, 16)),
    ],
)
def test_the_days_shown_are_whole_weeks(view: str, first: date, last: date):
    assert days.span(view, date(2021, 5, 15)) == (first, last)


def test_steps_keep_to_days_that_exist():
    assert days.step("month", date(2021, 1, 31), forward=True) == date(2021, 2, 28)
    assert days.step("month", date(2021, 1, 5), forward=False) == date(2020, 12, 5)
    assert days.step("week", date(2021, 1, 1), forward=False) == date(2020, 12, 25)


def test_the_month_groups_agencies_of_one_activity(as_person: Callable[[str], Client]):
    for name in ("Sở A", "Sở B"):
        slot(name, "Phát tờ gấp", day(3, 10))
    slot("Sở A", "Việc tháng sau", day(4, 25))
    page = as_person("planner").get(
        reverse("campaigns_slot_calendar"), {"day": day(3, 1).isoformat()}
    )
    found = {
        one.date: [(entry.activity.content, entry.figures.expected) for entry in one.entries]
        for week in page.context["weeks"]
        for one in week
        if one.entries
    }
    assert found == {day(3, 10): [("Phát tờ gấp", 2)]}


def test_the_agenda_lists_slots_from_a_day_on(as_person: Callable[[str], Client]):
    slot("Sở A", "Đã qua", day(2, 10))
    slot("Sở A", "Sắp tới", day(4, 10))
    shown = get(as_person("planner"), NAMES[0], view="agenda", day=day(3, 1).isoformat())
    assert "Sắp tới" in shown
    assert "Đã qua" not in shown


@pytest.mark.parametrize("asked", ["30/2", "2021-02-30", "0001-01-01", "9999-12-31", ""])
def test_a_day_that_does_not_exist_is_today_or_the_nearest(
    as_person: Callable[[str], Client], asked: str
):
    slot("Sở A", "Việc", timezone.localdate())
    for view in days.VIEWS:
        get(as_person("planner"), NAMES[0], view=view, day=asked)


def test_the_timeline_draws_and_tells_the_same(as_person: Callable[[str], Client]):
    slot("Sở A", "Phát tờ gấp", day(3, 10), "Trực quan")
    slot("Sở B", "Phát tờ gấp", day(3, 12), "Trực quan")
    planner = as_person("planner")
    page = planner.get(reverse(NAMES[1]))
    (row,) = page.context["rows"]
    assert (row.name, row.cells[2].figures.expected, row.cells[3]) == ("Trực quan", 2, None)
    text = page.content.decode()
    assert 'class="nc-slots__today"' in text
    assert "style=" not in text.partition('<svg class="nc-slots')[2].partition("</svg>")[0]
    assert text.count("0/2") == 2  # in the drawing and in the table
    rows = planner.get(reverse(NAMES[1]), {"by": "agency"}).context["rows"]
    assert [row.name for row in rows] == ["Sở A", "Sở B"]


def test_the_dashboard_counts_every_slot_in_every_chart(as_person: Callable[[str], Client]):
    slot("Sở A", "Phát tờ gấp", day(3, 10), "Trực quan")
    slot("Sở B", "Viết bài", day(4, 12), "Báo chí")
    slot("Sở B", "Viết bài", day(12, 31), "Báo chí")
    page = as_person("planner").get(reverse(NAMES[2]))
    charts = {chart.key: chart for _title, chart in page.context["charts"]}
    for chart in charts.values():
        assert sum(bar.figures.expected for bar in chart.bars) == 3
    assert [bar.name for bar in charts["agency"].bars] == ["Sở A", "Sở B"]
    assert len(charts["month"].bars) == 3


@pytest.mark.parametrize("name", NAMES)
def test_officers_see_their_own(
    as_person: Callable[[str], Client], person: Callable[[str], User], name: str
):
    today = timezone.localdate()
    mine = slot("Sở A", "Việc chung", today, "Nhóm một")
    slot("Sở B", "Việc riêng", today, "Nhóm hai")
    person("officer").organisations.add(mine.organisation)
    shown = get(as_person("officer"), name)
    wanted, other = ("Việc chung", "Việc riêng") if name == NAMES[0] else ("Nhóm một", "Nhóm hai")
    assert wanted in shown
    assert other not in shown


def test_many_slots_cost_no_more_queries(as_person: Callable[[str], Client]):
    client, today = as_person("planner"), timezone.localdate()
    addresses = [reverse(name) for name in NAMES]
    addresses += [f"{addresses[0]}?view={view}" for view in ("week", "agenda")]
    addresses.append(f"{addresses[1]}?by=agency")
    slot("Sở A", "Việc 0", today)
    few = [[asked(client, address) for _ in range(2)][-1] for address in addresses]
    for number in range(25):
        slot(f"Xã {number}", f"Việc {number % 7}", today + timedelta(days=number % 4), f"N{number}")
    many = [asked(client, address) for address in addresses]
    assert all(now <= before for now, before in zip(many, few, strict=True)), (few, many)
    assert max(many) <= MOST, many


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", NAMES[1:])
def test_agencies_stand_as_they_were_or_as_they_are(as_person: Callable[[str], Client], name: str):
    """What a merged agency did stands under its heir today, under its own name as then."""
    slot("Sở Cũ", "Phát tờ gấp", day(3, 10))
    slot("Sở Mới", "Phát tờ gấp", day(3, 10))
    old, new = (Organisation.objects.get(name=one) for one in ("Sở Cũ", "Sở Mới"))
    Organisation.objects.filter(pk=old.pk).update(valid_to=day(6, 30) - timedelta(days=400))
    Succession.objects.create(old=old, new=new, date=day(6, 30) - timedelta(days=399))
    planner = as_person("planner")
    now = get(planner, name, by="agency")
    assert ("Sở Cũ" in now.partition("nc-slots__drawing")[2], "0/2" in now) == (False, True)
    then = get(planner, name, by="agency", names="then")
    assert "Sở Cũ" in then.partition("nc-slots__drawing")[2]
    assert 'aria-current="true">Như khi đó' in then


def merged() -> tuple[Organisation, Organisation]:
    """Return an agency that is closed and the one that carries its work on; each has a slot."""
    rows = [slot("Sở Cũ", "Phát tờ gấp", day(3, 10)), slot("Sở Mới", "Treo pa nô", day(3, 10))]
    for row in rows:
        row.activity.leads.add(row.organisation)
        Activity.objects.filter(pk=row.activity_id).update(lead_text=f"Giám đốc {row.organisation}")
    old, new = (row.organisation for row in rows)
    Plan.objects.update(issued_on=day(1, 5) - timedelta(days=500))
    Organisation.objects.filter(pk=old.pk).update(valid_to=day(6, 30) - timedelta(days=400))
    Succession.objects.create(old=old, new=new, date=day(6, 30) - timedelta(days=399))
    return old, new


def test_the_board_of_an_agency_has_what_it_carries_on(as_person: Callable[[str], Client]):
    old, new = merged()
    planner = as_person("planner")
    for agency in (old, new):
        now = get(planner, "campaigns_board", agency=agency.pk)
        assert "Sở Mới</h2>" in now
        assert ("Phát tờ gấp" in now, "Treo pa nô" in now) == (True, True)
    then = get(planner, "campaigns_board", agency=new.pk, names="then")
    assert ("Phát tờ gấp" in then, "Treo pa nô" in then) == (False, True)
    assert '<input type="hidden" name="names" value="then">' in then
    assert "Sở Cũ</h2>" in get(planner, "campaigns_board", agency=old.pk, names="then")


def test_the_progress_of_a_plan_names_leads_as_then_or_as_now(
    as_person: Callable[[str], Client],
):
    _old, new = merged()
    planner, address = (
        as_person("planner"),
        reverse("campaigns_progress", args=[Plan.objects.get().pk]),
    )
    now, then = (
        planner.get(address, {"names": names}).content.decode().partition("<tbody")[2]
        for names in ("now", "then")
    )
    assert ("Giám đốc Sở Cũ" in now, "<td>Sở Mới</td>" in now) == (False, True)
    assert "Giám đốc Sở Mới" in now  # its own words, since nothing changed
    assert ("Giám đốc Sở Cũ" in then, "<td>Sở Mới</td>" in then) == (True, False)
    narrowed = planner.get(address, {"agency": new.pk, "names": "then"}).content.decode()
    assert "Phát tờ gấp" not in narrowed
    assert "Phát tờ gấp" in planner.get(address, {"agency": new.pk}).content.decode()
