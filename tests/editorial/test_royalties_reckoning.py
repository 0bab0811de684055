"""Amounts, shares and quotas, without a database."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.royalties.reckoning import Due, above_quota, royalty, split, unit_value, withheld
from editorial.royalties.words import in_words


@pytest.mark.parametrize(
    ("coefficient", "base_salary", "expected"),
    [
        ("1.5", 1_490_000, 223_500),
        ("2.5", 1_490_000, 372_500),
        ("1.5", 2_530_000, 379_500),
        ("2.5", 2_530_000, 632_500),
    ],
)
def test_the_examples_of_the_trade(coefficient: str, base_salary: int, expected: int) -> None:
    value = unit_value(base_salary, Decimal(10))
    assert royalty(Decimal(coefficient), value) == expected


def test_a_page_that_pays_a_part_of_the_provincial_rate() -> None:
    assert royalty(Decimal("1.5"), 253_000, scheme_percent=Decimal(20)) == 75_900


def test_a_bonus_comes_on_top() -> None:
    assert royalty(Decimal(1), 253_000, bonus=Decimal(30)) == 328_900


def test_shares() -> None:
    assert split(379_500, [60, 40]) == [227_700, 151_800]
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]
    with pytest.raises(ValueError, match="Shares"):
        split(100, [])


@given(st.integers(0, 10**9), st.lists(st.integers(1, 100), min_size=1, max_size=12))
def test_shares_always_add_up(total: int, shares: list[int]) -> None:
    parts = split(total, shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - total * share / sum(shares)) < 1


def test_only_what_lies_above_the_quota_is_paid() -> None:
    dues = [Due(Decimal("1.5"), 300), Due(Decimal("2.0"), 400), Due(Decimal(1), 200)]
    assert above_quota(dues, Decimal("2.5")) == [0, 200, 200]
    assert above_quota(dues, Decimal(0)) == [300, 400, 200]
    assert above_quota(dues, Decimal(99)) == [0, 0, 0]


def test_tax_is_withheld_from_the_threshold_on() -> None:
    assert withheld(1_999_999, threshold=2_000_000, percent=Decimal(10)) == 0
    assert withheld(2_000_000, threshold=2_000_000, percent=Decimal(10)) == 200_000


def test_amounts_in_words() -> None:
    assert in_words(379_500) == "Ba trăm bảy mươi chín nghìn năm trăm đồng"
    assert in_words(0) == "Không đồng"
    assert in_words(-5) == "Âm năm đồng"
