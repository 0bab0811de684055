"""The files of a package: what they are called, and what travels with an item. Pure."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from channels.contract import Message, Picture, Story

LARGEST = 20_000_000  # bytes of one file; what is larger is named with its address instead


@dataclass(frozen=True, slots=True)
class File:
    """One file of a package."""

    name: str
    role: str
    mime: str
    content: bytes
    title: str = ""
    url: str = ""  # where the public finds it

    def entry(self) -> dict[str, Any]:
        """Return what the manifest says of it."""
        found = {
            "name": self.name, "role": self.role, "mime": self.mime, "title": self.title,
            "url": self.url, "size": len(self.content),
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }  # fmt: skip
        return {name: value for name, value in found.items() if value != ""}


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A stored file that goes into the package. ``file`` is its name in storage."""

    name: str
    role: str
    mime: str
    file: str
    title: str = ""
    url: str = ""
    credit: str = ""


def enclosures(message: Message) -> Iterator[Enclosure]:
    """Return the pictures and documents that travel with the message."""
    wide = message.details.get("wide_picture")
    pictures = {"picture": message.image, "picture-wide": Picture(**wide) if wide else None}
    for role, picture in pictures.items():
        if picture and picture.size <= LARGEST:
            name = f"{role}{_ending(picture.file)}"
            yield Enclosure(
                name, role, picture.mime, picture.file, picture.caption or picture.alt,
                picture.url, picture.credit,
            )  # fmt: skip
    for number, item in enumerate(message.documents, start=1):
        if item.size <= LARGEST:
            role = "sound" if item.mime.startswith("audio/") else "document"
            name = f"{role}-{number}{_ending(item.file)}"
            yield Enclosure(name, role, item.mime, item.file, item.title, item.url)


def links(message: Message) -> list[dict[str, str]]:
    """Return the documents too large to travel, with where they can be fetched."""
    return [
        {"title": item.title, "url": item.url} for item in message.documents if item.size > LARGEST
    ]


def stem(story: Story) -> str:
    """Return the name of an item's files: day, address, beginning of the identity."""
    last = urlsplit(story.address).path.rstrip("/").rpartition("/")[2].lower()
    slug = re.sub(r"[^a-z0-9]+", "-", last)[:60].strip("-")
    parts = (f"{story.published:%Y%m%d}", slug, re.sub(r"[^a-z0-9]", "", story.key.lower())[:12])
    return "_".join(part for part in parts if part)


def kept(picture: Picture | None) -> dict[str, Any] | None:
    """Return a picture as ``Message.details`` can hold it."""
    return asdict(picture) if picture else None


def as_json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _ending(file: str) -> str:
    ending = PurePosixPath(file).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z0-9]{1,5}", ending) else ""
