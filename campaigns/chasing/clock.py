"""What the clock does for chasing: the day's round, and handing its mails to the worker."""

from datetime import datetime

from django.core.cache import cache
from django.utils import timezone
from django_tasks import task

from campaigns.chasing import gathering, sending
from campaigns.chasing.models import ChasingMail

EVERY = 60  # seconds; the clock itself comes round every two


def run(now: datetime) -> int:
    """Do the round if it is time, and have open mails sent. Returns how many are handed over."""
    if not cache.add("campaigns.chasing.clock", now, EVERY):
        return 0
    gathering.run_round(now)
    sending.give_up_lost(now)
    waiting = ChasingMail.objects.open_at(now).count()
    if waiting:
        send_mails.enqueue()
    return waiting


@task()
def send_mails() -> None:
    """Send what is due, in the background: neither the clock nor a request waits for a server."""
    sending.send_open(timezone.now())
