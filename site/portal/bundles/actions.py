"""What is done with a bundle, one verb a function. Each leaves a line in the history.

Every verb locks the bundle first, then its pages by the order in which withdrawals and moves take
them (``portal.publishing.story_pages_under``), so that no two of them wait for each other.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from core import audit
from core.errors import RefusedError
from portal import embargo, timing
from portal.bundles.readiness import approved_revisions
from portal.models import StoryPage
from portal.models.bundles import Bundle, BundleItem, BundleState

RELEASE = "portal.release_bundle"


def locked(pk: int) -> Bundle:
    """Return the bundle, for this transaction alone. Raises ``RefusedError`` if it is closed."""
    bundle = Bundle.objects.select_for_update().get(pk=pk)
    if not bundle.is_open:
        words = _("The bundle “%(bundle)s” is closed: %(state)s. Nothing was changed.")
        raise RefusedError(words % {"bundle": bundle, "state": bundle.get_state_display()})
    return bundle


@transaction.atomic
def add(pk: int, page: Page, user: Any) -> None:
    """Let the item go out with the bundle and no other way.

    Holding back what was approved for a time of its own is for those who may release. Raises
    ``RefusedError`` or ``PermissionDenied``.
    """
    bundle = locked(pk)
    item = page.specific
    if not isinstance(item, StoryPage) or item.alias_of_id:
        raise RefusedError(_("Only articles and announcements go out in bundles."))
    if not item.permissions_for_user(user).can_edit():
        raise PermissionDenied
    approved = approved_revisions([page.pk]).get(page.pk)
    if approved and not user.has_perm(RELEASE):
        raise RefusedError(
            _("This item is approved already: only those who may release bundles can add it.")
        )
    try:
        with transaction.atomic():
            BundleItem.objects.create(bundle=bundle, page_id=page.pk)
    except IntegrityError as error:
        raise RefusedError(_("This item waits in a bundle already.")) from error
    if approved:
        wait_until(approved, timing.FAR)
    forget_problem(bundle)
    audit.record(bundle, "portal.bundle_add", user, item=page.get_admin_display_title())
    audit.record(item, "portal.bundled", user, bundle=bundle.name)


@transaction.atomic
def remove(pk: int, item_pk: int, user: Any) -> None:
    """Take an item out of the bundle. See ``let_go`` for what becomes of it.

    Raises ``RefusedError``.
    """
    bundle = locked(pk)
    item = bundle.items.select_related("page").filter(pk=item_pk).first()
    if item is None:
        return
    page = item.page.specific
    if approved_revisions([page.pk]) and not user.has_perm(RELEASE):
        raise RefusedError(
            _("This item is approved already: only those who may release bundles can remove it.")
        )
    item.delete()
    let_go(page)
    forget_problem(bundle)
    audit.record(bundle, "portal.bundle_remove", user, item=page.get_admin_display_title())
    audit.record(page, "portal.unbundled", user, bundle=bundle.name)


@transaction.atomic
def schedule(pk: int, moment: datetime, user: Any) -> None:
    """Let the clock release the bundle at that moment. Raises ``RefusedError``."""
    bundle = locked(pk)
    if moment <= timezone.now():
        words = _("%(moment)s is past. Choose a later time, or release the bundle now.")
        raise RefusedError(words % {"moment": timing.in_words(moment)})
    change(bundle, state=BundleState.SCHEDULED, release_at=moment, problem="")
    audit.record(bundle, "portal.bundle_schedule", user, release_at=moment.isoformat())


@transaction.atomic
def unschedule(pk: int, user: Any) -> None:
    """Take the time away again; the items go on waiting. Raises ``RefusedError``."""
    bundle = locked(pk)
    change(bundle, state=BundleState.DRAFT, release_at=None, problem="")
    audit.record(bundle, "portal.bundle_unschedule", user)


@transaction.atomic
def cancel(pk: int, user: Any) -> None:
    """Give the bundle up and let its items go. Raises ``RefusedError``."""
    bundle = locked(pk)
    pages = [item.page.specific for item in bundle.items.select_related("page").order_by("page")]
    change(bundle, state=BundleState.CANCELLED, problem="")
    bundle.items.update(is_open=False)
    for page in pages:
        let_go(page)
        audit.record(page, "portal.unbundled", user, bundle=bundle.name)
    audit.record(bundle, "portal.bundle_cancel", user)


def let_go(page: StoryPage) -> None:
    """Give an item that left its bundle back to itself.

    What was approved with a later time of its own, or under embargo, goes out then. Anything else
    becomes a draft that has to be approved again: leaving a bundle never makes an item public.
    """
    revision = approved_revisions([page.pk]).get(page.pk)
    own = None
    if revision is not None:
        waits = revision.as_object()  # its item is gone from the bundle, so this is its own time
        own = waits.go_live_at if waits.go_live_at and waits.go_live_at > timezone.now() else None
        wait_until(revision, own)
        if own is None:
            embargo.take_back(page)
    Page.objects.filter(pk=page.pk, live=False, go_live_at__gte=timing.FAR).update(go_live_at=own)


def wait_until(revision: Revision, moment: datetime | None) -> None:
    # Past the signals: the version was approved by somebody who was asked about everything.
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=moment)


def change(bundle: Bundle, **values: Any) -> None:
    for name, value in values.items():
        setattr(bundle, name, value)
    bundle.save(update_fields=list(values))


def forget_problem(bundle: Bundle) -> None:
    """The bundle is not what it was when it could not be released."""
    if bundle.problem:
        change(bundle, problem="")
