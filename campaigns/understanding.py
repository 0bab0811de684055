"""From a row as written to what the system follows: agencies, dates, target."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.agencies import Directory, Reading
from campaigns.deadlines import Timing, parse_timing
from campaigns.models import Activity
from campaigns.quantities import Quantity, parse_quantity


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the texts of one row were understood to say."""

    leads: Reading
    partners: Reading
    timing: Timing
    quantity: Quantity

    def doubts(self) -> list[str]:
        """Return what a person should look at, as sentences in the current language."""
        return [
            *(_("Agency not on record: “%s”.") % name for name in self.leads.unknown),
            *(_("Agency not on record: “%s”.") % name for name in self.partners.unknown),
            *(_("Period not understood: “%s”.") % part for part in self.timing.unclear),
            *(_("Quantity not understood: “%s”.") % part for part in self.quantity.unclear),
        ]


def understand(activity: Activity, year: int, directory: Directory) -> Understanding:
    """Read the text columns of an activity. Raises ``deadlines.ImpossibleDateError``."""
    return Understanding(
        directory.read(activity.lead_text),
        directory.read(activity.partner_text),
        parse_timing(activity.deadline_text, year),
        parse_quantity(activity.quantity_text),
    )


def take_timing(activity: Activity, timing: Timing) -> None:
    """Set the dates and the frequency of an unsaved or saved activity; saves nothing."""
    activity.start, activity.end = timing.start, timing.end
    activity.recurrence = timing.recurrence


def take_quantity(activity: Activity, quantity: Quantity) -> None:
    """Set the target of an activity; saves nothing."""
    activity.target, activity.total = quantity.target, quantity.total
    activity.unit, activity.per = quantity.unit, quantity.per
    activity.per_agency = quantity.per_agency


def save_understood(activity: Activity, understanding: Understanding) -> None:
    """Store the activity with everything understood of its texts, agencies included."""
    take_timing(activity, understanding.timing)
    take_quantity(activity, understanding.quantity)
    activity.save()
    activity.leads.set(understanding.leads.found)
    activity.partners.set(understanding.partners.found)
