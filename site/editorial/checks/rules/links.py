"""Links that lead nowhere."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from editorial.checks.finding import Finding, Severity
from editorial.checks.item import Item


def dead(item: Item) -> Iterator[Finding]:
    """Links within the portal lead somewhere. What is merely not public yet may come in time."""
    for link in item.dead_links:
        words = {"words": link.words or link.target, "target": link.target}
        if link.gone:
            message = _("The link “%(words)s” leads nowhere: %(target)s does not exist.")
        else:
            message = _("The link “%(words)s” leads to something not public: %(target)s.")
        yield Finding(
            severity=Severity.ERROR if link.gone else Severity.WARNING,
            code="link.dead",
            message=message % words,
            where=link.where,
            place=link.place,
            excerpt=link.target,
        )
