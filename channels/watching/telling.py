"""Tells administrators of alarms: by mail, and through a channel of their own."""

import logging
from typing import TYPE_CHECKING
from uuid import uuid4

from asgiref.sync import async_to_sync
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels import building, sending
from channels.contract import PermanentError, Story
from channels.models import Action, Channel, State
from channels.watching.models import Alarm, WatchSettings, addresses
from core.redaction import redact

if TYPE_CHECKING:
    from channels.watching.alarms import News

logger = logging.getLogger(__name__)

HEADERS = {"Auto-Submitted": "auto-generated"}  # RFC 3834: no automatic answers
ADMINISTER = "change_watchsettings"


def tell(news: "News", settings: WatchSettings) -> bool:
    """Tell everybody. Returns whether anybody could be told; if not, it is tried again."""
    from channels.watching import alarms  # noqa: PLC0415 - the two belong together

    title, text = words(news)
    by_mail = mail(title, text, recipients(settings))
    by_channel = post(title, text, settings.channel)
    if not by_mail and not by_channel and (recipients(settings) or settings.channel):
        alarms.give_back(news)
        return False
    return by_mail or by_channel


def words(news: "News") -> tuple[str, str]:
    """Return the subject and the text, without anything that looks like a secret."""
    paragraphs = []
    for heading, alarms in (
        ("", news.fresh),
        (_("Still open:"), news.again),
        (_("Over:"), news.over),
    ):
        if alarms:
            paragraphs += [heading] if heading else []
            paragraphs += [line(alarm) for alarm in alarms]
    count = len(news.fresh) + len(news.again)
    title = (
        ngettext("%(count)s alarm", "%(count)s alarms", count) % {"count": count}
        if count
        else _("Alarms are over")
    )
    return title, redact("\n\n".join(paragraphs))


def line(alarm: Alarm) -> str:
    base = django_settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    return f"{alarm.text}\n{base}{alarm.url}" if alarm.url else alarm.text


def recipients(settings: WatchSettings) -> list[str]:
    """Return the addresses that were named, else those of all administrators."""
    named = addresses(settings.mail_to)
    if named:
        return named
    holds = Q(groups__permissions__codename=ADMINISTER)
    people = get_user_model().objects.filter(Q(is_superuser=True) | holds, is_active=True)
    found = people.exclude(email="").values_list("email", flat=True)
    return sorted(set(found))


def mail(title: str, text: str, to: list[str]) -> bool:
    """Send one mail to all. Returns whether the server took it."""
    if not to:
        return False
    try:
        message = EmailMessage(
            f"[{django_settings.SITE_NAME}] {title}",
            f"{text}\n",
            to=to,
            headers=HEADERS,
            connection=get_connection(timeout=20),
        )
        return bool(message.send())
    except Exception:
        logger.exception("Alarms could not be mailed")
        return False


def post(title: str, text: str, channel: Channel | None) -> bool:
    """Send it through the administrators' channel, past the outbox. Returns whether it arrived."""
    if channel is None or not channel.is_active:
        return False
    try:
        adapter = building.adapter(channel)
        if adapter.pulls:
            return False
        message = building.compose(channel, story(title, text))
    except PermanentError as error:
        logger.error("Alarms cannot be sent to a channel: %s", error)
        return False
    job = sending.Job(Action.PUBLISH, adapter, message, None, 1, about={"channel": channel.slug})
    return async_to_sync(sending.attempt)(job).state in {State.DELIVERED, State.AWAITING}


def story(title: str, text: str) -> Story:
    """Return what the system has to say as channels take it."""
    now = timezone.now()
    return Story(
        key=str(uuid4()),
        sequence=1,
        title=f"{django_settings.SITE_NAME}: {title}",
        summary=text,
        text=text,
        html=format_html_join("", "<p>{}</p>", ((part,) for part in text.split("\n\n"))),
        spoken=text,
        address=f"{django_settings.WAGTAILADMIN_BASE_URL}/admin/",
        published=now,
        updated=now,
    )
