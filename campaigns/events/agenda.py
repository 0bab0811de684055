"""The programme as people write it, a line for each item, and back.

    Ngày 15/10/2026
    07:30 - 08:00 | Đón tiếp đại biểu | Ban Tổ chức
    8h - 8h15 | Khai mạc
    // 09:00 - 10:00 | Thảo luận tổ 2 | Sở Tư pháp

"//" before an item says that it takes place at the same time as another one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.events.models import AgendaItem, Event
from campaigns.importing.problems import Problem
from core.text import legal_xml, nfc

MOST_LINES = 300
# "07:30", "7.30", "7h", "7h30", "7g30", "7 giờ 30 phút"; "9h 5 ý kiến" is nine o'clock.
_HOUR = (
    r"(\d{1,2})(?:\s*[:.]\s*(\d{2})(?!\d)"
    r"|\s*(?:giờ|[hg])(?![^\W\d])(?:(\d{2})(?!\d)|\s*(\d{1,2})\s*(?:phút|[p'])(?!\w))?)"
)
_SPAN = re.compile(rf"{_HOUR}\s*(?:-|–|—|đến|tới)\s*{_HOUR}", re.IGNORECASE)
_DAY = re.compile(r"(?:ngày\s+)?(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?\s*:?", re.IGNORECASE)
_DAY_WORDS = re.compile(
    r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s+năm\s+(\d{4}))?\s*:?", re.IGNORECASE
)
_PARALLEL = "//"


@dataclass(frozen=True, slots=True)
class Item:
    """One item as it was read; ``line`` counts from 1."""

    line: int
    starts_at: datetime
    ends_at: datetime
    content: str
    presenter: str = ""
    is_parallel: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was understood to say, and what is wrong in it, by line."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]


class _LineError(ValueError):
    """The text is for the person who wrote the line."""


def read(text: str, event: Event) -> Reading:
    """Return the items of a text, and every fault with its line. Nothing is guessed."""
    items: list[Item] = []
    problems: list[Problem] = []
    day = event.day
    lines = legal_xml(nfc(text)).splitlines()
    if len(lines) > MOST_LINES:
        problems.append(Problem(_("At most %(most)d lines are read.") % {"most": MOST_LINES}))
    for number, line in enumerate(lines[:MOST_LINES], start=1):
        words = line.strip()
        if not words:
            continue
        try:
            if (found := read_day(words, event)) is not None:
                day = found
            else:
                items.append(read_item(number, words, day, event))
        except _LineError as error:
            problems.append(Problem(str(error), number))
    problems += overlaps(items)
    return Reading(tuple(items), tuple(sorted(problems, key=lambda one: one.line)))


def read_day(words: str, event: Event) -> date | None:
    """Return the day that a line names and nothing else; ``None`` if it is no such line."""
    match = _DAY.fullmatch(words) or _DAY_WORDS.fullmatch(words)
    if match is None:
        return None
    try:
        day = date(int(match[3] or event.day.year), int(match[2]), int(match[1]))
    except ValueError:
        raise _LineError(_("“%(day)s” is no day of the calendar.") % {"day": words}) from None
    if not event.day <= day <= event.last_day:
        raise _LineError(_("The event does not last until this day, or begins later."))
    return day


def read_item(number: int, words: str, day: date, event: Event) -> Item:
    is_parallel = words.startswith(_PARALLEL)
    words = words.removeprefix(_PARALLEL).strip()
    match = _SPAN.match(words)
    if match is None:
        raise _LineError(_("Begin the line with the time: 07:30 - 08:00 | content | who presents."))
    first = moment(day, match[1], match[2] or match[3] or match[4])
    last = moment(day, match[5], match[6] or match[7] or match[8])
    if last <= first:
        raise _LineError(_("The end must come after the beginning."))
    if first < event.starts_at or last > event.ends_at:
        raise _LineError(
            _("The item lies outside the event (%(time)s).") % {"time": event.time_label}
        )
    content, presenter = parted(words[match.end() :])
    return Item(number, first, last, content, presenter, is_parallel)


def moment(day: date, hours: str, minutes: str | None) -> datetime:
    hour, minute = int(hours), int(minutes or 0)
    if hour > 23 or minute > 59:
        raise _LineError(_("“%(time)s” is no time of day.") % {"time": f"{hour}:{minute:02}"})
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def parted(words: str) -> tuple[str, str]:
    """Return content and presenter of what follows the time."""
    rest = words.strip().lstrip(":|\t").strip()
    pieces = [piece.strip() for piece in re.split(r"[|\t]", rest)]
    content, presenter = pieces[0], "; ".join(piece for piece in pieces[1:] if piece)
    if not content:
        raise _LineError(_("Say what takes place at this time."))
    if len(content) > 500 or len(presenter) > 300:
        raise _LineError(_("The line is too long."))
    return content, presenter


def overlaps(items: Sequence[Item]) -> list[Problem]:
    """Return a problem for each item that begins before another is over and is not parallel."""
    found = []
    plain = sorted((one for one in items if not one.is_parallel), key=lambda one: one.starts_at)
    latest: Item | None = None
    for one in plain:
        if latest is not None and one.starts_at < latest.ends_at:
            message = _(
                "It begins before the item of line %(line)d is over. Write // before it if both "
                "take place at the same time."
            )
            found.append(Problem(message % {"line": latest.line}, one.line))
        if latest is None or one.ends_at > latest.ends_at:
            latest = one
    return found


def write(items: Iterable[AgendaItem], event: Event) -> str:
    """Return the programme as a text that reads back the same."""
    lines: list[str] = []
    day: date | None = event.day if event.day == event.last_day else None
    for one in items:
        first, last = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
        if first.date() != day:
            day = first.date()
            lines.append(f"Ngày {day:%d/%m/%Y}")
        pieces = [f"{first:%H:%M} - {last:%H:%M}", one.content, one.presenter]
        mark = f"{_PARALLEL} " if one.is_parallel else ""
        lines.append(mark + " | ".join(piece for piece in pieces if piece))
    return "\n".join(lines)


@transaction.atomic
def store(event: Event, items: Sequence[Item]) -> None:
    """Put these items in the place of the programme, by time."""
    event.agenda.all().delete()
    AgendaItem.objects.bulk_create(
        AgendaItem(
            event=event,
            position=position,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            content=one.content,
            presenter=one.presenter,
            is_parallel=one.is_parallel,
        )
        for position, one in enumerate(sorted(items, key=lambda one: (one.starts_at, one.line)))
    )
