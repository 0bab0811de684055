from typing import Any

from django.core.management.base import BaseCommand

from channels.worker import deliver_due


class Command(BaseCommand):
    help = "Frees leases that ran out and sends everything that is due, once."

    def handle(self, *args: Any, **options: Any) -> None:
        swept = deliver_due()
        self.stdout.write(f"{swept} leases had run out")
