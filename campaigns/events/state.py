"""The status of an event: worked out from its time, decisions, attendance and article."""

from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from campaigns.events.models import Event, Paper

SOON = timedelta(days=14)


class Status(TextChoices):
    PREPARING = "preparing", pgettext_lazy("event", "being prepared")
    SOON = "soon", pgettext_lazy("event", "coming soon")
    POSTPONED = "postponed", pgettext_lazy("event", "put off")
    UNDER_WAY = "under-way", pgettext_lazy("event", "under way")
    UNCONFIRMED = "unconfirmed", pgettext_lazy("event", "over, not recorded as held")
    AWAITS_ARTICLE = "awaits-article", pgettext_lazy("event", "held, article missing")
    COMPLETE = "complete", pgettext_lazy("event", "complete")
    CANCELLED = "cancelled", pgettext_lazy("event", "called off")

    @classmethod
    def wanting(cls) -> set["Status"]:
        """Somebody has to do something now."""
        return {cls.UNCONFIRMED, cls.AWAITS_ARTICLE}


def of(
    event: Event, *, has_article: bool, was_moved: bool = False, now: datetime | None = None
) -> Status:
    """Return the status at that moment. ``was_moved``: it was put off at least once."""
    now = now or timezone.now()
    if event.cancelled_at is not None:
        return Status.CANCELLED
    if event.held_at is not None:
        missing = event.needs_article and not has_article
        return Status.AWAITS_ARTICLE if missing else Status.COMPLETE
    if event.ends_at < now:
        return Status.UNCONFIRMED
    if event.starts_at <= now:
        return Status.UNDER_WAY
    if event.starts_at - now <= SOON:
        return Status.SOON
    return Status.POSTPONED if was_moved else Status.PREPARING


class PaperState(TextChoices):
    MISSING = "missing", pgettext_lazy("paper", "not submitted yet")
    LATE = "late", pgettext_lazy("paper", "overdue")
    SUBMITTED = "submitted", pgettext_lazy("paper", "submitted")
    ACCEPTED = "accepted", pgettext_lazy("paper", "accepted")


def of_paper(paper: Paper, today: date | None = None) -> PaperState:
    """Return how far a paper is on that day."""
    if paper.accepted_at is not None:
        return PaperState.ACCEPTED
    if paper.document_id is not None:
        return PaperState.SUBMITTED
    today = today or timezone.localdate()
    is_late = paper.due_on is not None and paper.due_on < today
    return PaperState.LATE if is_late else PaperState.MISSING
