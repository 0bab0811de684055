"""The agencies on record as the rules want them, kept in memory between requests."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from editorial.checks.names import Agency, Names
from organisations.following import Successions
from organisations.models import Organisation, OrganisationName, Succession

KEPT = 60  # seconds in which another process may still go by a name that was changed
MODELS = (Organisation, OrganisationName, Succession)
Version = tuple[Any, ...]  # how many there are, the newest, the last day of any


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an agency, and when it is right."""

    words: str
    organisation: int
    first: date | None
    last: date | None

    def is_right(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or self.last >= day)


class Directory:
    """All agencies with all their names and successors."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.loaded = time.monotonic()
        agencies = Organisation.objects.prefetch_related("other_names")
        self.agencies = {agency.pk: agency for agency in agencies}
        links = Succession.objects.values_list("old", "new", "date", "new__valid_to")
        self.successions = Successions(links)
        self.on = lru_cache(maxsize=32)(self._on)  # most items are of a few days

    def _on(self, day: date) -> Names:
        """Return the names as they are on that day."""
        entries: list[tuple[str, Agency | None]] = []
        for name in self._names():
            agency = self.agencies[name.organisation]
            gone = not name.is_right(day) and not agency.is_valid_on(day)
            renamed = not name.is_right(day) and agency.is_valid_on(day)
            if gone:
                entries.append((name.words, self._gone(agency, day)))
            elif renamed:
                new = Agency(name.words, name.last, (agency.name,))
                entries.append((name.words, new))
            else:
                entries.append((name.words, None))
        return Names(entries)

    def _names(self) -> Iterator[Name]:
        for pk, agency in self.agencies.items():
            first, last = agency.valid_from, agency.valid_to
            for words in {agency.name, agency.short_name} - {""}:
                yield Name(words, pk, first, last)
            for other in agency.other_names.all():
                yield Name(other.name, pk, other.valid_from or first, other.valid_to or last)

    def _gone(self, agency: Organisation, day: date) -> Agency:
        found = self.successions.of(agency.pk, agency.valid_to, day)
        names = tuple(self.agencies[pk].name for pk in found)
        return Agency(agency.name, agency.valid_to, names)


_KEPT: list[Directory] = []


def names_on(day: date) -> Names:
    """Return the names of all agencies as they are on that day, at the cost of one small query."""
    version = version_now()
    kept = _KEPT[0] if _KEPT else None
    if kept is None or kept.version != version or time.monotonic() - kept.loaded > KEPT:
        kept = Directory(version)
        _KEPT[:] = [kept]
    return kept.on(day)


def version_now() -> Version:
    """Return what changes when agencies come, go or close, in one query."""
    counted = Organisation.objects.aggregate(Count("pk"), Max("pk"), Max("valid_to"))
    return tuple(counted.values())


@receiver([post_save, post_delete])
def forget(sender: Any, **kwargs: Any) -> None:
    if sender in MODELS:
        _KEPT.clear()
