"""What came of one try, and what that writes into the delivery's row."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from channels.contract import Receipt
from channels.models import State
from channels.payload import to_json

AWAITING_LIMIT = timedelta(days=2)  # a person who was handed something is asked after this


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try."""

    state: State
    reason: str = ""
    receipt: Receipt | None = None
    wait: timedelta | None = None  # until the next try, when ``state`` is pending
    hold_channel: timedelta | None = None  # the receiver asked everybody to wait
    hold_pace: str = ""  # … who is under this rate, not on this channel only
    untried: bool = False  # nothing was sent: somebody was asked to wait meanwhile
    stops_channel: bool = False
    unanswered: bool = False  # the receiver gave no sign of life
    unsure: bool = False  # it may have arrived, although ``state`` is pending: an urgent resend
    started: datetime = field(default_factory=timezone.now)

    @property
    def note(self) -> str:
        """What is stored for people: of a receipt what it says, else the reason."""
        return self.receipt.note if self.receipt else self.reason

    def values(self, now: datetime) -> dict[str, Any]:
        """Return the fields of the delivery's row that this outcome decides, but for its state."""
        delivered = self.state == State.DELIVERED
        values: dict[str, Any] = {"reason": self.note, "settled_at": now if delivered else None}
        if self.state == State.PENDING and self.receipt:
            values["attempt_count"] = 0  # what follows is tried for itself, and before others
        elif self.state == State.PENDING and not self.untried:
            values["due_at"] = now + (self.wait or timedelta(0))
        elif self.state == State.AWAITING:
            hours = self.receipt.within_hours if self.receipt else 0
            values["due_at"] = now + (timedelta(hours=hours) if hours else AWAITING_LIMIT)
        if self.receipt:
            values["receipt"] = to_json(self.receipt)
        return values
