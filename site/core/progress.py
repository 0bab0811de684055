"""How far a long request is, for the page that waits for it.

What one transaction has written nobody else sees before it ends, and each process has a cache of
its own; a small file beside the uploads is seen by all.
"""

import json
import time
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings

KEPT = 3600  # seconds; a request that broke off left its file
EVERY = 0.1  # seconds between two notes: a file for each of 500 rows would be most of the work


def folder() -> Path:
    return Path(settings.PRIVATE_ROOT) / "progress"


class Progress:
    """Notes the steps of one request under a key that the page made up (a UUID)."""

    def __init__(self, key: str) -> None:
        self.path = path_of(key)
        self.noted = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Note that ``done`` of ``total`` steps are behind us; a full disk is no reason to stop."""
        if self.path is None or (time.monotonic() - self.noted < EVERY and done < total):
            return
        self.noted = time.monotonic()
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(".part")
            part.write_text(json.dumps([done, total]))
            part.replace(self.path)

    def end(self) -> None:
        """Forget it, and what broke off long ago."""
        if self.path is None:
            return
        self.path.unlink(missing_ok=True)
        for left in folder().glob("*"):
            with suppress(OSError):
                if left.stat().st_mtime < time.time() - KEPT:
                    left.unlink()


def path_of(key: str) -> Path | None:
    """Return the file of a key; ``None`` for what is no UUID, so that nobody names another file."""
    try:
        return folder() / f"{UUID(key)}.json"
    except ValueError:
        return None


def read(key: str) -> tuple[int, int] | None:
    """Return done and total of a request; ``None`` before it began and after it ended."""
    path = path_of(key)
    try:
        done, total = json.loads(path.read_text()) if path else (0, 0)
    except (OSError, ValueError):
        return None
    return (done, total) if total else None
