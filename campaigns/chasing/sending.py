"""Sends the day's mails, each at most once, outside any transaction.

A mail is claimed by a conditional update before the server is called. What the server refuses for
now is tried again, later each time; what it refuses for good waits for a person. A connection that
breaks off after the text went out leaves a doubt: that mail is not sent again by itself.
"""

import logging
import smtplib
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone, translation

from campaigns.chasing import composing, people
from campaigns.chasing.composing import Standing
from campaigns.chasing.models import ChasingMail, Told

logger = logging.getLogger(__name__)
State = ChasingMail.State
LEASE = timedelta(minutes=10)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 120, 360))
HEADERS = {"Auto-Submitted": "auto-generated"}  # RFC 3834: no automatic answers


def send_open(now: datetime) -> int:
    """Send what is due by now. Returns how many mails went out."""
    if not ChasingMail.objects.open_at(now).exists():
        return 0
    connection = get_connection(timeout=settings.EMAIL_TIMEOUT or 20)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("The mail server cannot be reached: %s", error)
        put_off(now, str(error))
        return 0
    standing = Standing(timezone.localtime(now).date())
    sent = 0
    try:
        for pk in list(
            ChasingMail.objects.open_at(now).order_by("pk").values_list("pk", flat=True)
        ):
            if claim(pk, now):
                sent += send(ChasingMail.objects.get(pk=pk), standing, connection, now)
    finally:
        close(connection)
    return sent


def close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        logger.info("The mail server broke off while it was left")


def put_off(now: datetime, reason: str) -> None:
    """Try again later: the server does not answer, and nothing left the house."""
    ChasingMail.objects.open_at(now).update(next_at=now + WAITS[0], error=reason[:2000])


def claim(pk: int, now: datetime) -> bool:
    """Take the mail for this worker, if nobody else did."""
    mine = ChasingMail.objects.open_at(now).filter(pk=pk)
    changed = mine.update(state=State.SENDING, claimed_at=now, attempts=F("attempts") + 1)
    return changed == 1


def send(mail: ChasingMail, standing: Standing, connection: Any, now: datetime) -> bool:
    """Send one mail that was claimed, and settle it. Returns whether it went out."""
    lines = composing.standing_lines(allowed(mail), standing)
    if not lines:
        settle(mail, State.CANCELLED)
        return False
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = composing.compose(lines, standing)
    ChasingMail.objects.filter(pk=mail.pk).update(subject=subject[:200], text=text)
    try:
        message(mail, subject, text, connection).send()
    except Exception as error:  # noqa: BLE001 - a backend raises what it likes; none stops the rest
        refused(mail, error, now)
        return False
    settle(mail, State.SENT, sent_at=timezone.now(), error="")
    return True


def message(mail: ChasingMail, subject: str, text: str, connection: Any) -> EmailMessage:
    host = settings.WAGTAILADMIN_BASE_URL.partition("://")[2].strip("/").partition(":")[0]
    headers = HEADERS | {"Message-ID": f"<chasing-{mail.pk}@{host}>"}
    to = [formataddr((" ".join(mail.name.split()), mail.address))]
    return EmailMessage(subject, text, to=to, headers=headers, connection=connection)


def allowed(mail: ChasingMail) -> list[Told]:
    """Return the lines that are still for this person: they may have left an agency meanwhile."""
    lines = list(mail.lines.order_by("due_day", "pk"))
    agencies = {line.agency_id for line in lines}
    officers, heads = people.officers(agencies), people.heads(agencies)
    planners = {one.key for one in people.planners()}
    own = {
        Told.Role.OFFICER: {key for key, some in officers.items() if knows(some, mail)},
        Told.Role.DIGEST: {key for key, some in officers.items() if knows(some, mail)},
        Told.Role.HEAD: {key for key, some in heads.items() if knows(some, mail)},
        Told.Role.PLANNER: agencies if mail.recipient in planners else set(),
    }
    return [line for line in lines if line.agency_id in own[Told.Role(line.role)]]


def knows(some: list[people.Person], mail: ChasingMail) -> bool:
    return any(one.key == mail.recipient for one in some)


def refused(mail: ChasingMail, error: Exception, now: datetime) -> None:
    """Settle a mail that the server did not take: later, for a person, or in doubt."""
    logger.warning("Reminder %s was not sent: %s", mail.pk, error)
    told = str(error)[:2000]
    if is_temporary(error) and mail.attempts <= len(WAITS):
        wait = WAITS[mail.attempts - 1]
        settle(mail, State.PENDING, next_at=now + wait, error=told)
    elif isinstance(error, smtplib.SMTPServerDisconnected | TimeoutError | ConnectionError):
        settle(mail, State.UNCERTAIN, error=told)
    else:
        settle(mail, State.FAILED, error=told)


def is_temporary(error: Exception) -> bool:
    """Whether the server said that it will take the mail later."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and 400 <= error.smtp_code < 500


def settle(mail: ChasingMail, state: str, **values: Any) -> None:
    mine = ChasingMail.objects.filter(pk=mail.pk, state=State.SENDING)
    mine.update(state=state, claimed_at=None, **values)


def give_up_lost(now: datetime) -> int:
    """Settle what a worker claimed and never finished: it may have gone out."""
    lost = ChasingMail.objects.filter(state=State.SENDING, claimed_at__lt=now - LEASE)
    return lost.update(state=State.UNCERTAIN, claimed_at=None)


def send_again(mail: ChasingMail, now: datetime) -> bool:
    """Let a mail that was refused, or is in doubt, go out again: a person decided so."""
    stuck = ChasingMail.objects.filter(pk=mail.pk, state__in=[State.FAILED, State.UNCERTAIN])
    return stuck.update(state=State.PENDING, next_at=now, attempts=0) == 1
