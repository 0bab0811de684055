"""Limits on what may happen only so often, kept in the cache."""

import hashlib
from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` events of one ``name`` for each key, within ``seconds`` of the first.

    The default cache is that of one process: with several of them the limit holds for each.
    """

    name: str
    most: int
    seconds: int

    def reached(self, key: str) -> bool:
        """Whether nothing more may happen for this key by now."""
        return int(cache.get(self._stored(key), 0)) >= self.most

    def count(self, key: str) -> None:
        """Note one event."""
        stored = self._stored(key)
        cache.add(stored, 0, self.seconds)
        try:
            cache.incr(stored)
        except ValueError:  # it ran out between the two
            cache.set(stored, 1, self.seconds)

    def forget(self, key: str) -> None:
        """Start again from nothing."""
        cache.delete(self._stored(key))

    def _stored(self, key: str) -> str:
        # Hashed: keys hold what people typed, of any length and in any characters.
        return f"limit:{self.name}:{hashlib.sha256(key.encode()).hexdigest()}"


def client_address(request: HttpRequest) -> str:
    """Return the address a request came from; "" when it is not known.

    Where a proxy is trusted to name the scheme (``SECURE_PROXY_SSL_HEADER``) it is trusted to name
    the client too: it appends the address it saw, so the last one of the header is not made up.
    """
    named = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    address = named.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(address))
    except ValueError:
        return ""
