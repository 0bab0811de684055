"""What other layers may listen to."""

from django.dispatch import Signal

#: A delivery reached a state that people care about.
#: Sent inside the transaction that changed it, with ``delivery``, ``verb`` (str), ``user`` and
#: ``reason`` (str).
delivery_changed = Signal()

#: The system stopped a channel ("stop"), leaves it alone for a while ("break") or uses it again
#: ("mend"). Sent inside the transaction that changed it, with ``channel``, ``verb`` and ``reason``.
channel_changed = Signal()
