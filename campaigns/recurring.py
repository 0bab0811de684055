"""Rules of recurrence as calendars write them (RFC 5545, section 3.3.10), by dateutil."""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice

from dateutil.rrule import rrulestr
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Parts a plan's rule may have. COUNT and UNTIL are the activity's own first and last day.
PARTS = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
FREQUENCIES = {"WEEKLY", "MONTHLY", "YEARLY"}
MOST = 400  # occurrences: more than a day's work each day of a year is a mistake


def parts_of(rule: str) -> dict[str, str]:
    """Return the parts of a rule by name, in capitals."""
    pairs = (part.partition("=") for part in rule.strip().upper().split(";") if part)
    return {name.strip(): value.strip() for name, _equals, value in pairs}


def validate_rule(rule: str) -> None:
    """Refuse what is no rule, or one that no plan can mean. Raises ``ValidationError``."""
    parts = parts_of(rule)
    unknown = sorted(set(parts) - PARTS)
    if unknown:
        raise ValidationError(_("A rule of recurrence has no part “%s” here.") % unknown[0])
    if parts.get("FREQ") not in FREQUENCIES:
        raise ValidationError(_("A rule of recurrence begins with FREQ=WEEKLY, MONTHLY or YEARLY."))
    try:
        next(occurrences(rule, date(2000, 1, 1), date(2040, 12, 31)))
    except StopIteration:
        raise ValidationError(_("This rule of recurrence never happens.")) from None
    except (ValueError, TypeError, IndexError) as error:
        raise ValidationError(_("This is no rule of recurrence: %s") % rule) from error


def occurrences(rule: str, first: date, last: date) -> Iterator[date]:
    """Yield the days of the rule from ``first`` to ``last``, at most ``MOST`` of them.

    Intervals are counted from the first of January, so that quarters are those of the calendar.
    Raises ``ValueError`` for a rule that cannot be read.
    """
    anchor = datetime.combine(date(first.year, 1, 1), time.min)
    # With an end of its own, so that a rule which never happens is not looked for until 9999.
    found = rrulestr(f"{rule};UNTIL={last:%Y%m%d}", dtstart=anchor)
    days = (moment.date() for moment in found)
    yield from islice((day for day in days if day >= first), MOST)
