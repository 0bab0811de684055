"""The verbs of reports. Each takes who does it, checks the state under a lock, and is logged."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.evidence import locking
from campaigns.reporting.counting import count
from campaigns.reporting.figures import Figures
from campaigns.reporting.models import Report, ReportingPeriod
from campaigns.reporting.whose import members_of
from core.audit import record
from core.errors import RefusedError
from organisations.history import History
from organisations.models import Organisation

#: What a report takes over from the agency's last one.
KEPT = ("signer", "signer_title", "addressees", "recipients")
#: What a report tells, in its order.
NARRATIVES = ("results", "difficulties", "causes", "proposals", "next_tasks")


class ConflictError(RefusedError):
    """Somebody else changed the report since it was read; ``report`` is what it says now."""

    def __init__(self, report: Report) -> None:
        super().__init__(_("Somebody else changed this report while you were writing."))
        self.report = report


def begin(period: ReportingPeriod, organisation: Organisation, user: Any) -> Report:
    """Return the agency's report for the period, begun now unless it is there."""
    return _begun(period, organisation, Report.Kind.AGENCY, user)[0]


def _begun(
    period: ReportingPeriod, organisation: Organisation, kind: Report.Kind, user: Any
) -> tuple[Report, bool]:
    if organisation.kind == Organisation.Kind.GROUP:
        raise RefusedError(_("A group of agencies does not report; its members do."))
    last: Report | None = (
        Report.objects.filter(organisation=organisation, kind=kind)
        .exclude(period=period)
        .order_by("period__last", "pk")
        .last()
    )
    # Who signs and who receives it seldom changes.
    kept = {name: getattr(last, name) for name in ("signer", "signer_title", "recipients") if last}
    try:
        with transaction.atomic():
            made, is_new = Report.objects.get_or_create(
                period=period, organisation=organisation, kind=kind, defaults=kept
            )
    except IntegrityError:
        return Report.objects.get(period=period, organisation=organisation, kind=kind), False
    if is_new:
        record(made, "campaigns.report_begun", user)
    return made, is_new


def held(report: Report) -> Report:
    """Return the report with its row locked, so that nobody submits it meanwhile."""
    row: Report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    return row


def require_open(report: Report) -> None:
    if not report.is_open:
        raise RefusedError(
            _("The report was submitted and is locked. Ask the Department to return it.")
        )


@transaction.atomic
def write(report: Report, values: Mapping[str, Any], seen: int, user: Any) -> Report:
    """Store texts and money. ``seen``: the revision that the person read.

    Raises ``RefusedError`` when it is locked, ``ConflictError`` when somebody else was quicker.
    """
    row = held(report)
    require_open(row)
    if row.revision != seen:
        raise ConflictError(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    record(row, "campaigns.report_written", user)
    return row


def figures_now(
    report: Report, today: date, history: History | None = None, *, with_genres: bool = True
) -> Figures:
    """Return the figures as they are counted today: of a submitted report, a recount."""
    if report.is_roll_up:
        return count(report.period, today, with_genres=with_genres).of()
    members = members_of(history or History.load(), report, today)
    return count(report.period, today, members, with_genres=with_genres).of()


def figures_of(
    report: Report, today: date, history: History | None = None, *, with_genres: bool = True
) -> Figures:
    """Return the figures of the report: those that were kept, or while it is open, those of now."""
    if report.figures is not None:
        return Figures.read(report.figures)
    return figures_now(report, today, history, with_genres=with_genres)


@transaction.atomic
def submit(report: Report, user: Any) -> None:
    """Hand the report in: its figures stay as they are, and its evidence is held fast."""
    row = held(report)
    require_open(row)
    if not row.results.strip():
        raise RefusedError(_("Say what was achieved: the part “Results” is empty."))
    now = timezone.now()
    today = timezone.localdate(now)
    if today < row.period.first:
        raise RefusedError(_("The period has not begun yet."))
    found = figures_now(row, today)
    row.figures, row.counted_at = found.stored(), now
    row.state, row.submitted_by, row.submitted_at = row.State.SUBMITTED, user, now
    row.returned_reason = ""
    if row.first_submitted_at is None:
        row.first_submitted_at, row.was_on_time = now, today <= row.due
    row.save()
    locking.lock(found.evidence, row.holder, str(row)[:200])
    record(row, "campaigns.report_submitted", user, on_time=bool(row.was_on_time))


@transaction.atomic
def send_back(report: Report, reason: str, user: Any) -> None:
    """Let the agency correct what it submitted; the reason is for them."""
    row = held(report)
    if row.state != row.State.SUBMITTED:
        raise RefusedError(_("Only what was submitted can be returned."))
    if not reason.strip():
        raise RefusedError(_("Say what the agency has to correct."))
    row.state, row.returned_reason = row.State.RETURNED, reason.strip()
    row.decided_by, row.decided_at = user, timezone.now()
    row.figures = row.counted_at = None
    row.save()
    locking.unlock(row.holder)
    record(row, "campaigns.report_returned", user, reason=row.returned_reason)


@transaction.atomic
def accept(report: Report, user: Any) -> None:
    """Accept what was submitted. Who submitted it does not accept it."""
    row = held(report)
    if row.state != row.State.SUBMITTED:
        raise RefusedError(_("Only what was submitted can be accepted."))
    if row.submitted_by_id == user.pk:
        raise RefusedError(_("Who submitted a report does not accept it."))
    row.state, row.decided_by, row.decided_at = row.State.ACCEPTED, user, timezone.now()
    row.save()
    record(row, "campaigns.report_accepted", user)


@transaction.atomic
def roll_up(period: ReportingPeriod, organisation: Organisation, user: Any) -> Report:
    """Return the province's report for the period; a new one begins with the agencies' texts."""
    made, is_new = _begun(period, organisation, Report.Kind.ROLL_UP, user)
    if is_new:
        gather(made, user)
        made.refresh_from_db()
    return made


@transaction.atomic
def gather(report: Report, user: Any) -> int:
    """Add the texts of reports that were handed in since; return of how many.

    Each stands below its agency's name, at the end of the part, so that nothing written is lost.
    """
    row = held(report)
    require_open(row)
    if not row.is_roll_up:
        raise RefusedError(_("Only the province's report gathers those of agencies."))
    handed = Report.objects.filter(period=row.period_id, kind=Report.Kind.AGENCY).handed_in()
    new = [
        one
        for one in handed.select_related("organisation").order_by("organisation__name", "pk")
        if one.pk not in row.gathered
    ]
    history, day = History.load(), row.period.last
    for name in NARRATIVES:
        told = [(history.name_on(one.organisation_id, day), getattr(one, name)) for one in new]
        parts = [getattr(row, name).rstrip(), *(_under(*each) for each in told if each[1].strip())]
        setattr(row, name, "\n".join(part for part in parts if part))
    row.gathered = [*row.gathered, *(one.pk for one in new)]
    row.save()
    if new:
        text = ngettext("%d report", "%d reports", len(new)) % len(new)
        record(row, "campaigns.report_gathered", user, reports=text)
    return len(new)


def _under(agency: str, text: str) -> str:
    """Return an agency's text below its name: one paragraph stays in its line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1:
        return f"{agency}: {lines[0]}"
    return "\n".join([f"{agency}:", *lines])
