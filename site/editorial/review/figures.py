"""What the office shows whoever watches the service."""

from django.utils import timezone

from core import metrics
from editorial.review.clock import overdue_count
from editorial.review.overriding import unreviewed_overrides


def register() -> None:
    """Offer the figures of the office."""
    metrics.register(
        "review_steps_overdue",
        "Items that wait at a step past its deadline.",
        lambda: overdue_count(timezone.now()),
    )
    metrics.register(
        "overrides_unreviewed",
        "Urgent publications nobody has reviewed.",
        unreviewed_overrides,
    )
