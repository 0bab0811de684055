"""What becomes of each entry of a feed. Pure: entries and what is stored in, verdicts out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from core.text import fold
from ingest.feeds.likeness import Neighbourhood, Print, print_of
from ingest.feeds.parsed import ParsedEntry
from ingest.feeds.texts import address, words_of

FRESH = timedelta(days=30)  # older entries are not news any more
ALMOST = 0.99  # the same words are a strong sign; only a link is proof
GROUPS = UUID("0b7f5c1e-6d0b-4d52-8d2a-6a54f0c6c1d3")


class Kind(Enum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    TOO_OLD = "too old"


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of an entry from earlier polls of the same source."""

    pk: int
    digest: str


@dataclass(frozen=True, slots=True)
class Ours:
    """Our own items that others may have carried: their prints, and their pages by address."""

    items: Neighbourhood[int] = field(default_factory=Neighbourhood)
    by_address: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Carried:
    """Which of our pages an entry repeats, and how surely: 1 is a link to it."""

    page: int
    likeness: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with one entry."""

    kind: Kind
    entry: ParsedEntry
    digest: str = ""
    stored: int | None = None  # the row of an entry that is known
    group: UUID | None = None  # of a new entry: shared by all that tell of the same
    carried: Carried | None = None
    muted: bool = False  # its title is among those nobody wants to see
    print: Print | None = None


def decide(
    entries: Iterable[ParsedEntry],
    *,
    source: int,
    stored: Mapping[str, Stored],
    near: Neighbourhood[UUID],
    ours: Ours,
    muted: Iterable[str] = (),
    now: datetime,
) -> list[Verdict]:
    """Return a verdict for each entry, in their order.

    ``stored`` holds the source's known entries by key; ``near`` recent items of all sources by
    group, and gets the new ones added; ``muted`` folded words that silence a title.
    """
    silenced = [f" {words} " for words in muted if words]
    verdicts = []
    for entry in entries:
        verdict = _of_known(entry, stored.get(entry.key))
        if verdict is None:
            verdict = _of_unknown(entry, source, near, ours, silenced, now)
        verdicts.append(verdict)
    return verdicts


def _of_known(entry: ParsedEntry, known: Stored | None) -> Verdict | None:
    if known is None:
        return None
    digest = digest_of(entry)
    kind = Kind.SAME if digest == known.digest else Kind.CHANGED
    return Verdict(kind, entry, digest, stored=known.pk)


def _of_unknown(
    entry: ParsedEntry,
    source: int,
    near: Neighbourhood[UUID],
    ours: Ours,
    silenced: list[str],
    now: datetime,
) -> Verdict:
    if entry.published is not None and entry.published < now - FRESH:
        return Verdict(Kind.TOO_OLD, entry)
    print_ = print_of(entry.title, words_of(entry.html))
    neighbour = near.nearest(print_)
    group = neighbour[0] if neighbour else uuid5(GROUPS, f"{source}\n{entry.key}")
    if neighbour is None:
        near.add(group, print_)
    return Verdict(
        Kind.NEW,
        entry,
        digest_of(entry),
        group=group,
        carried=carried_by(entry, print_, ours),
        muted=_is_silenced(entry, silenced),
        print=print_,
    )


def _is_silenced(entry: ParsedEntry, silenced: list[str]) -> bool:
    title = f" {fold(entry.title)} "
    return any(words in title for words in silenced)


def digest_of(entry: ParsedEntry) -> str:
    """Return what changes when the entry says something else."""
    said = "\n".join((entry.title, entry.address, entry.summary_html, entry.content_html))
    return sha256(said.encode()).hexdigest()


def carried_by(entry: ParsedEntry, print_: Print, ours: Ours) -> Carried | None:
    """Return which of our items the entry repeats: it links to it, or says the same."""
    for link in (entry.address, *links_in(entry.html)):
        page = ours.by_address.get(without_scheme(link))
        if page is not None:
            return Carried(page, 1.0)
    nearest = ours.items.nearest(print_)
    return Carried(nearest[0], min(nearest[1], ALMOST)) if nearest else None


def links_in(html: str) -> list[str]:
    """Return the addresses that HTML made by ``safe_html`` links to, the first hundred."""
    parts = html.split('href="')[1:101]
    return [address(part.partition('"')[0].replace("&amp;", "&")) for part in parts]


def without_scheme(link: str) -> str:
    """Return host and path of an address: what two links to one page share."""
    parts = urlsplit(link)
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"
