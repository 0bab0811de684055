import os
import sys
import threading
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from honcho.manager import Manager
from wagtail.models import Page

from config.env import BASE_DIR, VAR_DIR
from core import messages, upstream
from editorial.demo import ACCOUNTS, PASSWORD

READY_SECONDS = 60
RESTARTED = "NHIPCAU_RESTARTED"


class Command(BaseCommand):
    help = "Sets up the demo if it is missing, then runs portal, admin, worker and clock."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=getattr(settings, "PORT", 8000))

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("run is for the demo and development: DEBUG is off.")
        for folder in (VAR_DIR, settings.STATIC_ROOT):
            folder.mkdir(parents=True, exist_ok=True)
        compiled = [messages.compile_catalogue(app) for app in messages.OUR_APPS]
        if any([*compiled, upstream.compile_overlays()]) and not os.environ.get(RESTARTED):
            # Django has loaded the old catalogues by now, or none: begin again with the new ones.
            os.environ[RESTARTED] = "1"  # once: a clock that is wrong makes them look old for ever
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - ourselves
        self.step(1, _("Database"))
        migrate_if_needed()
        self.step(2, _("Demo province"))
        if not Page.objects.filter(depth=2, slug="trang-chu").exists():
            call_command("demo", stdout=self.stdout)
        self.step(3, _("Portal, admin, worker and clock"))
        self.run_all(options["host"], options["port"])

    def step(self, number: int, what: str) -> None:
        self.stdout.write(f"[{number}/3] {what}…")
        self.stdout.flush()

    def run_all(self, host: str, port: int) -> None:
        """Run the processes side by side until one ends or Ctrl+C."""
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(BASE_DIR / "site"), str(BASE_DIR)]),
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "PYTHONUNBUFFERED": "1",
        }
        python = f'"{sys.executable}"'
        manager = Manager()
        manager.add_process(
            "portal",
            f"exec {python} -m granian --interface wsgi --host {host} --port {port} "
            "--workers 1 --blocking-threads 4 --no-ws --log-level warning config.wsgi:application",
            env=environment,
            cwd=str(BASE_DIR),
        )
        manager.add_process(
            "worker", f"exec {python} manage.py worker", env=environment, cwd=str(BASE_DIR)
        )
        threading.Thread(target=self.announce, args=(port,), daemon=True).start()
        manager.loop()
        sys.exit(manager.returncode)

    def announce(self, port: int) -> None:
        """Print the addresses and accounts once the portal answers."""
        root = f"http://127.0.0.1:{port}"
        if not answers(f"{root}/readyz"):
            self.stdout.write(_("The portal does not answer; see the lines above."))
            return
        places = {
            _("Portal"): "/",
            _("Admin pages"): "/admin/",
            _("Feeds"): "/feeds/",
            _("Telegram sandbox"): "/sandbox/telegram/",
            _("Zalo sandbox"): "/sandbox/zalo/",
            _("Facebook sandbox"): "/sandbox/facebook/",
        }
        accounts = _("Accounts, all with the password %(password)s:") % {"password": PASSWORD}
        lines = [
            "",
            *(f"  {name + ':':<21}{root}{path}" for name, path in places.items()),
            "",
            f"  {accounts}",
            *(f"    {name:<11}{role}" for name, role in ACCOUNTS.items()),
            "",
            "  " + _("Ctrl+C stops everything."),
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def migrate_if_needed() -> None:
    """Bring the database up to date; a look at the plan is much faster than a migration of none."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def answers(url: str) -> bool:
    """Wait until the address answers with 200. ``False`` after ``READY_SECONDS``."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
