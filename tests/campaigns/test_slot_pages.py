"""The pages of slots: a plan's progress, one agency's board, and the article for a slot."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Activity, Plan
from campaigns.slots import deciding
from campaigns.slots.models import Slot
from organisations.models import Organisation, User
from portal.models import ArticlePage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
MOST = 30


@pytest.fixture(scope="module")
def today() -> date:
    return timezone.localdate()


def agency(name: str) -> Organisation:
    code = name.lower().replace(" ", "-")
    return Organisation.objects.get_or_create(code=code, defaults={"name": name})[0]


def plan(today: date) -> Plan:
    values = {"title": "Tuyên truyền", "live": True, "issued_on": date(today.year, 1, 5)}
    return Plan.objects.get_or_create(
        number="95/KH-UBND", year=today.year, issuer=agency("UBND"), defaults=values
    )[0]


def slot(today: date, of: str, content: str, due: int = 30, **values: object) -> Slot:
    """Return a slot of the agency, due in so many days."""
    heading = values.pop("heading", "")
    row, _made = Activity.objects.get_or_create(
        plan=plan(today), content=content, defaults={"heading": heading, "form": "Tin, bài"}
    )
    last = today + timedelta(days=due)
    given = {"opens_on": last - timedelta(days=10), "due_on": last, **values}
    start = given.pop("period_start", date(today.year, 1, 1))
    return Slot.objects.create(activity=row, organisation=agency(of), period_start=start, **given)


def text(client: Client, name: str, *args: object, **query: object) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_table_counts_slots_and_money(today: date, as_person: Callable[[str], Client]):
    late = slot(today, "Sở A", "Phát tờ gấp", due=-1, heading="Trực quan")
    slot(today, "Sở B", "Phát tờ gấp", due=1)
    slot(today, "Sở B", "Viết bài", due=60, heading="Báo chí")
    Activity.objects.filter(pk=late.activity_id).update(
        budget_planned=12_500_000, budget_spent=3_000_000
    )
    Activity.objects.create(plan=plan(today), content="Chưa có việc", position=9)
    page = as_person("planner").get(reverse("campaigns_progress", args=[plan(today).pk]))
    parts, total = page.context["parts"], page.context["total"]
    lines = {line.activity.content: line for part in parts for line in part.lines}
    leaflets = lines["Phát tờ gấp"]
    assert (leaflets.figures.expected, leaflets.figures.late, leaflets.soon) == (2, 1, 1)
    assert lines["Chưa có việc"].figures.expected == 0
    assert (total.figures.expected, total.planned, total.spent) == (3, 12_500_000, 3_000_000)
    assert "12.500.000" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "overdue"}, ["Phát tờ gấp"]),
        ({"status": "not-started"}, ["Viết bài"]),
        ({"form": "Tin, bài"}, ["Phát tờ gấp", "Viết bài"]),
        ({"status": "no-such"}, []),
        ({"agency": "999999"}, []),
    ],
)
def test_the_table_is_filtered(
    today: date, as_person: Callable[[str], Client], query: dict[str, str], found: list[str]
):
    slot(today, "Sở A", "Phát tờ gấp", due=-1)
    slot(today, "Sở B", "Viết bài", due=60)
    address = reverse("campaigns_progress", args=[plan(today).pk])
    parts = as_person("planner").get(address, query).context["parts"]
    assert [line.activity.content for part in parts for line in part.lines] == found


def test_a_month_follows_the_extension(
    today: date, as_person: Callable[[str], Client], person: Callable[[str], User]
):
    moved = slot(
        today,
        "Sở A",
        "Viết bài",
        due=0,
        due_on=date(today.year, 3, 10),
        opens_on=date(today.year, 3, 1),
    )
    deciding.extend(moved, date(today.year, 5, 20), "Mưa lũ", person("planner"))
    client = as_person("planner")
    assert "Viết bài" in text(client, "campaigns_board", agency=moved.organisation_id, month=5)
    assert "Viết bài" not in text(client, "campaigns_board", agency=moved.organisation_id, month=3)


def test_an_officer_sees_own_slots_only(
    today: date, as_person: Callable[[str], Client], person: Callable[[str], User]
):
    mine, other = slot(today, "Sở A", "Việc chung"), slot(today, "Sở B", "Việc riêng")
    officer = as_person("officer")
    person("officer").organisations.add(mine.organisation)
    assert "Việc chung" in text(officer, "campaigns_board")
    refused = text(officer, "campaigns_board", agency=other.organisation_id)
    assert "Việc riêng" not in refused
    assert "Việc chung" not in refused  # nothing is shown in the place of what was asked for
    page = officer.get(reverse("campaigns_progress", args=[plan(today).pk]))
    assert page.context["total"].figures.expected == 1


def test_drafts_of_plans_are_for_planners(today: date, as_person: Callable[[str], Client]):
    found = slot(today, "Sở A", "Viết bài")
    Plan.objects.update(live=False)
    address = reverse("campaigns_progress", args=[plan(today).pk])
    assert as_person("planner").get(address).status_code == 200
    assert as_person("editor").get(address).status_code == 404
    board = text(as_person("editor"), "campaigns_board", agency=found.organisation_id)
    assert "Viết bài" not in board


def test_an_article_is_begun_once_for_a_slot(today: date, as_person: Callable[[str], Client]):
    factories.site_tree()
    found = slot(today, "Sở A", "Viết bài")
    reporter = as_person("reporter")
    address = reverse("editorial_write_slot", args=[found.pk])
    assert address in text(reporter, "campaigns_board", agency=found.organisation_id)
    first = reporter.post(address)
    again = reporter.post(address)
    page = ArticlePage.objects.get()
    assert (page.slot, page.activity, page.live) == (found, found.activity, False)
    editor = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert first["Location"] == again["Location"] == editor
    draft = page.get_latest_revision_as_object()
    assert (draft.slot_id, draft.activity_id) == (found.pk, found.activity_id)
    assert reporter.get(editor).status_code == 200


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_many_slots_cost_no_more_queries(today: date, as_person: Callable[[str], Client]):
    client = as_person("planner")
    first = slot(today, "Sở A", "Việc 0")
    addresses = [
        reverse("campaigns_progress", args=[plan(today).pk]),
        f"{reverse('campaigns_board')}?agency={first.organisation_id}",
    ]
    few = [max(asked(client, address) for _ in range(2)) for address in addresses]
    for number in range(1, 25):
        slot(today, "Sở A", f"Việc {number}", due=number, heading=f"Nhóm {number % 4}")
        slot(today, f"Xã {number}", f"Việc {number}", due=-number)
    many = [asked(client, address) for address in addresses]
    assert all(now <= before for now, before in zip(many, few, strict=True)), (few, many)
    assert max(many) <= MOST, many
