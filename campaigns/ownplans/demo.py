"""Agencies' own plans of the demo: accepted, folded, returned, waiting; the others have none."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from campaigns.admin.slot_forms import store_document
from campaigns.exporting.files import export
from campaigns.models import Plan
from campaigns.ownplans import actions, deriving
from campaigns.ownplans.models import OwnPlan
from organisations.models import Organisation, User


@dataclass(frozen=True, slots=True)
class Answer:
    """How one agency answers: number, day and month of issue, folded or not, what became of it."""

    agency: str  # code
    number: str
    issued: tuple[int, int]  # month, day
    state: str
    is_folded: bool = False
    reason: str = ""


ANSWERS = (
    Answer("so-noi-vu", "14/KH-SNV", (2, 3), "accepted"),
    Answer("so-tai-chinh", "9/KH-STC", (1, 28), "accepted", is_folded=True),
    Answer("ubnd-phuong-tam-thanh", "21/KH-UBND", (2, 10), "submitted"),
    Answer(
        "ubnd-xa-bac-son",
        "6/KH-UBND",
        (5, 19),
        "returned",
        reason="Kế hoạch chưa có nhiệm vụ đối thoại với người dân; đề nghị bổ sung.",
    ),
)


@transaction.atomic
def load(parent: Plan, officer: User, decider: User) -> list[OwnPlan]:
    """Return the answers to the plan, made unless there are any. Safe to repeat.

    Those whose day of issue is still to come are left out.
    """
    if OwnPlan.objects.exists():
        return []
    found = []
    for one in ANSWERS:
        agency = Organisation.objects.filter(code=one.agency).first()
        day = date(parent.year, *one.issued)
        if agency is not None and day <= timezone.localdate() and deriving.binding(parent, agency):
            found.append(answer(one, parent, agency, day, officer, decider))
    return found


def answer(
    one: Answer, parent: Plan, agency: Organisation, day: date, officer: User, decider: User
) -> OwnPlan:
    title = deriving.title_for(parent, agency)
    if one.is_folded:
        title = f"Cải cách hành chính năm {parent.year} của {agency.name}"
        made = actions.fold(
            parent, agency, officer, number=one.number, issued_on=day, title=title,
            document=paper(parent, f"{one.number}: {title}", officer),
        )  # fmt: skip
    else:
        made = actions.derive(parent, agency, title, officer)
        Plan.objects.filter(pk=made.plan_id).update(number=one.number, issued_on=day)
        made = OwnPlan.objects.select_related("plan", "parent").get(pk=made.pk)
    actions.submit(made, officer)
    sent = timezone.make_aware(datetime.combine(day + timedelta(days=1), time(9, 5)))
    OwnPlan.objects.filter(pk=made.pk).update(first_submitted_at=sent, submitted_at=sent)
    if one.state == "accepted":
        actions.accept(made, decider)
    elif one.state == "returned":
        actions.send_back(made, one.reason, decider)
    made.refresh_from_db()
    return made


def paper(parent: Plan, title: str, user: Any) -> Any:
    """Return a file that stands for the reform plan: the province's plan, as it prints."""
    exported = export(parent, "docx")
    return store_document(ContentFile(exported.data, name="kh-cchc.docx"), title, user)
