"""Who may read the file of an agency's own plan."""

from typing import Any

from campaigns.ownplans import access
from campaigns.ownplans.models import OwnPlan
from media.models import Attachment, Picture
from media.private import register_guard


@register_guard
def reads_own_plan(user: Any, held: Attachment | Picture) -> bool:
    """Those who take the plans in, and the agency itself."""
    if not isinstance(held, Attachment):
        return False
    rows = OwnPlan.objects.filter(plan__document=held.pk)
    if user.has_perm(access.ACCEPT):
        return rows.exists()
    own = user.organisations.values("pk")
    return bool(user.has_perm(access.WRITE)) and rows.filter(organisation__in=own).exists()
