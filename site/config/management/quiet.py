"""For commands that make many pages at once."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_page_log() -> Iterator[None]:
    """Keep Wagtail's line for every page it creates, edits or publishes out of the output."""
    logger = logging.getLogger("wagtail")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
