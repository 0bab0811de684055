"""What other layers may listen to."""

from django.dispatch import Signal

#: A delivery reached a state that people care about.
#: Sent inside the transaction that changed it, with ``delivery``, ``verb`` (str) and ``user``.
delivery_changed = Signal()
