"""Agencies that do not exist any more, or not yet, on the item's day."""

import re
from bisect import bisect
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from editorial.checks.finding import Finding, Severity
from editorial.checks.item import Item, Passage
from editorial.checks.names import Agency, Mention

#: Words of somebody who knows that the agency is history.
_FORMER = re.compile(
    r"trước đây|trước khi|trước ngày|nay là|\bcũ\b|nguyên là|tiền thân|sáp nhập|hợp nhất|giải thể"
    r"|đổi tên|kết thúc hoạt động|không còn|chia tách",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?:năm\s|tháng\s\d{1,2}[/-]|\b\d{1,2}[/-]\d{1,2}[/-])(?P<year>(?:19|20)\d\d)\b(?!\s?[-–]\s?\d)",
    re.IGNORECASE,
)


def gone(item: Item) -> Iterator[Finding]:
    """Agencies are called by the name they have on the item's day."""
    for passage in item.passages:
        quotations = passage.quotations()
        for mention in item.agencies.mentions(passage.text):
            agency = mention.agency
            if agency is None or is_quoted(mention, quotations):
                continue
            if not is_history(passage, mention, agency):
                yield found(passage, mention, agency, item.day)


def is_quoted(mention: Mention, quotations: list[tuple[int, int]]) -> bool:
    """Whether the name stands in one of the quotations, such as the title of a document."""
    place = bisect(quotations, (mention.start, mention.end)) - 1
    return place >= 0 and mention.end <= quotations[place][1]


def is_history(passage: Passage, mention: Mention, agency: Agency) -> bool:
    """Whether the sentence speaks of the time when the agency existed."""
    sentence = passage.sentence(mention.start, mention.end)
    if _FORMER.search(sentence):
        return True
    closed = agency.closed
    return closed is not None and any(
        int(match["year"]) < closed.year for match in _YEAR.finditer(sentence)
    )


def found(passage: Passage, mention: Mention, agency: Agency, day: date) -> Finding:
    words = passage.text[mention.start : mention.end]
    if agency.closed is None or agency.closed >= day:
        message = _("“%(name)s” does not exist yet on the day of this item.") % {"name": words}
    elif agency.successors:
        message = _("“%(name)s” has not existed since %(day)s. Its work is done by: %(new)s.") % {
            "name": words,
            "day": f"{agency.closed:%d/%m/%Y}",
            "new": "; ".join(agency.successors),
        }
    else:
        message = _("“%(name)s” has not existed since %(day)s.") % {
            "name": words,
            "day": f"{agency.closed:%d/%m/%Y}",
        }
    only = agency.successors[0] if len(agency.successors) == 1 else None
    return Finding(
        severity=Severity.WARNING,
        code="agency.gone",
        message=message,
        where=passage.where,
        place=passage.place,
        excerpt=words,
        offer=only,
        fixable=passage.plain and only is not None,
    )
