"""What other layers may listen to."""

from django.dispatch import Signal

#: Deliveries reached a state that people care about, all of them by the same verb.
#: Sent inside the transaction that changed them, with ``deliveries`` (a sequence of rows with their
#: channels), ``verb`` (str), ``user`` and ``reason`` (str; empty: each row's own). A listener works
#: for all of them at once: there may be hundreds. It may be called again, for one row at a time,
#: when it failed for all.
deliveries_changed = Signal()

#: The system stopped a channel ("stop"), leaves it alone for a while ("break") or uses it again
#: ("mend"). Sent inside the transaction that changed it, with ``channel``, ``verb`` and ``reason``.
channel_changed = Signal()
