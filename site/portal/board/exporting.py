"""The board as a file: one line for each delivery that the filter finds."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from channels.admin.report import receipt_text
from channels.models import Action, State
from channels.registry import ADAPTERS
from core.sheets import Cells
from portal.board.matrix import Wanted, worded

CHUNK = 2000  # rows held at once
COLUMNS = (
    "publication__title", "sequence", "channel__name", "channel__kind", "action", "state",
    "attempt_count", "reason", "receipt", "created_at", "due_at", "settled_at", "pk",
)  # fmt: skip


def headings() -> list[str]:
    return [
        _("Item"), _("Version"), _("Channel"), _("Kind"), _("Action"), _("State"), _("Attempts"),
        _("Reason"), _("Receipt"), _("Written"), _("Due at"), _("Settled"), _("Number"),
    ]  # fmt: skip


def rows(wanted: Wanted, now: datetime) -> Iterator[Cells]:
    """Yield the lines, the newest delivery first, read as they are written."""
    found = worded(wanted, now).filter(channel__is_test=False)
    kinds = {kind: str(adapter.label) for kind, adapter in ADAPTERS.items()}
    # Translated once, not a hundred thousand times.
    actions = {name: str(label) for name, label in Action.choices}
    states = {name: str(label) for name, label in State.choices}
    for line in found.order_by("-pk").values_list(*COLUMNS).iterator(CHUNK):
        title, version, name, kind, action, state, attempts, reason, receipt, *rest = line
        yield (
            title, version, name, kinds.get(kind, kind), actions[action], states[state],
            attempts, reason, receipt_text(receipt), *rest,
        )  # fmt: skip
