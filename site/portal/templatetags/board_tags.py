"""What the board of deliveries asks of its cells."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template

from channels.models import Delivery
from portal.panels import VERBS

register = template.Library()


@register.filter
def of(values: Mapping[Any, Any], key: Any) -> Any:
    """Return what a mapping holds under a key that is itself a variable; ``None`` for nothing."""
    return values.get(key)


@register.filter
def open_to_people(row: Delivery) -> bool:
    """Whether a person can change anything about the delivery."""
    return bool(VERBS.get(row.state))


@register.filter
def quiet_until(row: Delivery, now: datetime) -> datetime | None:
    """Return when the quiet hours end that hold the delivery up; ``None`` when none do."""
    return row.waits_until(now)
