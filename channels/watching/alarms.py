"""Alarms as rows: opened once, told once, told again each day, closed when it is over."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation

from channels.watching import rules, telling
from channels.watching.models import Alarm, WatchSettings
from channels.watching.rules import Finding

logger = logging.getLogger(__name__)

KEPT = timedelta(days=365)
MOST_TOLD = 20  # in one message


@dataclass(frozen=True, slots=True)
class News:
    """What people are to be told."""

    fresh: list[Alarm]
    again: list[Alarm]
    over: list[Alarm]

    def __bool__(self) -> bool:
        return bool(self.fresh or self.again or self.over)


def run(now: datetime) -> int:
    """Ask every rule, keep the rows, and tell people. Returns how many alarms were told.

    Must run outside a transaction: telling waits for the network.
    """
    settings = WatchSettings.load()
    with translation.override(django_settings.LANGUAGE_CODE):
        reconcile(rules.findings(now, settings), now)
        news = take(now, timedelta(hours=settings.repeat_hours))
        if news:
            telling.tell(news, settings)
    return len(news.fresh) + len(news.again) + len(news.over)


def reconcile(found: Iterable[Finding], now: datetime) -> None:
    """Open what is new, keep the words of what lasts, close what is over."""
    wrong = {finding.key: finding for finding in found}
    for alarm in Alarm.objects.open():
        finding = wrong.pop(alarm.key, None)
        if finding is None:
            Alarm.objects.filter(pk=alarm.pk, closed_at=None).update(closed_at=now)
            logger.info("Alarm over", extra={"alarm": alarm.key})
        elif (finding.text, finding.url) != (alarm.text, alarm.url):
            Alarm.objects.filter(pk=alarm.pk).update(text=finding.text, url=finding.url)
    for finding in wrong.values():
        open_alarm(finding, now)
    Alarm.objects.filter(closed_at__lt=now - KEPT).delete()


def open_alarm(finding: Finding, now: datetime) -> None:
    try:
        with transaction.atomic():
            Alarm.objects.create(
                key=finding.key, kind=finding.kind, text=finding.text, url=finding.url,
                opened_at=now,
            )  # fmt: skip
    except IntegrityError:
        return  # another watch was faster
    logger.warning("Alarm: %s", finding.text, extra={"alarm": finding.key})


def take(now: datetime, repeat: timedelta) -> News:
    """Reserve what is to be told, so that of several watches one tells it."""
    rows = Alarm.objects.order_by("opened_at", "pk")
    fresh = rows.open().filter(told_at=None)
    again = rows.open().filter(told_at__lte=now - repeat)
    over = rows.filter(closed_at__isnull=False, told_at__isnull=False, end_told_at=None)
    return News(
        [alarm for alarm in fresh[:MOST_TOLD] if told(alarm, now)],
        [alarm for alarm in again[:MOST_TOLD] if told(alarm, now)],
        [alarm for alarm in over[:MOST_TOLD] if end_told(alarm, now)],
    )


def told(alarm: Alarm, now: datetime) -> bool:
    mine = Alarm.objects.filter(pk=alarm.pk, told_count=alarm.told_count)
    return bool(mine.update(told_at=now, told_count=alarm.told_count + 1))


def end_told(alarm: Alarm, now: datetime) -> bool:
    return bool(Alarm.objects.filter(pk=alarm.pk, end_told_at=None).update(end_told_at=now))


def give_back(news: News) -> None:
    """Nobody could be told: try again in the next round."""
    Alarm.objects.filter(pk__in=[each.pk for each in news.fresh]).update(told_at=None)
    over = [each.pk for each in news.over]
    Alarm.objects.filter(Q(pk__in=over)).update(end_told_at=None)
