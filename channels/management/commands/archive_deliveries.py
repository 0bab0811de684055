from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from channels.archive import walking
from channels.archive.models import LONGEST_MONTHS, ArchiveSettings


class Command(BaseCommand):
    help = (
        "Moves settled deliveries that nothing depends on any more to the archive. May be "
        "interrupted at any moment and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--months", type=int, help="settled so long ago (default: the setting)")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        months = options["months"]
        months = ArchiveSettings.load().months if months is None else months
        if not 0 <= months <= LONGEST_MONTHS:
            raise CommandError(f"--months: from 1 to {LONGEST_MONTHS}")
        if months == 0:
            self.stdout.write("The setting says never. Give --months to archive all the same.")
            return
        only_count = options["dry_run"]
        moved = walking.archive_all(
            timezone.now(), months, only_count=only_count, tell=self.tell_progress
        )
        words = "would be archived" if only_count else "archived"
        self.stdout.write(f"{moved} deliveries {words}.")

    def tell_progress(self, moved: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{moved}", ending="")
