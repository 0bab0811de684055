"""Django's SMTP back end, with answers that have an end.

``smtplib`` collects the lines of a reply for as long as they come, and begins to wait anew with
each byte. A server that talks without end would take the memory, and a thread for ever.
"""

import io
import smtplib
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

REPLY_BYTES = 64_000  # of one reply; a line has 512 at most (RFC 5321, 4.5.3.1.5)
DJANGOS = f"{SmtpBackend.__module__}.{SmtpBackend.__qualname__}"


class Ear(io.RawIOBase):
    """Reads from a connection until a moment, and no more than one reply may have."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line, self._until = line, until
        self.left = REPLY_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Raises ``OSError`` when the time is over, or the reply too long."""
        seconds = self._until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        if (self._line.gettimeout() or seconds) >= seconds:
            self._line.settimeout(seconds)
        count = self._line.recv_into(buffer)
        self.left -= count
        if self.left < 0:
            raise ConnectionError
        return count


class Bounded(smtplib.SMTP):
    """SMTP over a connection that lives for ``whole`` seconds at most."""

    def __init__(self, *args: Any, whole: float, **kwargs: Any) -> None:
        self._until = time.monotonic() + whole
        self._ear: Ear | None = None
        super().__init__(*args, **kwargs)

    def getreply(self) -> tuple[int, bytes]:
        """Raises ``smtplib.SMTPServerDisconnected``, also for a reply without end."""
        if self.file is None and self.sock is not None:
            self._ear = Ear(self.sock, self._until)
            self.file = io.BufferedReader(self._ear)
        if self._ear is not None:
            self._ear.left = REPLY_BYTES
        return super().getreply()


class BoundedTls(Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from the beginning."""


class Backend(SmtpBackend):
    """Django's own, over the connections above."""

    def __init__(self, *args: Any, whole: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._whole = whole

    @property
    def connection_class(self) -> Callable[..., smtplib.SMTP]:  # type: ignore[override]
        return partial(BoundedTls if self.use_ssl else Bounded, whole=self._whole)


def back_end(step: float, whole: float) -> BaseEmailBackend:
    """Return the operator's back end. ``step``: seconds for each answer, ``whole``: for all.

    One that is not Django's keeps to the first only.
    """
    if settings.EMAIL_BACKEND == DJANGOS:
        return Backend(timeout=step, whole=whole)
    return get_connection(timeout=step)
