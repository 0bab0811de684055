"""That somebody else carried an item of ours, as proof for the activity it serves."""

from django.utils import timezone

from campaigns.evidence import recording
from campaigns.evidence.matching import Found
from campaigns.evidence.models import Evidence
from ingest.models import PickUp
from portal import proof
from portal.models import ArticlePage


def carried(pick_up: PickUp) -> None:
    """Record a confirmed pick-up; nothing for an item that serves no activity."""
    page = proof.serving(ArticlePage.objects.filter(pk=pick_up.page_id).first())
    if page is None:
        return
    found = Found(
        key=_key(pick_up),
        kind=Evidence.Kind.PICK_UP,
        title=f"{pick_up.source_name}: {pick_up.title}",
        dated=timezone.localdate(pick_up.published),
        activity=page.activity_id,
        story=page.story,
        url=pick_up.address,
        placed_on=proof.day_of(page),
        supports_only=True,
    )
    recording.record([found])
    recording.restore_keys([found.key])


def not_carried(pick_up: PickUp) -> None:
    """Let a pick-up count no more that was none."""
    recording.withdraw_keys([_key(pick_up)])


def _key(pick_up: PickUp) -> str:
    return f"pick-up:{pick_up.pk}"
