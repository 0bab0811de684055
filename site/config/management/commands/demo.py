from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

import ingest.demo
from config.management.quiet import without_page_log
from editorial import demo


class Command(BaseCommand):
    help = "Loads the demo province. Safe to repeat: what people have changed stays changed."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                _(
                    "The demo's password is known to everybody, so it is loaded with DEBUG on "
                    "only. Use “manage.py setup” for a real province."
                )
            )
        self.stdout.write(_("Loading the demo province…"))
        with without_page_log():
            demo.load(lambda line: self.stdout.write(f"  {line}"))
        ingest.demo.load(lambda line: self.stdout.write(f"  {line}"))
        accounts = ", ".join(demo.ACCOUNTS)
        self.stdout.write(
            _("Accounts, password %(password)s: %(names)s")
            % {"password": demo.PASSWORD, "names": accounts}
        )
