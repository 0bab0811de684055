"""What should have happened by the clock and did not, and what a person can do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, Revision

from channels import heartbeat
from channels.watching import rules
from channels.watching.models import WatchSettings
from channels.watching.rules import Finding
from portal import timing
from portal.models.bundles import Bundle
from portal.scheduler import held_pages

GRACE = timedelta(minutes=2)  # the clock comes round every few seconds

KINDS = ("publish", "embargo", "expire", "bundle")


@dataclass(frozen=True, slots=True)
class Missed:
    """One thing that is late."""

    kind: str  # one of ``KINDS``
    title: str
    url: str  # in the admin
    since: datetime
    problem: str = ""  # why, where that is known

    @property
    def what(self) -> str:
        """What should have happened."""
        words = {
            "publish": _("should have gone live at %(moment)s"),
            "embargo": _("should have become public at the end of its embargo, at %(moment)s"),
            "expire": _("should have been taken off at %(moment)s"),
            "bundle": _("should have been released at %(moment)s"),
        }[self.kind]
        return words % {"moment": timing.in_words(self.since)}


def missed(now: datetime) -> list[Missed]:
    """Return everything that is late by more than ``GRACE``, the latest first of all."""
    limit = now - GRACE
    return sorted([*late_pages(limit), *late_expiries(limit), *stuck_bundles(now, limit)],
                  key=lambda each: (each.since, each.url))  # fmt: skip


def late_pages(limit: datetime) -> list[Missed]:
    rows = Revision.page_revisions.filter(approved_go_live_at__lt=limit)
    return [
        Missed(
            "embargo" if revision.content.get("embargo_until") else "publish",
            revision.object_str,
            edit_url(revision.object_id),
            revision.approved_go_live_at,
        )
        for revision in rows.exclude(object_id__in=held_pages())
    ]


def late_expiries(limit: datetime) -> list[Missed]:
    return [
        Missed("expire", page.title, edit_url(page.pk), page.expire_at)
        for page in Page.objects.filter(live=True, expire_at__lt=limit)
    ]


def stuck_bundles(now: datetime, limit: datetime) -> list[Missed]:
    """Return the bundles that are late, and those that a person could not release."""
    rows = Bundle.objects.open().filter(Q(release_at__lt=limit) | ~Q(problem=""))
    return [
        Missed(
            "bundle",
            bundle.name,
            reverse("portal_bundles:inspect", args=[bundle.pk]),
            bundle.release_at or now,
            bundle.problem,
        )
        for bundle in rows
    ]


def advice(now: datetime) -> str:
    """Return what to do about it, by whether a worker has been seen lately."""
    seen = heartbeat.last_seen()
    if seen is not None and seen > now - GRACE:
        return _(
            "The background process is running: open the item, put right what is wrong with it, "
            "and it goes out by itself. The system log names the cause."
        )
    if seen is None:
        return _("The background process (worker) is not running. Start it: all goes out at once.")
    words = _(
        "The background process (worker) has not been seen since %(moment)s. Start it again: all "
        "that is late goes out at once."
    )
    return words % {"moment": timing.in_words(seen)}


def edit_url(page: object) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page])


@rules.register
def schedule_missed(now: datetime, settings: WatchSettings) -> Iterable[Finding]:
    """The watch's rule: something should have happened by the clock and did not."""
    late = missed(now)
    if late:
        text = ngettext(
            "%(count)s scheduled release is late. The oldest: “%(title)s” %(what)s.",
            "%(count)s scheduled releases are late. The oldest: “%(title)s” %(what)s.",
            len(late),
        ) % {"count": len(late), "title": late[0].title, "what": late[0].what}
        yield Finding("schedule", "schedule", text, late[0].url)
