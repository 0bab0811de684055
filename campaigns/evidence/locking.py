"""Submitted reports hold the evidence they used: what was reported stays provable as it was."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.evidence.models import Evidence, Lock
from core.errors import RefusedError


def lock(evidence: Collection[int], holder: str, label: str) -> int:
    """Hold these pieces for a report; ``holder`` names it ("report:12"), ``label`` is for people.

    Holding them again changes nothing. Returns how many the report holds. One statement to write.
    """
    rows = [Lock(evidence_id=pk, holder=holder, label=label) for pk in sorted(set(evidence))]
    Lock.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return Lock.objects.filter(holder=holder).count()


def unlock(holder: str) -> int:
    """Let go what a report held, because it was returned. Returns how many pieces."""
    return Lock.objects.filter(holder=holder).delete()[0]


def require_free(evidence: Evidence) -> None:
    """Raise ``RefusedError``, naming the report, when a submitted report uses the evidence."""
    held = evidence.locks.order_by("locked_at", "pk").first()
    if held is not None:
        raise RefusedError(
            _("“%(title)s” is used by a report that was submitted (%(report)s) and stays as it is.")
            % {"title": evidence.title, "report": held.label}
        )


@transaction.atomic
def held(evidence: Evidence) -> Evidence:
    """Return the evidence with its row locked, or raise ``RefusedError`` as ``require_free``."""
    row: Any = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    require_free(row)
    found: Evidence = row
    return found
