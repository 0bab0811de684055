import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from config.management.quiet import without_page_log
from editorial import setting_up
from editorial.setting_up import SECTIONS, Wishes
from organisations.models import User
from portal.models import PortalSettings


class Command(BaseCommand):
    help = (
        "Starts a real province: names, first administrator, sections, channels. Asks for what is "
        "not given as an argument. Safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--province", help="name of the province, as in the page header")
        parser.add_argument("--agency", help="agency the portal speaks for")
        parser.add_argument("--url", help="public address, such as https://cchc.example.vn")
        parser.add_argument("--admin", help="user name of the first administrator")
        parser.add_argument("--email", help="e-mail of the first administrator")
        secret = parser.add_mutually_exclusive_group()
        secret.add_argument("--password", help="password of the first administrator")
        secret.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )
        parser.add_argument("--sections", metavar="A,B,C", help="names of the sections")
        parser.add_argument("--no-input", action="store_true", help="do not ask; use the defaults")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_old_database()
        wishes = self.wishes(options)
        found = setting_up.problems(wishes)
        if found:
            raise CommandError("\n".join(f"--{name}: {text}" for name, text in found.items()))
        try:
            with without_page_log():
                setting_up.set_up(wishes, self.stdout.write)
        except setting_up.NotPossible as reason:
            raise CommandError(str(reason)) from reason
        if wishes.url and wishes.url.rstrip("/") != settings.WAGTAILADMIN_BASE_URL:
            self.stdout.write(_("Now set PUBLIC_URL=%s in the environment.") % wishes.url)
        self.stdout.write(self.style.SUCCESS(_("Done. Log in under /admin/.")))

    def wishes(self, options: dict[str, Any]) -> Wishes:
        """Return what the arguments say, completed by answers or defaults."""
        names = PortalSettings.objects.first() or PortalSettings()
        questions = {
            "province": (_("Name of the province, for example “Tỉnh Lạng Sơn”"), names.province),
            "agency": (_("Agency the portal speaks for"), names.agency or "Sở Nội vụ"),
            "url": (_("Public address"), settings.WAGTAILADMIN_BASE_URL),
            "admin": (_("User name of the administrator"), "quantri"),
            "email": (_("E-mail of the administrator"), ""),
            "sections": (_("Sections, parted by commas"), ", ".join(SECTIONS)),
        }
        given: dict[str, str] = {}
        for name, (question, default) in questions.items():
            if options[name] is not None:
                given[name] = options[name]
            elif name == "email" and options["no_input"] and known(given["admin"]):
                given[name] = User.objects.get(username=given["admin"]).email
            else:
                given[name] = default if options["no_input"] else ask(question, default)
        sections = given.pop("sections").split(",")
        return Wishes(**given, sections=sections, password=password(given["admin"], options))


def refuse_old_database() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(_("The database is empty or older. Run “manage.py migrate” first."))


def known(username: str) -> bool:
    return User.objects.filter(username=username).exists()


def ask(question: str, default: str) -> str:
    """Return the answer typed on the terminal, or the default for an empty one."""
    try:
        answer = input(f"{question} [{default}]: " if default else f"{question}: ")
    except EOFError:
        return default
    return answer.strip() or default


def password(username: str, options: dict[str, Any]) -> str:
    """Return the password from the argument, standard input or the terminal, asked twice."""
    if options["password_stdin"]:
        return sys.stdin.readline().rstrip("\r\n")
    if options["password"] is not None or options["no_input"] or known(username):
        return options["password"] or ""
    first = getpass(_("Password: "))
    if getpass(_("Password again: ")) != first:
        raise CommandError("--password: " + _("The two passwords differ."))
    return first
