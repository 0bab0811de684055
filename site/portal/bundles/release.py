"""Releases a bundle: every item at one instant, in one transaction, or none of them."""

import logging
from datetime import datetime
from typing import Any

from django.db import Error as DatabaseFault
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from core import audit
from core.actor import acting
from core.errors import RefusedError
from portal import publishing
from portal.bundles import readiness
from portal.bundles.holding import releasing
from portal.models.bundles import Bundle, BundleState
from portal.stories import prepare_pictures

logger = logging.getLogger(__name__)


class NotReleased(Exception):
    """Nothing of the bundle went out. The text names for people the item and the reason."""


def release(pk: int, now: datetime, user: Any = None) -> bool:
    """Release the bundle. Returns whether it was still to be released.

    Raises ``NotReleased``; the caller writes the reason down (``note``) outside this transaction.
    """
    prepare(pk)
    with transaction.atomic():
        bundle = Bundle.objects.select_for_update().get(pk=pk)
        if not bundle.is_open:
            return False
        if user is None and not Bundle.objects.due(now).filter(pk=pk).exists():
            return False  # somebody changed it since the clock looked
        revisions = ready(bundle, now)
        # Each version passed the gates when it was approved; nobody is asked about it again.
        with acting(None), releasing(now):
            for revision in revisions:
                publish(revision, user)
        require_public(revisions)
        close(bundle, now, user, [revision.object_str for revision in revisions])
        return True


def prepare(pk: int) -> None:
    """Make the renditions ahead, so that the transaction is short. What fails here fails there."""
    pages = Bundle.objects.get(pk=pk).items.values_list("page", flat=True)
    for revision in readiness.approved_revisions(pages).values():
        try:
            prepare_pictures(revision.as_object())
        except RefusedError as refusal:
            raise NotReleased(about(revision.object_str, str(refusal))) from refusal


def ready(bundle: Bundle, now: datetime) -> list[Revision]:
    """Return the versions to publish, in the order in which everybody locks pages.

    Raises ``NotReleased`` when one of them is not ready.
    """
    lines = readiness.lines(bundle, now)
    if not lines:
        raise NotReleased(_("There is no item in the bundle."))
    wrong = [about(line.title, " ".join(line.problems)) for line in lines if line.problems]
    if wrong:
        raise NotReleased(" ".join(wrong))
    kinds = {model._meta.label: place for place, model in enumerate(publishing.STORY_PAGES)}
    lines.sort(key=lambda line: (kinds.get(line.page.specific_class._meta.label, 9), line.page.pk))
    list(Page.objects.select_for_update(of=("self",)).filter(
        pk__in=[line.page.pk for line in lines]
    ).order_by("pk").values_list("pk"))  # fmt: skip
    return [line.revision for line in lines if line.revision]


def publish(revision: Revision, user: Any) -> None:
    try:
        with transaction.atomic():
            revision.publish(user=user, skip_permission_checks=True)
    except RefusedError as refusal:
        raise NotReleased(about(revision.object_str, str(refusal))) from refusal
    except DatabaseFault:
        raise  # nobody's fault: another try may succeed
    except Exception as error:
        logger.exception("Item %s of a bundle could not be published", revision.object_id)
        words = _("An internal error occurred; the details are in the system log.")
        raise NotReleased(about(revision.object_str, words)) from error


def require_public(revisions: list[Revision]) -> None:
    """Make sure of what was promised. Raises ``NotReleased``."""
    public = set(
        Page.objects.filter(live=True, live_revision__in=revisions).values_list(
            "live_revision", flat=True
        )
    )
    left = [revision.object_str for revision in revisions if revision.pk not in public]
    if left:
        raise NotReleased(about(left[0], _("It would not have become public.")))


def close(bundle: Bundle, now: datetime, user: Any, titles: list[str]) -> None:
    bundle.state, bundle.released_at, bundle.released_by = BundleState.RELEASED, now, user
    bundle.problem = ""
    bundle.save(update_fields=["state", "released_at", "released_by", "problem"])
    bundle.items.update(is_open=False)
    audit.record(bundle, "portal.bundle_release", user, items=titles)


def note(pk: int, problem: str) -> bool:
    """Write down why a bundle could not be released. Returns whether that is news."""
    told = Bundle.objects.open().filter(pk=pk).exclude(problem=problem).update(problem=problem)
    return bool(told)


def about(title: str, words: str) -> str:
    return _("“%(title)s”: %(words)s") % {"title": title, "words": words}
