"""Moving what is approved and waits to another time. The words that were approved stay the same."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from core import audit
from core.errors import RefusedError
from portal import embargo, timing
from portal.bundles import actions
from portal.bundles.readiness import approved_revisions
from portal.models import Bundle, BundleState, StoryPage

TIMES = ("go_live_at", "embargo_until")


def waiting_version(page: StoryPage) -> Revision | None:
    """Return the approved version of the page that waits for a time of its own."""
    revision = approved_revisions([page.pk]).get(page.pk)
    if revision is None or revision.approved_go_live_at >= timing.FAR:
        return None
    return revision


def may_move(page: StoryPage, user: Any) -> bool:
    """Whether the person may move it: those who publish, even what they wrote themselves."""
    return bool(page.permissions_for_user(user).holds_publishing())


@transaction.atomic
def move_page(page: StoryPage, moment: datetime, seen: str, user: Any) -> None:
    """Let the approved version go out at another moment; of what is under embargo, move its end.

    ``seen`` is the moment the person saw it at, in ISO form. Past the gates: nobody approves
    anything here. Raises ``RefusedError`` or ``PermissionDenied`` and changes nothing then.
    """
    if not may_move(page, user):
        raise PermissionDenied
    waits = waiting_version(page)
    revision = Revision.objects.select_for_update().get(pk=waits.pk) if waits else None
    was = revision.approved_go_live_at if revision else None
    if revision is None or was is None or was >= timing.FAR:
        raise RefusedError(gone(page))
    refuse_moved(str(revision.object_str), was, seen)
    refuse_past(moment)
    ends = moment_in(revision, "embargo_until")
    follows = timing.same_minute(ends, was)
    refuse_order(moment, None if follows else ends, moment_in(revision, "expire_at"))
    changed = {"go_live_at": moment} | ({"embargo_until": moment} if follows else {})
    for version in {revision.pk: revision, page.latest_revision_id: page.latest_revision}.values():
        rewrite(version, was, changed)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=moment)
    type(page).objects.filter(pk=page.pk, live=False).update(**changed)
    if follows:
        embargo.settle(Revision.objects.get(pk=revision.pk).as_object())
    audit.record(page, "editorial.move", user, before=was.isoformat(), after=moment.isoformat())


def rewrite(revision: Revision, was: datetime, changed: dict[str, datetime]) -> None:
    """Write the new times into a version, where it has the old ones."""
    content = dict(revision.content)
    for name, moment in changed.items():
        own = moment_in(revision, name)
        if own is None and name == "go_live_at" and "embargo_until" in changed:
            continue  # it waits for nothing but the embargo
        if own is None or timing.same_minute(own, was):
            content[name] = moment.isoformat()
    Revision.objects.filter(pk=revision.pk).update(content=content)


def moment_in(revision: Revision, name: str) -> datetime | None:
    return parse_datetime(revision.content.get(name) or "")


@transaction.atomic
def move_bundle(bundle: Bundle, moment: datetime, seen: str, user: Any) -> None:
    """Let the bundle go out at another moment. Raises ``RefusedError`` or ``PermissionDenied``."""
    if not user.has_perm(actions.RELEASE):
        raise PermissionDenied
    now = actions.locked(bundle.pk)
    if now.state != BundleState.SCHEDULED or now.release_at is None:
        words = _("“%(item)s” has no time any more. Nothing was changed.")
        raise RefusedError(words % {"item": bundle.name})
    refuse_moved(bundle.name, now.release_at, seen)
    actions.schedule(bundle.pk, moment, user)


def gone(page: StoryPage) -> str:
    """Say why the item does not wait any more."""
    current: Page = Page.objects.get(pk=page.pk)
    facts = {"item": current.get_admin_display_title()}
    if current.live and current.last_published_at:
        facts["moment"] = timing.in_words(current.last_published_at)
        words = _("“%(item)s” was published at %(moment)s already. Nothing was changed.")
    else:
        words = _("“%(item)s” does not wait for a time of its own any more. Nothing was changed.")
    return words % facts


def refuse_moved(title: str, was: datetime, seen: str) -> None:
    """Raise ``RefusedError`` if it does not stand where the person saw it."""
    try:
        known = parse_datetime(seen)
    except ValueError:
        known = None
    if known is None or not timing.same_minute(known, was):
        words = _(
            "Somebody moved “%(item)s” meanwhile: it goes out at %(moment)s. Look again, then "
            "decide."
        )
        raise RefusedError(words % {"item": title, "moment": timing.in_words(was)})


def refuse_past(moment: datetime) -> None:
    if moment <= timezone.now():
        words = _("%(moment)s is past. Choose a later time.")
        raise RefusedError(words % {"moment": timing.in_words(moment)})


def refuse_order(
    moment: datetime, embargo_until: datetime | None, expires: datetime | None
) -> None:
    """Raise ``RefusedError`` for a time under embargo or after the end."""
    if embargo_until and moment < embargo_until:
        words = _("It must not be public before %(moment)s.")
        raise RefusedError(words % {"moment": timing.in_words(embargo_until)})
    if expires and moment >= expires:
        words = _("It would have expired by then: it is shown until %(moment)s.")
        raise RefusedError(words % {"moment": timing.in_words(expires)})
