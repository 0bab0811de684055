"""Amendments: nothing counts before they are issued, nothing is lost after, all can be compared."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.models import Activity, AmendedRow, Amendment, Plan
from campaigns.plans import amending, comparing
from campaigns.plans.snapshots import snapshot
from campaigns.slots.models import Slot
from campaigns.tables import assignment_table
from core.errors import RefusedError
from organisations.models import User
from tests.campaigns.test_two_people import form

pytestmark = pytest.mark.one_database


@pytest.fixture
def users(person: Callable[[str], User]) -> tuple[User, User]:
    return person("planner"), person("approver")


@pytest.fixture
def amendment(plan: Plan, users: tuple[User, User]) -> Amendment:
    draft = Amendment(
        number="150/KH-UBND", issued_on=date(2021, 8, 2), reason="Sắp xếp lại nhiệm vụ"
    )
    return amending.begin(plan, draft, users[0])


def change(amendment: Amendment, serial: str, user: User, **values: Any) -> Activity:
    row = amendment.plan.activities.get(serial=serial)
    amending.propose(amendment, row, snapshot(row) | values, user)
    return row


def slots(plan: Plan) -> set[tuple[Any, ...]]:
    rows = Slot.objects.expected().filter(activity__plan=plan)
    return set(rows.values_list("activity", "organisation", "period_start", "ordinal", "target"))


def test_nothing_counts_until_it_is_issued(
    plan: Plan, amendment: Amendment, users: tuple[User, User]
):
    planner, board = users
    before = slots(plan)
    one = change(amendment, "7", planner, target=6, quantity_text="6 bài")
    gone = plan.activities.get(serial="17")
    proof = Evidence.objects.create(
        kind="link", url="https://a.vn", title="Tọa đàm", dated=date(2021, 7, 1), activity=gone
    )
    slot = gone.slots.first()
    assert slot is not None
    Fulfilment.objects.create(slot=slot, evidence=proof, amount=1)
    amending.take_out(amendment, gone, planner)
    new = snapshot(one) | {"pk": None, "serial": "23", "content": "Việc mới"}
    amending.propose(amendment, None, new, planner)
    draft = plan.get_latest_revision_as_object()
    draft.funding = "<p>Kinh phí bổ sung.</p>"
    draft.save_revision(user=planner)
    assert slots(plan) == before
    parts = {part.kind: part.count for part in amending.preview(amendment, 5)}
    assert parts["changed"]
    assert parts["added"]
    assert slots(plan) == before
    assert plan.activities.count() == 22

    amending.issue(amendment, board)
    plan.refresh_from_db()
    one.refresh_from_db()
    gone.refresh_from_db()
    assert (one.target, one.edition) == (6, 1)
    assert plan.funding == "<p>Kinh phí bổ sung.</p>"
    assert gone.removed_by == amendment
    assert Fulfilment.objects.filter(evidence=proof, slot=slot).exists()
    slot.refresh_from_db()
    assert not slot.in_plan
    shown = [row.activity.serial for group in assignment_table(plan) for row in group.rows]
    assert len(shown) == 22
    assert "17" not in shown
    assert Slot.objects.expected().filter(activity__content="Việc mới").exists()
    assert [version.ordinal for version in plan.versions.all()] == [0, 1]
    assert not amending.open_amendment(plan)


def test_nobody_issues_what_they_changed_and_a_draft_is_not_published_beside(
    plan: Plan, amendment: Amendment, users: tuple[User, User]
):
    planner, board = users
    with pytest.raises(RefusedError):
        amending.issue(amendment, board)  # it changes nothing
    change(amendment, "7", planner, target=6)
    with pytest.raises(RefusedError):
        amending.issue(amendment, planner)
    plan.title = "Tên khác năm 2021"
    revision = plan.save_revision(user=planner)
    with pytest.raises(RefusedError):
        revision.publish(user=board)
    with pytest.raises(RefusedError):
        amending.begin(plan, Amendment(reason="Hai"), planner)
    Amendment.objects.update(number="", issued_on=None)
    with pytest.raises(RefusedError):
        amending.issue(amendment, board)


def test_a_row_corrected_meanwhile_is_looked_at_again_and_other_fields_stay(
    plan: Plan, amendment: Amendment, users: tuple[User, User]
):
    planner, board = users
    row = change(amendment, "7", planner, target=6)
    Activity.objects.filter(pk=row.pk).update(note="Ghi chú mới")
    assert amending.overtaken(amendment) == []
    Activity.objects.filter(pk=row.pk).update(target=5)
    with pytest.raises(RefusedError):
        amending.issue(amendment, board)
    amending.issue(amendment, board, accept=True)
    row.refresh_from_db()
    assert (row.target, row.note) == (6, "Ghi chú mới")


def test_any_two_versions_are_compared(plan: Plan, amendment: Amendment, users: tuple[User, User]):
    planner, board = users
    change(amendment, "7", planner, content="Bài phản ánh kết quả khắc phục hạn chế", leads=[])
    amending.take_out(amendment, plan.activities.get(serial="17"), planner)
    planned = comparing.compare(comparing.of_now(plan), comparing.of_amendment(amendment))
    assert [row.kind for row in planned.rows] == ["changed", "removed"]
    marked = {change.label: change.marked for change in planned.rows[0].changes}
    assert any("addition" in text for text in marked.values())
    assert any("Báo Lạng Sơn" in text for text in marked.values())
    amending.issue(amendment, board)
    plan.refresh_from_db()
    first, second = plan.versions.order_by("ordinal")
    done = comparing.compare(comparing.of_version(first), comparing.of_version(second))
    assert done.rows == planned.rows
    same = comparing.compare(comparing.of_version(second), comparing.of_now(plan))
    assert not same


def test_a_dropped_amendment_leaves_the_plan(
    plan: Plan, amendment: Amendment, users: tuple[User, User]
):
    change(amendment, "7", users[0], target=6)
    amending.drop(amendment, users[0])
    assert plan.activities.get(serial="7").target == 4
    with pytest.raises(RefusedError):
        amending.issue(amendment, users[1])
    assert amending.begin(plan, Amendment(reason="Lại"), users[0]).is_open


def test_the_screens(plan: Plan, planner: Client, as_person: Callable[[str], Client]):
    begun = planner.post(f"/admin/plans/amend/{plan.pk}/", {"reason": "Sắp xếp lại"})
    amendment = Amendment.objects.get()
    address = f"/admin/plans/amendment/{amendment.pk}/"
    assert begun["Location"] == address
    row = plan.activities.get(serial="7")
    editor = f"{address}activity/{row.pk}/"
    assert "Báo Lạng Sơn" in planner.get(editor).content.decode()
    sent = form(row, seen=0, product="Liên kết bài, ảnh")
    assert planner.post(editor, sent)["Location"] == address
    proposal = AmendedRow.objects.get()
    assert proposal.after["product"] == "Liên kết bài, ảnh"
    row.refresh_from_db()
    assert row.product == "Liên kết bài"
    again = planner.post(editor, form(row, seen=0, product="Khác")).content.decode()
    assert "Liên kết bài, ảnh" in again  # somebody else's is shown beside what was typed
    assert "Khác" in again
    added = planner.post(f"{address}add/", form(row, seen=0, serial="23", content="Việc mới"))
    assert added.status_code == 302, added.content.decode()
    extra = AmendedRow.objects.get(activity=None)
    assert planner.get(f"{address}row/{extra.pk}/").status_code == 200
    gone = plan.activities.get(serial="17")
    planner.post(f"{address}out/{gone.pk}/")
    facts = {"reason": "Sắp xếp lại", "number": "150/KH-UBND", "issued_on": "02/08/2021"}
    assert planner.post(address, facts).status_code == 302
    assert "đưa ra" in planner.get(address).content.decode()
    versions = f"/admin/plans/versions/{plan.pk}/"
    assert "Việc mới" in planner.get(versions, {"old": "0", "new": "draft"}).content.decode()


def test_the_board_issues_and_residents_read_every_version(
    plan: Plan, amendment: Amendment, users: tuple[User, User], as_person: Callable[[str], Client]
):
    gone = plan.activities.get(serial="18")
    amending.take_out(amendment, gone, users[0])
    address = f"/admin/plans/amendment/{amendment.pk}/issue/"
    board = as_person("approver")
    assert gone.content in board.get(address).content.decode()
    assert board.post(address).status_code == 302
    reader = Client()
    page = reader.get(plan.get_absolute_url()).content.decode()
    assert "Sửa đổi bởi 150/KH-UBND" in page
    assert gone.content not in page
    first = f"{plan.get_absolute_url()}ban/0/"
    assert gone.content in reader.get(first).content.decode()
    assert reader.get(f"{plan.get_absolute_url()}ban/").status_code == 200
    assert reader.get(f"{first}tai-ve.docx").status_code == 200
    assert reader.get(f"{plan.get_absolute_url()}ban/7/").status_code == 404
    file = board.get(f"/admin/plans/versions/{plan.pk}/1/pdf/")
    assert file.content.startswith(b"%PDF")
