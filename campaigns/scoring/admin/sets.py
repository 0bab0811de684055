"""Pages of criterion sets: the list, the editor, files."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from campaigns.admin.frame import back_to
from campaigns.importing.problems import ImportFailedError
from campaigns.scoring import actions, exchange
from campaigns.scoring.admin.forms import BeginForm, CriterionForm, ImportForm, SetForm
from campaigns.scoring.admin.pages import ADD, ANSWER, CHANGE, DELETE, VERIFY, VIEW, page
from campaigns.scoring.files import FORMS
from campaigns.scoring.models import Assessment, Criterion, CriterionSet
from campaigns.scoring.notation import write_notation
from campaigns.scoring.overview import POINTS, maxima
from campaigns.scoring.rules import LABELS
from campaigns.scoring.tree import MOST_DEPTH, arrange, set_faults
from core.text import slugify

SHOWN = 300
PROBLEMS_SHOWN = 50


@permission_required(VIEW, raise_exception=True)
def start(request: HttpRequest) -> HttpResponse:
    """Show the sets, and the assessments that the person may read."""
    user: Any = request.user
    may_all = user.has_perm(VERIFY)
    form = BeginForm(request.POST or None, user=user, may_all=may_all)
    may_begin = may_all or user.has_perm(ANSWER)
    if request.method == "POST" and may_begin and form.is_valid():
        values = form.cleaned_data
        made = actions.begin(values["criteria_set"], values["organisation"], user)
        return redirect("campaigns_scoring_assessment", made.pk)
    found = Assessment.objects.select_related("organisation", "criteria_set").annotate(sum=POINTS)
    if not may_all:
        found = found.of_agencies(user.organisations.all())
    assessments = list(found.in_order()[:SHOWN])
    most = maxima(list({one.criteria_set_id for one in assessments}))
    return page(
        request,
        "start.html",
        _("Scoring"),
        sets=CriterionSet.objects.annotate(size=Count("criteria")).order_by("-year", "title", "pk"),
        assessments=[(one, most.get(one.criteria_set_id)) for one in assessments],
        form=form if may_begin else None,
        may_add=user.has_perm(ADD),
        may_compare=may_all,
    )


@permission_required(VIEW, raise_exception=True)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a set as a table of its tree, with what is wrong in it."""
    criteria_set = get_object_or_404(CriterionSet, pk=pk)
    criteria = list(criteria_set.criteria.order_by("position", "pk"))
    return page(
        request,
        "set.html",
        str(criteria_set),
        set=criteria_set,
        rows=[rule_words(one) for one in criteria],
        faults=set_faults(criteria),
        total=sum(one.maximum for one in criteria if one.parent_id is None),
        may_change=request.user.has_perm(CHANGE) and not criteria_set.is_open,
        may_state=request.user.has_perm(CHANGE),
        may_delete=request.user.has_perm(DELETE),
        may_compare=request.user.has_perm(VERIFY),
        most_depth=MOST_DEPTH,
    )


def rule_words(one: Criterion) -> dict[str, Any]:
    """Return a criterion with its rule as it is written."""
    if not one.is_scored:
        return {"criterion": one, "kind": "", "rule": ""}
    rule = one.reading()
    return {"criterion": one, "kind": LABELS[rule.kind], "rule": write_notation(rule)}


def edited(
    request: HttpRequest, form: Any, title: str, back: str, *steps: tuple[str, str]
) -> HttpResponse:
    return page(request, "form.html", title, *steps, form=form, back=back, label=_("Save"))


@permission_required(ADD, raise_exception=True)
def add(request: HttpRequest) -> HttpResponse:
    """Begin a set by its facts."""
    form = SetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("campaigns_scoring_set", form.save().pk)
    return edited(request, form, _("New criterion set"), reverse("campaigns_scoring"))


@permission_required(CHANGE, raise_exception=True)
@back_to("campaigns_scoring_set")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the facts of a set that is not open."""
    criteria_set = get_object_or_404(CriterionSet, pk=pk)
    actions.require_unopened(criteria_set)
    back = reverse("campaigns_scoring_set", args=[pk])
    form = SetForm(request.POST or None, instance=criteria_set)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect(back)
    return edited(request, form, _("Facts of the set"), back, (back, str(criteria_set)))


@permission_required(DELETE, raise_exception=True)
@require_POST
@back_to("campaigns_scoring_set")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a set by which nobody is scored."""
    criteria_set = get_object_or_404(CriterionSet, pk=pk)
    actions.require_unopened(criteria_set)
    criteria_set.delete()
    messages.success(request, _("The set was deleted."))
    return redirect("campaigns_scoring")


@permission_required(CHANGE, raise_exception=True)
@require_POST
@back_to("campaigns_scoring_set")
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a set for scoring, or close it for changes."""
    criteria_set = get_object_or_404(CriterionSet, pk=pk)
    change = actions.close_set if criteria_set.is_open else actions.open_set
    change(criteria_set, request.user)
    return redirect("campaigns_scoring_set", pk)


@permission_required(CHANGE, raise_exception=True)
@back_to("campaigns_scoring_set")
def add_criterion(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a criterion to a set; ``?parent=`` says below which."""
    criteria_set = get_object_or_404(CriterionSet, pk=pk)
    parent = request.GET.get("parent", "")
    initial = {"parent": parent} if parent.isdigit() else {}
    return criterion_form(request, Criterion(criteria_set=criteria_set), initial)


@permission_required(CHANGE, raise_exception=True)
def edit_criterion(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a criterion of a set that is not open."""
    one = get_object_or_404(Criterion.objects.select_related("criteria_set"), pk=pk)
    return back_to("campaigns_scoring_set")(lambda request, pk: criterion_form(request, one, {}))(
        request, one.criteria_set_id
    )


def criterion_form(request: HttpRequest, one: Criterion, initial: dict[str, Any]) -> HttpResponse:
    actions.require_unopened(one.criteria_set)
    back = reverse("campaigns_scoring_set", args=[one.criteria_set_id])
    form = CriterionForm(request.POST or None, instance=one, initial=initial)
    title = _("New criterion") if one.pk is None else str(one)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            saved = form.save()
            arrange(saved.criteria_set)
        return redirect(f"{back}#criterion-{saved.pk}")
    return edited(request, form, title, back, (back, str(one.criteria_set)))


@permission_required(CHANGE, raise_exception=True)
@require_POST
def delete_criterion(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a criterion and its parts out of a set that is not open."""
    one = get_object_or_404(Criterion.objects.select_related("criteria_set"), pk=pk)

    def remove(request: HttpRequest, pk: int) -> HttpResponse:
        actions.require_unopened(one.criteria_set)
        with transaction.atomic():
            one.delete()
            arrange(one.criteria_set)
        return redirect("campaigns_scoring_set", pk)

    return back_to("campaigns_scoring_set")(remove)(request, one.criteria_set_id)


@permission_required(ADD, raise_exception=True)
def import_set(request: HttpRequest) -> HttpResponse:
    """Take a file; either all of it becomes a set, or every fault is named with its line."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = exchange.store(exchange.read_set(form.cleaned_data["file"].read()))
        except ImportFailedError as error:
            form.add_error("file", [str(problem) for problem in error.problems[:PROBLEMS_SHOWN]])
        else:
            count = made.criteria.count()
            text = ngettext(
                "The set was imported with %(count)d criterion.",
                "The set was imported with %(count)d criteria.",
                count,
            )
            messages.success(request, text % {"count": count})
            return redirect("campaigns_scoring_set", made.pk)
    back = reverse("campaigns_scoring")
    title, label = _("Import a criterion set"), _("Import")
    return page(request, "form.html", title, form=form, back=back, label=label, is_upload=True)


@permission_required(VIEW, raise_exception=True)
def export_set(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Return a set as a file; the name of a sample says what it is."""
    criteria_set = get_object_or_404(CriterionSet, pk=pk)
    response = HttpResponse(exchange.export(criteria_set, form), content_type=FORMS[form])
    kind = "bo-mau" if criteria_set.is_sample else "bo-tieu-chi"
    name = slugify(f"{kind} {criteria_set.title} {criteria_set.year}", limit=100)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
