"""What stands in a chat of one item, and what is still to be done to it. Pure.

A message of an item may be followed by further ones: pictures, sounds, documents. They go one call
at a time, and after each call the receipt says what stands, so that nothing is sent twice.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from channels.contract import Document, Message, Picture, Receipt

Kind = Literal["photo", "audio", "document"]
ALBUM = 10  # Bot API, sendMediaGroup: 2 to 10 items
SOUNDS = {"audio/mpeg", "audio/mp3", "audio/mp4", "audio/x-m4a", "audio/m4a"}  # Bot API, sendAudio


@dataclass(frozen=True, slots=True)
class Held:
    """One message under the main one, or a further picture of its album."""

    id: int
    kind: Kind
    file: str

    @property
    def stored(self) -> list[Any]:
        return [self.id, self.kind, self.file]


@dataclass(frozen=True, slots=True)
class Part:
    """Files of one kind that go in one call."""

    kind: Kind
    files: tuple[Picture | Document, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """The messages of one item in one chat."""

    chat: int | str
    main: int
    photo: bool = False  # the main message is a picture with a caption, not a text
    picture: str = ""  # the file it shows
    album: tuple[Held, ...] = ()  # the further pictures of its album
    attached: tuple[Held, ...] = ()  # what follows it
    refused: tuple[str, ...] = ()  # files that Telegram does not take
    pin: Literal["", "done", "refused", "ended"] = ""  # what was ended is not pinned again
    earlier: tuple[int, ...] = ()  # messages that a reply corrects because they cannot be edited
    said: str = ""  # what the main message says; only while something is still to be done

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """Read the details of a receipt, those of older versions too."""
        stored = receipt.details
        return cls(
            chat=stored["chat_id"],
            main=stored["message_id"],
            photo=stored["photo"],
            picture=stored.get("picture", ""),
            album=tuple(Held(*item) for item in stored.get("album", ())),
            attached=tuple(Held(*item) for item in stored.get("attached", ())),
            refused=tuple(stored.get("refused", ())),
            pin=stored.get("pin", ""),
            earlier=tuple(stored.get("earlier", ())),
            said=stored.get("said", ""),
        )

    @property
    def details(self) -> dict[str, Any]:
        """Return what a receipt keeps. Nothing that is empty, but for what was always there."""
        kept: dict[str, Any] = {
            "album": [item.stored for item in self.album],
            "attached": [item.stored for item in self.attached],
            "refused": list(self.refused),
            "pin": self.pin,
            "earlier": list(self.earlier),
            "said": self.said,
        }
        always = {
            "chat_id": self.chat,
            "message_id": self.main,
            "photo": self.photo,
            "picture": self.picture,
        }
        return always | {name: value for name, value in kept.items() if value}

    @property
    def pictures(self) -> list[str]:
        """The files that main message and album show, in order."""
        return [self.picture, *(item.file for item in self.album)] if self.photo else []

    @property
    def others(self) -> list[int]:
        """Every message but the main one, the latest first."""
        later = [*self.album, *self.attached]
        return [*self.earlier, *(item.id for item in later)][::-1]

    def without(self, ids: Sequence[int]) -> "Record":
        """Return the record after these messages were deleted."""
        return replace(
            self,
            album=tuple(item for item in self.album if item.id not in ids),
            attached=tuple(item for item in self.attached if item.id not in ids),
            earlier=tuple(one for one in self.earlier if one not in ids),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What a chat should show of a message, beside what it shows."""

    message: Message
    record: Record
    pins: bool = False
    wanted: list[tuple[Kind, Picture | Document]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wanted", list(self._wanted()))

    def _wanted(self) -> Iterator[tuple[Kind, Picture | Document]]:
        """What should follow the main message: pictures its album has no room for, then files."""
        room = len(self.record.pictures)
        for picture in pictures(self.message)[room:] if room else ():
            yield "photo", picture
        for document in self.message.documents:
            yield kind_of(document), document

    @property
    def changed(self) -> bool:
        """Whether the main message or its album is to be edited."""
        return self.record.said != fingerprint(self.message)

    @property
    def surplus(self) -> list[int]:
        """Messages that should no longer be there."""
        files = {(kind, one.file) for kind, one in self.wanted}
        shown = pictures(self.message) if self.record.photo else []
        gone = [one.id for one in self.record.attached if (one.kind, one.file) not in files]
        return gone + [one.id for one in self.record.album[max(len(shown) - 1, 0) :]]

    @property
    def needs_pin(self) -> bool:
        return self.pins and not self.record.pin

    @property
    def missing(self) -> list[tuple[Kind, Picture | Document]]:
        there = {(one.kind, one.file) for one in self.record.attached}
        return [
            (kind, one)
            for kind, one in self.wanted
            if (kind, one.file) not in there and one.file not in self.record.refused
        ]

    @property
    def next_part(self) -> Part | None:
        """What goes in the next call: an album where several of one kind follow each other."""
        missing = self.missing
        if not missing:
            return None
        kind = missing[0][0]
        run = [one for other, one in missing if other == kind]
        return Part(kind, tuple(run[:ALBUM]))

    @property
    def further_costs(self) -> list[int]:
        """As how many messages each further call counts, until nothing is missing."""
        costs = [1] if self.needs_pin else []
        plan = self
        while (part := plan.next_part) is not None:
            costs.append(len(part.files))
            held = tuple(Held(0, part.kind, one.file) for one in part.files)
            plan = replace(plan, record=replace(plan.record, attached=plan.record.attached + held))
        return costs

    @property
    def finished(self) -> bool:
        return not self.missing and not self.needs_pin


def just_posted(message: Message) -> Record:
    """Return the record of a message as it stands alone, before what follows it."""
    shown = message.image
    return Record(
        chat=0,
        main=0,
        photo=shown is not None,
        picture=shown.file if shown else "",
        album=tuple(Held(0, "photo", picture.file) for picture in message.images),
    )


def kind_of(document: Document) -> Kind:
    """Return as what Telegram takes the file: players play only some sounds."""
    return "audio" if document.mime in SOUNDS else "document"


def pictures(message: Message) -> list[Picture]:
    """Return all pictures of the message, the main one first."""
    return [message.image, *message.images] if message.image else []


def fingerprint(message: Message) -> str:
    """Return what tells whether main message and album say the same, in 32 characters."""
    said = [message.html, *(picture.file for picture in pictures(message))]
    return hashlib.sha256("\n".join(said).encode("utf-8", "replace")).hexdigest()[:32]
