"""Days on which offices are closed, with their names.

Source: Labour Code 2019, Article 112, and Resolution 80-NQ/TW (24/11), through the ``holidays``
package; exchanged days that it does not know yet stand here.
"""

from datetime import date, timedelta
from functools import cache

import holidays
from django.utils.translation import gettext as _

SATURDAY = 5

# Day off → the Saturday on which offices work instead.
EXCHANGED: dict[date, date] = {
    date(2026, 1, 2): date(2026, 1, 10),  # Ministry of Home Affairs, notice of 25/12/2025
    date(2026, 8, 31): date(2026, 8, 22),
}


@cache
def of_year(year: int) -> dict[date, str]:
    """Return the days off of a year, lunar ones included, with their Vietnamese names."""
    named = holidays.country_holidays("VN", years=year, language="vi")
    return dict(named.items())


def name_of(day: date) -> str:
    """Return the name of the public holiday, or why offices are closed; "" on other days."""
    found = of_year(day.year).get(day, "")
    if found or day not in EXCHANGED:
        return found
    return _("Day off, made up for on %(day)s") % {"day": f"{EXCHANGED[day]:%d/%m/%Y}"}


def is_made_up(day: date) -> bool:
    """Whether offices work on this Saturday for a day off before or after it."""
    return day in EXCHANGED.values()


def is_free(day: date) -> bool:
    """Whether offices are closed: weekend, holiday or exchanged day."""
    return not is_made_up(day) and (day.weekday() >= SATURDAY or bool(name_of(day)))


def workday_before(day: date) -> date:
    """Return the day itself, or the last day before it on which offices work."""
    while is_free(day):
        day -= timedelta(days=1)
    return day
