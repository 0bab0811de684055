from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import messages, upstream


class Command(BaseCommand):
    help = "Updates and compiles the Vietnamese catalogues: our apps', and the overlays of others'."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("apps", nargs="*", metavar="APP", help="default: all of them")
        parser.add_argument("--compile", action="store_true", help="compile only, overlays too")
        parser.add_argument("--check", action="store_true", help="fail on a missing translation")
        parser.add_argument(
            "--upstream",
            action="store_true",
            help="count the messages of Wagtail, Django and their companions instead",
        )
        parser.add_argument(
            "--update", action="store_true", help="with --upstream: renew the overlays first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lacking = self.others(options["update"]) if options["upstream"] else self.ours(options)
        for line in lacking:
            self.stdout.write(f"  {line}")
        if lacking and (options["check"] or options["upstream"]):
            raise CommandError(f"{len(lacking)} messages have no translation.")

    def ours(self, options: dict[str, Any]) -> list[str]:
        """Update, compile and count our own catalogues; return what lacks a translation."""
        lacking: list[str] = []
        total = 0
        if options["compile"] and not options["apps"]:
            upstream.compile_overlays()
        for app in options["apps"] or messages.OUR_APPS:
            if app not in messages.OUR_APPS:
                raise CommandError(f"{app} is not one of: {', '.join(messages.OUR_APPS)}")
            if not (options["compile"] or options["check"]):
                messages.update(app)
            messages.compile_catalogue(app)
            if not options["compile"]:
                found = messages.missing(app)
                lacking += [f"{app}: {text}" for text in found]
                size = messages.size(app)
                total += size
                self.stdout.write(f"{app:16}{size:6} messages, {len(found)} untranslated")
        if total:
            self.stdout.write(f"{total - len(lacking)} of {total} translated")
        return lacking

    def others(self, update: bool) -> list[str]:
        """Print a table of the catalogues that others ship; return what lacks a translation."""
        if update:
            for one in upstream.catalogues():
                upstream.update(one)
        counts = [upstream.count(one) for one in upstream.catalogues()]
        total = sum(count.total for count in counts)
        missing = sum(len(count.missing) for count in counts)
        lines = [("catalogue", "messages", "theirs", "overlay", "missing")]
        lines += [
            (one.name, str(one.total), str(one.theirs), str(one.ours), str(len(one.missing)))
            for one in counts
        ]
        for name, *numbers in lines:
            self.stdout.write(f"{name:28}" + "".join(f"{number:>10}" for number in numbers))
        share = 100 * (total - missing) / total
        self.stdout.write(f"{total - missing} of {total} translated: {share:.1f} %")
        return [f"{count.name}: {text}" for count in counts for text in count.missing]
