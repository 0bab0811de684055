"""Who may read a file that is evidence, or proves a score."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from campaigns.evidence.models import Evidence
from campaigns.scoring.models import Proof
from campaigns.slots import access
from media.models import Attachment, Picture
from media.private import register_guard


@register_guard
def reads_evidence(user: Any, held: Attachment | Picture) -> bool:
    """Those who see a slot that it serves; for what serves none, its agency and the planners."""
    if not access.may_see_any(user):
        return False
    column = "document" if isinstance(held, Attachment) else "picture"
    rows = Evidence.objects.filter(**{column: held.pk})
    seen = access.visible(user).filter(fulfilments__evidence=OuterRef("pk"))
    mine = Q(organisation__in=user.organisations.values("pk")) | Q(added_by=user.pk)
    if access.plans(user):
        return rows.exists()
    return rows.filter(Q(Exists(seen)) | (Q(fulfilments=None) & mine)).exists()


@register_guard
def reads_proof(user: Any, held: Attachment | Picture) -> bool:
    """Those who verify scores, and the agency whose score it proves."""
    if not isinstance(held, Attachment):
        return False
    rows = Proof.objects.filter(document=held.pk)
    if user.has_perm("campaigns.verify_assessment"):
        return rows.exists()
    own = user.organisations.values("pk")
    answers = user.has_perm("campaigns.answer_assessment")
    return answers and rows.filter(answer__assessment__organisation__in=own).exists()
