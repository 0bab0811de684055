"""What the workers of the pool do: each job is a thin call of what the single worker calls, too."""

from typing import Any

from django.db import InterfaceError, OperationalError
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from config import clock
from config.pool import background
from config.pool.queues import CLOCK, DELIVER, DELIVERIES, RUN, TASKS, call_a_worker

SILENT_SECONDS = 30.0  # a worker that was not heard of for so long is gone; it speaks every ten
TRIES = 5  # of a background task whose worker vanished or could not reach the database
KEPT_HOURS = 7 * 24  # jobs that failed, for whoever looks into it
NO_DATABASE = RetryStrategy(
    max_attempts=TRIES, exponential_wait=3, retry_exceptions=(OperationalError, InterfaceError)
)


@app.task(name=DELIVER, queue=DELIVERIES, pass_context=True)
async def deliver(context: JobContext) -> None:
    """Send what is due. Several workers may do so at once: the outbox gives each row to one."""
    await context.additional_context["crew"].deliver()


@app.task(name=RUN, queue=TASKS, pass_context=True, retry=NO_DATABASE)
async def run(context: JobContext, path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Carry out one of Wagtail's background tasks."""
    crew = context.additional_context["crew"]
    known = (context.job.id, context.worker_name)
    await crew.in_thread(TASKS, background.run, *known, path, args, kwargs)


# Every worker proposes these rounds; the database lets each take place once in the whole pool.
# No lock is held meanwhile: one whose worker is killed holds up nothing.


@app.periodic(cron="*/2 * * * * *")
@app.task(name="nhipcau.tick", queue=CLOCK, queueing_lock="nhipcau.tick", pass_context=True)
async def tick(context: JobContext, timestamp: int) -> None:
    """Run the clock, then call a worker: for what became due by time, or what nobody called for."""
    await context.additional_context["crew"].in_thread(CLOCK, go_round)


def go_round() -> None:
    clock.tick()
    call_a_worker()


@app.periodic(cron="*/10 * * * * *")
@app.task(name="nhipcau.rescue", queue=CLOCK, queueing_lock="nhipcau.rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Take jobs from workers that vanished. Only background tasks are done again.

    What a pass had in flight is under its leases, and the clock is past.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        if job.task_name == RUN and job.attempts < TRIES:
            await manager.retry_job(job)
        else:
            await manager.finish_job(job, Status.FAILED, delete_job=job.task_name != RUN)
    await manager.prune_stalled_workers(SILENT_SECONDS)


@app.periodic(cron="17 20 * * *")  # UTC: after three in the morning
@app.task(name="nhipcau.tidy", queue=CLOCK, queueing_lock="nhipcau.tidy", pass_context=True)
async def tidy(context: JobContext, timestamp: int) -> None:
    """Forget jobs that failed long ago."""
    await context.app.job_manager.delete_old_jobs(
        KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
