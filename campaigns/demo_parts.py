"""What the demo's plan of 2021 has beside its rows: legal bases, an annex, an issued amendment."""

from datetime import date

from django.db import transaction

from campaigns.models import Amendment, Annex, LegalBasis, Plan, PlanBasis
from campaigns.plans import amending
from campaigns.plans.snapshots import snapshot

LAW = {"kind": "Luật", "title": "Tổ chức chính quyền địa phương", "authority": "Quốc hội"}
LAWS = (
    {"number": "72/2025/QH15", "issued_on": date(2025, 6, 16), "valid_from": date(2025, 6, 16)},
    {
        "number": "65/2025/QH15",
        "issued_on": date(2025, 2, 19),
        "valid_from": date(2025, 3, 1),
        "valid_to": date(2025, 6, 15),
    },
    {
        "number": "77/2015/QH13",
        "issued_on": date(2015, 6, 19),
        "valid_from": date(2016, 1, 1),
        "valid_to": date(2025, 2, 28),
    },
)
PRESS = {
    "kind": "Luật",
    "title": "Báo chí",
    "number": "103/2016/QH13",
    "authority": "Quốc hội",
    "issued_on": date(2016, 4, 5),
    "valid_from": date(2017, 1, 1),
}
SLOGANS = (
    "<p>1. Cải cách hành chính vì người dân và doanh nghiệp.</p>"
    "<p>2. Nộp hồ sơ trực tuyến: nhanh, rõ, không phải đi lại.</p>"
    "<p>3. Mỗi cán bộ, công chức là một tuyên truyền viên về cải cách hành chính.</p>"
)


@transaction.atomic
def load(plan: Plan) -> None:
    """Add them, unless the plan has bases already."""
    if plan.plan_bases.exists():
        return
    later: LegalBasis | None = None
    for facts in LAWS:
        later, _new = LegalBasis.objects.get_or_create(
            number=facts["number"], defaults={**LAW, **facts, "replaced_by": later}
        )
    press, _new = LegalBasis.objects.get_or_create(number=PRESS["number"], defaults=PRESS)
    plan.plan_bases = [PlanBasis(basis=later, sort_order=0), PlanBasis(basis=press, sort_order=1)]
    plan.annexes = [Annex(title="Khẩu hiệu tuyên truyền", text=SLOGANS)]
    plan.responsible = "Thủ trưởng các sở, ban, ngành; Chủ tịch UBND các huyện, thành phố"
    plan.save()
    plan.save_revision().publish()
    amend(Plan.objects.get(pk=plan.pk))


def amend(plan: Plan) -> None:
    """Put the contest off by an amendment that is issued at once."""
    amendment = Amendment(
        number="214/KH-UBND",
        issued_on=date(2021, 8, 30),
        reason="Lùi thời gian tổ chức cuộc thi do tình hình dịch bệnh (số liệu minh họa).",
    )
    amending.begin(plan, amendment, None)
    row = plan.activities.get(serial="16")
    wanted = {"deadline_text": "Tháng 10 - 11/2021", "start": "2021-10-01", "end": "2021-11-30"}
    amending.propose(amendment, row, snapshot(row) | wanted, None)
    amending.issue(amendment, None)
