"""Publishing urgently: by one member of the board alone, for a reason, reviewed afterwards."""

from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import RefusedError
from editorial.models import Override
from editorial.models.overrides import SHORTEST_REASON
from editorial.review import telling
from portal import gates
from portal.models import StoryPage
from portal.stories import prepare_pictures

MAY_OVERRIDE = "editorial.add_override"
MAY_REVIEW = "editorial.change_override"


def may_override(user: Any) -> bool:
    """Whether this person may publish urgently what they wrote or changed last."""
    return bool(user.has_perm(MAY_OVERRIDE))


def publish_urgently(page: StoryPage, user: Any, reason: str, correction: Any = None) -> None:
    """Publish the newest version now, past the steps it waits at. Raises ``RefusedError``."""
    revision = page.latest_revision
    if revision is None:
        raise RefusedError(_("There is nothing to publish yet: save the item first."))
    refuse(user, reason)
    prepare_pictures(revision.as_object())
    agreed = replace(gates.consent(), override_reason=reason)
    with gates.consenting(replace(agreed, correction=correction or agreed.correction)):
        # The gates ask about this person; Wagtail's own check would refuse them.
        revision.publish(user=user, skip_permission_checks=True)


def refuse(user: Any, reason: str) -> None:
    """Raise ``RefusedError`` if this person may not override, or does not say why."""
    if not may_override(user):
        raise RefusedError(_("Only members of the editorial board may publish urgently."))
    if len(reason.strip()) < SHORTEST_REASON:
        message = _("Say why this cannot wait for a second person, in at least %(count)d letters.")
        raise RefusedError(message % {"count": SHORTEST_REASON})


def register() -> None:
    """Let the gate keep the record of whatever is published urgently."""
    gates.register(keep_record)


def keep_record(attempt: gates.Attempt) -> None:
    """Record an urgent publication, whichever screen it came from. Raises ``RefusedError``."""
    reason = attempt.consent.override_reason.strip()
    if not reason:
        return
    refuse(attempt.user, reason)
    override, new = Override.objects.get_or_create(
        revision=attempt.revision,
        defaults={
            "page": attempt.page,
            "story": attempt.page.story,
            "title": attempt.page.title[:255],
            "user": attempt.user,
            "reason": reason,
        },
    )
    if new:
        audit.record(attempt.page, "editorial.override", attempt.user, reason=reason)
        telling.of_override(override)


def unreviewed_overrides() -> int:
    """Return how many urgent publications nobody has looked at since."""
    return Override.objects.unreviewed().count()


def review(override: Override, user: Any, verdict: str, note: str) -> None:
    """Note what another approver thinks of it. Raises ``RefusedError``."""
    override = Override.objects.select_for_update(of=("self",)).get(pk=override.pk)
    if override.user_id == user.pk:
        raise RefusedError(_("You published this yourself. Another approver has to review it."))
    if override.reviewed_at:
        raise RefusedError(_("Somebody else has reviewed this meanwhile."))
    override.reviewed_by, override.reviewed_at = user, timezone.now()
    override.verdict, override.note = verdict, note
    override.save(update_fields=["reviewed_by", "reviewed_at", "verdict", "note"])
    if override.page is not None:
        page = override.page.specific
        audit.record(page, "editorial.override_reviewed", user, verdict=verdict, note=note)
