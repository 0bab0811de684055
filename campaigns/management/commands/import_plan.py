"""``manage.py import_plan``: a plan with its activities from the appendix of its document."""

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.importing.facts import Facts
from campaigns.importing.files import read_path
from campaigns.importing.listing import listing
from campaigns.importing.problems import ImportFailedError
from campaigns.importing.store import Draft, Outcome, missing_facts, read_draft, store


def iso_date(text: str) -> date:
    """Return a date written 2021-04-21 or 21/4/2021. Raises ``ArgumentTypeError``."""
    try:
        if "/" in text:
            day, month, year = map(int, text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("There is no such date: “%s”.") % text) from error


class Command(BaseCommand):
    help = "Import a plan from the .docx, .xlsx or .tsv table of its activities."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--number", default="", help="number and symbol, e.g. 95/KH-UBND")
        parser.add_argument("--date", type=iso_date, help="date of issue, e.g. 2021-04-21")
        parser.add_argument("--issuer", default="", help="name, short name or code of the agency")
        parser.add_argument("--title", default="", help="the abstract (trích yếu)")
        parser.add_argument("--year", type=int, help="plan year, if the abstract does not say it")
        parser.add_argument("--dry-run", action="store_true", help="read and report, save nothing")
        parser.add_argument("--json", action="store_true", help="print the rows as understood")

    def handle(self, *args: Any, **options: Any) -> None:
        given = Facts(
            options["number"].strip(),
            options["date"],
            options["title"].strip(),
            options["issuer"].strip(),
            options["year"],
        )
        try:
            draft = read_draft(read_path(options["file"]), given, timezone.localdate())
            outcome = None if options["dry_run"] else store(draft)
        except ImportFailedError as error:
            lines = [_("Nothing was saved."), *map(str, error.problems)]
            raise CommandError("\n".join(lines)) from error
        self.report(draft, outcome)
        if options["json"]:
            self.stdout.write(json.dumps(listing(draft), ensure_ascii=False, indent=2))

    def report(self, draft: Draft, outcome: Outcome | None) -> None:
        """Say on standard error what was understood and done; standard output is for the rows."""
        for warning in [*draft.warnings, *(outcome.warnings if outcome else [])]:
            self.stderr.write(warning)
        for line, doubt in draft.row_warnings():
            self.stderr.write(_("Line %(line)d: %(message)s") % {"line": line, "message": doubt})
        if outcome is None:
            for problem in missing_facts(draft.facts):
                self.stderr.write(str(problem))
            self.stderr.write(_("%d activities understood. Nothing was saved.") % len(draft.rows))
            return
        self.stderr.write(summary(outcome))


def summary(outcome: Outcome) -> str:
    """Return one sentence on what was stored."""
    plan = outcome.plan
    values = {
        "number": plan.number,
        "date": date_format(plan.issued_on, "d/m/Y") if plan.issued_on else "",
        "added": outcome.added,
        "updated": outcome.updated,
        "removed": outcome.removed,
    }
    if outcome.is_new:
        return _("Plan %(number)s of %(date)s created as a draft, %(added)d activities.") % values
    return (
        _(
            "Plan %(number)s of %(date)s was there already and is up to date: "
            "%(added)d activities added, %(updated)d updated, %(removed)d removed."
        )
        % values
    )
