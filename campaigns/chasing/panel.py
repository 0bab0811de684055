"""The panel on the first page: what the person's agencies owe and soon will."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from wagtail.admin.ui.components import Component

from campaigns.chasing import dues, people
from campaigns.chasing.dues import Due
from campaigns.chasing.gathering import BACK
from organisations.models import Organisation

SHOWN = 5
KEPT = 300  # seconds
MAY_CHASE = "campaigns.chase"


class ChasingPanel(Component):
    """For officers: overdue and due soon with their agencies. For planners: with whom most is."""

    order = 20
    template_name = "campaigns/chasing/panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        today = timezone.localdate()
        chases = user.has_perm(MAY_CHASE)
        officer = any(user.has_perm(f"campaigns.{code}") for code in people.OFFICERS)
        agencies = set(user.organisations.values_list("pk", flat=True)) if officer else set()
        if not chases and not agencies:
            return {"is_shown": False}
        soon = today + timedelta(days=settings.SLOT_DUE_SOON_DAYS)
        own = dues.between(today - BACK, soon, agencies) if agencies else []
        total, most = owed(today) if chases else (0, [])
        return {
            "is_shown": True,
            "today": today,
            "chases": chases,
            "late_total": total,
            "worst": most,
            "has_agencies": bool(agencies),
            **parts(own, today),
        }


def owed(today: date) -> tuple[int, list[tuple[str, int]]]:
    """Return how much is overdue in all, and with whom most; as of some minutes ago at most."""
    found: tuple[int, list[tuple[str, int]]] | None = cache.get(f"campaigns.owed:{today}")
    if found is None:
        late = dues.between(today - BACK, today - timedelta(days=1))
        found = len(late), worst(late)
        cache.set(f"campaigns.owed:{today}", found, KEPT)
    return found


def parts(own: list[Due], today: Any) -> dict[str, Any]:
    late = [due for due in own if due.day < today]
    soon = [due for due in own if due.day >= today]
    return {
        "late": late[:SHOWN],
        "more_late": max(len(late) - SHOWN, 0),
        "late_count": len(late),
        "soon": soon[:SHOWN],
        "more_soon": max(len(soon) - SHOWN, 0),
    }


def worst(late: list[Due]) -> list[tuple[str, int]]:
    """Return the agencies that owe most, by name, with how much. One query."""
    counted: dict[int, int] = {}
    for due in late:
        counted[due.agency] = counted.get(due.agency, 0) + 1
    first = sorted(counted, key=lambda pk: (-counted[pk], pk))[:SHOWN]
    names = dict(Organisation.objects.filter(pk__in=first).values_list("pk", "name"))
    return [(names[pk], counted[pk]) for pk in first]
