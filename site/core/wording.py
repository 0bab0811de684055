"""Who wrote what readers read: the words of a version, and who changed them last.

Pure: works on the serialised content that Wagtail keeps with each version.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import unescape
from typing import Any

from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.models import Page

from core.fields import StreamField

# Of Wagtail's own fields these three are read by people; the rest is housekeeping.
READ_OF_WAGTAIL = ("title", "seo_title", "search_description")
_TARGETS = re.compile(r"""\b(?:href|src|url|id|alt)\s*=\s*("[^"]*"|'[^']*')""")
_TAGS = re.compile(r"</?[A-Za-z][^<>]*>")
# Names a program writes: of rows, and of the master text that a variant was compared with.
_ROW_KEYS = frozenset({"pk", "page", "sort_order", "locale", "translation_key"})
_VARIANT_KEYS = frozenset({"based_on"})


def last_editor(versions: Iterable[tuple[int | None, Any]]) -> int | None:
    """Return who changed the words last.

    Takes (user id or ``None``, words) of each version, newest first. A version counts as an edit if
    its words differ from those before it; the first version of all is always one. Returns ``None``
    when nobody is known.
    """
    editor: int | None = None
    newer: Any = None
    for position, (user, words) in enumerate(versions):
        if position and words != newer:
            return editor
        editor, newer = user, words
    return editor


def words_of(content: Mapping[str, Any], model: type[models.Model]) -> dict[str, Any]:
    """Return what is read of a version: texts without markup, link targets, pictures, rows."""
    return {name: plain(content.get(name) or "") for name in readable_fields(model)}


@cache
def readable_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Return the names of the fields whose change is a change of the words.

    Whatever our models declare as text, stream, data or picture counts, and every row of a child
    list: a new field of these kinds is under four eyes without being named here. Choices, dates and
    links to plans or sections are filing, not words.
    """
    names = [
        field.name
        for field in model._meta.concrete_fields
        if field.name in READ_OF_WAGTAIL or (field.model is not Page and is_words(field))
    ]
    children = [
        relation.get_accessor_name()
        for relation in get_all_child_relations(model)
        if relation.related_model._meta.app_label != "wagtailcore"  # comments of colleagues
    ]
    return (*names, *children)


def is_words(field: models.Field[Any, Any]) -> bool:
    if isinstance(field, models.ForeignKey):
        related = field.related_model
        return isinstance(related, type) and related._meta.label == "media.Picture"
    if isinstance(field, models.JSONField):
        return field.name == "variants"
    if isinstance(field, models.SlugField):
        return False  # an address
    texts = (models.CharField, models.TextField, StreamField)
    return isinstance(field, texts) and not field.choices


def plain(value: Any) -> Any:
    """Return the value without what a program adds by itself: markup, identities of blocks."""
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if key not in bookkeeping(value)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def bookkeeping(value: Mapping[str, Any]) -> frozenset[str]:
    """Return the keys that say nothing to a reader, for a block of a stream, a row or a variant."""
    if value.keys() <= {"id", "type", "value"}:
        return frozenset({"id"})
    return _ROW_KEYS if "pk" in value else _VARIANT_KEYS


def plain_text(text: str) -> Any:
    """Return text without markup but with the targets of its links; a stream as its blocks."""
    if text.startswith(("[{", "[]")):
        try:
            return plain(json.loads(text)) or ""
        except ValueError:
            pass  # a text that only looks like a stream
    if "<" not in text:
        return " ".join(unescape(text).split())
    targets = sorted(match for tag in _TAGS.findall(text) for match in _TARGETS.findall(tag))
    words = " ".join(unescape(_TAGS.sub(" ", text)).split())
    return [words, targets] if targets else words
