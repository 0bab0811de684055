"""The folder as a ZIP that is written while it is read: nothing of it is whole in memory.

Files first, each once whatever number of slots it serves; then the index, whose rows waited in a
temporary file because their checksums were known only then.
"""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from typing import IO, Any

from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.inspecting import snapshots
from campaigns.inspecting.names import FILE, ending, safe
from campaigns.inspecting.rows import Row, read
from campaigns.models import Plan
from campaigns.slots.models import SlotQuerySet
from core.sheets import Pieces, as_xlsx
from media.documents import word
from media.documents.model import Align, Column

CHUNK = 256 * 1024
INDEX = "MUC-LUC"
Lines = Iterator[list[Any]]  # of the index, as ``Folder.line`` gives them


class Folder:
    """Writes one folder; ``pieces`` yields it."""

    def __init__(self, plan: Plan, slots: SlotQuerySet, made_at: datetime) -> None:
        self.plan, self.slots, self.made_at = plan, slots, made_at
        self.root = safe(f"Minh chung {plan.number.replace('/', '-') or plan.title} {plan.year}")
        self.held = Pieces()
        self.stored: dict[int, tuple[str, str, str]] = {}  # evidence → path, checksum, problem
        self.taken: set[str] = set()

    def pieces(self) -> Iterator[bytes]:
        """Yield the ZIP, piece by piece."""
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8") as waiting,
            zipfile.ZipFile(self.held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book,
        ):
            for number, row in enumerate(read(self.slots), 1):
                yield from self.store(book, row)
                waiting.write(json.dumps(self.line(number, row), ensure_ascii=False) + "\n")
            yield from self.index(book, waiting)
        yield self.held.take()

    def store(self, book: zipfile.ZipFile, row: Row) -> Iterator[bytes]:
        """Write what the evidence is, unless it is in the folder already."""
        evidence = row.evidence
        if evidence.pk in self.stored:
            return
        name = self.file_name(row)
        if not name:
            kind, data = snapshots.of(row)
            path = self.path(row, kind)
            book.writestr(self.entry(path), data)
            self.stored[evidence.pk] = (path, hashlib.sha256(data).hexdigest(), "")
            yield self.held.take()
            return
        try:
            source = default_storage.open(name)
        except OSError:
            self.stored[evidence.pk] = ("", "", _("The file is missing: %(name)s") % {"name": name})
            return
        path, digest = self.path(row, ending(name)), hashlib.sha256()
        with source, book.open(self.entry(path), "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
                yield self.held.take()
        self.stored[evidence.pk] = (path, digest.hexdigest(), "")

    def file_name(self, row: Row) -> str:
        """Return the name of the evidence's own file in the storage, "" if it is no file."""
        held = row.evidence.document or row.evidence.picture
        return str(held.file.name) if held is not None else ""

    def entry(self, path: str) -> zipfile.ZipInfo:
        local = timezone.localtime(self.made_at)
        info = zipfile.ZipInfo(path, local.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return info

    def path(self, row: Row, kind: str) -> str:
        """Return a path nobody has: activity, agency, slot, then day and title."""
        slot, evidence = row.fulfilment.slot, row.evidence
        activity = slot.activity
        parts = (
            self.root,
            safe(f"{activity.serial or activity.position:0>2} {activity.content}"),
            safe(slot.organisation.short_name or slot.organisation.name),
            safe(slot.label, 32),
        )
        base = safe(f"{evidence.dated:%Y-%m-%d} {evidence.title}", FILE)
        found, number = f"{'/'.join(parts)}/{base}{kind}", 1
        while found.casefold() in self.taken:
            number += 1
            found = f"{'/'.join(parts)}/{base} ({number}){kind}"
        self.taken.add(found.casefold())
        return found

    def line(self, number: int, row: Row) -> list[str | int]:
        """Return the index's row: everything an inspector asks of a piece of evidence."""
        slot, evidence = row.fulfilment.slot, row.evidence
        path, digest, problem = self.stored[evidence.pk]
        return [
            number,
            slot.activity.serial,
            slot.activity.content,
            slot.organisation.name,
            slot.label,
            f"{slot.due:%d/%m/%Y}",
            evidence.get_kind_display(),
            evidence.title,
            f"{evidence.dated:%d/%m/%Y}",
            evidence.place,
            row.fulfilment.amount,
            str(evidence.added_by or _("the system")),
            snapshots.moment(evidence.added_at),
            evidence.url,
            path.removeprefix(f"{self.root}/"),
            digest,
            problem,
        ]

    def index(self, book: zipfile.ZipFile, waiting: IO[str]) -> Iterator[bytes]:
        """Write the index thrice: as a workbook, as a text to print, as a page with links."""
        forms: tuple[tuple[str, Callable[[Lines], Iterator[bytes]]], ...] = (
            ("xlsx", partial(as_xlsx, headings())),
            ("docx", self.as_text),
            ("html", self.as_page),
        )
        for kind, written in forms:
            waiting.seek(0)
            entry = self.entry(f"{self.root}/{INDEX}.{kind}")
            with book.open(entry, "w", force_zip64=True) as target:
                for piece in written(map(json.loads, waiting)):
                    target.write(piece)
                    yield self.held.take()

    @property
    def heading(self) -> str:
        return _("Evidence of plan %(plan)s") % {"plan": self.plan}

    def as_text(self, lines: Lines) -> Iterator[bytes]:
        """Yield the index as a Word file; what a page has no room for is in the workbook."""
        said = _("Made at %(moment)s. Checksums and addresses stand in %(name)s.") % {
            "moment": snapshots.moment(self.made_at),
            "name": f"{INDEX}.xlsx",
        }
        author = self.plan.issuer.name
        return word.write_listing(
            self.heading, author, (said,), printed_columns(), map(printed, lines)
        )

    def as_page(self, lines: Lines) -> Iterator[bytes]:
        start, _cut, end = snapshots.page(self.heading, "\0").partition(b"\0")
        yield start
        said = _("Made at %(moment)s. Checksums are SHA-256.") % {
            "moment": snapshots.moment(self.made_at)
        }
        yield format_html("<h1>{}</h1><p>{}</p><table><thead><tr>", self.heading, said).encode()
        yield "".join(format_html("<th>{}</th>", one) for one in headings()).encode()
        yield b"</tr></thead><tbody>"
        for line in lines:
            yield b"<tr>"
            for number, cell in enumerate(line):
                if number == PATH and cell:
                    yield format_html('<td><a href="{}">{}</a></td>', cell, cell).encode()
                else:
                    yield format_html("<td>{}</td>", cell).encode()
            yield b"</tr>"
        yield b"</tbody></table>"
        yield end


PATH = 14  # the column of the path


def headings() -> list[str]:
    return [
        _("No."),
        _("Serial number"),
        _("Activity"),
        _("Agency"),
        _("Slot"),
        _("Last day"),
        _("Kind"),
        _("Title"),
        _("Date"),
        _("Place"),
        _("Quantity"),
        _("Added by"),
        _("Recorded at"),
        _("Address"),
        pgettext("inspectors", "File in this folder"),
        "SHA-256",
        pgettext("inspectors", "Remark"),
    ]


def printed_columns() -> list[Column]:
    """Return the columns of the printed index: what fits on a page that lies on its side."""
    return [
        Column(_("No."), 0.6, Align.CENTER),
        Column(_("Activity"), 3.5),
        Column(_("Agency"), 1.8),
        Column(_("Slot"), 1.3),
        Column(_("Last day"), 1.3, Align.CENTER),
        Column(_("Evidence"), 3.5),
        Column(_("Date"), 1.3, Align.CENTER),
        Column(pgettext("inspectors", "File in this folder"), 3.5),
    ]


def printed(line: list[Any]) -> tuple[str, ...]:
    """Return the printed row of a line; a remark stands where the file would."""
    number, serial, content, agency, slot, due, kind, title, dated, place = line[:10]
    return (
        str(number),
        f"{serial} {content}",
        agency,
        slot,
        due,
        ", ".join(filter(None, (f"{kind}: {title}", place))),
        dated,
        line[PATH] or line[-1],
    )


def chosen(slots: SlotQuerySet, first: date | None, last: date | None) -> SlotQuerySet:
    """Return the slots that are due in these days; an open end is open."""
    due: Any = slots.with_progress()
    if first is not None:
        due = due.filter(due__gte=first)
    if last is not None:
        due = due.filter(due__lte=last)
    found: SlotQuerySet = due
    return found
