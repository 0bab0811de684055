"""Four eyes on plans: nobody makes public what they wrote or edited last, whatever their rank."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail.models import Revision

from core.authorship import last_editor_of

if TYPE_CHECKING:
    from campaigns.plans.plan import Plan


def why_not(plan: "Plan", user: Any, revision: Revision | None) -> str:
    """Say why this person must not make this version public; "" if they may.

    The rows of the table lie outside the versions; only the plan's own texts are asked about.
    """
    if revision is None or user is None or last_editor_of(plan, revision) != user.pk:
        return ""
    return _(
        "You changed the text of this plan last. Somebody else has to approve it: submit it for "
        "approval."
    )
