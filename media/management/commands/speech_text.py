"""``manage.py speech_text``: standard input to the text as a newsreader would say it."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from media.speech import Documents, speak


class Command(BaseCommand):
    help = "Read text from standard input and print it as a newsreader says it, a line for a line."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--documents",
            choices=[mode.value for mode in Documents],
            default=Documents.NATURAL.value,
            help="how the numbers of documents are read",
        )
        parser.add_argument("--no-mung", action="store_true", help="do not say mùng for days 1-10")

    def handle(self, *args: Any, documents: str, no_mung: bool, **options: Any) -> None:
        source = getattr(sys.stdin, "buffer", None)
        text = source.read().decode("utf-8", errors="replace") if source else sys.stdin.read()
        spoken = speak(text.replace("\r\n", "\n"), documents=Documents(documents), mung=not no_mung)
        self.stdout.write(spoken, ending="")
