"""Agencies' own plans: derived or folded, adapted, submitted, returned, accepted as evidence."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from campaigns.admin.slot_forms import store_document
from campaigns.evidence.models import Evidence
from campaigns.models import Activity, Plan
from campaigns.ownplans import actions
from campaigns.ownplans.models import OwnPlan
from campaigns.ownplans.overview import overview
from campaigns.slots import planning
from campaigns.slots.models import Slot
from campaigns.slots.status import Status
from campaigns.understanding import asks_for_plan
from core.errors import RefusedError
from organisations.models import Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TODAY = date(2026, 5, 20)
ISSUED = date(2026, 5, 10)


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    with translation.override("vi"):
        yield


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(TODAY.year, TODAY.month, TODAY.day, 5, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def agencies(db: None) -> list[Organisation]:
    return [
        Organisation.objects.create(code=code, name=name)
        for code, name in (("snv", "Sở Nội vụ"), ("stc", "Sở Tài chính"), ("syt", "Sở Y tế"))
    ]


@pytest.fixture
def parent(agencies: list[Organisation]) -> Plan:
    """Line 1 asks all three for a plan, line 2 binds them as a group, line 3 one of them."""
    group = Organisation.objects.create(code="cac-so", name="Các sở", kind="group")
    group.group_members.set(agencies)
    issuer = Organisation.objects.create(code="ubnd", name="UBND tỉnh Lạng Sơn", kind="committee")
    plan = Plan.objects.create(
        title="Tuyên truyền CCHC", number="95/KH-UBND", year=2026, issuer=issuer,
        issued_on=date(2026, 1, 5), live=True, purposes="<p>Nâng cao nhận thức.</p>",
    )  # fmt: skip
    rows = [
        Activity(content="Ban hành kế hoạch", asks_for_plan=True, end=date(2026, 5, 14)),
        Activity(content="Đăng tin, bài", target=2, unit="tin", per="month", total=72),
        Activity(content="Phát hành tờ gấp", budget_planned=60_000_000, total=20_000),
    ]
    for position, row in enumerate(rows, start=1):
        row.plan, row.position, row.serial = plan, position, str(position)
        row.save()
        row.leads.set([group] if position < 3 else [agencies[1]])
    planning.generate_plan(plan)
    return plan


@pytest.fixture
def officer(person: Callable[[str], User], agencies: list[Organisation]) -> User:
    made = person("officer")
    made.organisations.add(agencies[1])
    return made


@pytest.fixture
def planner(person: Callable[[str], User], agencies: list[Organisation]) -> User:
    made = person("planner")
    made.organisations.add(agencies[0])
    return made


@pytest.fixture
def own(parent: Plan, agencies: list[Organisation], officer: User) -> OwnPlan:
    return actions.derive(parent, agencies[1], "Tuyên truyền CCHC của Sở Tài chính", officer)


def issued(own: OwnPlan, day: date = ISSUED) -> OwnPlan:
    Plan.objects.filter(pk=own.plan_id).update(number="12/KH-STC", issued_on=day)
    return OwnPlan.objects.select_related("plan", "parent", "organisation").get(pk=own.pk)


def test_only_lines_that_bind_the_agency_are_taken(
    own: OwnPlan, parent: Plan, agencies: list[Organisation], officer: User
) -> None:
    lines = list(own.plan.activities.order_by("position"))
    assert [(line.serial, line.content) for line in lines] == [
        ("2", "Đăng tin, bài"),
        ("3", "Phát hành tờ gấp"),
    ]
    assert [line.total for line in lines] == [None, 20_000]  # 72 are those of all
    assert lines[1].budget_planned == 60_000_000
    assert {line.lead_text for line in lines} == {"Sở Tài chính"}
    assert own.plan.parent == parent
    assert own.plan.kind == "separate"
    assert "Nâng cao nhận thức" in own.plan.purposes
    other = actions.derive(parent, agencies[2], "Của Sở Y tế", officer)
    assert [line.serial for line in other.plan.activities.all()] == ["2"]


def test_slots_of_the_provinces_lines_are_not_asked_for_twice(own: OwnPlan, parent: Plan) -> None:
    before = Slot.objects.count()
    Activity.objects.create(plan=own.plan, content="Việc riêng").leads.set([own.organisation])
    changes = planning.generate_plan(own.plan)
    assert Slot.objects.count() == before + 1
    assert not changes.without_agency


def test_an_agency_answers_once(own: OwnPlan, parent: Plan, officer: User) -> None:
    with pytest.raises(RefusedError, match="đã có kế hoạch"):
        actions.derive(parent, own.organisation, "Lần nữa", officer)


def test_an_agency_that_nothing_binds_has_no_plan_to_make(parent: Plan, officer: User) -> None:
    stranger = Organisation.objects.create(code="la", name="Cơ quan lạ")
    with pytest.raises(RefusedError):
        actions.derive(parent, stranger, "Kế hoạch", officer)
    assert not Plan.objects.filter(issuer=stranger).exists()


def test_submitting_needs_number_and_date(own: OwnPlan, officer: User) -> None:
    with pytest.raises(RefusedError, match="số, ký hiệu"):
        actions.submit(own, officer)
    with pytest.raises(RefusedError):
        actions.submit(issued(own, date(2026, 5, 21)), officer)
    actions.submit(issued(own), officer)
    assert OwnPlan.objects.get().state == "submitted"


def test_an_accepted_plan_is_evidence_for_the_line(
    own: OwnPlan, parent: Plan, officer: User, planner: User
) -> None:
    Activity.objects.create(plan=own.plan, content="Việc riêng").leads.set([own.organisation])
    actions.submit(issued(own), officer)
    with pytest.raises(RefusedError, match="Người gửi"):
        actions.accept(own, officer)
    actions.accept(own, planner)
    slot = Slot.objects.with_status(TODAY).get(
        activity__asks_for_plan=True, organisation=own.organisation
    )
    assert slot.status == Status.DONE_ON_TIME
    piece = Evidence.objects.get()
    assert piece.title.startswith("12/KH-STC")
    assert reverse("campaigns_own_plan", args=[own.pk]) in piece.url
    actions.prove(issued(own))
    assert piece.fulfilments.count() == 1
    assert Slot.objects.filter(activity__plan=own.plan).count() == 1  # of the line of its own


def test_a_plan_issued_late_is_late(own: OwnPlan, officer: User, planner: User) -> None:
    actions.submit(issued(own, date(2026, 5, 15)), officer)
    actions.accept(own, planner)
    row = overview(own.parent, TODAY).rows[1]
    assert (row.due, row.is_on_time) == (date(2026, 5, 14), False)


def test_a_returned_plan_may_be_changed_and_submitted_again(
    own: OwnPlan, officer: User, planner: User
) -> None:
    actions.submit(issued(own), officer)
    with pytest.raises(RefusedError):
        actions.send_back(own, " ", planner)
    actions.send_back(own, "Thiếu dòng 2.", planner)
    back = OwnPlan.objects.get()
    assert (back.state, back.returned_reason) == ("returned", "Thiếu dòng 2.")
    with pytest.raises(RefusedError):
        actions.discard(back)
    actions.submit(back, officer)
    assert OwnPlan.objects.get().returned_reason == ""


def test_a_draft_may_be_thrown_away(own: OwnPlan) -> None:
    actions.discard(own)
    assert not Plan.objects.filter(pk=own.plan_id).exists()


def test_folding_names_the_reform_plan(
    parent: Plan, agencies: list[Organisation], officer: User, planner: User
) -> None:
    file = SimpleUploadedFile("kh.pdf", b"%PDF-1.4", "application/pdf")
    own = actions.fold(
        parent, agencies[1], officer, number="3/KH-STC", issued_on=ISSUED, title="Cải cách",
        document=store_document(file, "Kế hoạch", officer),
    )  # fmt: skip
    assert (own.plan.kind, own.plan.number) == ("combined", "3/KH-STC")
    actions.submit(own, officer)
    actions.accept(own, planner)
    assert Evidence.objects.get().document == own.plan.document
    found = overview(parent, TODAY)
    assert [found.count(kind) for kind in ("separate", "combined", "none")] == [0, 1, 2]
    assert [row.is_missing for row in found.rows] == [True, False, True]


def test_the_overview_costs_the_same_for_many(parent: Plan) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            rows = overview(parent, TODAY).rows
            assert all(row.is_on_time is None for row in rows)
        return len(found)

    few = cost()
    line = parent.activities.get(asks_for_plan=True)
    for number in range(40):
        agency = Organisation.objects.create(code=f"x{number}", name=f"Xã {number}")
        Slot.objects.create(
            activity=line, organisation=agency, period_start=date(2026, 1, 1),
            opens_on=date(2026, 1, 5), due_on=date(2026, 5, 14),
        )  # fmt: skip
    assert cost() == few <= 6


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Ban hành Kế hoạch tuyên truyền CCHC hoặc lồng ghép trong Kế hoạch CCHC", True),
        ("Xây dựng, ban hành kế hoạch của cơ quan, đơn vị", True),
        ("Ban hành Kế hoạch tổ chức hội thi", False),
        ("Tin, bài về kế hoạch của cơ quan", False),
    ],
)
def test_the_line_that_asks_for_plans_is_known_by_its_words(content: str, expected: bool) -> None:
    assert asks_for_plan(content) is expected


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_an_officer_makes_adapts_and_submits_a_plan(
    parent: Plan, officer: User, planner: User, agencies: list[Organisation]
) -> None:
    client = browser(officer)
    choose = reverse("campaigns_own_plan_choose", args=[parent.pk, agencies[1].pk])
    assert choose in text_of(client, "campaigns_own_plans")
    client.post(choose, {"way": "own", "own-title": "Tuyên truyền CCHC của Sở Tài chính"})
    own = OwnPlan.objects.get()
    line = own.plan.activities.get(serial="2")
    url = reverse("campaigns_own_plan_line", args=[own.pk, line.pk])
    data = {"serial": "1", "content": line.content, "quantity_text": "3 tin/tháng"}
    bad = client.post(url, {**data, "deadline_text": "Trước 30/2/2026"}).content.decode()
    assert "30/2/2026" in bad
    client.post(url, {**data, "deadline_text": "Hằng tháng"})
    line.refresh_from_db()
    assert (line.target, line.per, line.recurrence) == (3, "month", "monthly")
    assert list(line.leads.all()) == [agencies[1]]
    client.post(reverse("campaigns_own_plan_add_line", args=[own.pk]), {"content": "Hội thi"})
    added = own.plan.activities.get(content="Hội thi")
    page = text_of(client, "campaigns_own_plan", own.pk)
    assert "đã điều chỉnh" in page
    client.post(reverse("campaigns_own_plan_remove_line", args=[own.pk, line.pk]))
    assert own.plan.activities.filter(pk=line.pk).exists()
    client.post(reverse("campaigns_own_plan_remove_line", args=[own.pk, added.pk]))
    assert not own.plan.activities.filter(pk=added.pk).exists()
    edit = reverse("campaigns_own_plan_edit", args=[own.pk])
    sections = ["purposes", "contents", "forms", "audiences", "funding", "implementation"]
    texts = dict.fromkeys(["introduction", *sections], "null")
    head = {"title": own.plan.title, "number": "12/KH-STC", "issued_on": "10/05/2026"}
    assert client.post(edit, {**texts, **head}).status_code == 302
    client.post(reverse("campaigns_own_plan_submit", args=[own.pk]))
    own.refresh_from_db()
    assert own.state == "submitted"
    client.post(url, data)  # locked
    line.refresh_from_db()
    assert line.deadline_text == "Hằng tháng"
    assert "12/KH-STC" in text_of(browser(planner), "campaigns_own_plans_table", parent.pk)
    browser(planner).post(reverse("campaigns_own_plan_accept", args=[own.pk]))
    own.refresh_from_db()
    assert own.state == "accepted"


def test_folding_over_the_screen_needs_the_file(
    parent: Plan, officer: User, agencies: list[Organisation]
) -> None:
    client = browser(officer)
    url = reverse("campaigns_own_plan_choose", args=[parent.pk, agencies[1].pk])
    data = {
        "way": "fold",
        "fold-number": "3/KH-STC",
        "fold-issued_on": "10/05/2026",
        "fold-title": "Cải cách hành chính",
    }
    refused = client.post(url, data).content.decode()
    assert 'value="3/KH-STC"' in refused
    assert not OwnPlan.objects.exists()
    file = SimpleUploadedFile("kh.pdf", b"%PDF-1.4\n", "application/pdf")
    client.post(url, {**data, "fold-document": file})
    assert OwnPlan.objects.get().is_folded
    made = OwnPlan.objects.select_related("plan__document").get()
    assert made.plan.document is not None
    shown = client.get(made.plan.document.url)
    assert b"".join(shown.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert Client().get(made.plan.document.url).status_code != 200


def test_an_officer_sees_the_own_agency_only(
    own: OwnPlan, parent: Plan, agencies: list[Organisation], officer: User
) -> None:
    officer.organisations.set([agencies[2]])
    client = browser(officer)
    assert "12/KH-STC" not in text_of(client, "campaigns_own_plans")
    shown = client.get(reverse("campaigns_own_plan", args=[own.pk]))
    assert shown["Location"] == reverse("wagtailadmin_home")
