import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from channels.watching import rounds


class Command(BaseCommand):
    help = "Watches over delivery without a worker: probes, trial messages, alarms, counters."

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        self.stdout.write("Watching")
        self.stdout.flush()
        rounds.keep(stopping)
