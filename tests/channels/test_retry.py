"""The waits between tries: today's table by default, and any policy within its bounds."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import retry

policies = st.builds(
    retry.Policy,
    tries=st.integers(1, 20),
    first=st.integers(1, 3600).map(lambda seconds: timedelta(seconds=seconds)),
    longest=st.integers(1, 1440).map(lambda minutes: timedelta(minutes=minutes)),
)


def test_the_default_waits() -> None:
    waits = [retry.wait(retry.DEFAULT, None, attempts) for attempts in range(1, 9)]
    seconds = [wait.total_seconds() if wait else None for wait in waits]
    assert seconds == [5, 30, 120, 600, 1800, 3600, 7200, None]


@pytest.mark.parametrize("attempts", range(1, retry.DEFAULT.tries))
def test_back_off_is_spread_and_bounded(attempts: int) -> None:
    base = retry.DEFAULT.pause(attempts)
    assert retry.wait(retry.DEFAULT, None, attempts, 0.0) == base * 0.9
    assert retry.wait(retry.DEFAULT, None, attempts, 1.0) == base * 1.1
    assert retry.wait(retry.DEFAULT, timedelta(seconds=-3), attempts) == timedelta(0)
    assert retry.wait(retry.DEFAULT, timedelta(days=99), attempts) == retry.LONGEST


@given(policies)
def test_waits_grow_up_to_the_longest_and_the_tries_end(policy: retry.Policy) -> None:
    waits = [retry.wait(policy, None, attempts) for attempts in range(1, policy.tries)]
    assert retry.wait(policy, None, policy.tries) is None
    assert None not in waits
    lengths = [wait for wait in waits if wait is not None]
    assert lengths == sorted(lengths)
    assert all(timedelta(0) < wait <= policy.longest for wait in lengths)
