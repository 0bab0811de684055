"""Which sections a channel may take. The app that owns them registers them; we sit below it."""

from collections.abc import Callable, Collection, Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Section = tuple[str, str]  # slug, name

LEVELS: list[tuple[str, str | Promise]] = [
    ("normal", _("Ordinary")),
    ("priority", _("Priority")),
    ("urgent", _("Emergency")),
]
"""Levels of a bulletin by Circular 39/2020/TT-BTTTT, in rising order."""

_providers: list[Callable[[], Iterable[Section]]] = []


def register_sections(provider: Callable[[], Iterable[Section]]) -> Callable[[], Iterable[Section]]:
    """Add a function that gives (slug, name) pairs. Usable as a decorator; repeats are ignored."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def sections() -> list[Section]:
    """Return every section as (slug, name), in the order of the providers, each slug once."""
    found: dict[str, str] = {}
    for provider in _providers:
        for slug, name in provider():
            found.setdefault(slug, name)
    return list(found.items())


def named(slugs: Collection[str], names: Mapping[str, str | Promise]) -> list[str]:
    """Return the names of what was chosen, in their own order; what has none, by its slug."""
    known = [str(name) for slug, name in names.items() if slug in slugs]
    return known + [slug for slug in slugs if slug not in names]
