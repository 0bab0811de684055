"""The clock: each job by itself, whatever becomes of the others."""

from datetime import datetime

import pytest
from django.db import DataError, OperationalError

from config import clock


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [ValueError("bug"), OperationalError("gone"), DataError("long")])
def test_a_job_that_fails_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    ran: list[datetime] = []

    def broken(now: datetime) -> int:
        raise fault

    def sound(now: datetime) -> int:
        ran.append(now)
        return 1

    monkeypatch.setattr(clock, "JOBS", (broken, sound, broken, sound))
    clock.tick()
    assert len(ran) == 2
    assert caplog.text.count("broken failed") == 2


def test_the_clock_sweeps_leases_and_keeps_the_schedule() -> None:
    names = {f"{job.__module__}.{job.__name__}" for job in clock.JOBS}
    assert names >= {"channels.delivery.sweep", "portal.scheduler.run"}
