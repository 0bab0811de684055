"""When an item may be seen: rules on its schedule, without any database."""

from collections.abc import Collection
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

FAR = datetime(2999, 12, 31, 17, tzinfo=UTC)
"""The time of what waits for something other than a time: its bundle. Never shown to anybody."""


def in_words(moment: datetime) -> str:
    """Return the moment to the minute as people here say it, in the province's time."""
    local = timezone.localtime(moment)
    return _("%(time)s on %(day)s") % {"time": f"{local:%H:%M}", "day": f"{local:%d/%m/%Y}"}


def own_time(go_live_at: datetime | None) -> datetime | None:
    """Return the item's own time, which waiting for a bundle is not."""
    return None if go_live_at is not None and go_live_at >= FAR else go_live_at


def not_before(
    go_live_at: datetime | None, embargo_until: datetime | None, now: datetime
) -> datetime | None:
    """Return when an item goes live by itself: at its own time, but never under embargo."""
    if embargo_until is None or embargo_until <= now:
        return go_live_at
    return max(go_live_at or embargo_until, embargo_until)


def problems(
    *,
    embargo_until: datetime | None,
    early_channels: Collection[str],
    expire_at: datetime | None,
    live: bool,
    now: datetime,
) -> dict[str, str]:
    """Return what is wrong with a schedule, as field → words for the person."""
    found: dict[str, str] = {}
    if embargo_until is None:
        if early_channels:
            found["early_channels"] = _(
                "Stations are chosen, but there is no moment before which they must not use the "
                "item. Enter it, or choose no station."
            )
        return found
    if live and embargo_until > now:
        found["embargo_until"] = _(
            "Everybody can read this item already. Take it down first, or leave this empty."
        )
    if expire_at and expire_at <= embargo_until:
        found["expire_at"] = _(
            "The item would expire before it may be public. Choose a later time."
        )
    return found


def same_minute(one: datetime | None, other: datetime | None) -> bool:
    """Whether two moments are the same as forms show them, which is to the minute."""
    if one is None or other is None:
        return one is other
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)
