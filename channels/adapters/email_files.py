"""Which files a mail carries, under which names, and which it only links. Pure."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import PurePosixPath
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from channels.contract import Document, Picture, Story

MEGABYTE = 1_000_000
LONGEST_NAME = 60
_MIME = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture or document as a mail has it; ``name`` is empty when it is only linked."""

    label: str
    file: str
    name: str
    mime: str
    size: int
    url: str

    def line(self) -> str:
        """Return what the mail says of it, in the language that is active."""
        if self.name:
            size = filesizeformat(self.size)
            return _("Attached: %(label)s (%(name)s, %(size)s)") % {
                "label": self.label, "name": self.name, "size": size,
            }  # fmt: skip
        return _("To download: %(label)s – %(url)s") % {"label": self.label, "url": self.url}

    def as_json(self) -> dict[str, Any]:
        """Return what sending needs of it."""
        return {"file": self.file, "name": self.name, "mime": self.mime}


def encoded(size: int) -> int:
    """Return how large a file is in a mail: base64 in lines of 76 (RFC 2045, 6.8)."""
    quads = -(-size // 3) * 4
    return quads + -(-quads // 76) * 2


def chosen(story: Story, picture: Picture | None, megabytes: int) -> list[Attached]:
    """Return the item's files; those that fit together within the limit are attached.

    The picture comes first, then documents in their order. One of unknown size is linked.
    """
    room, taken, files = megabytes * MEGABYTE, set[str](), list[Attached]()
    with translation.override(story.language):
        items = list(_items(story, picture))
    for label, stem, item in items:
        fits = item.size > 0 and encoded(item.size) <= room
        if fits:
            room -= encoded(item.size)
        name = _unused(_file_name(stem, item), taken) if fits else ""
        files.append(Attached(label, item.file, name, _mime(item.mime), item.size, item.url))
    return files


def _items(story: Story, picture: Picture | None) -> Iterator[tuple[str, str, Picture | Document]]:
    if picture:
        label = pgettext("mail", "Picture")
        credit = f"({picture.credit})" if picture.credit else ""
        words = " ".join(filter(None, [picture.caption or picture.alt, credit]))
        yield (f"{label}: {words}" if words else label), story.title, picture
    for document in story.documents:
        stem = document.title or PurePosixPath(document.file).stem
        yield stem, stem, document


def _file_name(stem: str, item: Picture | Document) -> str:
    """Return a name that says what the file is, in letters that every system takes."""
    plain = slugify(stem.replace("đ", "d").replace("Đ", "D"))[:LONGEST_NAME].strip("-_")
    ending = PurePosixPath(item.file).suffix.lower()
    if not ending.isascii() or not ending[1:].isalnum():
        ending = mimetypes.guess_extension(item.mime) or ""
    return f"{plain or 'tep'}{ending}"


def _unused(name: str, taken: set[str]) -> str:
    """Return the name, numbered if another file of the mail has it, and note it as taken."""
    path = PurePosixPath(name)
    numbered = (f"{path.stem}-{number}{path.suffix}" for number in count(2))
    free = next(one for one in chain([name], numbered) if one not in taken)
    taken.add(free)
    return free


def _mime(given: str) -> str:
    """Return the media type if it is one of two plain words, as a header needs."""
    kind, slash, sub = given.partition("/")
    plain = all(part.replace("-", "").replace("+", "").replace(".", "").isalnum() and part.isascii()
                for part in (kind, sub))  # fmt: skip
    # Parts of a text or a mail inside a mail would be recoded, or taken for its own.
    return given if slash and plain and kind not in {"text", "message", "multipart"} else _MIME
