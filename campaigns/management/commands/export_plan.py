"""``manage.py export_plan``: a plan as a document, by Decree 30/2020/NĐ-CP."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from campaigns.exporting.files import FORMS, export
from campaigns.exporting.finding import NoSinglePlanError, find_plan
from media.documents.pdf import WritingError


class Command(BaseCommand):
    help = "Write a plan as a Word document, a PDF, an Excel workbook or tab-separated text."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", metavar="NUMBER", help="for example 95/KH-UBND")
        parser.add_argument("--year", type=int, help="plan year")
        parser.add_argument("--issuer", default="", help="name, short name or code of the agency")
        parser.add_argument("--format", choices=list(FORMS), required=True)
        parser.add_argument("-o", "--output", type=Path, metavar="FILE", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = find_plan(options["number"], options["year"], options["issuer"])
            exported = export(plan, options["format"])
            options["output"].write_bytes(exported.data)
        except (NoSinglePlanError, WritingError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            message = _("The file %(path)s cannot be written: %(reason)s.")
            values = {"path": options["output"], "reason": error.strerror}
            raise CommandError(message % values) from error
        self.stderr.write(
            _("Plan %(number)s of %(year)s was written to %(path)s.")
            % {"number": plan.number, "year": plan.year, "path": options["output"]}
        )
