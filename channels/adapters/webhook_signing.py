"""Signatures of a web hook: HMAC-SHA256 (RFC 2104) over the time, a full stop and the body.

In the manner of Stripe and Standard Webhooks, with the key named: two keys may hold at once, so
that one can replace the other without a moment in which nothing is accepted.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from django.utils.translation import gettext as _

TIMESTAMP = "Nhipcau-Timestamp"
SIGNATURE = "Nhipcau-Signature"
WINDOW = 300  # seconds that a signed time may lie away from now
MOST_KEYS = 2
KEY = re.compile(r"([A-Za-z0-9._-]{1,40}):([!-~]{24,200})")
TIME = re.compile(r"\d{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that hold now, by id."""

    secrets: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def read(cls, text: str) -> Self:
        """Take "id:secret", or two of them with a space between. Raises ``ValueError``."""
        found = [KEY.fullmatch(part) for part in text.split()]
        pairs = {match[1]: match[2].encode() for match in found if match}
        if not 0 < len(pairs) == len(found) <= MOST_KEYS:
            raise ValueError(
                _(
                    "The signing key is missing or incomplete. Enter it as id:secret with a secret "
                    "of at least 24 letters, digits or signs; while one key replaces another, "
                    "both with a space between."
                )
            )
        return cls(pairs)

    def headers(self, body: bytes, now: int) -> dict[str, str]:
        """Return the headers that prove where and when the body was sent from."""
        signed = (f"{name}={_digest(key, now, body)}" for name, key in self.secrets.items())
        return {TIMESTAMP: str(now), SIGNATURE: " ".join(signed)}

    def accept(self, timestamp: str, signature: str, body: bytes, now: int) -> bool:
        """Whether one of the signatures was made with one of the keys, and lately."""
        if not TIME.fullmatch(timestamp) or abs(now - int(timestamp)) > WINDOW:
            return False
        return any(self._made(part, int(timestamp), body) for part in signature.split()[:MOST_KEYS])

    def _made(self, part: str, timestamp: int, body: bytes) -> bool:
        name, _sign, given = part.partition("=")
        key = self.secrets.get(name)
        if key is None:
            return False
        return hmac.compare_digest(_digest(key, timestamp, body).encode(), given.encode())


def _digest(key: bytes, timestamp: int, body: bytes) -> str:
    return hmac.new(key, b"%d." % timestamp + body, hashlib.sha256).hexdigest()
