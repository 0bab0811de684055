"""The figures and parts of a report in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaigns.evidence.models import Evidence
from campaigns.reporting.figures import Total

TOTALS: Mapping[str, Any] = {
    Total.EXPECTED: gettext_lazy("Slots due"),
    Total.DONE: pgettext_lazy("slots", "Completed"),
    Total.ON_TIME: pgettext_lazy("slots", "Completed on time"),
    Total.LATE: pgettext_lazy("slots", "Completed late"),
    Total.OVERDUE: pgettext_lazy("slots", "Overdue, not completed"),
    Total.OPEN: pgettext_lazy("slots", "Still in time"),
    Total.DROPPED: pgettext_lazy("slots", "Not carried out"),
    Total.OUTPUTS: gettext_lazy("Products delivered"),
}
NARRATIVES: Mapping[str, Any] = {
    "results": gettext_lazy("Results"),
    "difficulties": gettext_lazy("Difficulties and shortcomings"),
    "causes": gettext_lazy("Causes"),
    "proposals": gettext_lazy("Proposals"),
    "next_tasks": gettext_lazy("Tasks of the next period"),
}


def kind(key: str) -> str:
    """Return the name of a kind of evidence."""
    labels = dict(Evidence.Kind.choices)
    return str(labels.get(key, key))


def genre(key: str) -> str:
    """Return the name of a genre; articles that are gone have none."""
    return key or _("genre not known")
