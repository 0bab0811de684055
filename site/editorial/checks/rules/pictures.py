"""What readers are told of pictures."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.text import fold
from editorial.checks.finding import Finding, Severity
from editorial.checks.item import Item

# Text equivalents for pictures, WCAG 1.1.1, binding for portals of state agencies.
ACCESS = "WCAG 2.1, 1.1.1; Thông tư 26/2020/TT-BTTTT"
# Article 36 of the law on intellectual property: who uses a work names its author.
COPYRIGHT = "Luật Sở hữu trí tuệ"
NOBODY = re.compile(
    r"(?:(?:nguon|anh|theo|photo|source)\s+)*"
    r"(?:internet|google|facebook|zalo|mang|mang xa hoi|suu tam|st|net|web|online)"
)


def alternative_text(item: Item) -> Iterator[Finding]:
    """Every picture says what it shows, for readers who cannot see it."""
    for picture in item.pictures:
        if not picture.alt.strip():
            yield Finding(
                severity=Severity.ERROR,
                code="picture.alt",
                message=_("The picture has no alternative text. Say in it what the picture shows."),
                where=picture.at(picture.alt_field),
                place=picture.place,
                source=ACCESS,
            )


def credit(item: Item) -> Iterator[Finding]:
    """Every picture says whose it is; "Internet" is nobody."""
    for picture in item.pictures:
        words = picture.credit.strip()
        if not words:
            message = _("Nobody is named as the source of the picture.")
        elif NOBODY.fullmatch(fold(words)):
            message = _("“%(credit)s” names nobody: say who took the picture or whose it is.") % {
                "credit": words
            }
        else:
            continue
        yield Finding(
            severity=Severity.WARNING,
            code="picture.credit",
            message=message,
            where=picture.at(picture.credit_field),
            place=picture.place,
            excerpt=words,
            source=COPYRIGHT,
        )


def rights(item: Item) -> Iterator[Finding]:
    """The library knows of nothing that forbids to use the picture."""
    for picture in item.pictures:
        if picture.problem:
            yield Finding(
                severity=Severity.WARNING,
                code="picture.rights",
                message=picture.problem,
                where=picture.where,
                place=picture.place,
                excerpt=picture.problem,
                source=COPYRIGHT,
            )
