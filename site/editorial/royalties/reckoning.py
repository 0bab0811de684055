"""What is paid for an item (Decree 18/2014/NĐ-CP): coefficient × unit value, shared by its authors.

Pure: amounts are whole đồng, coefficients and percentages are ``Decimal``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

WHOLE = Decimal(100)
MOST_BONUS = 30  # percent: difficult conditions, minority languages (Decree 18/2014, article 5)


def rounded(amount: Decimal) -> int:
    """Return whole đồng, a half upwards."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def unit_value(base_salary: int, percent: Decimal) -> int:
    """Return the value of one unit of coefficient: a percentage of the base salary."""
    return rounded(base_salary * percent / WHOLE)


def royalty(
    coefficient: Decimal,
    value: int,
    *,
    scheme_percent: Decimal = WHOLE,
    bonus: Decimal = Decimal(0),
) -> int:
    """Return the royalty of a whole item, for all of its authors together.

    ``scheme_percent``: what the office pays of the provincial rate; ``bonus``: percent on top.
    """
    return rounded(coefficient * value * scheme_percent / WHOLE * (WHOLE + bonus) / WHOLE)


def split(total: int, shares: Sequence[int]) -> list[int]:
    """Divide an amount in proportion to the shares; the parts always add up to the whole.

    Each part is cut to whole đồng, and what is left goes, one đồng each, to the parts that lost
    most (the largest remainder), the earlier one first. Raises ``ValueError`` without shares.
    """
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise ValueError("Shares must be positive")
    exact = [divmod(abs(total) * share, whole) for share in shares]
    parts = [part for part, _ in exact]
    missing = abs(total) - sum(parts)
    by_loss = sorted(range(len(exact)), key=lambda place: (-exact[place][1], place))
    for place in by_loss[:missing]:
        parts[place] += 1
    return parts if total >= 0 else [-part for part in parts]


def withheld(gross: int, *, threshold: int, percent: Decimal) -> int:
    """Return the income tax held back from one payment to somebody from outside."""
    return rounded(gross * percent / WHOLE) if gross >= threshold else 0


@dataclass(frozen=True, slots=True)
class Due:
    """One author's part of one item before the quota: in units of coefficient and in đồng."""

    coefficient: Decimal
    amount: int


def above_quota(dues: Sequence[Due], quota: Decimal) -> list[int]:
    """Return what is paid of each part once the quota of the month is worked off, oldest first.

    A salaried author owes ``quota`` units of coefficient; the part that crosses it is paid in
    proportion to what lies above.
    """
    left = quota
    paid = []
    for due in dues:
        owed = min(left, due.coefficient)
        left -= owed
        above = due.coefficient - owed
        paid.append(rounded(due.amount * above / due.coefficient) if due.coefficient else 0)
    return paid
