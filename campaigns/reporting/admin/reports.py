"""Pages of one report: what it counts and tells, where figures come from, and its verbs."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.models import ModelLogEntry

from campaigns.admin.frame import back_to
from campaigns.evidence.models import Evidence
from campaigns.models import Activity
from campaigns.reporting import access, actions, documents, lines, wording
from campaigns.reporting.actions import ConflictError
from campaigns.reporting.admin.forms import AgencyForm, ReasonForm, ReportForm
from campaigns.reporting.admin.pages import page, readable, writable
from campaigns.reporting.figures import Figures, Line, Total
from campaigns.reporting.models import Report, ReportingPeriod
from campaigns.reporting.whose import members_of, name_of
from campaigns.slots.models import Slot
from core.errors import RefusedError
from media.documents.pdf import WritingError
from organisations.history import History

PER_PAGE = 100
ENTRIES_SHOWN = 30


@permission_required(access.WRITE, raise_exception=True)
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the report of one of the person's agencies for a period."""
    period = get_object_or_404(ReportingPeriod, pk=pk)
    form = AgencyForm(request.POST, user=request.user)
    if not form.is_valid():
        raise PermissionDenied
    made = actions.begin(period, form.cleaned_data["organisation"], request.user)
    return redirect("campaigns_report", made.pk)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a report: its state, figures with their changes, lines, texts, and its history."""
    report = readable(request, pk)
    today, history = timezone.localdate(), History.load()
    figures = actions.figures_of(report, today, history)
    compared = lines.Compared(report, figures, today, history)
    rows = lines.rows_of(report, figures)
    user: Any = request.user
    is_own = access.is_own(user, report)
    is_handed = report.state == Report.State.SUBMITTED
    return page(
        request,
        "report.html",
        f"{name_of(history, report, today)}, {report.period}",
        report=report,
        name=name_of(history, report, today),
        members=member_names(history, report, today),
        figures=figures,
        totals=[
            (name, wording.TOTALS[name], *changes) for name, *changes in compared.totals()
        ],
        kinds=[(key, wording.kind(key), *changes) for key, *changes in compared.kinds()],
        earlier=compared.earlier,
        genres=[(key, wording.genre(key), len(found)) for key, found in figures.genres.items()],
        units=lines.units_of(rows),
        forms=lines.by_form(rows),
        rows=rows,
        money=documents.money_of(rows),
        texts=[(wording.NARRATIVES[name], getattr(report, name)) for name in actions.NARRATIVES],
        changed=recounted(report, figures, history),
        log=log_of(report),
        may_write=is_own and report.is_open,
        may_return=is_handed and user.has_perm(access.ACCEPT),
        may_accept=is_handed
        and user.has_perm(access.ACCEPT)
        and report.submitted_by_id != user.pk,
        reason_form=ReasonForm(),
    )  # fmt: skip


def member_names(history: History, report: Report, today: Any) -> list[str]:
    """Return the names of other agencies whose figures the report has, as they were."""
    if report.is_roll_up:
        return []
    own = report.organisation_id
    day = report.period.last
    return [history.name_on(pk, day) for pk in members_of(history, report, today) if pk != own]


def recounted(report: Report, figures: Figures, history: History) -> list[dict[str, Any]]:
    """Return what a recount of a submitted report's figures would change today."""
    if report.figures is None:
        return []
    now = actions.figures_now(report, timezone.localdate(), history)
    found = lines.differences(figures, now)
    activities = Activity.objects.in_bulk({activity for activity, _name, _change in found})
    return [
        {"activity": activities.get(activity), "label": wording.TOTALS[name], "change": change}
        for activity, name, change in found
    ]


def log_of(report: Report) -> Any:
    entries = ModelLogEntry.objects.for_instance(report).select_related("user")
    return entries.order_by("-timestamp", "-pk")[:ENTRIES_SHOWN]


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the texts and the money of the person's own report."""
    report = writable(request, pk)
    figures = actions.figures_of(report, timezone.localdate())
    rows = lines.rows_of(report, figures)
    form = ReportForm(request.POST or None, instance=report, rows=rows)
    if request.method == "POST" and form.is_valid():
        fresh = Report.objects.get(pk=report.pk)
        try:
            actions.write(fresh, form.values(), form.cleaned_data["seen"], request.user)
        except ConflictError as error:
            return conflict(request, report, error, rows)
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns_report", pk)
    return edit_page(request, report, form)


def conflict(
    request: HttpRequest, report: Report, error: ConflictError, rows: list[lines.LineRow]
) -> HttpResponse:
    """Show what the other saved beside what the person typed, which a second press saves."""
    data = request.POST.copy()
    data["seen"] = str(error.report.revision)
    form = ReportForm(data, instance=Report.objects.get(pk=report.pk), rows=rows)
    form.add_error(None, str(error))
    theirs = [
        (wording.NARRATIVES[name], getattr(error.report, name)) for name in actions.NARRATIVES
    ]
    return edit_page(request, report, form, theirs=theirs)


def edit_page(
    request: HttpRequest, report: Report, form: ReportForm, **context: Any
) -> HttpResponse:
    back = reverse("campaigns_report", args=[report.pk])
    step = (back, str(report))
    return page(
        request, "edit.html", _("Texts of the report"), step, report=report, form=form, back=back,
        **context,
    )  # fmt: skip


def trace(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what one figure was counted from: its slots, or its evidence."""
    report = readable(request, pk)
    figures = actions.figures_of(report, timezone.localdate())
    slots, pieces = chosen(figures, request.GET)
    if slots is not None:
        found: Any = Slot.objects.filter(pk__in=slots).in_order()
        found = found.select_related("activity", "organisation")
    else:
        found = Evidence.objects.filter(pk__in=pieces or []).order_by("-dated", "-pk")
        found = found.select_related("activity", "organisation", "document", "picture")
        found = found.prefetch_related("fulfilments")
    query = request.GET.copy()
    query.pop("p", None)
    back = reverse("campaigns_report", args=[pk])
    return page(
        request,
        "trace.html",
        described(figures, request.GET),
        (back, str(report)),
        report=report,
        are_slots=slots is not None,
        part=Paginator(found, PER_PAGE).get_page(request.GET.get("p")),
        query=query.urlencode(),
    )


def line_of(figures: Figures, given: Any) -> Line:
    key = given.get("line", "")
    if not key:
        return figures.whole
    line = figures.lines.get(int(key)) if key.isdigit() and len(key) < 19 else None
    if line is None:
        raise Http404
    return line


def chosen(figures: Figures, given: Any) -> tuple[list[int] | None, list[int] | None]:
    """Return the slots or the evidence of the figure that the address names."""
    for name, found in (("kind", figures.kinds), ("genre", figures.genres)):
        if name in given:
            return None, found.get(given[name], [])
    line, figure = line_of(figures, given), given.get("figure", "")
    if figure in {Total.OUTPUTS, ""}:
        return None, line.delivered
    if figure not in list(Total):
        raise Http404
    groups = {Total.EXPECTED: list(line.slots), Total.DONE: ["on-time", "late"]}
    return [pk for group in groups.get(figure, [figure]) for pk in line.slots.get(group, [])], None


def described(figures: Figures, given: Any) -> str:
    """Return the name of the figure."""
    if "kind" in given:
        return wording.kind(given["kind"])
    if "genre" in given:
        return wording.genre(given["genre"])
    label = str(wording.TOTALS.get(given.get("figure") or Total.OUTPUTS, ""))
    line = line_of(figures, given)
    activity = Activity.objects.filter(pk=line.activity).first()
    return f"{label}: {activity}" if activity else label


@require_POST
@back_to("campaigns_report")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the report of the person's own agency."""
    actions.submit(writable(request, pk), request.user)
    messages.success(request, _("The report was submitted; its figures and evidence are locked."))
    return redirect("campaigns_report", pk)


@permission_required(access.ACCEPT, raise_exception=True)
@require_POST
@back_to("campaigns_report")
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a report to its agency with a reason."""
    actions.send_back(readable(request, pk), request.POST.get("reason", "")[:2000], request.user)
    messages.success(request, _("The report was returned to the agency."))
    return redirect("campaigns_report", pk)


@permission_required(access.ACCEPT, raise_exception=True)
@require_POST
@back_to("campaigns_report")
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a report."""
    actions.accept(readable(request, pk), request.user)
    messages.success(request, _("The report was accepted."))
    return redirect("campaigns_report", pk)


def download(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Give the report as DOCX, PDF or XLSX."""
    report = readable(request, pk)
    try:
        return documents.download(documents.export(report, form, timezone.localdate()))
    except WritingError as error:
        messages.error(request, str(error))
        return redirect("campaigns_report", pk)
