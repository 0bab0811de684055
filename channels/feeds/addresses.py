"""Where feeds stand: the same addresses whoever asks, since hubs compare them letter by letter."""

from django.conf import settings
from django.urls import reverse

FORMS = ("xml", "atom", "json")


def site() -> str:
    """Return the portal's absolute address, with a slash at its end."""
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}/"


def _absolute(name: str, *parts: str) -> str:
    return site()[:-1] + reverse(f"feeds:{name}", args=parts)


def public(slug: str, form: str) -> str:
    """Return the absolute address of a feed in one of ``FORMS``."""
    return _absolute("document", slug, form)


def of_station(slug: str, token: str, form: str) -> str:
    """Return the absolute address at which one station fetches a feed. It is a key."""
    return _absolute("station", slug, token, form)


def desk(slug: str, token: str) -> str:
    """Return the absolute address of the page on which a station confirms. It is a key."""
    return _absolute("desk", slug, token)


def confirming(signed: str) -> str:
    """Return the absolute address on which a station confirms one item."""
    return _absolute("confirm", signed)


def page() -> str:
    """Return the absolute address of the page that explains the feeds."""
    return _absolute("index")
