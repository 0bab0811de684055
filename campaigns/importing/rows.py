"""From a raw table to the rows of a plan: headings, activities, and every fault with its line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.deadlines import ImpossibleDateError, parse_timing
from campaigns.importing.columns import LABELS, Header, find_header
from campaigns.importing.problems import ImportFailedError, Problem, failure
from campaigns.importing.table import RawTable, Row
from campaigns.models import Activity

MAX_ROWS = 1000
_BREAKS = re.compile(r"\s*\n\s*")
_ARABIC = re.compile(r"\d+")
# Written on one line in any layout; the others keep their paragraphs.
_SINGLE_LINE = {"serial", "heading", "deadline_text", "quantity_text", "budget_text"}
_LIMITS = {"serial": 20, "heading": 255}
_MAX_TEXT = 5000


@dataclass(frozen=True, slots=True)
class PlanRow:
    """The texts of one activity by field name, for the columns that the file has."""

    line: int
    texts: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.texts.get(field, "")

    def apply(self, activity: Activity) -> None:
        """Set these texts on the activity; columns the file lacks stay as they are."""
        for field, text in self.texts.items():
            setattr(activity, field, text)


@dataclass(frozen=True, slots=True)
class PlanTable:
    """All rows in order, and remarks about the file as a whole."""

    rows: tuple[PlanRow, ...]
    warnings: tuple[str, ...]


def read_rows(table: RawTable, year: int) -> PlanTable:
    """Return the activities of the table; ``year`` stands in where a date names none.

    Raises ``ImportFailedError`` with all faults: no header, missing columns, rows without
    content, dates that do not exist, more than ``MAX_ROWS`` rows.
    """
    header = checked_header(table)
    body = [row for row in table.rows if row.line > header.last_line]
    if len(body) > MAX_ROWS:
        raise failure(
            ngettext(
                "The table has %(count)s row; a plan has at most %(limit)s. Keep in the file only "
                "the rows of one plan, or part the table among several plans.",
                "The table has %(count)s rows; a plan has at most %(limit)s. Keep in the file only "
                "the rows of one plan, or part the table among several plans.",
                len(body),
            )
            % {"count": number_format(len(body)), "limit": number_format(MAX_ROWS)},
            body[MAX_ROWS].line,
        )
    rows = list(activities(body, header))
    problems = [problem for row in rows for problem in faults(row, year)]
    problems += overlong_lines(body, table)
    if problems:
        raise ImportFailedError(sorted(problems, key=lambda problem: problem.line))
    if not rows:
        raise failure(_("The table has no activities."))
    return PlanTable(tuple(rows), (*table.warnings, *remarks(header, rows)))


def checked_header(table: RawTable) -> Header:
    """Return the header. Raises ``ImportFailedError`` if it is absent or lacks a column."""
    header = find_header(table)
    if not header:
        raise failure(
            _("No row names the columns (No., activity, lead agency, period…).")
            if table.rows
            else _("The file is empty.")
        )
    if header.missing:
        raise ImportFailedError(
            [
                Problem(_("The column “%s” is missing.") % LABELS[field], header.first_line)
                for field in header.missing
            ]
        )
    return header


def overlong_lines(body: list[Row], table: RawTable) -> Iterator[Problem]:
    """Report rows with filled cells beyond the header: a stray tab has shifted the columns."""
    head = next(row for row in table.rows if row.line == find_header(table).last_line)  # type: ignore[union-attr]
    for row in body:
        if any(row.cells[len(head.cells) :]):
            yield Problem(_("The row has more cells than the header."), row.line)


def activities(body: list[Row], header: Header) -> Iterator[PlanRow]:
    """Yield the activities; group rows give the heading of those below them."""
    heading = ""
    for index, row in enumerate(body):
        texts = texts_of(row, header)
        following = texts_of(body[index + 1], header) if index + 1 < len(body) else {}
        if is_repeated_header(row, header, texts):
            continue
        if group := group_name(row, header, texts, following):
            heading = group
            continue
        if not texts.get("heading"):
            texts["heading"] = heading
        if "serial" not in texts:
            texts["serial"] = ""
        yield PlanRow(row.line, texts)


def texts_of(row: Row, header: Header) -> dict[str, str]:
    texts: dict[str, str] = {}
    for field, index in header.columns.items():
        text = row.cells[index] if index < len(row.cells) else ""
        if field == "serial":
            text = re.sub(r"\s+", "", text).strip(".")
        elif field in _SINGLE_LINE:
            text = _BREAKS.sub(" ", text)
        texts[field] = text
    return texts


def is_repeated_header(row: Row, header: Header, texts: Mapping[str, str]) -> bool:
    """Tell a header that a page break repeated, and the row of column numbers (1), (2), (3)…"""
    figures = [cell.strip("()") for cell in row.cells if cell]
    if len(figures) >= 3 and all(figure.isdigit() for figure in figures):
        return True
    again = find_header(RawTable((row,)))
    return bool(again and again.columns == header.columns)


def group_name(
    row: Row, header: Header, texts: Mapping[str, str], following: Mapping[str, str]
) -> str:
    """Return the heading that a row carries: one text, merged across or alone, is no activity.

    A row numbered 3 is a heading only if the next one is numbered 3.1.
    """
    serial = texts.get("serial", "")
    others = {cell for index, cell in enumerate(row.cells) if index != header.columns.get("serial")}
    distinct = others - {""}
    if not distinct and serial and not serial[0].isdigit():
        return re.sub(r"\s+", " ", row.cells[header.columns["serial"]])
    if len(distinct) != 1 or (texts["lead_text"] and texts["lead_text"] != texts["content"]):
        return ""
    if _ARABIC.fullmatch(serial) and not following.get("serial", "").startswith(f"{serial}."):
        return ""
    return _BREAKS.sub(" ", distinct.pop())


def faults(row: PlanRow, year: int) -> Iterator[Problem]:
    """Yield what makes a row unusable."""
    if not row["content"]:
        yield Problem(_("The row says no activity."), row.line)
    for field, text in row.texts.items():
        if len(text) > _LIMITS.get(field, _MAX_TEXT):
            yield Problem(_("The text under “%s” is too long.") % LABELS[field], row.line)
    try:
        parse_timing(row["deadline_text"], year)
    except ImpossibleDateError as error:
        yield Problem(_("There is no such date: “%s”.") % error.args[0], row.line)


def remarks(header: Header, rows: list[PlanRow]) -> Iterator[str]:
    """Yield what a person should know about a file that can be used."""
    for name in header.unknown:
        yield _("The column “%s” is not imported.") % name
    for field in ("form", "partner_text", "quantity_text", "product", "budget_text"):
        if field not in header.columns:
            yield _("There is no column “%s”.") % LABELS[field]
    seen: dict[str, int] = {}
    for row in rows:
        serial = row["serial"]
        if serial and serial in seen:
            yield _("Lines %(first)d and %(second)d have the same number %(serial)s.") % {
                "first": seen[serial],
                "second": row.line,
                "serial": serial,
            }
        seen.setdefault(serial, row.line)
