"""When to try again: a pure function of the failure, the attempts so far and a random number."""

from datetime import timedelta

LONGEST = timedelta(days=7)  # a receiver that names a later time is asked once a week
BACKOFF = [timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600, 7200)]


def wait(retry_after: timedelta | None, attempts: int, jitter: float = 0.5) -> timedelta | None:
    """Return how long to wait before the next try, or ``None`` to give up.

    ``attempts`` counts tries made (1, 2, …); ``jitter`` lies in [0, 1) and spreads the wait from
    90 to 110 %, so that channels that failed together do not come back together. A receiver that
    names a time decides the wait, but not how often we try.
    """
    if attempts > len(BACKOFF):
        return None
    if retry_after is not None:
        return min(max(retry_after, timedelta(0)), LONGEST)
    return BACKOFF[max(attempts, 1) - 1] * (0.9 + 0.2 * jitter)
