"""Whether making a version public corrects what readers have seen, and what differs."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from channels.contract import Story
from channels.models import Publication
from channels.payload import story_from_json
from portal.corrections import last_of
from portal.models import CorrectionKind, StoryPage
from portal.models.corrections import LABELS
from portal.stories import story_of

#: Made from these: a change there is told once.
MASTER = {"title", "summary", "text"}
DERIVED = {"html": {"text"}, "spoken": MASTER, "variants": {*MASTER, "level", "unit"}}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that readers or channels see differently."""

    field: str
    old: str
    new: str

    @property
    def label(self) -> str:
        return str(LABELS[self.field])


def last_public(page: StoryPage) -> Publication | None:
    """Return what was last made public of the item; ``None`` when it never was."""
    if page.alias_of_id:
        return None
    versions = Publication.objects.of_story(page.story).order_by("-sequence")
    # What stations got under embargo was not public.
    return next((row for row in versions.iterator(chunk_size=5) if row.embargo_until is None), None)


def needed(page: StoryPage) -> CorrectionKind | None:
    """Return what publishing this version would be, as far as a person must give a reason for it.

    ``page`` carries the version (``revision.as_object()``). ``None``: a first publication, or one
    in which nothing that anybody sees has changed.
    """
    public = last_public(page)
    if public is None:
        return None
    if is_withdrawn(page):
        return CorrectionKind.RESTORE
    return CorrectionKind.CORRECT if changes_since(public, page) else None


def needs_correction(page: StoryPage, revision: Any) -> bool:
    """Whether publishing that revision of the page needs a reason (see ``needed``)."""
    return last_public(page) is not None and needed(revision.as_object()) is not None


def is_withdrawn(page: StoryPage) -> bool:
    """Whether a person took the item back and nobody has published it again since."""
    last = last_of(page)
    return last is not None and last.is_withdrawal


def changes(page: StoryPage) -> list[Change]:
    """Return what differs between this version and what was last made public."""
    public = last_public(page)
    return changes_since(public, page) if public else []


def changes_since(public: Publication, page: StoryPage) -> list[Change]:
    """Return what differs between that publication and this version of the page."""
    before, after = story_from_json(public.content), story_of(page)
    return list(differences(before, after, set(public.content)))


def differences(before: Story, after: Story, known: set[str]) -> Iterator[Change]:
    """Yield what differs between two versions of a story, in the order of ``LABELS``.

    ``known`` names the fields that the older one was stored with: what came with a later version
    of the software is no change that a person made.
    """
    changed = {
        name for name in LABELS if name in known and getattr(before, name) != getattr(after, name)
    }
    for name in LABELS:
        if name in changed and not DERIVED.get(name, set()) & changed:
            yield Change(name, shown(getattr(before, name)), shown(getattr(after, name)))


def shown(value: Any) -> str:
    """Return a value of a story as a person reads it, line by line."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return shown({name: getattr(value, name) for name in ("file", "alt", "caption", "credit")})
    if isinstance(value, dict):
        return "\n".join(line for part in value.values() if (line := shown(part)))
    return str(value or "")
