"""Campaigns of review as something due: agencies' own reviews, stages, and products."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.chasing.dues import Agencies, Due, register_source
from campaigns.events.models import AgencyReview, ReviewProduct, ReviewStage
from campaigns.models import Plan

Kind = ReviewStage.Kind


def _here(agencies: Agencies) -> Q:
    """Return the condition on rows of campaigns of plans in force, of these agencies or of all."""
    found = Q(campaign__plan__in=Plan.objects.in_force())
    return found if agencies is None else found & Q(organisation__in=agencies)


@register_source
def own_reviews(first: date, last: date, agencies: Agencies) -> Iterable[Due]:
    """Yield the reviews that agencies were asked for and have not handed in. One query.

    They are due on the last day of the stages for the agencies: see ``events.reviewing.due_of``.
    """
    day = Max("campaign__stages__due_on", filter=Q(campaign__stages__kind=Kind.AGENCIES))
    rows = AgencyReview.objects.filter(
        _here(agencies), state__in=[AgencyReview.State.ASKED, AgencyReview.State.RETURNED]
    ).annotate(day=day)
    wanted: Any = rows.filter(day__range=(first, last)).select_related("campaign")
    for review in wanted.order_by("pk"):
        yield Due(
            key=f"review:{review.pk}",
            title=_("The agency's own review: %(campaign)s") % {"campaign": review.campaign},
            agency=review.organisation_id,
            day=review.day,
            url=reverse("campaigns_review_own", args=[review.pk]),
            plan=review.campaign.plan_id,
            state=str(review.get_state_display()),
        )


@register_source
def review_stages(first: date, last: date, agencies: Agencies) -> Iterable[Due]:
    """Yield the stages that an agency has to carry out. One query.

    Reviews of the agencies and the review of the province are due by themselves: above, below.
    """
    rows = ReviewStage.objects.filter(
        _here(agencies),
        Q(event=None, done_at=None)
        | Q(event__isnull=False, event__held_at=None, event__cancelled_at=None),
        kind__in=[Kind.CONFERENCE, Kind.OTHER],
        organisation__isnull=False,
        due_on__range=(first, last),
    )
    for stage in rows.select_related("campaign").order_by("pk"):
        if stage.organisation_id is not None:
            yield _of_campaign(f"review-stage:{stage.pk}", stage, stage.organisation_id, stage.name)


@register_source
def review_products(first: date, last: date, agencies: Agencies) -> Iterable[Due]:
    """Yield the products of which no draft was handed in. One query."""
    rows = ReviewProduct.objects.filter(
        _here(agencies), state=ReviewProduct.State.ASSIGNED, due_on__range=(first, last)
    )
    for product in rows.select_related("campaign").order_by("pk"):
        key, state = f"review-product:{product.pk}", str(product.get_state_display())
        yield _of_campaign(key, product, product.organisation_id, product.title, state)


def _of_campaign(
    key: str, row: ReviewStage | ReviewProduct, agency: int, name: str, state: str = ""
) -> Due:
    return Due(
        key=key,
        title=f"{name}: {row.campaign}",
        agency=agency,
        day=row.due_on,
        url=reverse("campaigns_review", args=[row.campaign_id]),
        plan=row.campaign.plan_id,
        state=state,
    )
