"""``manage.py import_province``: a province with its communes, from the national list."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from organisations.provinces.catalogue import UnknownProvinceError, communes, provinces
from organisations.provinces.comparing import Comparison, Finding, Verdict, compare
from organisations.provinces.storing import bring_in
from organisations.reorganising.doing import ImpossibleError

SIGNS = {Verdict.ADD: "+", Verdict.ADOPT: "~", Verdict.RENAME: "→"}


class Command(BaseCommand):
    help = "Bring in a province with its communes; without a name, list the provinces."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("province", nargs="?", default="", help="code or name, e.g. 20")
        parser.add_argument(
            "--renamed-on",
            type=date.fromisoformat,
            help="day from which communes on record have the names of the list, e.g. 2026-05-01",
        )
        parser.add_argument("--dry-run", action="store_true", help="show, save nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["province"]:
            for unit in provinces():
                self.stdout.write(f"{unit.code} {unit.name} ({len(communes(unit.code))})")
            return
        words, day = options["province"], options["renamed_on"]
        try:
            found = compare(words) if options["dry_run"] else bring_in(words, renamed_on=day)
        except UnknownProvinceError as error:
            raise CommandError(_("There is no province “%s” in the list.") % words) from error
        except ImpossibleError as error:
            lines = [_("Nothing was saved."), *error.problems]
            raise CommandError("\n".join(lines)) from error
        self.report(found, renamed=day is not None)

    def report(self, found: Comparison, *, renamed: bool) -> None:
        """Print what is or would be done, a line for each unit that is not as the list says."""
        for verdict, sign in SIGNS.items():
            for finding in found.of(verdict):
                if finding.unit not in found.unclear:
                    self.stdout.write(f"{sign} {finding.unit.code} {self.words(finding)}")
        if found.of(Verdict.RENAME) and not renamed:
            self.stdout.write(_("Names are changed only with a day (--renamed-on)."))
        for unit in found.unclear:
            self.stdout.write(f"? {unit.code} {unit.name}")
        for agency in found.unknown:
            self.stdout.write(f"! {agency.name}: {_('not in the list')}")

    def words(self, finding: Finding) -> str:
        """Return what the line of a unit says."""
        if finding.verdict == Verdict.RENAME and finding.agency:
            return f"{finding.agency.name} → {finding.name}"
        return finding.name
