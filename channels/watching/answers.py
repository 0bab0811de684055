"""Signed addresses in trial messages: whoever has one may say that this message arrived."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

VALID = timedelta(days=7)  # as long as trials are kept


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="channels.watching.answers")


def link(story: str) -> str:
    """Return the absolute address that proves that the trial of this story arrived."""
    path = reverse("trial_arrived", args=[_signer().sign(story)])
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"


def story_of(token: str) -> UUID | None:
    """Return the story an address is about; ``None`` for one that we did not make, or too old."""
    try:
        return UUID(_signer().unsign(token, max_age=VALID))
    except (BadSignature, ValueError):
        return None
