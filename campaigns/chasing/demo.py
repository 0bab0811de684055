"""Chasing in the demo: a letter of urging about what is overdue, a pause, and a person to tell.

Safe to repeat: what is there already is left as people have made it.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation

from campaigns.chasing import letters, overview, pausing
from campaigns.chasing.models import Pause, UrgingLetter
from campaigns.models import Plan
from organisations.models import Contact, User

AGENCIES = 3


@transaction.atomic
def load(plan: Plan, planner: User) -> UrgingLetter | None:
    """Return the letter about the plan, made unless one is there or nothing is overdue."""
    there = UrgingLetter.objects.filter(plan=plan).first()
    today = timezone.localdate()
    found = overview.debtors(overview.overdue(today, plan.pk), today)
    if there is not None or not found:
        return there
    chosen = found[:AGENCIES]
    for row in chosen:
        Contact.objects.get_or_create(
            organisation=row.agency,
            purpose=Contact.Purpose.HEAD,
            defaults={
                "name": "Thủ trưởng cơ quan",
                "email": f"lanh-dao.{row.agency.code}@nhipcau.example",
            },
        )
    if len(found) > AGENCIES and not Pause.objects.exists():
        reason = "Cơ quan đang sắp xếp tổ chức, báo cáo gộp khi hoàn thành."
        pausing.pause(found[AGENCIES].agency, reason, today + timedelta(days=30), planner)
    with translation.override("vi"):
        owed = [due for row in chosen for due in row.late]
        [made] = letters.make(plan, owed, today, planner)
    return made
