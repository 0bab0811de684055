"""A story as a ninjs 3.0 document (IPTC News in JSON, https://iptc.org/standards/ninjs/).

Pure. ``document`` is complete. An adapter that freezes its document in ``Message.details`` freezes
``content`` and lets ``stamped`` add the version when it sends: a version that says the same as the
one before must compose the same message, else receivers get corrections that correct nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html

from channels.adapters.shared_correcting import marked, note, noted
from channels.contract import Document, Message, Picture, Story

STANDARD = {
    "name": "ninjs",
    "version": "3.0",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json",
}
URGENCIES = {"urgent": 1, "priority": 3}  # 1 is the highest, 5 is usual, 9 the lowest
USUAL_URGENCY = 5
# In Vietnamese whatever the language of the house: newsrooms look for it literally.
WITHDRAWN = "[ĐÃ GỠ] Tin này đã được gỡ. Đề nghị không sử dụng và gỡ khỏi nơi đã đăng."

Ninjs = dict[str, Any]


def document(story: Story, *, usage_terms: str = "", with_contact: bool = False) -> Ninjs:
    """Return the whole document. ``with_contact``: editors may read whom to ask."""
    said = content(story, usage_terms=usage_terms, with_contact=with_contact)
    return _stamped(said, story.sequence, story.published, story.updated)


def content(story: Story, *, usage_terms: str = "", with_contact: bool = False) -> Ninjs:
    """Return the document without what tells versions apart: number and times."""
    found: Ninjs = {
        "uri": identity(story.key),
        "standard": dict(STANDARD),
        "type": "text",
        "representationType": "full",
        "pubStatus": "usable",
        "language": story.language,
        "urgency": URGENCIES.get(story.level, USUAL_URGENCY),
        "title": story.title,
        "headlines": [_text("main", marked(story.title, story))],
        "descriptions": [_text("summary", story.summary)] if story.summary else [],
        "bodies": list(_bodies(story)),
        "by": story.author or story.unit,
        "infoSources": [{"name": story.unit}] if story.unit else [],
        "subjects": _subjects(story),
        "genres": [{"name": story.genre}] if story.genre else [],
        "renditions": _pages(story),
        "associations": [*_pictures(story), *map(_attached, story.documents)],
        "usageTerms": usage_terms,
        "embargoedUntil": story.embargo.isoformat() if story.embargo else "",
        "edNote": "\n".join(_to_editors(story, with_contact=with_contact)),
    }
    return {name: value for name, value in found.items() if value}


def stamped(said: Mapping[str, Any], message: Message) -> Ninjs:
    """Return the frozen ``content`` with the version of the message that carries it."""
    return _stamped(said, version_of(message), message.published, message.updated)


def canceled(whole: Mapping[str, Any]) -> Ninjs:
    """Return what takes a document back. It keeps the identity and says nothing of the content.

    The version stays: it is this version that is canceled, and the next one may be usable.
    """
    kept = ("uri", "standard", "type", "language", "version", "firstCreated", "versionCreated")
    return {
        **{name: whole[name] for name in kept if name in whole},
        "representationType": "partial",
        "pubStatus": "canceled",
        "edNote": WITHDRAWN,
    }


def withdrawal(message: Message) -> Ninjs:
    """Return what takes back what the message said, whatever its ``details`` hold."""
    known = {
        "uri": identity(message.story),
        "standard": dict(STANDARD),
        "type": "text",
        "language": message.language,
    }
    return canceled(stamped(known, message))


def identity(key: str) -> str:
    """Return the address of the story in ninjs: the same in every version (RFC 9562)."""
    return f"urn:uuid:{key}"


def version_of(message: Message) -> int:
    """Return the version that the message says. Keys are ``<story>:<version>``."""
    return int(message.key.rpartition(":")[2])


def _stamped(
    said: Mapping[str, Any], version: int, published: datetime, updated: datetime
) -> Ninjs:
    return {
        **said,
        "version": str(version),
        "firstCreated": published.isoformat(),
        "versionCreated": max(updated, published).isoformat(),
    }


def _text(role: str, value: str, mime: str = "text/plain") -> dict[str, Any]:
    return {"role": role, "contentType": mime, "value": value}


def _bodies(story: Story) -> Iterator[dict[str, Any]]:
    text = noted(story.text, story)
    if text:
        counts = {"charCount": len(text), "wordCount": len(text.split())}
        yield {**_text("main", text), **counts}
    if story.html:
        correction = format_html("<p>{}</p>", note(story)) if story.correction else ""
        yield _text("main", f"{correction}{story.html}", "text/html")
    if story.spoken:
        yield _text("spoken", noted(story.spoken, story, spoken=True))


def _subjects(story: Story) -> list[dict[str, str]]:
    subject = {"name": story.section_name, "literal": story.section}
    given = {name: value for name, value in subject.items() if value}
    return [given] if given else []


def _pages(story: Story) -> list[dict[str, str]]:
    """Where the public reads the story: a rendition of it."""
    if not story.address:
        return []
    return [{"name": "web", "href": iri_to_uri(story.address), "contentType": "text/html"}]


def _pictures(story: Story) -> Iterator[dict[str, Any]]:
    """The picture, once, with its sizes as renditions."""
    sizes = {"main": story.picture, "television": story.wide_picture}
    there = {name: picture for name, picture in sizes.items() if picture}
    if not there:
        return
    picture = next(iter(there.values()))
    described = {"caption": picture.caption, "alt": picture.alt}
    found: dict[str, Any] = {
        "name": "picture",
        "rel": "illustration",
        "uri": iri_to_uri(picture.url),
        "type": "picture",
        "by": picture.credit,
        "descriptions": [_text(role, value) for role, value in described.items() if value],
        "renditions": [_size(name, size) for name, size in there.items()],
    }
    yield {name: value for name, value in found.items() if value}


def _size(name: str, picture: Picture) -> dict[str, Any]:
    return {
        "name": name,
        "href": iri_to_uri(picture.url),
        "contentType": picture.mime,
        "width": picture.width,
        "height": picture.height,
        "sizeInBytes": picture.size,
    }


def _attached(attachment: Document) -> dict[str, Any]:
    address = iri_to_uri(attachment.url)
    nature = attachment.mime.partition("/")[0]
    rendition: dict[str, Any] = {"name": "main", "href": address}
    given = {
        "contentType": attachment.mime,
        "title": attachment.title,
        "sizeInBytes": attachment.size,
    }
    return {
        "name": attachment.title or "document",
        "rel": "attachment",
        "uri": address,
        "type": {"image": "picture", "audio": "audio", "video": "video"}.get(nature, "text"),
        "renditions": [rendition | {name: value for name, value in given.items() if value}],
    }


def _to_editors(story: Story, *, with_contact: bool) -> Iterator[str]:
    """What the receiving newsroom should know and not publish."""
    if story.embargo:
        yield f"CHƯA ĐƯỢC PHÁT TRƯỚC {timezone.localtime(story.embargo):%H:%M ngày %d/%m/%Y}."
    if story.correction:
        yield note(story)
    if with_contact and story.contact:
        yield f"Liên hệ: {story.contact}"
