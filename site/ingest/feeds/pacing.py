"""When a source is asked again."""

from datetime import timedelta

MOST = timedelta(days=1)  # without success
PATIENCE = timedelta(days=7)  # how long a server may have us wait
SPREAD = 0.1  # of the pause, so that sources added together drift apart


def pause(
    interval: timedelta, failures: int, jitter: float, retry_after: timedelta | None = None
) -> timedelta:
    """Return how long to wait after a poll.

    ``failures`` counts those in a row: each doubles the pause, up to a day. ``jitter`` is a
    number from 0 to 1. A server's own wish (Retry-After, RFC 9110, 10.2.3) counts when it is
    longer.
    """
    wait = interval
    if failures:
        wait = max(interval, min(interval * 2 ** min(failures, 10), MOST))
    wait *= 1 + SPREAD * jitter
    return max(wait, min(retry_after, PATIENCE)) if retry_after else wait
