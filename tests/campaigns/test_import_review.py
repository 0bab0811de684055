"""The review of an import: each doubt is corrected there, and no fault loses what was typed."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse_lazy

from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.importing.problems import failure
from campaigns.importing.store import Draft
from campaigns.models import Plan
from campaigns.slots import figures
from campaigns.slots.models import Slot
from core.progress import Progress
from organisations.models import Organisation
from tests.campaigns.test_plan_admin import IMPORT, text, upload

PROGRESS = reverse_lazy("campaigns_plans:import_progress")
pytestmark = pytest.mark.one_database

ROWS = (
    "stt\tnoi_dung\tchu_tri\tphoi_hop\tthoi_gian\tdinh_luong\n"
    "1\tViệc một\tSở Nội vụ cũ\t\tKhoảng tháng 7\t1 bài\n"
    "2\tViệc hai\tSở Nội vụ\tSở Nội vụ cũ\tHằng tháng\t\n"
)


def packed(page: str) -> str:
    found = re.search(r'name="draft" value="([^"]+)"', page)
    assert found
    return found[1]


def test_agencies_and_dates_are_corrected_before_anything_is_saved(province: int, planner: Client):
    page = text(planner.post(IMPORT, upload(ROWS.encode(), "kh.tsv")))
    assert "Sở Nội vụ cũ" in page
    assert "Khoảng tháng 7" in page
    home = Organisation.objects.get(code="so-noi-vu")
    sent = {
        "draft": packed(page), "unknown": "Sở Nội vụ cũ", "agency": home.pk,
        "row-0-deadline_text": "Tháng 7/2021", "check": "1",
    }  # fmt: skip
    page = text(planner.post(IMPORT, sent))
    assert not Plan.objects.exists()
    assert "Khoảng tháng 7" not in page
    planner.post(IMPORT, {"draft": packed(page)})
    first, second = Plan.objects.get().activities.order_by("position")
    assert (first.lead_text, list(first.leads.all())) == ("Sở Nội vụ cũ", [home])
    assert (first.start, first.end) == (date(2021, 7, 1), date(2021, 7, 31))
    assert list(second.partners.all()) == [home]


def test_a_date_that_does_not_exist_is_named_and_the_review_stays(province: int, planner: Client):
    page = text(planner.post(IMPORT, upload(ROWS.encode(), "kh.tsv")))
    sent = {"draft": packed(page), "row-0-deadline_text": "30/2/2021"}
    page = text(planner.post(IMPORT, sent))
    assert "Dòng 2: Không có ngày này: “30/2/2021”" in page
    assert not Plan.objects.exists()
    assert packed(page)


def test_a_store_that_fails_keeps_the_review(
    province: int, planner: Client, monkeypatch: pytest.MonkeyPatch
):
    page = text(planner.post(IMPORT, upload(ROWS.encode(), "kh.tsv")))

    def fail(draft: Draft, user: Any, told: Any) -> None:
        raise failure("Không lưu được.")

    monkeypatch.setattr("campaigns.admin.importing.store", fail)
    page = text(planner.post(IMPORT, {"draft": packed(page), "row-0-deadline_text": "Tháng 8"}))
    assert "Chưa có gì được lưu" in page
    assert "Tháng 8" in page
    assert not Plan.objects.exists()


def test_the_page_is_told_how_many_rows_are_stored(
    province: int, planner: Client, monkeypatch: pytest.MonkeyPatch
):
    """As another request sees it, while the one that stores them has not ended."""
    page = text(planner.post(IMPORT, upload(ROWS.encode(), "kh.tsv")))
    key = re.search(r'name="progress" value="([^"]+)"', page)
    assert key
    seen: list[Any] = []

    def beside(self: Progress, done: int, total: int) -> None:
        noted(self, done, total)
        seen.append(planner.get(PROGRESS, {"key": key[1]}).json())

    noted = Progress.__call__
    monkeypatch.setattr(Progress, "__call__", beside)
    monkeypatch.setattr("core.progress.EVERY", 0)
    assert planner.get(PROGRESS, {"key": key[1]}).json() is None
    planner.post(IMPORT, {"draft": packed(page), "progress": key[1]})
    assert seen == [{"done": 1, "total": 3}, {"done": 2, "total": 3}]
    assert planner.get(PROGRESS, {"key": key[1]}).json() is None


def test_five_thousand_rows_are_refused_with_what_to_do(province: int, planner: Client):
    line = "1\tViệc\tSở Nội vụ\tTháng 6/2021\n"
    data = "stt\tnoi_dung\tchu_tri\tthoi_gian\n" + line * 5000
    page = text(planner.post(IMPORT, upload(data.encode(), "kh.tsv")))
    assert "5.000 dòng" in page
    assert "chia bảng" in page


def test_a_slot_fulfilled_twice_is_shown_and_counts_once(plan: Plan, planner: Client):
    slot = Slot.objects.filter(activity__plan=plan, activity__serial="17").get()
    assert slot.target == 1
    rows = Slot.objects.filter(activity=slot.activity_id)
    before = figures.of(rows).done
    for number in (1, 2):
        evidence = Evidence.objects.create(
            kind="link", url=f"https://a.vn/{number}", title="Bài", dated=date(2021, 8, 1),
            activity=slot.activity,
        )  # fmt: skip
        Fulfilment.objects.create(slot=slot, evidence=evidence, amount=1)
    assert figures.of(rows).done == before + 1
    page = text(planner.get(f"/admin/slots/{slot.pk}/"))
    assert "2/1" in page
    assert "vượt số yêu cầu" in page
