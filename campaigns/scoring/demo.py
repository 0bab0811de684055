"""Scores of the demo: a half-filled assessment of each sample set, and one of the year before."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.scoring import actions, proving, samples
from campaigns.scoring.actions import Said
from campaigns.scoring.exchange import store
from campaigns.scoring.models import Assessment, CriterionSet
from campaigns.scoring.values import DoneOn, Lateness, Number, Ratio, Ticked, Value
from organisations.models import User


def ratio(done: int, planned: int) -> Ratio:
    return Ratio(done=Decimal(done), planned=Decimal(planned))


@transaction.atomic
def load(officer: User, planner: User) -> list[Assessment]:
    """Return the assessments of their agencies, made unless they are there.

    Safe to repeat: a set that is there already is left as people have made it.
    """
    year = timezone.localdate().year
    last = opened(samples.COMMUNE, year - 1)
    this = opened(samples.COMMUNE, year)
    province = opened(samples.PROVINCE, year)
    return [
        *(finished(last, officer, planner) if last else []),
        *(half(this, officer, COMMUNE) if this else []),
        *(half(province, planner, of_province(year)) if province else []),
    ]


def opened(name: str, year: int) -> CriterionSet | None:
    """Return the sample of that year, new and open for scoring; ``None`` if it is there already."""
    draft = samples.sample(name, year)
    if CriterionSet.objects.filter(title=draft.facts["title"], year=year).exists():
        return None
    made = store(draft)
    actions.open_set(made, None)
    return made


Answers = dict[str, tuple[Value, Value | None, str]]
COMMUNE: Answers = {
    "4.1": (ratio(9, 16), ratio(16, 16), "Còn 7 nhiệm vụ theo kế hoạch quý III, quý IV."),
}


def of_province(year: int) -> Answers:
    """Return what was entered of the province's table: the other half is still to be done."""
    return {
        "1.1.1": (DoneOn(day=date(year, 1, 20)), None, ""),
        "1.1.2": (ratio(31, 60), ratio(57, 60), "Ba nhiệm vụ chờ hướng dẫn của Trung ương."),
        "1.2": (Lateness(late=1), None, "Báo cáo quý I gửi chậm một ngày."),
        "1.3.1": (Number(number=Decimal("12.5")), Number(number=Decimal(32)), ""),
        "1.4.2": (Ticked(codes=("mang", "co-so")), None, "Hội nghị tổ chức trong quý IV."),
    }


def half(made: CriterionSet, user: Any, answers: Answers) -> list[Assessment]:
    assessment = actions.begin(made, user.organisations.get(), user)
    for code, (value, expected, text) in answers.items():
        one = made.criteria.get(code=code)
        actions.say(assessment, one, Said(value, expected, explanation=text), 0, user)
    first = made.criteria.get(code=next(iter(answers)))
    proving.add(
        assessment, first, user, title="Kế hoạch năm", url="https://langson.example.vn/ke-hoach"
    )
    return [assessment]


def finished(made: CriterionSet, officer: Any, planner: Any) -> list[Assessment]:
    assessment = actions.begin(made, officer.organisations.get(), officer)
    plan, forms = made.criteria.get(code="4.1"), made.criteria.get(code="4.2")
    said = Said(Ticked(codes=("bang-tin", "mang", "truyen-thong")))
    actions.say(assessment, plan, Said(ratio(15, 16)), 0, officer)
    actions.say(assessment, forms, said, 0, officer)
    actions.submit(assessment, officer)
    reason = "Chưa có ảnh bảng thông tin."
    actions.verify(assessment, forms, Decimal("0.75"), reason, 1, planner)
    actions.finish(assessment, planner)
    return [assessment]
