"""Vietnamese for what Wagtail, Django and their companions say.

Their own Vietnamese is partial and speaks with several voices. Each of their catalogues therefore
has an overlay of ours, ``site/config/locale/<label>/vi/LC_MESSAGES/<domain>.po``, that holds what
theirs lacks and what reads otherwise here. ``LOCALE_PATHS`` puts the overlays before everything.

What they say is read from the English catalogue they ship and from their sources, because some
ship no English catalogue and an English catalogue may lag behind the sources. Wagtail's scripts
come bundled: for those the English catalogue is all there is.
"""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages import Catalog, Message
from django.apps import apps

from core import messages

OVERLAYS = messages.ROOT / "site" / "config" / "locale"
# Only what can reach a screen: Django's own admin, gis, treebeard and the like are not installed,
# and an overlay of theirs would only override words of ours.
DJANGO_APPS = ("auth", "contenttypes", "humanize", "postgres", "sessions", "sites")
COMPANIONS = (
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "modelsearch",
)
NOT_ON_SCREENS = {"tests", "test", "migrations", "management", "project_template", "locale"}


@dataclass(frozen=True)
class Upstream:
    """One catalogue that somebody else ships, and the overlay of ours that completes it."""

    package: str
    label: str
    folder: Path
    domain: str = "django"

    @property
    def name(self) -> str:
        return self.label if self.domain == "django" else f"{self.label} ({self.domain})"

    @property
    def overlay_path(self) -> Path:
        return overlay_path(self.label, self.domain)

    def shipped(self, language: str) -> Catalog:
        """Return the catalogue of the package in that language; empty if it ships none."""
        path = self.folder / "locale" / language / "LC_MESSAGES" / f"{self.domain}.po"
        return messages.read(path, language)


def overlay_path(label: str, domain: str = "django") -> Path:
    return OVERLAYS / label / messages.LANGUAGE / "LC_MESSAGES" / f"{domain}.po"


def package_folder(name: str) -> Path:
    """Return where a top-level package is installed, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(name)
    return Path(spec.origin).parent


def wagtail_label(folder: Path, root: Path) -> str:
    if folder == root:
        return "wagtailcore"
    return "wagtaildocs" if folder.name == "documents" else f"wagtail{folder.name}"


def folders() -> Iterator[tuple[str, str, Path]]:
    """Every package, label and folder. A new catalogue of Wagtail's is found, not listed."""
    wagtail = package_folder("wagtail")
    for path in sorted(wagtail.rglob("locale/en/LC_MESSAGES/django.po")):
        yield "wagtail", wagtail_label(path.parents[3], wagtail), path.parents[3]
    django = package_folder("django")
    yield "django", "django", django / "conf"
    for app in DJANGO_APPS:
        yield "django", f"django_{app}", django / "contrib" / app
    for name in COMPANIONS:
        yield name, name, package_folder(name)


@cache
def catalogues() -> tuple[Upstream, ...]:
    """Return every catalogue in use, theirs to bring and ours to complete."""
    found = []
    for package, label, folder in folders():
        found.append(Upstream(package, label, folder))
        if (folder / "locale" / "en" / "LC_MESSAGES" / "djangojs.po").exists():
            found.append(Upstream(package, label, folder, "djangojs"))
    return tuple(found)


def sources(upstream: Upstream) -> Iterator[Path]:
    """Every file of the package whose words its catalogue should hold.

    A part of the package with a catalogue of its own is left to that. Django's catalogues are
    made at its release and hold all of it.
    """
    if upstream.domain != "django" or upstream.package == "django":
        return
    inner = [other.folder for other in catalogues() if upstream.folder in other.folder.parents]
    for path in sorted(upstream.folder.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or not path.is_file():
            continue
        if NOT_ON_SCREENS.isdisjoint(path.relative_to(upstream.folder).parts) and not any(
            folder in path.parents for folder in inner
        ):
            yield path


def key(message: Message) -> tuple[str, str | None]:
    """What gettext looks a message up by."""
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


@cache
def shipped_keys(package: str) -> set[tuple[str, str | None]]:
    """Return what all English catalogues of a package hold; they are extracted together."""
    own = [one for one in catalogues() if one.package == package]
    return {key(message) for one in own for message in one.shipped("en")}


@cache
def english(upstream: Upstream) -> Catalog:
    """Return everything the package says, by its English catalogue and its sources."""
    catalog = upstream.shipped("en")
    known = shipped_keys(upstream.package)
    for path in sources(upstream):
        for text, comments, context in messages.read_source(path):
            message = Message(text, context=context, auto_comments=comments)
            if message.id and key(message) not in known:
                catalog.add(text, context=context, auto_comments=comments)
    return catalog


@cache
def theirs(upstream: Upstream) -> Catalog:
    """Return the Vietnamese that the package brings; nothing if it is not installed.

    Django reads the catalogues of installed apps only, and Wagtail borrows words of others.
    """
    folders = {Path(config.path) for config in apps.get_app_configs()}
    if upstream.folder in folders or upstream.label == "django":
        return upstream.shipped(messages.LANGUAGE)
    return messages.empty()


def ours(upstream: Upstream) -> Catalog:
    """Return the overlay as it is on disk."""
    return messages.read(upstream.overlay_path)


def wanted(upstream: Upstream) -> list[Message]:
    """Return the messages that must have a translation."""
    return [message for message in english(upstream) if message.id]


@dataclass(frozen=True)
class Count:
    """How far one catalogue is translated; numbers of messages."""

    name: str
    total: int
    theirs: int
    ours: int
    missing: tuple[str, ...]


def count(upstream: Upstream) -> Count:
    """Say who translates the messages of a catalogue, and which nobody does."""
    everything, overlay = wanted(upstream), ours(upstream)
    rest = [message for message in everything if not messages.spoken(overlay, message)]
    gaps = [str(message.id) for message in rest if not messages.spoken(theirs(upstream), message)]
    return Count(
        upstream.name,
        total=len(everything),
        theirs=len(rest) - len(gaps),
        ours=len(everything) - len(rest),
        missing=tuple(gaps),
    )


def obsolete(upstream: Upstream) -> list[str]:
    """Return what the overlay holds and the package no longer says."""
    current = {key(message) for message in wanted(upstream)}
    overlay = [message for message in ours(upstream) if message.id]
    return [str(message.id) for message in overlay if key(message) not in current]


def update(upstream: Upstream) -> Catalog:
    """Write the overlay with a gap for everything still missing and without what is obsolete."""
    before, after = ours(upstream), messages.empty()
    shipped = upstream.shipped(messages.LANGUAGE)
    after.creation_date = before.creation_date  # nothing changes where no message does
    for message in wanted(upstream):
        held = before.get(message.id, message.context)
        brought = shipped.get(message.id, message.context)
        if held or not messages.spoken(theirs(upstream), message):
            after.add(
                message.id,
                held.string if held else brought.string if brought else "",
                auto_comments=message.auto_comments,
                context=message.context,
            )
    if len(after):
        messages.write(after, upstream.overlay_path)
    return after


def compile_overlays() -> bool:
    """Compile every overlay that changed. Returns whether any did."""
    compiled = [messages.compile_file(path) for path in sorted(OVERLAYS.rglob("*.po"))]
    return any(compiled)
