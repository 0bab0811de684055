from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import messages


class Command(BaseCommand):
    help = "Updates and compiles the Vietnamese catalogues of our apps."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("apps", nargs="*", metavar="APP", help="default: all of them")
        parser.add_argument("--compile", action="store_true", help="compile only")
        parser.add_argument("--check", action="store_true", help="fail on a missing translation")

    def handle(self, *args: Any, **options: Any) -> None:
        lacking: list[str] = []
        for app in options["apps"] or messages.OUR_APPS:
            if app not in messages.OUR_APPS:
                raise CommandError(f"{app} is not one of: {', '.join(messages.OUR_APPS)}")
            if not (options["compile"] or options["check"]):
                messages.update(app)
            messages.compile_catalogue(app)
            if not options["compile"]:
                found = messages.missing(app)
                lacking += [f"{app}: {text}" for text in found]
                self.stdout.write(f"{app}: {len(found)} untranslated")
        for line in lacking:
            self.stdout.write(f"  {line}")
        if lacking and options["check"]:
            raise CommandError(f"{len(lacking)} messages have no translation.")
