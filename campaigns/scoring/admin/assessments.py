"""Pages of assessments: the agency's scores, their evidence, verification, comparison."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from campaigns.admin.frame import back_to
from campaigns.scoring import actions, proving
from campaigns.scoring.actions import ConflictError, Said
from campaigns.scoring.admin.forms import (
    AnswerForm,
    ProofForm,
    ReasonForm,
    ValueForm,
    VerifyForm,
)
from campaigns.scoring.admin.pages import VERIFY, answerable, is_own, page, readable
from campaigns.scoring.models import (
    Answer,
    Assessment,
    Criterion,
    CriterionSet,
    Entry,
    Proof,
)
from campaigns.scoring.notation import write_notation
from campaigns.scoring.overview import comparison, history, overview
from campaigns.scoring.points import score
from campaigns.scoring.rules import LABELS
from campaigns.slots import figures
from campaigns.slots.figures import Figures
from campaigns.slots.models import Slot
from core.errors import RefusedError
from core.sheets import download
from core.text import slugify

ENTRIES_SHOWN = 50


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an assessment: its scores, what would raise them, the year's end, earlier years."""
    assessment = readable(request, pk)
    user: Any = request.user
    may_verify = user.has_perm(VERIFY) and assessment.state == assessment.State.SUBMITTED
    return page(
        request,
        "assessment.html",
        str(assessment),
        assessment=assessment,
        set=assessment.criteria_set,
        found=overview(assessment, timezone.localdate()),
        years=history(assessment.organisation),
        may_answer=is_own(request, assessment) and assessment.is_answerable,
        may_verify=may_verify,
        may_close=may_verify and assessment.submitted_by_id != user.pk,
        reason_form=ReasonForm(),
    )


@require_POST
@back_to("campaigns_scoring_assessment")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the scores of the person's own agency."""
    actions.submit(answerable(request, pk), request.user)
    messages.success(request, _("The scores were submitted and are locked."))
    return redirect("campaigns_scoring_assessment", pk)


@permission_required(VERIFY, raise_exception=True)
@require_POST
@back_to("campaigns_scoring_assessment")
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the scores back to the agency with a reason."""
    actions.send_back(readable(request, pk), request.POST.get("reason", ""), request.user)
    messages.success(request, _("The scores were sent back to the agency."))
    return redirect("campaigns_scoring_assessment", pk)


@permission_required(VERIFY, raise_exception=True)
@require_POST
@back_to("campaigns_scoring_assessment")
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the verification."""
    actions.finish(readable(request, pk), request.user)
    messages.success(request, _("The verification is closed."))
    return redirect("campaigns_scoring_assessment", pk)


def scored(assessment: Assessment, pk: int) -> Criterion:
    """Return the criterion of the assessment's set that has a rule, or raise ``Http404``."""
    return get_object_or_404(
        Criterion, pk=pk, criteria_set=assessment.criteria_set_id, rule__isnull=False
    )


def answer_of(assessment: Assessment, criterion: Criterion) -> Answer:
    """Return the answer, a new one if there is none yet."""
    found = assessment.answers.filter(criterion=criterion).first()
    return found or Answer(assessment=assessment, criterion=criterion)


def answer(request: HttpRequest, pk: int, criterion: int) -> HttpResponse:
    """Show one criterion, and take what the agency says or what the Department found."""
    assessment = readable(request, pk)
    one = scored(assessment, criterion)
    found = answer_of(assessment, one)
    may_answer = is_own(request, assessment) and assessment.is_answerable
    may_answer = may_answer and one.method == Criterion.Method.SELF
    if request.method == "POST" and not may_answer:
        return locked(request, assessment, one)
    forms = answer_forms(request, one, found)
    if request.method == "POST" and are_valid(forms):
        try:
            actions.say(assessment, one, said(forms), seen_in(forms), request.user)
        except ConflictError as error:
            return conflict(request, assessment, one, error.answer, forms)
        except RefusedError as error:
            forms["form"].add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns_scoring_answer", pk, criterion)
    return answer_page(request, assessment, one, found, forms, may_answer=may_answer)


def locked(request: HttpRequest, assessment: Assessment, one: Criterion) -> HttpResponse:
    """Say why nothing was saved, with what was typed: it was submitted meanwhile, or is not own."""
    if not is_own(request, assessment):
        raise PermissionDenied
    try:
        actions.require_answerable(assessment)
        actions.say(assessment, one, Said(None), 0, request.user)
    except RefusedError as error:
        messages.error(request, str(error))
    found = answer_of(assessment, one)
    forms = answer_forms(request, one, found)
    return answer_page(request, assessment, one, found, forms, may_answer=False, typed=True)


def answer_forms(request: HttpRequest, one: Criterion, found: Answer) -> dict[str, Any]:
    rule, data = one.reading(), request.POST or None
    value = found.reading(rule)
    own = None if found.self_points == score(rule, value).points else found.self_points
    initial = {"points": own, "explanation": found.explanation, "seen": found.revision}
    return {
        "now": ValueForm(rule, data, value, "now"),
        "end": ValueForm(rule, data, found.expectation(rule), "end"),
        "form": AnswerForm(data, initial=initial),
    }


def are_valid(forms: dict[str, Any]) -> bool:
    """Whether all are valid; each is asked, so that each says what is wrong with it."""
    return not [form for form in forms.values() if not form.is_valid()]


def seen_in(forms: dict[str, Any]) -> int:
    """Return the revision that the person had before them."""
    seen: int = forms["form"].cleaned_data["seen"]
    return seen


def said(forms: dict[str, Any]) -> Said:
    values = forms["form"].cleaned_data
    return Said(
        forms["now"].value, forms["end"].value, values["points"], values["explanation"].strip()
    )


def conflict(
    request: HttpRequest,
    assessment: Assessment,
    one: Criterion,
    theirs: Answer,
    forms: dict[str, Any],
) -> HttpResponse:
    """Show both: what the other saved, and what the person typed, which a second press saves."""
    data = request.POST.copy()
    data["seen"] = str(theirs.revision)
    forms["form"] = AnswerForm(data)
    forms["form"].is_valid()
    rule = one.reading()
    last = theirs.entries.select_related("made_by").order_by("made_at", "pk").last()
    return answer_page(
        request,
        assessment,
        one,
        theirs,
        forms,
        may_answer=True,
        typed=True,
        other=last,
        others=score(rule, theirs.reading(rule)),
    )


def answer_page(
    request: HttpRequest,
    assessment: Assessment,
    one: Criterion,
    found: Answer,
    forms: dict[str, Any],
    *,
    may_answer: bool,
    **context: Any,
) -> HttpResponse:
    rule = one.reading()
    user: Any = request.user
    may_verify = user.has_perm(VERIFY) and assessment.state == assessment.State.SUBMITTED
    points = found.verified_points if found.verified_points is not None else found.self_points
    initial = {"points": points, "reason": found.verified_reason, "seen": found.revision}
    back = reverse("campaigns_scoring_assessment", args=[assessment.pk])
    entries = Entry.objects.filter(answer=found.pk).select_related("made_by")
    frame = {
        "assessment": assessment,
        "set": assessment.criteria_set,
        "criterion": one,
        "answer": found,
        "kind": LABELS[rule.kind],
        "rule": write_notation(rule),
        "counted": counted(assessment) if rule.kind == "proportional" else None,
        "score": score(rule, found.reading(rule)),
        "proofs": Proof.objects.filter(answer=found.pk).select_related("evidence", "document"),
        "entries": entries.order_by("-made_at", "-pk")[:ENTRIES_SHOWN],
        "may_answer": may_answer,
        "may_verify": may_verify and assessment.submitted_by_id != user.pk,
        "verify_form": VerifyForm(initial=initial),
        "proof_form": ProofForm(assessment=assessment, answer=found),
        "back": back,
    }
    return page(
        request, "answer.html", str(one), (back, str(assessment)), **frame | forms | context
    )


def counted(assessment: Assessment) -> Figures:
    """Return the agency's slots of the year, which a share of work done may be taken from."""
    slots = Slot.objects.filter(
        organisation=assessment.organisation_id, due_on__year=assessment.year
    )
    return figures.of(slots)


@permission_required(VERIFY, raise_exception=True)
@require_POST
def verify(request: HttpRequest, pk: int, criterion: int) -> HttpResponse:
    """Enter the Department's points of one criterion."""
    assessment = readable(request, pk)
    one = scored(assessment, criterion)
    form = VerifyForm(request.POST)
    found = answer_of(assessment, one)
    if form.is_valid():
        values = form.cleaned_data
        try:
            actions.verify(
                assessment, one, values["points"], values["reason"], values["seen"], request.user
            )
        except ConflictError as error:
            data = request.POST.copy()
            data["seen"] = str(error.answer.revision)
            found, form = error.answer, VerifyForm(data)
            form.add_error(None, str(error))
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns_scoring_assessment", pk)
    forms = {
        "now": ValueForm(one.reading(), None, found.reading(one.reading()), "now"),
        "form": AnswerForm(initial={"seen": found.revision}),
    }
    return answer_page(request, assessment, one, found, forms, may_answer=False, verify_form=form)


@require_POST
def add_proof(request: HttpRequest, pk: int, criterion: int) -> HttpResponse:
    """Add evidence to the agency's own answer."""
    assessment = answerable(request, pk)
    one = scored(assessment, criterion)
    found = answer_of(assessment, one)
    form = ProofForm(request.POST, request.FILES, assessment=assessment, answer=found)
    if form.is_valid():
        try:
            add_all(assessment, one, form.cleaned_data, request.user)
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns_scoring_answer", pk, criterion)
    rule = one.reading()
    forms = {
        "now": ValueForm(rule, None, found.reading(rule), "now"),
        "end": ValueForm(rule, None, found.expectation(rule), "end"),
        "form": AnswerForm(initial={"explanation": found.explanation, "seen": found.revision}),
    }
    may_answer = assessment.is_answerable
    return answer_page(
        request, assessment, one, found, forms, may_answer=may_answer, proof_form=form
    )


def add_all(assessment: Assessment, one: Criterion, values: dict[str, Any], user: Any) -> None:
    title = values.get("title") or ""
    if values.get("url"):
        proving.add(assessment, one, user, title=title, url=values["url"])
    if values.get("file"):
        proving.add(assessment, one, user, title=title, file=values["file"])
    for piece in values.get("evidence") or []:
        proving.add(assessment, one, user, evidence=piece)


@require_POST
def remove_proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Take evidence off the agency's own answer."""
    proof = get_object_or_404(Proof.objects.select_related("answer"), pk=pk)
    assessment = answerable(request, proof.answer.assessment_id)
    try:
        proving.remove(proof)
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("campaigns_scoring_answer", assessment.pk, proof.answer.criterion_id)


@permission_required(VERIFY, raise_exception=True)
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Show agencies by criteria; ``?export=xlsx`` or ``csv`` returns the table."""
    criteria_set = get_object_or_404(CriterionSet, pk=pk)
    criteria, rows = comparison(criteria_set)
    form = request.GET.get("export", "")
    if form in {"xlsx", "csv"}:
        return exported(form, criteria_set, criteria, rows)
    back = reverse("campaigns_scoring_set", args=[pk])
    return page(
        request,
        "compare.html",
        _("Comparison of agencies"),
        (back, str(criteria_set)),
        set=criteria_set,
        criteria=criteria,
        rows=rows,
    )


def exported(form: str, criteria_set: CriterionSet, criteria: Any, rows: Any) -> Any:
    """Return the comparison as a file; each row of a sample says that it is one."""
    label = [_("sample")] if criteria_set.is_sample else []
    headings = [_("Agency"), _("Status"), _("Total"), *map(str, criteria)]
    table = [
        [
            str(row.assessment.organisation),
            str(row.assessment.get_state_display()),
            float(row.total),
            *(None if cell is None else float(cell) for cell in row.cells),
            *label,
        ]
        for row in rows
    ]
    name = slugify(f"{'bo-mau ' if label else ''}so-sanh {criteria_set}", limit=100)
    return download(form, name, headings + [_("Note")] * len(label), table)
