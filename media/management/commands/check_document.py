"""``manage.py check_document``: Word files against Decree 30/2020/NĐ-CP."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from media.documents.checking.package import MAX_BYTES, UnreadableError
from media.documents.checking.report import Report, check


class Command(BaseCommand):
    help = "Check Word files against Decree 30/2020; exit status 1 if a rule is broken."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print one object per file")

    def handle(self, *args: Any, **options: Any) -> None:
        results = [(path, *checked(path)) for path in options["files"]]
        if options["json"]:
            data = [
                {"file": str(path), "error": error, "rules": report.as_data() if report else []}
                for path, report, error in results
            ]
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            for path, report, error in results:
                self.describe(path, report, error)
        wrong = [path for path, report, error in results if error or (report and report.broken)]
        if wrong:
            raise CommandError(_("Not in order: %(files)s") % {"files": ", ".join(map(str, wrong))})

    def describe(self, path: Path, report: Report | None, error: str | None) -> None:
        """Print a file's result for people."""
        if report is None:
            self.stdout.write(f"{path}: {error}")
            return
        values = {
            "file": path,
            "broken": len(report.broken),
            "kept": len(report.kept),
            "absent": len(report.absent),
        }
        words = _("%(file)s: rules broken %(broken)d, kept %(kept)d, not applicable %(absent)d")
        self.stdout.write(words % values)
        for verdict in report.broken:
            self.stdout.write(f"  {verdict.rule.id}: {verdict.rule.text} ({verdict.rule.source})")
            for each in verdict.broken:
                self.stdout.write(f"    {each.where}: {each.found} → {each.wanted}")


def checked(path: Path) -> tuple[Report | None, str | None]:
    """Return the report on a file, or the reason there is none."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return None, _("The file is larger than %(size)d MB.") % {"size": MAX_BYTES // 1024**2}
        return check(path.read_bytes()), None
    except UnreadableError as error:
        return None, str(error)
    except OSError as error:
        return None, str(error.strerror)
