"""Rates that all workers share: who may leave when, and who was told to wait.

Each rate is a generic cell rate algorithm (ITU-T I.371): ``next_at`` is when the next message would
leave if all left evenly, and a burst may run ahead of that. Places are given out a moment ahead, so
that one look at the database serves many messages and they still leave evenly.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction

from channels.contract import Pace

LONG_AGO = timedelta(days=1)  # a rate nobody used yet is free for as much as it ever allows
CHUNK = 50  # requests looked at in one transaction


@dataclass(frozen=True, slots=True)
class Place:
    """When a message may leave; ``at`` is ``None`` if not yet. It counts as sent."""

    at: datetime | None = None
    held_until: datetime | None = None  # the receiver asked everybody under the rate to wait


class PaceQuerySet(models.QuerySet["PaceSlot"]):
    def reserve(self, paces: Iterable[Pace], now: datetime) -> bool:
        """Take a place now under every one of the rates, or none at all."""
        return self.reserve_all([list(paces)], now)[0].at is not None

    def reserve_all(
        self, wanted: Sequence[Sequence[Pace]], now: datetime, ahead: timedelta = timedelta(0)
    ) -> list[Place]:
        """Take places for many messages, the first ones first, at most ``ahead`` from now.

        Each gets one under every rate it names, or none at all. A rate with no place left is not
        asked again, so that a thousand messages of one bot cost little more than those that go.
        """
        refused: dict[str, Place] = {}
        places: list[Place] = []
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            if any(_refusal(paces, refused) is None for paces in part):
                places += self._reserve(part, now, now + ahead, refused)
            else:
                places += [_refusal(paces, refused) or Place() for paces in part]
        return places

    @transaction.atomic
    def _reserve(
        self,
        wanted: Sequence[Sequence[Pace]],
        now: datetime,
        latest: datetime,
        refused: dict[str, Place],
    ) -> list[Place]:
        asked = [paces for paces in wanted if _refusal(paces, refused) is None]
        slots = self._locked({pace.key for paces in asked for pace in paces}, now)
        before = {key: slot.next_at for key, slot in slots.items()}
        places = [book(paces, slots, now, latest, refused) for paces in wanted]
        self.bulk_create(
            [
                PaceSlot(key=key, next_at=slot.next_at)
                for key, slot in slots.items()
                if slot.next_at != before[key]
            ],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["next_at"],
        )
        return places

    def _locked(self, keys: set[str], now: datetime) -> dict[str, "PaceSlot"]:
        """Return the slots under lock. In one order, so that no two workers lock crosswise."""
        if not keys:
            return {}
        rows = self.filter(key__in=keys).select_for_update().order_by("key")
        found = {slot.key: slot for slot in rows}
        if len(found) < len(keys):
            new = sorted(keys - found.keys())
            self.bulk_create(
                [PaceSlot(key=key, next_at=now - LONG_AGO) for key in new], ignore_conflicts=True
            )
            found = {slot.key: slot for slot in rows.all()}
        return found

    def reserve_together(
        self, wanted: Sequence[Sequence[Pace]], now: datetime, ahead: timedelta
    ) -> list[Place]:
        """Take places as ``reserve_all`` does, under one lock of all their rates.

        For a caller that holds other locks: in one order for all, so that two workers never wait
        for each other crosswise.
        """
        return self._reserve(wanted, now, now + ahead, {})

    def free_among(
        self, wanted: Sequence[Sequence[Pace]], now: datetime, ahead: timedelta = timedelta(0)
    ) -> list[bool]:
        """Say which messages would get a place, without taking or locking any."""
        refused: dict[str, Place] = {}
        slots: dict[str, PaceSlot] = {}
        places: list[Place] = []
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            asked = [paces for paces in part if _refusal(paces, refused) is None]
            keys = {pace.key for paces in asked for pace in paces} - slots.keys()
            slots |= {key: PaceSlot(key=key, next_at=now - LONG_AGO) for key in keys}
            slots |= {slot.key: slot for slot in self.filter(key__in=keys)} if keys else {}
            places += [book(paces, slots, now, now + ahead, refused) for paces in part]
        return [place.at is not None for place in places]

    @transaction.atomic
    def hold(self, key: str, until: datetime) -> None:
        """Let nothing leave under the rate before ``until``: its receiver said so."""
        self._locked({key}, until)
        later = models.Q(held_until=None) | models.Q(held_until__lt=until)
        self.filter(later, key=key).update(held_until=until)

    def release(self, keys: Iterable[str]) -> None:
        """Forget that the receiver asked to wait: a person knows better."""
        self.filter(key__in=list(keys)).update(held_until=None)

    def held(self, keys: Iterable[str] | None, now: datetime) -> dict[str, datetime]:
        """Return until when nothing may leave, for those of the keys, or of all, that are held."""
        rows = self.filter(held_until__gt=now)
        if keys is not None:
            rows = rows.filter(key__in=list(keys))
        return {key: until for key, until in rows.values_list("key", "held_until") if until}


class PaceSlot(models.Model):
    """When the next message may leave, by bot, chat or whatever the adapter names."""

    key = models.CharField(max_length=120, unique=True)
    next_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)

    objects = PaceQuerySet.as_manager()

    class Meta:
        app_label = "channels"

    def __str__(self) -> str:
        return self.key


def book(
    paces: Sequence[Pace],
    slots: dict[str, PaceSlot],
    now: datetime,
    latest: datetime,
    refused: dict[str, Place],
) -> Place:
    """Book one message, or say why not, and let what comes behind it under the rate wait too."""
    earlier = _refusal(paces, refused)
    if earlier is not None:
        return earlier
    opening = {pace.key: opens_at(pace, slots[pace.key]) for pace in paces}
    for pace in paces:
        slot = slots[pace.key]
        if opening[pace.key] > latest:
            held = slot.held_until is not None and slot.held_until > now
            refused[pace.key] = Place(held_until=slot.held_until if held else None)
            return refused[pace.key]
    at = max([now, *opening.values()])
    if any(at > max(now, opening[pace.key]) + _step(pace) for pace in paces):
        return Place()  # one rate would stand idle until the other has a place
    for pace in paces:
        slot = slots[pace.key]
        slot.next_at = max(slot.next_at, at) + _step(pace) * pace.cost
    return Place(at)


def _step(pace: Pace) -> timedelta:
    return timedelta(seconds=pace.interval)


def free_at(pace: Pace, slot: PaceSlot) -> datetime:
    """Return when the rate has room for what the message takes.

    More than a whole burst fits only after as much rest as the surplus takes.
    """
    return slot.next_at - _step(pace) * (pace.burst - pace.cost)


def opens_at(pace: Pace, slot: PaceSlot) -> datetime:
    """Return when the rate has room, and its receiver does not ask to wait any more."""
    free = free_at(pace, slot)
    return free if slot.held_until is None else max(free, slot.held_until)


def _refusal(paces: Iterable[Pace], refused: dict[str, Place]) -> Place | None:
    return next((refused[pace.key] for pace in paces if pace.key in refused), None)
