"""Puts one picture in the place of another wherever it is used.

Pages get a new version as a draft: what is public changes when somebody approves it, like any other
change. A new *file* for the same picture, in its own form, shows everywhere at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from wagtail.fields import StreamField
from wagtail.models import Page, ReferenceIndex

from core import audit
from media.models import Picture

#: The names under which blocks hold a picture; a test compares them with the blocks.
PICTURE_NAMES = {"image", "picture", "poster"}


@dataclass(slots=True)
class Outcome:
    """Which pages got a new version, and which were left as they are."""

    changed: list[Page] = field(default_factory=list)
    left: list[Page] = field(default_factory=list)  # locked, or not for this person to edit


def is_used(picture: Picture) -> bool:
    """Whether anything shows the picture: a page as it is public, or a record."""
    return ReferenceIndex.get_references_to(picture).exists()


def pages_with(picture: Picture) -> Iterator[Page]:
    """Yield the newest version of every page that shows the picture, public or as a draft."""
    groups = ReferenceIndex.get_grouped_references_to(picture)
    used = [holder.pk for holder, _references in groups if isinstance(holder, Page)]
    pending = Page.objects.filter(has_unpublished_changes=True)
    for page in (Page.objects.filter(pk__in=used) | pending).order_by("pk").specific():
        newest = page.get_latest_revision_as_object()
        if swap(newest, picture.pk, picture.pk) or page.pk in used:
            yield newest


def replace_everywhere(old: Picture, new: Picture, user: Any) -> Outcome:
    """Give every page that shows ``old`` a new version that shows ``new``."""
    outcome = Outcome()
    for page in pages_with(old):
        permissions = page.permissions_for_user(user)
        if not permissions.can_edit() or permissions.page_locked():
            outcome.left.append(page)
        elif swap(page, old.pk, new.pk):
            page.save_revision(user=user, log_action=True)
            audit.record(page, "media.replaced", user, old=old.title, new=new.title)
            outcome.changed.append(page)
    return outcome


def swap(holder: models.Model, old: int, new: int) -> bool:
    """Put picture ``new`` where ``holder`` has ``old``, in memory. Returns whether it had it."""
    found = False
    for known in holder._meta.get_fields():
        name = getattr(known, "attname", "")
        if isinstance(known, models.ForeignKey) and known.related_model is Picture:
            if getattr(holder, name) == old:
                setattr(holder, name, new)
                found = True
        elif isinstance(known, StreamField):
            data = getattr(holder, name).get_prep_value()
            replaced, count = swapped(data, old, new)
            if count:
                setattr(holder, name, known.to_python(replaced))
                found = True
    return found


def swapped(data: Any, old: int, new: int) -> tuple[Any, int]:
    """Return block data with the picture's number replaced, and how often it was there."""
    if isinstance(data, list):
        parts = [swapped(part, old, new) for part in data]
        return [part for part, _ in parts], sum(count for _, count in parts)
    if not isinstance(data, dict):
        return data, 0
    result, total = {}, 0
    for name, value in data.items():
        if name in PICTURE_NAMES and value == old and not isinstance(value, bool):
            result[name], count = new, 1
        else:
            result[name], count = swapped(value, old, new)
        total += count
    return result, total
