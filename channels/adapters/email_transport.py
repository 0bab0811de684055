"""One mail through Django's mail back end, in a thread, with the certainty of what happened.

Django's own SMTP back end sends a mail although some of its recipients were refused, and does not
say so. Over SMTP the transaction is therefore made here, on the connection that it opens.
"""

import asyncio
import contextlib
import smtplib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.charset import QP, Charset
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.core.mail.message import sanitize_address
from django.utils.translation import gettext as _

from channels.adapters.email_errors import (
    SILENT,
    Abandoned,
    Unsure,
    explain,
    nobody,
    refusal,
)
from channels.adapters.email_smtp import back_end
from channels.adapters.shared_requests import bound
from channels.contract import PermanentError, TemporaryError, UncertainError

STEP_SECONDS = 15  # one answer of the server
BYE_SECONDS = 1  # its answer to QUIT
WHOLE_SECONDS = 20  # all of it
# They print or drop what they are given: nothing would reach anybody.
MUTE = ("django.core.mail.backends.console.", "django.core.mail.backends.dummy.",
        "anymail.backends.console.")  # fmt: skip
OK = 250
REFUSALS = range(400, 600)
NOT_TAKEN = {"invalid", "rejected", "failed"}  # django-anymail's words

Result = TypeVar("Result")


Answers = Mapping[str, tuple[int, bytes] | None]  # address → reply; ``None``: a provider's


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a mail. ``refused``: address → why, for those that were not accepted."""

    refused: Mapping[str, str] = field(default_factory=dict)
    provider_ids: tuple[str, ...] = ()  # what a provider calls it, for bounces


class Handover:
    """Whether the mail may still be held back, agreed on between the thread and who waits for it.

    A thread cannot be stopped. Nobody may be told "not sent" while it goes on to send.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._abandoned = False
        self.begun = False

    def begin(self) -> None:
        """The thread is about to hand the mail over. Raises ``Abandoned`` when nobody waits."""
        with self._lock:
            if self._abandoned:
                raise Abandoned
            self.begun = True

    def abandon(self) -> bool:
        """Nobody waits any more. Returns whether the mail may be on its way."""
        with self._lock:
            self._abandoned = True
            return self.begun


def usable() -> None:
    """Raise ``PermanentError`` when this installation has no way to send mail."""
    if settings.EMAIL_BACKEND.startswith(MUTE):
        raise PermanentError(
            _("No mail server is set up. The operator enters one (EMAIL_HOST)."),
            stops_channel=True,
        )


async def deliver(mail: EmailMultiAlternatives) -> Sent:
    """Send the mail. Raises a ``DeliveryError``, also when it was accepted for nobody."""
    handover = Handover()
    answers, ids = await _in_thread(lambda: _deliver(mail, handover), handover)
    refused = {
        address: refusal(*answer) if answer else _("refused by the mail provider")
        for address, answer in answers.items()
    }
    if len(refused) == len(mail.to):
        raise nobody(refused)
    return Sent(refused, ids)


async def probe() -> None:
    """Log in and do nothing (SMTP NOOP). Raises a ``DeliveryError``."""
    await _in_thread(_probe, Handover())


async def _in_thread(work: Callable[[], Result], handover: Handover) -> Result:
    usable()
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            return await asyncio.to_thread(work)
    except TimeoutError:
        if handover.abandon():
            raise UncertainError(str(SILENT)) from None
        raise TemporaryError(_("The mail server did not answer in time.")) from None
    except Exception as error:
        explained = explain(error, begun=handover.begun)
        if explained is None:
            raise
        raise explained from None
    finally:
        handover.abandon()


def _probe() -> None:
    connection = back_end(STEP_SECONDS, WHOLE_SECONDS)
    try:
        connection.open()
        if isinstance(connection, SmtpBackend):
            code, words = _smtp(connection).noop()
            if code != OK:
                raise smtplib.SMTPResponseException(code, words)
    finally:
        _close(connection)


def _deliver(mail: EmailMultiAlternatives, handover: Handover) -> tuple[Answers, tuple[str, ...]]:
    connection = back_end(STEP_SECONDS, WHOLE_SECONDS)
    try:
        connection.open()
        if isinstance(connection, SmtpBackend):
            return _transaction(_smtp(connection), mail, handover), ()
        handover.begin()
        bound()
        connection.send_messages([mail])
        return _told(mail)
    finally:
        _close(connection)


def _smtp(connection: SmtpBackend) -> smtplib.SMTP:
    """Return the open connection to the server."""
    return cast(smtplib.SMTP, connection.connection)


def _close(connection: BaseEmailBackend) -> None:
    """Say goodbye. What the server took before it has, and no slow answer makes that unsure."""
    if isinstance(connection, SmtpBackend) and connection.connection:
        sock = connection.connection.sock
        if sock:
            sock.settimeout(BYE_SECONDS)
    with contextlib.suppress(OSError):
        connection.close()


def _transaction(smtp: smtplib.SMTP, mail: EmailMultiAlternatives, handover: Handover) -> Answers:
    """Make one SMTP transaction (RFC 5321, 3.3). Returns who was refused, and why."""
    mail.encoding = Charset("utf-8")  # Django takes one
    mail.encoding.body_encoding = QP  # passes servers without 8BITMIME
    message: Any = mail.message()
    content = message.as_bytes(linesep="\r\n")
    smtp.ehlo_or_helo_if_needed()
    options = [f"size={len(content)}"] if smtp.has_extn("size") else []
    code, words = smtp.mail(sanitize_address(mail.from_email, "utf-8"), options)
    if code != OK:
        raise smtplib.SMTPSenderRefused(code, words, mail.from_email)
    answers = {address: smtp.rcpt(sanitize_address(address, "utf-8")) for address in mail.to}
    refused = {
        address: answer for address, answer in answers.items() if answer[0] not in {250, 251}
    }
    if len(refused) == len(answers):
        raise smtplib.SMTPRecipientsRefused(refused)
    handover.begin()
    try:
        code, words = smtp.data(content)
    except smtplib.SMTPServerDisconnected:
        raise Unsure from None
    if code not in REFUSALS and code != OK:
        raise Unsure  # the server had all of it, and said what is no reply
    if code != OK:
        raise smtplib.SMTPDataError(code, words)
    return refused


def _told(mail: EmailMultiAlternatives) -> tuple[Answers, tuple[str, ...]]:
    """Return whom a provider (django-anymail) refused, and what it calls the mail."""
    status: Any = getattr(mail, "anymail_status", None)
    recipients = status.recipients if status else {}
    refused = [to for to, one in recipients.items() if one.status in NOT_TAKEN]
    ids = {one.message_id for one in recipients.values() if one.message_id}
    return dict.fromkeys(refused), tuple(sorted(ids))
