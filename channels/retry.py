"""When to try again: a pure function of policy, failure, attempts and a random number."""

from dataclasses import dataclass
from datetime import timedelta

LONGEST = timedelta(days=7)  # a receiver that names a later time is asked once a week
#: How the waits grow, in first waits: 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h by default.
GROWTH = (1, 6, 24, 120, 360, 720, 1440)


@dataclass(frozen=True, slots=True)
class Policy:
    """How stubbornly a channel is tried. The default is for receivers away for hours."""

    tries: int = 8  # the first one included
    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=2)

    def pause(self, attempts: int) -> timedelta:
        """Return the wait after so many tries: it grows as the table does, then doubles."""
        step = max(attempts, 1) - 1
        beyond = max(step - len(GROWTH) + 1, 0)
        factor = GROWTH[min(step, len(GROWTH) - 1)] * 2 ** min(beyond, 20)
        return min(self.first * factor, self.longest)


DEFAULT = Policy()


def wait(
    policy: Policy, retry_after: timedelta | None, attempts: int, jitter: float = 0.5
) -> timedelta | None:
    """Return how long to wait before the next try, or ``None`` to give up.

    ``attempts`` counts tries made (1, 2, …); ``jitter`` lies in [0, 1) and spreads the wait from
    90 to 110 %, so that channels that failed together do not come back together. A receiver that
    names a time decides the wait, but not how often we try.
    """
    if attempts >= policy.tries:
        return None
    if retry_after is not None:
        return min(max(retry_after, timedelta(0)), LONGEST)
    return policy.pause(attempts) * (0.9 + 0.2 * jitter)
