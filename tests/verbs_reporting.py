"""Verbs of the permission table: reporting periods, reports, agencies' own plans.

Everybody of the table is of the agency "own"; "elsewhere" is the agency of nobody.
"""

from datetime import date
from typing import Any

from django.utils import timezone

from campaigns.evidence.models import Lock
from campaigns.models import Activity, Plan
from campaigns.ownplans import actions as own_plans
from campaigns.ownplans.models import OwnPlan
from campaigns.reporting import actions, periods
from campaigns.reporting.models import Report, ReportingPeriod
from campaigns.slots.models import Slot
from organisations.models import Organisation
from tests.verbs import Actor, opens, verb


def agency(code: str) -> Organisation:
    return Organisation.objects.get_or_create(code=code, defaults={"name": code})[0]


def period() -> ReportingPeriod:
    """Return the year's report of two years ago: nobody is late for it any more."""
    year = timezone.localdate().year - 2
    periods.create_year(year)
    return ReportingPeriod.objects.get(year=year, code="y")


def report(actor: Actor, code: str = "own", state: str = "draft", **values: Any) -> Report:
    """Return that agency's report, in that state, handed in by somebody else."""
    made = actions.begin(period(), agency(code), actor.other)
    Lock.objects.filter(holder=made.holder).delete()
    if state == "submitted":
        values |= {"submitted_by": actor.other, "first_submitted_at": timezone.now()}
    figures = None if state == "draft" else {"lines": [], "kinds": {}, "genres": {}}
    given = {"results": "Tốt.", "returned_reason": "", "figures": figures, **values}
    Report.objects.filter(pk=made.pk).update(state=state, counted_at=timezone.now(), **given)
    made.refresh_from_db()
    return made


def state_after(actor: Actor, made: Report, name: str, **data: Any) -> str:
    actor.post(name, made.pk, **data)
    made.refresh_from_db()
    return str(made.state)


def any_period(actor: Actor) -> int:
    return period().pk


opens("open the reports", "campaigns_reporting")
opens("look at own report", "campaigns_report", lambda actor: report(actor).pk)
opens("look at a strange report", "campaigns_report", lambda actor: report(actor, "elsewhere").pk)
opens(
    "follow a figure of a strange report",
    "campaigns_report_trace",
    lambda actor: report(actor, "elsewhere").pk,
)
opens(
    "download own report", "campaigns_report_file", lambda actor: report(actor).pk, lambda _: "xlsx"
)
opens(
    "download a strange report",
    "campaigns_report_file",
    lambda actor: report(actor, "elsewhere").pk,
    lambda _: "xlsx",
)
opens("look at the table of reports", "campaigns_reporting_table", any_period)
opens("export the table of reports", "campaigns_reporting_table", any_period, export="xlsx")
opens("open the editor of a period", "campaigns_reporting_period_edit", any_period)
opens("open a new period", "campaigns_reporting_period_add")


@verb("make a year's periods")
def make_year(actor: Actor) -> bool:
    ReportingPeriod.objects.filter(year=2050).delete()
    actor.post("campaigns_reporting_year", year="2050")
    return ReportingPeriod.objects.filter(year=2050).exists()


@verb("delete a period")
def delete_period(actor: Actor) -> bool:
    ReportingPeriod.objects.filter(year=2051).delete()
    made = periods.default(2051, ReportingPeriod.Code.YEAR)
    made.save()
    actor.post("campaigns_reporting_period_delete", made.pk)
    return not ReportingPeriod.objects.filter(pk=made.pk).exists()


def begun(actor: Actor, code: str) -> bool:
    Lock.objects.all().delete()
    Report.objects.all().delete()
    actor.post("campaigns_reporting_begin", period().pk, organisation=agency(code).pk)
    return Report.objects.exists()


@verb("begin own report")
def begin_own(actor: Actor) -> bool:
    return begun(actor, "own")


@verb("begin a strange report")
def begin_strange(actor: Actor) -> bool:
    return begun(actor, "elsewhere")


def written(actor: Actor, code: str) -> bool:
    made = report(actor, code)
    data = {"results": "Viết lại.", "seen": made.revision, "agencies": "now"}
    actor.post("campaigns_report_edit", made.pk, **data)
    made.refresh_from_db()
    return made.results == "Viết lại."


@verb("write own report")
def write_own(actor: Actor) -> bool:
    return written(actor, "own")


@verb("write a strange report")
def write_strange(actor: Actor) -> bool:
    return written(actor, "elsewhere")


@verb("submit own report")
def submit_own(actor: Actor) -> bool:
    return state_after(actor, report(actor), "campaigns_report_submit") == "submitted"


@verb("submit a strange report")
def submit_strange(actor: Actor) -> bool:
    made = report(actor, "elsewhere")
    return state_after(actor, made, "campaigns_report_submit") == "submitted"


@verb("return a report")
def return_report(actor: Actor) -> bool:
    made = report(actor, "elsewhere", "submitted")
    return state_after(actor, made, "campaigns_report_return", reason="Thiếu") == "returned"


@verb("accept a report")
def accept_report(actor: Actor) -> bool:
    made = report(actor, "elsewhere", "submitted")
    return state_after(actor, made, "campaigns_report_accept") == "accepted"


@verb("accept a report they submitted")
def accept_own(actor: Actor) -> bool:
    made = report(actor, "own", "submitted")
    Report.objects.filter(pk=made.pk).update(submitted_by=actor.user)
    return state_after(actor, made, "campaigns_report_accept") == "accepted"


@verb("make the province's report")
def roll_up(actor: Actor) -> bool:
    Report.objects.filter(kind="roll-up").delete()
    own = agency("own").pk
    actor.post("campaigns_reporting_roll_up", period().pk, organisation=own)
    return Report.objects.filter(kind="roll-up").exists()


@verb("gather the agencies' texts")
def gather(actor: Actor) -> bool:
    report(actor, "elsewhere", "submitted")
    made = actions.roll_up(period(), agency("own"), actor.other)
    Report.objects.filter(pk=made.pk).update(gathered=[], state="draft")
    actor.post("campaigns_report_gather", made.pk)
    made.refresh_from_db()
    return bool(made.gathered)


def parent() -> Plan:
    """Return a published plan that binds both agencies by one line; always the same one."""
    found = Plan.objects.filter(number="951/KH-UBND").first()
    if found is not None:
        return found
    made = Plan.objects.create(
        title="Kế hoạch của tỉnh", number="951/KH-UBND", year=2026, issuer=agency("tinh"),
        issued_on=date(2026, 1, 5), live=True,
    )  # fmt: skip
    line = Activity.objects.create(plan=made, content="Tin, bài")
    for code in ("own", "elsewhere"):
        Slot.objects.create(
            activity=line, organisation=agency(code), period_start=date(2026, 1, 1),
            opens_on=date(2026, 1, 5), due_on=date(2026, 12, 31),
        )  # fmt: skip
    return made


def unanswered(code: str) -> tuple[int, int]:
    found = parent()
    for own in OwnPlan.objects.filter(parent=found, organisation=agency(code)):
        plan = own.plan
        own.delete()
        plan.delete()
    return found.pk, agency(code).pk


def own_plan(actor: Actor, code: str = "own", state: str = "draft") -> OwnPlan:
    """Return that agency's plan, issued, in that state, handed in by somebody else."""
    unanswered(code)
    made = own_plans.derive(parent(), agency(code), "Kế hoạch của cơ quan", actor.other)
    Plan.objects.filter(pk=made.plan_id).update(number="1/KH", issued_on=date(2026, 1, 10))
    submitted = actor.other if state == "submitted" else None
    OwnPlan.objects.filter(pk=made.pk).update(state=state, submitted_by=submitted)
    made.refresh_from_db()
    return made


def plan_state(actor: Actor, made: OwnPlan, name: str, **data: Any) -> str:
    actor.post(name, made.pk, **data)
    made.refresh_from_db()
    return str(made.state)


opens("open the agencies' plans", "campaigns_own_plans")
opens("look at own agency's plan", "campaigns_own_plan", lambda actor: own_plan(actor).pk)
opens(
    "look at a strange agency's plan",
    "campaigns_own_plan",
    lambda actor: own_plan(actor, "elsewhere").pk,
)
opens("look at who has a plan", "campaigns_own_plans_table", lambda actor: parent().pk)
opens(
    "open the editor of own agency's plan",
    "campaigns_own_plan_edit",
    lambda actor: own_plan(actor).pk,
)


def derived(actor: Actor, code: str) -> bool:
    found, organisation = unanswered(code)
    data = {"way": "own", "own-title": "Kế hoạch"}
    actor.post("campaigns_own_plan_choose", found, organisation, **data)
    return OwnPlan.objects.filter(parent=found, organisation=organisation).exists()


@verb("derive own agency's plan")
def derive_own(actor: Actor) -> bool:
    return derived(actor, "own")


@verb("derive a strange agency's plan")
def derive_strange(actor: Actor) -> bool:
    return derived(actor, "elsewhere")


def lengthened(actor: Actor, code: str) -> bool:
    made = own_plan(actor, code)
    actor.post("campaigns_own_plan_add_line", made.pk, content="Việc riêng")
    return made.plan.activities.filter(content="Việc riêng").exists()


@verb("lengthen own agency's plan")
def add_line(actor: Actor) -> bool:
    return lengthened(actor, "own")


@verb("lengthen a strange agency's plan")
def add_strange_line(actor: Actor) -> bool:
    return lengthened(actor, "elsewhere")


@verb("adapt a line of own agency's plan")
def adapt_line(actor: Actor) -> bool:
    made = own_plan(actor)
    line = made.plan.activities.get()
    actor.post("campaigns_own_plan_line", made.pk, line.pk, content="Đã điều chỉnh")
    line.refresh_from_db()
    return line.content == "Đã điều chỉnh"


@verb("take a line out of own agency's plan")
def remove_line(actor: Actor) -> bool:
    made = own_plan(actor)
    line = Activity.objects.create(plan=made.plan, content="Việc riêng")
    actor.post("campaigns_own_plan_remove_line", made.pk, line.pk)
    return not Activity.objects.filter(pk=line.pk).exists()


@verb("throw own agency's draft away")
def discard(actor: Actor) -> bool:
    made = own_plan(actor)
    actor.post("campaigns_own_plan_discard", made.pk)
    return not OwnPlan.objects.filter(pk=made.pk).exists()


@verb("submit own agency's plan")
def submit_plan(actor: Actor) -> bool:
    return plan_state(actor, own_plan(actor), "campaigns_own_plan_submit") == "submitted"


@verb("submit a strange agency's plan")
def submit_strange_plan(actor: Actor) -> bool:
    made = own_plan(actor, "elsewhere")
    return plan_state(actor, made, "campaigns_own_plan_submit") == "submitted"


@verb("return an agency's plan")
def return_plan(actor: Actor) -> bool:
    made = own_plan(actor, "elsewhere", "submitted")
    return plan_state(actor, made, "campaigns_own_plan_return", reason="Thiếu") == "returned"


@verb("accept an agency's plan")
def accept_plan(actor: Actor) -> bool:
    made = own_plan(actor, "elsewhere", "submitted")
    return plan_state(actor, made, "campaigns_own_plan_accept") == "accepted"
