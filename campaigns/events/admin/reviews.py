"""Pages of campaigns of review."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from campaigns.admin.slot_forms import ReasonForm
from campaigns.events import access, reviewing
from campaigns.events.admin.forms import AgenciesForm, FileForm
from campaigns.events.admin.pages import form_page, page, review_of, review_url, saves
from campaigns.events.admin.review_forms import (
    DecideForm,
    NominationForm,
    OwnReviewForm,
    ProductForm,
    ReviewForm,
    StageForm,
)
from campaigns.events.models import (
    AgencyReview,
    Nomination,
    ReviewCampaign,
    ReviewProduct,
    ReviewStage,
)
from campaigns.models import Plan
from core.errors import RefusedError
from core.sheets import download
from core.text import slugify

CHANGE = access.CHANGE_REVIEW
PARTS: dict[str, tuple[Any, Any, Any]] = {
    "stages": (ReviewStage, StageForm, gettext_lazy("New stage")),
    "products": (ReviewProduct, ProductForm, gettext_lazy("New product of the review")),
    "nominations": (Nomination, NominationForm, gettext_lazy("New nomination")),
}


def step_of(campaign: ReviewCampaign) -> tuple[str, str]:
    return review_url(campaign), str(campaign)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a campaign: stages, products, and the agencies as far as they concern the person."""
    campaign = review_of(request, pk)
    user: Any = request.user
    may_change, mine, today = user.has_perm(CHANGE), access.own(user), timezone.localdate()
    stages = list(campaign.stages.select_related("organisation", "event"))
    products = list(campaign.products.select_related("organisation", "document"))
    due = reviewing.due_of(stages)
    lines = reviewing.table(campaign, due, today)
    nominations = campaign.nominations.select_related("organisation", "document")
    if not may_change:
        nominations = nominations.filter(organisation__in=mine)
    return page(
        request,
        "review.html",
        campaign.title,
        campaign=campaign,
        steps=reviewing.steps(stages, lines, products, today),
        products=products,
        due=due,
        lines=[one for one in lines if may_change or one.review.organisation_id in mine],
        figures=reviewing.figures(lines),
        nominations=nominations,
        mine=mine,
        may_change=may_change,
        may_delete=user.has_perm("campaigns.delete_reviewcampaign"),
        may_answer=user.has_perm(access.ANSWER_REVIEW),
        may_nominate=may_change
        or any(access.answers(user, one.review.organisation_id, mine) for one in lines),
    )


@permission_required("campaigns.add_reviewcampaign", raise_exception=True)
def add(request: HttpRequest) -> HttpResponse:
    """Begin a campaign of the plan that the address names."""
    key = request.GET.get("plan", "")
    if not key.isdigit():
        raise Http404
    plan = get_object_or_404(Plan, pk=key)
    campaign = ReviewCampaign(plan=plan)
    form = ReviewForm(request.POST or None, instance=campaign, initial={"lead": plan.issuer_id})
    if request.method == "POST" and saves(form):
        return redirect(review_url(campaign))
    return form_page(
        request, form, _("New campaign of review"), reverse("campaigns_events"), plan=plan
    )


@permission_required(CHANGE, raise_exception=True)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the facts of a campaign."""
    campaign = review_of(request, pk)
    form = ReviewForm(request.POST or None, instance=campaign)
    if request.method == "POST" and saves(form):
        messages.success(request, _("Saved."))
        return redirect(review_url(campaign))
    title = _("Facts of the campaign")
    return form_page(request, form, title, review_url(campaign), step_of(campaign))


@permission_required("campaigns.delete_reviewcampaign", raise_exception=True)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a campaign to which no agency answered."""
    campaign = review_of(request, pk)
    answered = campaign.reviews.exclude(first_submitted_at=None)
    if answered.exists() or campaign.nominations.exists():
        messages.error(request, _("Agencies have answered already: the campaign is kept."))
        return redirect(review_url(campaign))
    campaign.delete()
    messages.success(request, _("“%(name)s” was deleted.") % {"name": campaign.title})
    return redirect("campaigns_events")


@permission_required(CHANGE, raise_exception=True)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask agencies, and all members of groups, for their own reviews."""
    campaign = review_of(request, pk)
    today = timezone.localdate()
    form = AgenciesForm(request.POST or None, day=today)
    if request.method == "POST" and form.is_valid():
        count = reviewing.ask(campaign, form.chosen, today)
        text = ngettext("%(count)d agency was added.", "%(count)d agencies were added.", count)
        messages.success(request, text % {"count": count})
        return redirect(review_url(campaign))
    title = _("Ask agencies for their reviews")
    return form_page(request, form, title, review_url(campaign), step_of(campaign), label=title)


@permission_required(CHANGE, raise_exception=True)
@require_POST
def unask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask an agency no longer that has handed in nothing."""
    review = get_object_or_404(AgencyReview.objects.select_related("campaign"), pk=pk)
    if review.first_submitted_at is not None:
        messages.error(request, _("This agency has answered already: its review is kept."))
    else:
        review.delete()
    return redirect(review_url(review.campaign))


@permission_required(CHANGE, raise_exception=True)
def export(request: HttpRequest, pk: int) -> Any:
    """Return the table of the agencies as a workbook."""
    campaign = review_of(request, pk)
    due = reviewing.due_of(campaign.stages.all())
    headings = [
        _("Agency"),
        _("Result"),
        _("State"),
        _("Number and symbol"),
        _("First submitted at"),
        _("Submitted by"),
        _("File"),
        _("Nominations"),
        _("Reason of the return"),
    ]
    rows = [
        [
            str(one.review.organisation),
            str(one.standing.label),
            str(one.review.get_state_display()),
            one.review.number,
            one.review.first_submitted_at,
            str(one.review.submitted_by or ""),
            str(one.review.document.filename if one.review.document else ""),
            one.nominations,
            one.review.returned_reason,
        ]
        for one in reviewing.table(campaign, due, timezone.localdate())
    ]
    return download("xlsx", slugify(f"tinh-hinh {campaign.title}", limit=90), headings, rows)


def review_part(request: HttpRequest, part: str, campaign: ReviewCampaign, row: Any) -> Any:
    """Return the form of a stage, a product or a nomination, as the person may fill it in.

    Raises ``PermissionDenied``: stages and products are for planners, nominations also for the
    agency that proposes, until they are considered.
    """
    user: Any = request.user
    form_class = PARTS[part][1]
    data, may_change = request.POST or None, user.has_perm(CHANGE)
    if part != "nominations":
        if not may_change:
            raise PermissionDenied
        return form_class(data, instance=row)
    mine = access.own(user)
    if not may_change:
        if not user.has_perm(access.ANSWER_REVIEW):
            raise PermissionDenied
        if row.pk is not None and (row.organisation_id not in mine or not row.is_open):
            raise PermissionDenied
        if not campaign.reviews.filter(organisation__in=mine).exists():
            raise PermissionDenied
    only = None if may_change else mine
    return NominationForm(data, request.FILES or None, instance=row, user=user, only=only)


def add_part(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Add a stage, a product or a nomination."""
    campaign = review_of(request, pk)
    model, _form, title = PARTS[part]
    form = review_part(request, part, campaign, model(campaign=campaign))
    return part_page(request, campaign, part, form, str(title))


def edit_part(request: HttpRequest, part: str, pk: int) -> HttpResponse:
    """Change a stage, a product or a nomination."""
    row = get_object_or_404(PARTS[part][0], pk=pk)
    campaign = review_of(request, row.campaign_id)
    return part_page(request, campaign, part, review_part(request, part, campaign, row), str(row))


def part_page(
    request: HttpRequest, campaign: ReviewCampaign, part: str, form: Any, title: str
) -> HttpResponse:
    if request.method == "POST" and saves(form):
        messages.success(request, _("Saved."))
        return redirect(f"{review_url(campaign)}#{part}")
    is_upload = part == "nominations"
    return form_page(
        request, form, title, review_url(campaign), step_of(campaign), is_upload=is_upload
    )


@require_POST
def delete_part(request: HttpRequest, part: str, pk: int) -> HttpResponse:
    """Take a stage, a product or a nomination off a campaign."""
    row = get_object_or_404(PARTS[part][0], pk=pk)
    campaign = review_of(request, row.campaign_id)
    review_part(request, part, campaign, row)  # refuses those who may not
    row.delete()
    messages.success(request, _("“%(name)s” was removed.") % {"name": row})
    return redirect(f"{review_url(campaign)}#{part}")


@permission_required(CHANGE, raise_exception=True)
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a stage is done which the system cannot know of; or that it is not."""
    row = get_object_or_404(ReviewStage.objects.select_related("campaign"), pk=pk)
    row.done_at = None if request.POST.get("undo") else row.done_at or timezone.now()
    row.save(update_fields=["done_at"])
    return redirect(f"{review_url(row.campaign)}#stages")


@permission_required(CHANGE, raise_exception=True)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Consider, approve or refuse a nomination."""
    row = get_object_or_404(Nomination.objects.select_related("campaign"), pk=pk)
    form = DecideForm(request.POST or None, initial={"state": row.state, "reason": row.reason})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            reviewing.decide(row, values["state"], values["reason"], request.user)
        except RefusedError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{review_url(row.campaign)}#nominations")
    back = review_url(row.campaign)
    return form_page(request, form, row.name, back, step_of(row.campaign), nomination=row)


def submit_product(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the draft of a product, by the agency that leads it."""
    row = get_object_or_404(ReviewProduct, pk=pk)
    campaign = review_of(request, row.campaign_id)
    user: Any = request.user
    if not user.has_perm(CHANGE) and not access.answers(
        user, row.organisation_id, access.own(user)
    ):
        raise PermissionDenied
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        row.document = form.stored(row.title, user)
        if row.state == row.State.ASSIGNED:
            row.state = row.State.DRAFTED
        row.save(update_fields=["document", "state"])
        messages.success(request, _("“%(title)s” was submitted.") % {"title": row.title})
        return redirect(f"{review_url(campaign)}#products")
    title = _("Submit the draft")
    back = review_url(campaign)
    return form_page(request, form, row.title, back, step_of(campaign), label=title, is_upload=True)


def own(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one agency's review; the agency writes and submits it, the lead agency judges it."""
    review = get_object_or_404(
        AgencyReview.objects.select_related("organisation", "document"), pk=pk
    )
    campaign = review_of(request, review.campaign_id)
    user: Any = request.user
    is_own = access.answers(user, review.organisation_id, access.own(user))
    if not is_own and not user.has_perm(CHANGE):
        raise PermissionDenied
    may_write = is_own and review.is_open
    form = OwnReviewForm(request.POST or None, request.FILES or None, instance=review, user=user)
    if request.method == "POST":
        if not is_own:
            raise PermissionDenied
        if handed_in(request, form, review):
            return redirect("campaigns_review_own", pk)
    return page(
        request,
        "own.html",
        str(review.organisation),
        step_of(campaign),
        campaign=campaign,
        review=review,
        form=form if may_write or form.is_bound else None,
        reason_form=ReasonForm(),
        may_judge=user.has_perm(CHANGE),
        due=reviewing.due_of(campaign.stages.all()),
        back=review_url(campaign),
    )


def handed_in(request: HttpRequest, form: OwnReviewForm, review: AgencyReview) -> bool:
    """Save what was entered, and submit it if that button was pressed; whether all went well."""
    if not saves(form):
        return False
    if "submit" not in request.POST:
        messages.success(request, _("Saved."))
        return True
    try:
        reviewing.submit(review, request.user)
    except RefusedError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("The review was submitted."))
    return True


@permission_required(CHANGE, raise_exception=True)
@require_POST
def judge(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Accept an agency's review, or return it with a reason."""
    review = get_object_or_404(AgencyReview, pk=pk)
    try:
        if verb == "accept":
            reviewing.accept(review, request.user)
        else:
            reviewing.give_back(review, request.POST.get("reason", "")[:2000], request.user)
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("campaigns_review_own", pk)
