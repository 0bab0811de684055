"""Campaigns of review: who is asked, who handed in, what was decided of nominations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from campaigns.events.models import (
    AgencyReview,
    Nomination,
    ReviewCampaign,
    ReviewProduct,
    ReviewStage,
)
from core import audit
from core.errors import RefusedError
from organisations.models import Organisation

State = AgencyReview.State


class Standing(TextChoices):
    """Where an agency stands with its review."""

    WAITED = "waited", pgettext_lazy("agency's review", "not yet due")
    MISSING = "missing", pgettext_lazy("agency's review", "missing")
    ON_TIME = "on-time", pgettext_lazy("agency's review", "on time")
    LATE = "late", pgettext_lazy("agency's review", "late")


@dataclass(frozen=True, slots=True)
class Line:
    """One agency in the table of a campaign."""

    review: AgencyReview
    standing: Standing
    nominations: int


@dataclass(frozen=True, slots=True)
class Step:
    """A stage, and whether it is done or late."""

    stage: ReviewStage
    is_done: bool
    is_late: bool
    detail: str = ""


def due_of(stages: Iterable[ReviewStage]) -> date | None:
    """Return until when the agencies' own reviews are asked for."""
    days = [one.due_on for one in stages if one.kind == ReviewStage.Kind.AGENCIES]
    return max(days, default=None)


def standing_of(review: AgencyReview, due: date | None, today: date) -> Standing:
    """Return where an agency stands; without a last day nobody is late."""
    came = review.submitted_on
    if came is not None:
        return Standing.LATE if due is not None and came > due else Standing.ON_TIME
    return Standing.MISSING if due is not None and due < today else Standing.WAITED


def table(campaign: ReviewCampaign, due: date | None, today: date) -> list[Line]:
    """Return the agencies that are asked, with how they stand. Two queries."""
    counted = campaign.nominations.order_by().values_list("organisation")
    numbers = dict(counted.annotate(number=Count("pk")))
    rows = campaign.reviews.select_related("organisation", "document", "submitted_by")
    return [
        Line(one, standing_of(one, due, today), numbers.get(one.organisation_id, 0))
        for one in rows.in_order()
    ]


def steps(
    stages: Sequence[ReviewStage],
    lines: Sequence[Line],
    products: Sequence[ReviewProduct],
    today: date,
) -> list[Step]:
    """Return the stages with how far they are, worked out where the system knows it."""
    found = []
    for stage in stages:
        is_done, detail = stage.done_at is not None, ""
        if stage.kind == ReviewStage.Kind.AGENCIES:
            handed = sum(not one.review.is_open for one in lines)
            is_done = bool(lines) and handed == len(lines)
            detail = _("%(done)d of %(all)d agencies") % {"done": handed, "all": len(lines)}
        elif stage.kind == ReviewStage.Kind.PROVINCE:
            reports = [one for one in products if one.kind == ReviewProduct.Kind.REPORT]
            issued = [one for one in reports if one.state == ReviewProduct.State.ISSUED]
            is_done = is_done or (bool(reports) and len(issued) == len(reports))
        elif stage.event is not None:
            is_done = stage.event.held_at is not None
            detail = stage.event.time_label
        found.append(Step(stage, is_done, not is_done and stage.due_on < today, detail))
    return found


@transaction.atomic
def ask(campaign: ReviewCampaign, chosen: Iterable[Organisation], day: date) -> int:
    """Ask these agencies, groups by their members on that day. Returns how many are new."""
    members = {one.pk: one for each in chosen for one in each.members_on(day)}
    known = set(campaign.reviews.values_list("organisation_id", flat=True))
    new = [one for pk, one in sorted(members.items()) if pk not in known]
    AgencyReview.objects.bulk_create(
        [AgencyReview(campaign=campaign, organisation=one) for one in new], ignore_conflicts=True
    )
    return len(new)


def locked(review: AgencyReview) -> AgencyReview:
    """Return the review with its row locked, as it is now."""
    row: Any = AgencyReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    found: AgencyReview = row
    return found


@transaction.atomic
def submit(review: AgencyReview, user: Any) -> None:
    """Hand in an agency's review. Raises ``RefusedError`` without a file, or when it is in."""
    row = locked(review)
    if not row.is_open:
        raise RefusedError(_("The review was submitted already. Ask the lead agency to return it."))
    if row.document_id is None:
        raise RefusedError(_("Add the file of the review first."))
    now = timezone.now()
    row.state, row.submitted_by, row.submitted_at = State.SUBMITTED, user, now
    row.first_submitted_at = row.first_submitted_at or now
    row.returned_reason = ""
    row.save()
    audit.record(row.campaign, "campaigns.review_submitted", user, agency=str(row.organisation))


@transaction.atomic
def give_back(review: AgencyReview, reason: str, user: Any) -> None:
    """Return a submitted review with a reason."""
    row = locked(review)
    if row.state not in {State.SUBMITTED, State.ACCEPTED}:
        raise RefusedError(_("Only what was submitted can be returned."))
    if not reason.strip():
        raise RefusedError(_("Give a reason."))
    row.state, row.returned_reason = State.RETURNED, reason.strip()
    row.save(update_fields=["state", "returned_reason"])
    data = {"agency": str(row.organisation), "reason": row.returned_reason}
    audit.record(row.campaign, "campaigns.review_returned", user, **data)


@transaction.atomic
def accept(review: AgencyReview, user: Any) -> None:
    """Accept a submitted review."""
    row = locked(review)
    if row.state != State.SUBMITTED:
        raise RefusedError(_("Only what was submitted can be accepted."))
    row.state = State.ACCEPTED
    row.save(update_fields=["state"])
    audit.record(row.campaign, "campaigns.review_accepted", user, agency=str(row.organisation))


@transaction.atomic
def decide(nomination: Nomination, state: str, reason: str, user: Any) -> None:
    """Consider, approve or refuse a nomination; a refusal needs a reason."""
    row: Any = Nomination.objects.select_for_update(of=("self",)).get(pk=nomination.pk)
    if state == Nomination.State.REFUSED and not reason.strip():
        raise RefusedError(_("Give a reason."))
    row.state = state
    row.reason = reason.strip() if state == Nomination.State.REFUSED else ""
    row.save(update_fields=["state", "reason"])
    data = {"name": row.name, "state": str(row.get_state_display()), "reason": row.reason}
    audit.record(row.campaign, "campaigns.nomination_decided", user, **data)


def figures(lines: Iterable[Line]) -> dict[str, int]:
    """Return how many agencies stand how, by the names of ``Standing`` with underscores."""
    found = dict.fromkeys((one.name.lower() for one in Standing), 0)
    for line in lines:
        found[line.standing.name.lower()] += 1
    return found
