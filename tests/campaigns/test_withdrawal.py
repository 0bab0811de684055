"""A plan withdrawn in mid-year: nothing more is asked for, what was done counts, and back again."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.models import Plan, Withdrawal
from campaigns.plans import withdrawing
from campaigns.slots import deciding
from campaigns.slots.models import Slot
from core.errors import RefusedError
from organisations.models import User

pytestmark = pytest.mark.one_database

STOP = date(2021, 8, 15)
FACTS = {"number": "200/QĐ-UBND", "issued_on": date(2021, 8, 10), "reason": "Sắp xếp lại nhiệm vụ"}


def withdrawal() -> Withdrawal:
    return Withdrawal(day=STOP, **FACTS)


def asked(plan: Plan) -> set[tuple[object, ...]]:
    rows = Slot.objects.expected().filter(activity__plan=plan)
    return set(rows.values_list("activity", "organisation", "period", "period_start", "ordinal"))


def late(plan: Plan) -> list[Slot]:
    return list(Slot.objects.filter(activity__plan=plan, due_on__gt=STOP).order_by("pk")[:2])


def done(slot: Slot, amount: int) -> None:
    evidence = Evidence.objects.create(
        kind="link", url="https://a.vn/b", title="Bài", dated=date(2021, 8, 1),
        activity=slot.activity,
    )  # fmt: skip
    Fulfilment.objects.create(slot=slot, evidence=evidence, amount=amount)


def test_nothing_more_is_asked_for_and_what_was_done_stays(
    plan: Plan, person: Callable[[str], User]
):
    before = asked(plan)
    full, begun = late(plan)
    done(full, full.target)
    done(begun, 1) if begun.target > 1 else deciding.drop(begun, "Nghỉ", person("planner"))
    early = Slot.objects.filter(activity__plan=plan, due_on__lte=STOP).first()
    assert early is not None
    deciding.extend(early, date(2021, 9, 30), "Chờ", person("planner"))
    withdrawing.withdraw(plan, withdrawal(), person("planner"))
    rows = Slot.objects.expected().filter(activity__plan=plan)
    assert list(rows.filter(due_on__gt=STOP)) == [full]
    assert not rows.filter(pk=early.pk).exists()  # put off beyond the day
    assert Fulfilment.objects.count() >= 1
    assert Slot.objects.filter(pk=begun.pk, in_plan=False).exists()  # its record is kept
    assert not Plan.objects.in_force().filter(pk=plan.pk).exists()
    withdrawing.undo(plan, "Quyết định được hủy bỏ", person("planner"))
    assert asked(plan) == before
    assert Plan.objects.in_force().filter(pk=plan.pk).exists()


def test_what_cannot_be(plan: Plan, person: Callable[[str], User]):
    planner = person("planner")
    with pytest.raises(RefusedError):
        withdrawing.undo(plan, "Nhầm", planner)
    with pytest.raises(RefusedError):
        withdrawing.withdraw(plan, Withdrawal(**FACTS, day=date(2020, 1, 1)), planner)
    withdrawing.withdraw(plan, withdrawal(), planner)
    with pytest.raises(RefusedError):
        withdrawing.withdraw(plan, withdrawal(), planner)
    with pytest.raises(RefusedError):
        withdrawing.undo(plan, "  ", planner)
    plan.unpublish()
    assert Plan.objects.get(pk=plan.pk).withdrawn_on == STOP


def test_a_later_publication_keeps_it_withdrawn(plan: Plan, person: Callable[[str], User]):
    revision = plan.save_revision()
    withdrawing.withdraw(Plan.objects.get(pk=plan.pk), withdrawal(), person("planner"))
    revision.publish()
    assert Plan.objects.get(pk=plan.pk).withdrawn_on == STOP


def test_the_screens(plan: Plan, planner: Client, client: Client):
    address = f"/admin/plans/withdraw/{plan.pk}/"
    form = {"number": "200/QĐ-UBND", "issued_on": "10/08/2021", "day": "15/08/2021"}
    assert planner.get(address).status_code == 200
    refused = planner.post(address, {**form, "confirm": "1"}).content.decode()
    assert "200/QĐ-UBND" in refused
    form["reason"] = "Sắp xếp lại"
    shown = planner.post(address, form).content.decode()
    assert "15/08/2021" in shown
    assert Plan.objects.get(pk=plan.pk).withdrawn_on is None
    assert planner.post(address, {**form, "confirm": "1"}).status_code == 302
    assert "200/QĐ-UBND" in client.get(plan.get_absolute_url()).content.decode()
    assert "200/QĐ-UBND" in planner.get(f"/admin/plans/inspect/{plan.pk}/").content.decode()
    planner.post(f"/admin/plans/restore/{plan.pk}/", {"reason": "Nhầm"})
    assert "200/QĐ-UBND" not in client.get(plan.get_absolute_url()).content.decode()
