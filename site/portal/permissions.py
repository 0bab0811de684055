"""Four eyes: nobody makes public what they wrote or edited last, whatever their rank.

The testers answer for the screens, the admin API and bulk actions, before anything is tried; the
gate (``portal.gates``) asks again when something is about to become public, whichever way.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail.models import PagePermissionTester, Revision

from core.authorship import last_editor_of
from core.errors import RefusedError
from portal import gates

if TYPE_CHECKING:
    from portal.models import StoryPage


class StoryPermissionTester(PagePermissionTester):
    """What a person may do with an item."""

    page: "StoryPage"

    def can_publish(self) -> bool:
        """Whether this person may make the newest version public: they did not write it."""
        return self.holds_publishing() and not written_by(self.page, self.user)

    def holds_publishing(self) -> bool:
        """Whether this person may publish items at all, given that somebody else wrote them."""
        return bool(super().can_publish())

    def can_settle_deliveries(self) -> bool:
        """Whether this person may decide about deliveries: sending again adds no new words."""
        return self.holds_publishing()

    def can_unschedule(self) -> bool:
        return self.holds_publishing()

    def can_set_view_restrictions(self) -> bool:
        return self.holds_publishing()


class IndexPermissionTester(PagePermissionTester):
    """What a person may do with the page above the items: never write and publish in one go."""

    def can_publish_subpage(self) -> bool:
        return False


def written_by(page: "StoryPage", user: Any) -> str:
    """Say why this person must not make the newest version public; "" if they may.

    Remembered on the page, which lives as long as one request, for as long as its version stays.
    """
    key = (user.pk, page.latest_revision_id, page.latest_revision_created_at)
    known: dict[Any, str] = page.__dict__.setdefault("_written_by", {})
    if key not in known:
        known[key] = why_not(page, user, page.latest_revision)
    return known[key]


def why_not(page: "StoryPage", user: Any, revision: Revision | None) -> str:
    """Say why this person must not make this version public; "" if they may."""
    if user.pk in page.author_ids():
        return _(
            "You are the author of this item. Somebody else has to approve it, or use “Publish "
            "urgently”."
        )
    if revision is not None and last_editor_of(page, revision) == user.pk:
        return _(
            "You changed the text last. Somebody else has to approve it, or use “Publish urgently”."
        )
    return ""


@gates.register
def another_pair_of_eyes(attempt: gates.Attempt) -> None:
    """Refuse what the person wrote or edited last, unless they publish it urgently."""
    if attempt.consent.override_reason:
        return  # the office asks for the right to do so, and keeps the record
    reason = why_not(attempt.page, attempt.user, attempt.revision)
    if reason:
        raise RefusedError(reason)
