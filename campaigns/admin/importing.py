"""Import in the admin: a file, a review in which doubts are corrected, and only then the plan."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from campaigns.admin.forms import ImportForm
from campaigns.admin.views import crumbs, overview_url
from campaigns.agencies import Directory
from campaigns.importing.facts import Facts
from campaigns.importing.files import read_bytes
from campaigns.importing.founding import find_bases
from campaigns.importing.packing import Unpacked, pack, unpack
from campaigns.importing.problems import ImportFailedError
from campaigns.importing.rows import PlanRow
from campaigns.importing.store import Draft, Outcome, missing_facts, read_draft, store
from campaigns.importing.table import clean_cell
from campaigns.models import Plan
from campaigns.wording import reading
from core import progress
from organisations.models import Organisation

#: What a person may correct of a row on the review page.
CORRECTED = ("lead_text", "partner_text", "deadline_text", "quantity_text")


@permission_required(["campaigns.add_plan", "campaigns.change_plan"], raise_exception=True)
def import_plan(request: HttpRequest) -> HttpResponse:
    """Take a file, show what was understood, and store it after a person has said yes."""
    if request.method == "POST" and "draft" in request.POST:
        return confirm_import(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        draft = read_upload(form)
        if draft is not None:
            return shown(request, draft)
    return render(request, "campaigns/admin/import.html", import_context(form))


def import_context(form: ImportForm) -> dict[str, Any]:
    return {
        "form": form,
        "breadcrumbs_items": crumbs(("", _("Import from a file"))),
        "header_title": _("Import a plan from a file"),
        "header_icon": "upload",
    }


def read_upload(form: ImportForm) -> Draft | None:
    """Return what the upload says; put every problem on the form where it has any."""
    values = form.cleaned_data
    given = Facts(
        values["number"],
        values["issued_on"],
        values["title"],
        values["issuer"].code if values["issuer"] else "",
        values["year"],
    )
    try:
        draft = read_draft(read_bytes(values["file"].read()), given, timezone.localdate())
    except ImportFailedError as error:
        form.add_error("file", [str(problem) for problem in error.problems[:50]])
        return None
    if problems := missing_facts(draft.facts):
        form.add_error(None, [str(problem) for problem in problems])
        return None
    return draft


def shown(request: HttpRequest, draft: Draft, problems: tuple[Any, ...] = ()) -> HttpResponse:
    """Show what was understood, with fields to correct each row that leaves a doubt."""
    template = "campaigns/admin/import_review.html"
    return render(request, template, {**review(draft), "problems": problems})


def review(draft: Draft) -> dict[str, Any]:
    pairs = list(zip(draft.rows, draft.understood, strict=True))
    unknown = [
        name for _row, read in pairs for name in (*read.leads.unknown, *read.partners.unknown)
    ]
    issuer = Directory.on(draft.day).find(draft.facts.issuer)
    return {
        "draft": draft,
        "rows": [
            {
                "row": row.texts,
                "line": row.line,
                "doubts": read.doubts(),
                "reading": reading(read.as_activity()),
                "fields": [(name, label_of(name), row[name]) for name in CORRECTED],
            }
            for row, read in pairs
        ],
        "packed": pack(draft),
        "progress": str(uuid4()),
        "bases": find_bases(draft.parts.bases),
        "sections": [label_of_plan(name) for name, text in draft.parts.texts.items() if text],
        "unknown": list(dict.fromkeys(unknown)),
        "agencies": Organisation.objects.valid_on(draft.day).order_by("name", "pk")
        if unknown
        else (),
        "doubtful": sum(bool(read.doubts()) for _row, read in pairs),
        "issuer": issuer or draft.facts.issuer,
        "breadcrumbs_items": crumbs(
            (reverse("campaigns_plans:import"), _("Import from a file")), ("", _("Review"))
        ),
        "header_title": _("Review before saving"),
        "header_icon": "upload",
    }


def label_of(name: str) -> str:
    labels = {
        "lead_text": _("Lead agency"),
        "partner_text": _("Coordinating agency"),
        "deadline_text": _("Implementation period"),
        "quantity_text": _("Quantity"),
    }
    return labels[name]


def label_of_plan(name: str) -> str:
    return capfirst(str(Plan._meta.get_field(name).verbose_name))


def corrected(found: Unpacked, data: QueryDict) -> Unpacked:
    """Return the rows with what the person wrote into them, and the agencies they named."""
    rows = []
    for index, row in enumerate(found.rows):
        given = {
            name: clean_cell(str(data[key]))
            for name in CORRECTED
            if (key := f"row-{index}-{name}") in data
        }
        rows.append(PlanRow(row.line, {**row.texts, **given}))
    known = dict(found.known)
    names, keys = data.getlist("unknown"), data.getlist("agency")
    for name, key in zip(names, keys, strict=False):
        if key.isdecimal():
            known[name] = int(key)
    return replace(found, rows=rows, known=known)


def confirm_import(request: HttpRequest) -> HttpResponse:
    """Store the rows a person has reviewed, or show them again with what was corrected.

    They come back signed, so nobody else wrote them. What cannot be stored is shown with its
    faults, and nothing of the review is lost.
    """
    try:
        before = unpack(request.POST["draft"])
    except signing.BadSignature as error:
        raise PermissionDenied from error
    found = corrected(before, request.POST)
    try:
        draft = found.read()
    except ImportFailedError as error:
        return shown(request, before.read(), error.problems)
    if "check" in request.POST:
        return shown(request, draft)
    wanted = frozenset(int(key) for key in request.POST.getlist("basis") if key.isdecimal())
    told = progress.Progress(request.POST.get("progress", ""))
    try:
        outcome = store(replace(draft, new_bases=wanted), request.user, told)
    except ImportFailedError as error:
        return shown(request, draft, error.problems)
    finally:
        told.end()
    say(request, outcome, len(draft.rows))
    return redirect(overview_url(outcome.plan))


@permission_required(["campaigns.add_plan", "campaigns.change_plan"], raise_exception=True)
def import_progress(request: HttpRequest) -> JsonResponse:
    """Say how many rows of the import that the page waits for are stored; ``null`` if unknown."""
    found = progress.read(request.GET.get("key", ""))
    answer = {"done": found[0], "total": found[1]} if found else None
    return JsonResponse(answer, safe=False, headers={"Cache-Control": "no-store"})


def say(request: HttpRequest, outcome: Outcome, count: int) -> None:
    template = (
        ngettext(
            "Plan “%(plan)s” was created as a draft with %(count)d activity.",
            "Plan “%(plan)s” was created as a draft with %(count)d activities.",
            count,
        )
        if outcome.is_new
        else ngettext(
            "Plan “%(plan)s” was there already and was brought up to date: %(count)d activity.",
            "Plan “%(plan)s” was there already and was brought up to date: %(count)d activities.",
            count,
        )
    )
    messages.success(request, template % {"plan": outcome.plan.label, "count": count})
    for warning in outcome.warnings:
        messages.warning(request, warning)
