"""Two officers at one line or one slot: the second is shown both and loses nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Activity, Plan
from campaigns.slots import deciding
from campaigns.slots.models import Slot
from organisations.models import User

pytestmark = pytest.mark.one_database


def form(activity: Activity, **values: Any) -> dict[str, Any]:
    """Return the form of the row as a browser sends it, with what is typed into it."""
    names = ("serial", "heading", "content", "form", "lead_text", "partner_text", "deadline_text")
    names += (
        "recurrence",
        "rule",
        "quantity_text",
        "unit",
        "per",
        "product",
        "budget_text",
        "note",
    )
    filled = {name: getattr(activity, name) for name in names}
    numbers = ("target", "total", "budget_planned", "budget_spent")
    filled |= {name: getattr(activity, name) or "" for name in numbers}
    for name in ("start", "end"):
        day = getattr(activity, name)
        filled[name] = f"{day:%d/%m/%Y}" if day else ""
    filled["leads"] = [one.pk for one in activity.leads.all()]
    filled["partners"] = [one.pk for one in activity.partners.all()]
    return filled | {"seen": activity.edition, **values}


def test_the_second_to_save_sees_both_and_loses_nothing(plan: Plan, planner: Client):
    row = plan.activities.get(serial="7")
    address = f"/admin/activities/edit/{row.pk}/"
    assert f'name="seen" value="{row.edition}"' in planner.get(address).content.decode()
    first = planner.post(address, form(row, product="Bài của người thứ nhất"))
    assert first.status_code == 302
    second = planner.post(address, form(row, product="Bài của người thứ hai", note="Gấp"))
    page = second.content.decode()
    assert second.status_code == 200
    assert "Bài của người thứ nhất" in page
    assert "Bài của người thứ hai" in page
    part = page[page.index("conflict-heading") : page.index("w-editor-form")]
    assert part.count('<th scope="row">') == 2, part  # product and note; all else is the same
    row.refresh_from_db()
    assert (row.product, row.note) == ("Bài của người thứ nhất", row.note)
    assert f'name="seen" value="{row.edition}"' in page
    third = planner.post(address, form(row, product="Bài của cả hai", note="Gấp"))
    assert third.status_code == 302
    row.refresh_from_db()
    assert (row.product, row.note) == ("Bài của cả hai", "Gấp")


def test_agencies_chosen_by_two_are_shown_by_name(plan: Plan, planner: Client):
    row = plan.activities.get(serial="7")
    before = form(row)
    planner.post(f"/admin/activities/edit/{row.pk}/", {**before, "partners": []})
    page = planner.post(f"/admin/activities/edit/{row.pk}/", before).content.decode()
    assert "Sở Nội vụ" in page[page.index("conflict-heading") :]


@pytest.fixture
def slot(plan: Plan) -> Slot:
    found = Slot.objects.filter(activity__plan=plan, activity__serial="7").first()
    assert found is not None
    return found


def test_a_slot_decided_meanwhile_is_shown_with_what_was_typed(
    slot: Slot, planner: Client, person: Callable[[str], User]
):
    deciding.extend(slot, date(2021, 12, 1), "Chờ số liệu", person("planner"))
    sent = {"reason-reason": "Không bố trí được kinh phí", "reason-seen": "0"}
    page = planner.post(f"/admin/slots/{slot.pk}/drop/", sent).content.decode()
    assert "Chờ số liệu" in page
    assert "Không bố trí được kinh phí" in page
    slot.refresh_from_db()
    assert slot.dropped_at is None
    sent["reason-seen"] = str(deciding.last_of(slot))
    assert planner.post(f"/admin/slots/{slot.pk}/drop/", sent).status_code == 302
    assert slot.decisions.count() == 2


def test_a_refused_extension_keeps_its_reason(
    slot: Slot, planner: Client, person: Callable[[str], User]
):
    deciding.drop(slot, "Không có kinh phí", person("planner"))
    seen = deciding.last_of(slot)
    sent = {"extension-until": "01/12/2021", "extension-reason": "Chờ", "extension-seen": seen}
    page = planner.post(f"/admin/slots/{slot.pk}/extend/", sent).content.decode()
    assert "01/12/2021" in page
    assert slot.decisions.count() == 1
