from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.chasing import gathering, sending
from campaigns.chasing.models import ChasingMail, ChasingSettings
from campaigns.chasing.rhythm import digest_due


class Command(BaseCommand):
    help = (
        "Does the day's round of reminders, if it was not done, and sends its mails. The clock "
        "does the same."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say who would be told what; write nothing"
        )
        parser.add_argument(
            "--day", type=date.fromisoformat, help="with --dry-run: on that day (2026-05-31)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            self.show(options["day"] or timezone.localdate())
            return
        made = gathering.run_round(now)
        if made is None:
            self.stdout.write(_("No round: switched off, a quiet day, too early, or done already."))
        sent = sending.send_open(timezone.now())
        waiting = ChasingMail.objects.filter(state=ChasingMail.State.PENDING).count()
        words = _("Sent: %(sent)d. Waiting: %(waiting)d.")
        self.stdout.write(words % {"sent": sent, "waiting": waiting})

    def show(self, day: date) -> None:
        chosen = ChasingSettings.load()
        gathered = gathering.gather(chosen, day, digest_due(chosen, day))
        for person, lines in gathered.lines.items():
            self.stdout.write(f"{person.name} <{person.address or _('no address')}>")
            for line in lines:
                due = line.due
                step = f"{line.role.label} {line.offset:+d}"
                self.stdout.write(f"  {step}: {due.day:%d/%m/%Y} {due.title}")
