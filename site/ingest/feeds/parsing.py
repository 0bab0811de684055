"""A feed of any kind, from bytes to ``ParsedFeed``. Whatever the bytes are, nothing is raised."""

import io
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import feedparser

from core.text import nfc
from ingest.feeds.mending import mend
from ingest.feeds.moments import read_moment
from ingest.feeds.parsed import (
    MAX_CATEGORIES,
    MAX_ENTRIES,
    MAX_HTML,
    MAX_KEY,
    MAX_NAME,
    MAX_PICTURES,
    MAX_SUMMARY,
    MAX_TITLE,
    Note,
    ParsedEntry,
    ParsedFeed,
    Problem,
)
from ingest.feeds.texts import address, plain, safe_html, shortened, words_of

logger = logging.getLogger(__name__)

_LOOKED_AT = 60  # links, contents and the like of one entry


def parse(data: bytes, *, base: str, now: datetime, charset: str = "") -> ParsedFeed:
    """Return what the feed says.

    ``base`` is the address it came from; ``charset`` what the server called its encoding; ``now``
    decides which dates are still to come. May take long on bytes made for that: see ``apart``.
    """
    if not data.strip():
        return ParsedFeed(problem=Problem.EMPTY)
    mended = mend(data, charset)
    if mended is None:
        return ParsedFeed(problem=Problem.NOT_A_FEED)
    try:
        found = feedparser.parse(
            io.BytesIO(mended),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,  # done by nh3, which reads HTML as browsers do
            resolve_relative_uris=False,
        )
    except Exception:  # a parser of all feeds of the world fails in ways of its own
        logger.info("A feed could not be parsed", exc_info=True)
        return ParsedFeed(problem=Problem.NOT_A_FEED)
    return _feed(found, base, now)


def _feed(found: Any, base: str, now: datetime) -> ParsedFeed:
    head = found.feed
    entries = [
        entry
        for raw in found.entries[:MAX_ENTRIES]
        if (entry := _entry(raw, address(_text(head, "link"), base) or base, now)) is not None
    ]
    if not entries and not found.version:
        return ParsedFeed(problem=Problem.NOT_A_FEED)
    return ParsedFeed(
        title=plain(_text(head, "title"), MAX_NAME),
        language=plain(_text(head, "language"), 20),
        entries=_with_unique_keys(entries),
    )


def _entry(raw: Any, base: str, now: datetime) -> ParsedEntry | None:
    """Return the entry; None for one that says nothing."""
    link = address(_link(raw), base)
    base = link or base
    summary, content = _text(raw, "summary"), _content(raw)
    summary_html = safe_html(summary, base, MAX_SUMMARY)
    content_html = safe_html(content, base, MAX_HTML)
    title = plain(_text(raw, "title"), MAX_TITLE) or shortened(
        words_of(summary_html or content_html), 100
    )
    if not title:
        return None
    published, note = read_moment(_date(raw), now)
    too_long = len(summary) > MAX_SUMMARY or len(content) > MAX_HTML
    return ParsedEntry(
        key=_key(raw, link, title),
        title=title,
        address=link,
        summary_html=summary_html,
        content_html="" if content_html == summary_html else content_html,
        author=plain(_text(raw, "author"), MAX_NAME),
        published=published,
        pictures=_pictures(raw, content_html or summary_html, base),
        categories=_categories(raw),
        notes=tuple(
            filter(None, (note, Note.SHORTENED if too_long else None)),
        ),
    )


def _text(raw: Any, name: str) -> str:
    """Return a field that may be missing, or not be the text it should be.

    feedparser's own look-up warns, and makes up fields from others.
    """
    value = dict.get(raw, name)
    return value if isinstance(value, str) else ""


def _dicts(raw: Any, name: str) -> Iterator[Any]:
    value = dict.get(raw, name)
    if isinstance(value, list):
        yield from (item for item in value[:_LOOKED_AT] if isinstance(item, dict))


def _link(raw: Any) -> str:
    """Return the address of the item itself; a guid that is an address stands in for it."""
    for link in _dicts(raw, "links"):
        if _text(link, "rel") in {"alternate", ""} and _text(link, "href").strip():
            return _text(link, "href")
    guid = _text(raw, "id").strip()
    return _text(raw, "link") or (guid if guid.startswith(("http://", "https://")) else "")


def _content(raw: Any) -> str:
    """Return the longest text among those the entry carries."""
    values = (_text(content, "value") for content in _dicts(raw, "content"))
    return max(values, key=len, default="")


def _date(raw: Any) -> str:
    """Return the date as it is written: when it was published, else when it was last changed."""
    written = (_text(raw, name).strip() for name in ("published", "created", "updated"))
    return next(filter(None, written), "")


def _key(raw: Any, link: str, title: str) -> str:
    """Return what identifies the entry: its guid, else its address, else what it says."""
    guid = " ".join(_text(raw, "id").split())
    if guid.startswith(("http://", "https://")):
        guid = address(guid) or guid
    key = nfc(guid) or link or f"sha256:{_digest(title, _text(raw, 'summary'))}"
    return key if len(key) <= MAX_KEY else f"sha256:{_digest(key)}"


def _digest(*texts: str) -> str:
    return sha256("\n".join(texts).encode("utf-8", errors="replace")).hexdigest()


def _with_unique_keys(entries: list[ParsedEntry]) -> tuple[ParsedEntry, ...]:
    """Return the entries once each. Some servers give the same guid to everything they have."""
    told: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for entry in entries:
        told[entry.key].add((entry.title, entry.address))
    unique = (
        entry
        if len(told[entry.key]) == 1
        else replace(entry, key=f"sha256:{_digest(entry.address or entry.title)}")
        for entry in entries
    )
    return tuple({entry.key: entry for entry in unique}.values())


def _pictures(raw: Any, html: str, base: str) -> tuple[str, ...]:
    """Return the addresses of pictures, those of the text first. None of them is fetched."""
    named = [
        *_sources(html),
        *(
            _text(item, "href")
            for item in _dicts(raw, "links")
            if _text(item, "rel") == "enclosure" and _text(item, "type").startswith("image/")
        ),
        *(
            _text(item, "url")
            for item in _dicts(raw, "media_content")
            if _text(item, "medium") == "image" or _text(item, "type").startswith("image/")
        ),
        *(_text(item, "url") for item in _dicts(raw, "media_thumbnail")),
    ]
    found = (address(link, base, track=True) for link in named)
    return tuple(_once(link for link in found if link))[:MAX_PICTURES]


def _sources(html: str) -> Iterator[str]:
    """Yield the ``src`` of every picture in HTML that ``safe_html`` made."""
    for tag in html.split("<img ")[1 : MAX_PICTURES * 2]:
        attributes = tag.partition(">")[0]
        if 'src="' in attributes:
            yield attributes.partition('src="')[2].partition('"')[0].replace("&amp;", "&")


def _categories(raw: Any) -> tuple[str, ...]:
    names = (plain(_text(tag, "term"), MAX_NAME) for tag in _dicts(raw, "tags"))
    return tuple(_once(name for name in names if name))[:MAX_CATEGORIES]


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
