"""Numbers of scoring: exact, rounded once, shown as Vietnamese readers write them."""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _

CENT = Decimal("0.01")
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?")


class FigureError(ValueError):
    """The text is no number; the message says so to the person who wrote it."""


def rounded(exact: Fraction | Decimal) -> Decimal:
    """Return points with two decimals. A half is rounded up, and only here, after all else."""
    hundredths = Fraction(exact) * 100
    whole, rest = divmod(hundredths.numerator, hundredths.denominator)
    up = 1 if 2 * rest >= hundredths.denominator else 0
    return (Decimal(whole + up) / 100).quantize(CENT, rounding=ROUND_HALF_UP)


def plain(number: Decimal | Fraction) -> str:
    """Return the number without zeros at its end and without an exponent: 0.80 as "0.8"."""
    value = number if isinstance(number, Decimal) else rounded(number)
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def shown(number: Decimal | Fraction | int) -> str:
    """Return the number as the reader's language writes it: "0,8"."""
    value = Decimal(number) if isinstance(number, int) else number
    return str(number_format(plain(value), use_l10n=True, force_grouping=False))


def number(text: str) -> Decimal:
    """Return what was written as "0,25" or "0.25". Raises ``FigureError``."""
    stripped = text.strip().rstrip("%").strip()
    if not _NUMBER.fullmatch(stripped):
        raise FigureError(_("“%(text)s” is no number such as 0,25.") % {"text": text.strip()})
    return Decimal(stripped.replace(",", "."))
