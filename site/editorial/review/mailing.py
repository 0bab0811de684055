"""Sends notices by mail, as plain text, to those who want them.

Works in the background, so that neither a request nor the clock waits for a mail server. What a
person wants is set where Wagtail has it: under their account.
"""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task
from wagtail.users.models import UserProfile

from editorial.models import Notice

logger = logging.getLogger(__name__)

# What the person turned off → the notices they then do not get by mail. Wagtail has these three.
PREFERENCES = {
    "submitted_notifications": {
        Notice.Verb.SUBMITTED,
        Notice.Verb.OVERDUE,
        Notice.Verb.OVERRIDE,
        Notice.Verb.MISSED,
        Notice.Verb.RECALL,
        Notice.Verb.CHANNEL,
        Notice.Verb.CALL,
    },
    "approved_notifications": {Notice.Verb.APPROVED, Notice.Verb.PUBLISHED},
    "rejected_notifications": {
        Notice.Verb.RETURNED,
        Notice.Verb.FAILED,
        Notice.Verb.WITHDRAWN,
    },
}
LONGEST_SUBJECT = 120
HEADERS = {"Auto-Submitted": "auto-generated"}  # RFC 3834: no automatic answers


@task()
def mail(keys: list[int]) -> None:
    """Mail these notices. One that cannot be sent is logged, and the others are sent."""
    notices = list(wanted(Notice.objects.filter(pk__in=keys).select_related("user")))
    if not notices:
        return
    try:
        connection = get_connection(timeout=settings.EMAIL_TIMEOUT or 20)
        connection.open()
    except Exception:
        logger.exception("The mail server cannot be reached; %d notices not mailed", len(notices))
        return
    for notice in notices:
        send(notice, connection)
    connection.close()


def wanted(notices: Iterable[Notice]) -> Iterable[Notice]:
    """Yield the notices that have an address to go to and were not turned off."""
    for notice in notices:
        if notice.user.email and notice.user.is_active and allowed(notice):
            yield notice


def allowed(notice: Notice) -> bool:
    """Whether the person wants this kind by mail; who never said so wants all."""
    profile = UserProfile.objects.filter(user=notice.user_id).first()
    name = next(name for name, verbs in PREFERENCES.items() if notice.verb in verbs)
    return profile is None or bool(getattr(profile, name))


def send(notice: Notice, connection: BaseEmailBackend) -> None:
    """Send one mail. A failure is logged."""
    try:
        message(notice, connection).send()
    except Exception:
        logger.exception("Notice %s could not be mailed", notice.pk)


def message(notice: Notice, connection: BaseEmailBackend) -> EmailMessage:
    """Return the mail: the sentence, the address, and where to turn it off."""
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    with override("vi"):
        subject = f"[{settings.SITE_NAME}] {notice.text}"
        closing = _("You can turn these mails off under “Account” in the admin.")
    if len(subject) > LONGEST_SUBJECT:
        subject = f"{subject[: LONGEST_SUBJECT - 1]}…"
    text = f"{notice.text}\n\n{base}{notice.url}\n\n-- \n{closing}\n"
    return EmailMessage(
        " ".join(subject.split()),
        text,
        to=[notice.user.email],
        headers=HEADERS,
        connection=connection,
    )
