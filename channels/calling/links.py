"""The signed address by which an officer acknowledges one call, and nothing else."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse

from channels.calling.models import Call

VALID = timedelta(days=7)


class Expired(Exception):
    """The link was genuine and is too old."""


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="channels.calling")


def link(call: Call) -> str:
    """Return the absolute address. It holds for a week and needs no account."""
    path = reverse("acknowledge", args=[_signer().sign(str(call.pk))])
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"


def call_of(token: str) -> Call | None:
    """Return the call a link is about; ``None`` for a link that we did not make.

    Raises ``Expired``.
    """
    try:
        key = _signer().unsign(token, max_age=VALID)
    except SignatureExpired as error:
        raise Expired from error
    except BadSignature:
        return None
    return Call.objects.select_related("publication", "contact").filter(pk=key).first()
