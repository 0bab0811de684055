"""What an item consists of: headline, sapo, body, section, texts for the channels."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from editorial.checks.finding import Finding, Severity
from editorial.checks.item import Item
from portal.variants.forms import box
from portal.variants.kinds import KINDS
from portal.variants.stored import over

LONGEST_HEADLINE = 150  # characters; what the portal's lists and newspapers take
LONGEST_SAPO = 350  # characters; two or three sentences
SHORTEST_SHOUT = 3  # words in capitals; fewer may be abbreviations


def headline_length(item: Item) -> Iterator[Finding]:
    """A headline fits where it is listed."""
    if len(item.title) > LONGEST_HEADLINE:
        yield Finding(
            severity=Severity.WARNING,
            code="headline.length",
            message=_("The headline has %(count)d characters; more than %(most)d are cut in lists.")
            % {"count": len(item.title), "most": LONGEST_HEADLINE},
            where="title",
            place=_("Headline"),
            excerpt=item.title,
        )


def headline_capitals(item: Item) -> Iterator[Finding]:
    """A headline is written as a sentence, not in capitals."""
    words = [word for word in item.title.split() if any(letter.isalpha() for letter in word)]
    if len(words) >= SHORTEST_SHOUT and item.title.isupper():
        yield Finding(
            severity=Severity.WARNING,
            code="headline.capitals",
            message=_("The headline is written in capitals: hard to read, and spelt out aloud."),
            where="title",
            place=_("Headline"),
            excerpt=item.title,
        )


def sapo(item: Item) -> Iterator[Finding]:
    """The summary is there and short."""
    if item.summary is None:
        return
    if not item.summary.strip():
        yield Finding(
            severity=Severity.ERROR,
            code="sapo.missing",
            message=_("There is no summary (sapo)."),
            where="summary",
            place=_("Summary (sapo)"),
        )
    elif len(item.summary) > LONGEST_SAPO:
        yield Finding(
            severity=Severity.WARNING,
            code="sapo.length",
            message=_("The summary has %(count)d characters; it reads well up to %(most)d.")
            % {"count": len(item.summary), "most": LONGEST_SAPO},
            where="summary",
            place=_("Summary (sapo)"),
            excerpt=item.summary,
        )


def body(item: Item) -> Iterator[Finding]:
    """There is something to read or to see."""
    if not item.has_body:
        yield Finding(
            severity=Severity.ERROR,
            code="body.empty",
            message=_("The item has no content yet."),
            where=item.body_field,
            place=_("Content"),
        )


def section(item: Item) -> Iterator[Finding]:
    """An article stands in a section."""
    if item.needs_section:
        yield Finding(
            severity=Severity.ERROR,
            code="section.missing",
            message=_("Choose a section: without one nobody finds the item, and channels that "
                      "take sections do not get it."),
            where="section",
            place=_("Section"),
        )  # fmt: skip


def variants(item: Item) -> Iterator[Finding]:
    """No text for a channel is longer than its receivers take."""
    for kind, field, excess in over(item.variants):
        yield Finding(
            severity=Severity.ERROR,
            code="variant.length",
            message=_("Too long, %(excess)s. Shorten it or have it composed anew.")
            % {"excess": excess},
            where=f"[name={box(kind.key, field.name)}]",
            place=f"{kind.label}, {field.label}",
            excerpt=str(excess),
        )


def stale(item: Item) -> Iterator[Finding]:
    """A text written for a channel was looked at again when the item changed."""
    for key in item.stale:
        kind = KINDS[key]
        yield Finding(
            severity=Severity.WARNING,
            code="variant.stale",
            message=_("Written before the item changed: keep it, or have it composed anew."),
            where=f"[name={box(key, kind.names[0])}]",
            place=str(kind.label),
        )


def stations(item: Item) -> Iterator[Finding]:
    """A station that has a question knows whom to call."""
    pressing = item.level in {"priority", "urgent"}
    if not item.contact and (pressing or item.for_stations):
        yield Finding(
            severity=Severity.WARNING,
            code="station.contact",
            message=_("Stations get this item and would not know whom to ask: name the unit or a "
                      "contact."),
            where="unit",
            place=_("Unit"),
            source="Nghị định 49/2024/NĐ-CP",
        )  # fmt: skip
