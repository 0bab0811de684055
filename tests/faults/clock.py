"""A clock that jumps, for this process and for all that are forked from it."""

import mmap
import struct
from datetime import datetime, timedelta

_ahead = mmap.mmap(-1, 8)  # shared with the forks: seconds that the clock goes ahead


def ahead() -> float:
    """Return by how many seconds the clock is wrong."""
    return float(struct.unpack("d", _ahead[:])[0])


def jump(seconds: float) -> None:
    """Let the clock jump, back if negative."""
    _ahead[:] = struct.pack("d", ahead() + seconds)


def install() -> None:
    """Let Django tell this time. Before any model is loaded, or its defaults tell the right one."""
    from django.utils import timezone  # noqa: PLC0415 - after the environment is set

    right = timezone.now

    def now() -> datetime:
        return right() + timedelta(seconds=ahead())

    timezone.now = now
