"""What still keeps a bundle from being released, item by item."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from portal import timing
from portal.models.bundles import Bundle, BundleItem


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a bundle: the version that was approved, and what is in the way."""

    item: BundleItem
    revision: Revision | None
    problems: list[str]

    @property
    def page(self) -> Page:
        return self.item.page

    @property
    def title(self) -> str:
        return self.revision.object_str if self.revision else self.page.draft_title

    @property
    def has_newer(self) -> bool:
        """Whether somebody went on writing after the approval. What was approved goes out."""
        return self.revision is not None and self.page.latest_revision_id != self.revision.pk


def lines(bundle: Bundle, now: datetime) -> list[Line]:
    """Return the items in the order in which they were added. Two queries."""
    items = list(bundle.items.select_related("page"))
    approved = approved_revisions(item.page_id for item in items)
    at = max(bundle.release_at or now, now)
    return [
        Line(item, approved.get(item.page_id), problems(item.page, approved.get(item.page_id), at))
        for item in items
    ]


def approved_revisions(pages: Iterable[int]) -> dict[int, Revision]:
    """Return the version of each page that was approved and waits, by page id."""
    waiting = Revision.page_revisions.filter(
        object_id__in=[str(pk) for pk in pages], approved_go_live_at__isnull=False
    )
    return {int(revision.object_id): revision for revision in waiting.order_by("pk")}


def problems(page: Page, revision: Revision | None, at: datetime) -> list[str]:
    """Return what keeps the page from being released at that moment, in words for people."""
    if revision is None:
        if page.live:
            return [_("Is public already, and no new version of it is approved.")]
        return [_("Is not approved yet.")]
    found = []
    embargo, expiry = (
        parse_datetime(revision.content.get(name) or "") for name in ("embargo_until", "expire_at")
    )
    if embargo and embargo > at:
        words = _("Must not be public before %(moment)s.")
        found.append(words % {"moment": timing.in_words(embargo)})
    if expiry and expiry <= at:
        words = _("Expires before its release, at %(moment)s.")
        found.append(words % {"moment": timing.in_words(expiry)})
    return found
