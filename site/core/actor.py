"""Who is at work: the person whose admin request is running, if any."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_ACTOR: ContextVar[Any] = ContextVar("actor", default=None)


def current() -> Any:
    """Return the user of the running admin request; ``None`` for the clock and for commands."""
    return _ACTOR.get()


@contextmanager
def acting(user: Any) -> Iterator[None]:
    """Let everything inside be done by this person; somebody not logged in is nobody."""
    token = _ACTOR.set(user if getattr(user, "is_authenticated", False) else None)
    try:
        yield
    finally:
        _ACTOR.reset(token)
