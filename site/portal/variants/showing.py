"""The variants as a person sees them: lengths against limits, marks, what changed since."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.variants import stored
from portal.variants.composers import Master, Texts, compose
from portal.variants.counting import size
from portal.variants.cutting import sentences
from portal.variants.kinds import KINDS, Field, Kind, Limits
from portal.variants.texts import master_of, variants_of

MEASURES: dict[str, str | Promise] = {
    "characters": _("characters"),
    "units": _("UTF-16 units"),
    "seconds": _("seconds (estimate)"),
}
WORDS: dict[str, str | Promise] = {
    "title": _("Headline"),
    "summary": _("Summary"),
    "text": pgettext_lazy("variant", "Text"),
}


@dataclass(frozen=True, slots=True)
class Counter:
    """How much of a limit is used."""

    measure: str
    name: str | Promise
    count: int
    limit: int
    rate: int  # syllables a minute, for seconds

    @property
    def over(self) -> bool:
        return self.count > self.limit


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence that the master lost or gained."""

    mark: str  # "-" or "+"
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one of the master's texts."""

    name: str | Promise
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a variant."""

    field: Field
    text: str
    composed: str  # what it would be if nobody wrote anything
    is_written: bool

    @property
    def counters(self) -> list[Counter]:
        return counters(self.text, self.field.limits)

    @property
    def over(self) -> bool:
        return any(counter.over for counter in self.counters)


@dataclass(frozen=True, slots=True)
class Variant:
    """One kind with its texts and marks."""

    kind: Kind
    parts: list[Part]
    stale: bool
    changes: list[Change]  # of the master since; empty when nobody knows

    @property
    def is_written(self) -> bool:
        return any(part.is_written for part in self.parts)

    @property
    def over(self) -> bool:
        return any(part.over for part in self.parts)

    @property
    def texts(self) -> Texts:
        return {part.field.name: part.text for part in self.parts}


def counters(text: str, limits: Limits) -> list[Counter]:
    """Return how much of each limit the text uses."""
    return [
        Counter(measure, MEASURES[measure], count, limit, limits.rate)
        for measure, count, limit in size(text).measured(limits)
    ]


def variant_of(page: Any, key: str, master: Master, posted: Texts) -> Variant:
    """Return one kind of the page; texts just posted come before what the page keeps."""
    kept, masters = variants_of(page), page.variant_masters or {}
    texts = stored.written(kept, key) | posted
    composed = compose(key, master)
    stale = stored.is_stale(kept, key, master.digest)
    return Variant(
        kind=KINDS[key],
        parts=[
            Part(
                field=field,
                text=texts.get(field.name) or composed[field.name],
                composed=composed[field.name],
                is_written=bool(texts.get(field.name)),
            )
            for field in KINDS[key].fields
        ],
        stale=stale,
        changes=changes(masters.get(stored.based_on(kept, key)), master.words) if stale else [],
    )


def variants(page: Any, master: Master | None = None) -> list[Variant]:
    """Return every kind of the page."""
    master = master or master_of(page)
    return [variant_of(page, key, master, {}) for key in KINDS]


def changes(before: Mapping[str, str] | None, now: Mapping[str, str]) -> list[Change]:
    """Return, sentence by sentence, what the master lost and gained; [] when before is unknown."""
    if before is None:
        return []
    compared = {name: list(differing(before.get(name, ""), now[name])) for name in now}
    return [Change(WORDS[name], lines) for name, lines in compared.items() if lines]


def differing(before: str, now: str) -> Iterator[Line]:
    """Yield the sentences that are in one text only, in reading order."""
    for line in difflib.ndiff(split(before), split(now)):
        if line[:2] in {"- ", "+ "}:
            yield Line(line[0], line[2:])


def split(text: str) -> list[str]:
    return [part for paragraph in text.split("\n") for part in sentences(paragraph)]
