"""Reading the budget column of a plan: "60.000.000 đồng", "60 triệu đồng", "1,2 tỷ đồng"."""

import re
from decimal import Decimal

from core.text import nfc

_AMOUNT = re.compile(
    r"(?:khoảng |dự kiến |tổng(?: số)?:? )?"
    r"(?P<number>\d{1,3}(?:\.\d{3})+|\d{1,15})(?:,(?P<part>\d{1,6}))?\s*"
    r"(?P<scale>nghìn|ngàn|triệu|tỷ|tỉ)?\s*(?P<currency>đồng|đ|vnđ|vnd)?\.?",
    re.IGNORECASE,
)
_SCALES = {"": 1, "nghìn": 1_000, "ngàn": 1_000, "triệu": 1_000_000, "tỷ": 10**9, "tỉ": 10**9}
LARGEST = 10**15


def parse_money(text: str) -> int | None:
    """Return the amount in đồng that the whole text states; ``None`` for words or several amounts.

    A bare number is no amount of money. A fraction of a đồng is none either.
    """
    match = _AMOUNT.fullmatch(" ".join(nfc(text).split()))
    if not match or not (match["scale"] or match["currency"]):
        return None
    number = Decimal(f"{match['number'].replace('.', '')}.{match['part'] or 0}")
    amount = number * _SCALES[(match["scale"] or "").lower()]
    return int(amount) if amount == int(amount) and amount <= LARGEST else None
