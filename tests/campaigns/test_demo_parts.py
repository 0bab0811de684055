"""The demo's plan of 2021 shows bases, an annex and an issued amendment, once."""

from datetime import date

import pytest

from campaigns import demo_parts
from campaigns.derive import derive
from campaigns.models import LegalBasis, Plan
from campaigns.plans.bases import bases_of

pytestmark = pytest.mark.one_database


def test_the_demo_is_loaded_once_and_its_bases_move_on(plan: Plan):
    demo_parts.load(plan)
    demo_parts.load(Plan.objects.get(pk=plan.pk))
    plan = Plan.objects.get(pk=plan.pk)
    assert [basis.number for basis in bases_of(plan)] == ["77/2015/QH13", "103/2016/QH13"]
    assert LegalBasis.objects.count() == 4
    assert [version.ordinal for version in plan.versions.all()] == [0, 1]
    assert plan.activities.get(serial="16").end == date(2021, 11, 30)
    new = derive(plan, 2026, "1/KH-UBND", date(2026, 1, 5))
    assert bases_of(new)[0].number == "72/2025/QH15"
