from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from channels.watching import alarms
from channels.watching.models import Alarm


class Command(BaseCommand):
    help = "Looks for alarms once, tells administrators of new ones, and lists those that are open."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", action="store_true", help="tell nobody, only list")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["list"]:
            alarms.run(timezone.now())
        found = list(Alarm.objects.open())
        for alarm in found:
            since = timezone.localtime(alarm.opened_at)
            self.stdout.write(f"{since:%Y-%m-%d %H:%M} {alarm.kind}: {alarm.text}")
        if found:
            raise CommandError(f"{len(found)} open", returncode=2)
