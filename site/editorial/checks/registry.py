"""Every rule, in the order in which findings of equal weight are listed."""

from collections.abc import Callable, Iterable

from editorial.checks.finding import Finding
from editorial.checks.item import Item
from editorial.checks.rules import agencies, documents, links, parts, personal, pictures, words

Rule = Callable[[Item], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    parts.headline_length,
    parts.headline_capitals,
    words.headline_stop,
    parts.sapo,
    parts.body,
    words.gaps,
    parts.section,
    parts.variants,
    parts.stale,
    parts.stations,
    pictures.alternative_text,
    pictures.credit,
    pictures.rights,
    links.dead,
    personal.numbers,
    personal.e_mail,
    documents.numbers,
    agencies.gone,
    words.doubled,
    words.together,
    words.mixed_tones,
    words.spaces,
    words.closing,
)


def check(item: Item) -> list[Finding]:
    """Return what the rules find, errors first, each once."""
    found = dict.fromkeys(finding for rule in RULES for finding in rule(item))
    return sorted(found, key=lambda finding: not finding.is_error)
