"""Lists of guests as people paste or upload them: columns by name, or in the usual order.

    Họ và tên | Chức vụ | Cơ quan | Điểm cầu

Columns are parted by tabs (as a spreadsheet copies them), by "|" or by ";". Every fault is named
with its line, and nothing is saved before there is none.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from campaigns.agencies import Directory
from campaigns.events.models import Event, Guest, Site
from campaigns.importing import files, tabbed
from campaigns.importing.problems import ImportFailedError, Problem, failure
from campaigns.importing.table import Row, clean_cell
from campaigns.importing.workbook import read_sheet, refuse_formulas
from core.text import fold, legal_xml
from organisations.models import Organisation

MOST_ROWS = 2_000
ORDER = ("name", "title", "agency", "site")
# Folded headings; each is one of the words, or begins with it.
HEADINGS = {
    "serial": ("stt", "tt", "so thu tu"),
    "name": ("ho va ten", "ho ten", "ten dai bieu", "dai bieu"),
    "title": ("chuc vu", "chuc danh"),
    "agency": ("co quan", "don vi", "dia phuong", "noi cong tac"),
    "site": ("diem cau",),
}
LENGTHS = {"name": 150, "title": 200, "agency": 200}
_SERIAL = re.compile(r"\d{1,4}[.)]?")
_MAIN = ("diem cau chinh", "diem cau trung tam", "hoi truong chinh")


@dataclass(frozen=True, slots=True)
class Invited:
    """A guest as read: the agency on record if it was found, the site if one was named."""

    line: int
    name: str
    title: str
    agency_text: str
    organisation: Organisation | None
    site: Site | None
    is_known: bool = False  # stands on the list of the event already

    @property
    def key(self) -> str:
        return guest_key(self.name, self.organisation, self.agency_text)


@dataclass(frozen=True, slots=True)
class Reading:
    """The guests of a list, and what is wrong in it."""

    guests: tuple[Invited, ...]
    problems: tuple[Problem, ...]

    @property
    def new(self) -> list[Invited]:
        return [one for one in self.guests if not one.is_known]


def guest_key(name: str, organisation: Organisation | None, agency_text: str) -> str:
    """Return what two mentions of one guest have in common."""
    agency = str(organisation.pk) if organisation is not None else fold(agency_text)
    return f"{name.casefold()}|{agency}"


def rows_of_text(text: str) -> list[Row]:
    """Return the rows of a pasted list."""
    lines = legal_xml(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    sign = next((one for one in "\t|;" if any(one in line for line in lines)), "\t")
    rows = [
        Row(number, tuple(clean_cell(cell) for cell in line.split(sign)))
        for number, line in enumerate(lines, start=1)
    ]
    return [row for row in rows if any(row.cells)]


def rows_of_file(data: bytes) -> list[Row]:
    """Return the rows of an .xlsx or a text file. Raises ``ImportFailedError``."""
    if not data.strip():
        raise failure(_("The file is empty."))
    if len(data) > files.MAX_BYTES:
        raise failure(files.too_large())
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise failure(files.refusal_of_ole(data))
    if data.startswith(b"PK"):
        return rows_of_workbook(data)
    return rows_of_text(tabbed.decode(data)[0])


def rows_of_workbook(data: bytes) -> list[Row]:
    if "xl/workbook.xml" not in files.checked_package(data):
        raise failure(_("The file is not an Excel workbook."))
    try:
        book = load_workbook(io.BytesIO(data), data_only=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError) as error:
        raise failure(_("The workbook is damaged or is not an Excel file.")) from error
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" and (rows := list(read_sheet(sheet).rows)):
            refuse_formulas(sheet, 1)
            return rows
    raise failure(_("The file is empty."))


def as_text(rows: Iterable[Row]) -> str:
    """Return rows as a text that can be corrected and read again, in the same lines."""
    lines: list[str] = []
    for row in rows:
        lines += [""] * (row.line - 1 - len(lines))
        lines.append("\t".join(cell.replace("\n", " ").replace("\t", " ") for cell in row.cells))
    return "\n".join(lines)


def read(rows: Sequence[Row], event: Event) -> Reading:
    """Return the guests that the rows name, and every fault. Four queries for any number."""
    if len(rows) > MOST_ROWS:
        message = _("The list has more than %(most)d rows.") % {"most": MOST_ROWS}
        return Reading((), (Problem(message),))
    columns, rest = columns_of(rows)
    if "name" not in columns:
        return Reading((), (Problem(_("There is no column with the names of the guests.")),))
    directory = Directory.on(event.day)
    sites = {site.organisation_id: site for site in event.sites.select_related("organisation")}
    there = {
        guest_key(one.name, one.organisation, one.agency_text)
        for one in event.guests.select_related("organisation")
    }
    guests: list[Invited] = []
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    for row in rest:
        try:
            one = read_row(row, columns, directory, sites)
        except ImportFailedError as error:
            problems += error.problems
            continue
        if one.key in lines:
            message = _("%(name)s stands in line %(line)d already.")
            problems.append(Problem(message % {"name": one.name, "line": lines[one.key]}, row.line))
            continue
        lines[one.key] = row.line
        guests.append(known(one) if one.key in there else one)
    if not guests and not problems:
        problems.append(Problem(_("The list names nobody.")))
    return Reading(tuple(guests), tuple(problems))


def known(one: Invited) -> Invited:
    return Invited(
        one.line, one.name, one.title, one.agency_text, one.organisation, one.site, is_known=True
    )


def columns_of(rows: Sequence[Row]) -> tuple[dict[str, int], Sequence[Row]]:
    """Return the place of each column, and the rows after the headings if there are any."""
    for number, row in enumerate(rows[:10]):
        found = headings(row)
        is_whole = len(found) == sum(map(bool, row.cells))
        if len(found) > 1 and ("name" in found or is_whole):
            return found, rows[number + 1 :]
    first = rows[0].cells if rows else ()
    offset = 1 if len(first) > 1 and _SERIAL.fullmatch(first[0]) else 0
    return {name: place + offset for place, name in enumerate(ORDER)}, rows


def headings(row: Row) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        words = fold(cell)
        for name, starts in HEADINGS.items():
            if name not in found and any(
                words == one or words.startswith(f"{one} ") for one in starts
            ):
                found[name] = place
                break
    return found


def read_row(
    row: Row, columns: dict[str, int], directory: Directory, sites: dict[int, Site]
) -> Invited:
    """Return one guest. Raises ``ImportFailedError`` with every fault of the row."""
    said = {name: cell_of(row, place) for name, place in columns.items()}
    name = re.sub(r"^\d{1,4}[.)]\s*", "", said["name"])
    faults = list(faults_of(said | {"name": name}))
    agency = said.get("agency", "")
    organisation = directory.find(agency) if agency else None
    if organisation is not None and organisation.kind == Organisation.Kind.GROUP:
        organisation = None
    site, fault = site_of(said.get("site", ""), directory, sites)
    faults += [fault] if fault else []
    if faults:
        raise ImportFailedError([Problem(fault, row.line) for fault in faults])
    return Invited(row.line, name, said.get("title", ""), agency, organisation, site)


def cell_of(row: Row, place: int) -> str:
    return row.cells[place].replace("\n", " ").strip() if place < len(row.cells) else ""


def faults_of(said: dict[str, str]) -> Iterable[str]:
    name = said["name"]
    if not name:
        yield _("The name is missing.")
    elif any(sign.isdigit() for sign in name) or not any(sign.isalpha() for sign in name):
        yield _("“%(name)s” is not a person's name. Is the column right?") % {"name": name[:60]}
    for field, most in LENGTHS.items():
        if len(said.get(field, "")) > most:
            yield _("“%(text)s…” is longer than %(most)d characters.") % {
                "text": said[field][:30],
                "most": most,
            }


def site_of(
    words: str, directory: Directory, sites: dict[int, Site]
) -> tuple[Site | None, str | None]:
    """Return the site of the event that is named, or what is wrong; neither for the main venue."""
    if not words or fold(words).startswith(_MAIN):
        return None, None
    named = re.sub(r"^điểm cầu\s+", "", words, flags=re.IGNORECASE)
    agency = directory.find(named) or directory.find(f"UBND {named}")
    site = sites.get(agency.pk) if agency is not None else None
    if site is None:
        return None, _("“%(site)s” is not a connected site of this event.") % {"site": words[:60]}
    return site, None


@transaction.atomic
def store(event: Event, guests: Sequence[Invited]) -> int:
    """Put those on the list who are not on it. Returns how many."""
    new = [one for one in guests if not one.is_known]
    last = event.guests.aggregate(last=Max("position"))["last"] or 0
    Guest.objects.bulk_create(
        Guest(
            event=event,
            site=one.site,
            position=last + number,
            name=one.name,
            title=one.title,
            organisation=one.organisation,
            agency_text=one.agency_text,
        )
        for number, one in enumerate(new, start=1)
    )
    return len(new)
