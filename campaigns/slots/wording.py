"""A slot's period in words."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

ROMAN = ("I", "II", "III", "IV")


def label(period: str, start: date, ordinal: int, instalments: int) -> str:
    """Return "kỳ 2, tháng 5/2021", in the current language."""
    name = period_name(period, start)
    if instalments < 2:
        return name
    return pgettext("slot", "instalment %(number)d, %(period)s") % {
        "number": ordinal,
        "period": name,
    }


def period_name(period: str, start: date) -> str:
    """Return the name of the period of that kind that begins on that day."""
    values = {
        "year": start.year,
        "month": start.month,
        "quarter": ROMAN[(start.month - 1) // 3],
        "week": start.isocalendar().week,
        "first": f"{start:%d/%m}",
        "last": f"{start + timedelta(days=6):%d/%m/%Y}",
    }
    return _template(period, start) % values


def _template(period: str, start: date) -> str:
    if period == "week":
        return _("week %(week)d (%(first)s – %(last)s)")
    if period == "month":
        return _("month %(month)d/%(year)d")
    if period == "quarter" or (period == "reporting" and start.month in {3, 9}):
        return _("quarter %(quarter)s/%(year)d")
    if period == "reporting" and start.month == 6:
        return _("six months of %(year)d")
    if period == "half":
        first = start.month == 1
        return _("first half of %(year)d") if first else _("second half of %(year)d")
    return _("year %(year)d")
