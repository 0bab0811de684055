"""What was understood, in words, and amounts of money."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from campaigns.models import Activity
from campaigns.money import parse_money
from campaigns.wording import reading

MAY, DECEMBER = date(2021, 5, 1), date(2021, 12, 31)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ""),
        ({"end": date(2021, 5, 14)}, "hết ngày 14/05/2021"),
        ({"start": MAY}, "từ ngày 01/05/2021"),
        ({"start": MAY, "end": MAY}, "ngày 01/05/2021"),
        ({"recurrence": "continuous"}, "thường xuyên"),
        (
            {
                "start": MAY,
                "end": DECEMBER,
                "recurrence": "monthly",
                "target": 2,
                "unit": "kỳ",
                "per": "month",
                "total": 16,
            },
            "từ ngày 01/05/2021 đến ngày 31/12/2021; hằng tháng; 2 kỳ mỗi tháng, tổng cộng 16",
        ),
        (
            {"target": 2, "unit": "pano", "per_agency": True, "total": 22},
            "2 pano cho mỗi cơ quan, tổng cộng 22",
        ),
    ],
)
def test_the_reading_in_words(values: dict[str, Any], expected: str):
    with translation.override("vi"):
        assert reading(Activity(**values)) == expected


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("60.000.000 đồng", 60_000_000),
        ("60 triệu đồng", 60_000_000),
        ("1,2 tỷ đồng", 1_200_000_000),
        ("120.000.000đ", 120_000_000),
        ("500 nghìn đồng", 500_000),
        ("Chi thường xuyên", None),
        ("60.000.000", None),
        ("30 triệu đồng; 20 triệu đồng", None),
        ("1,5 đồng", None),
        ("", None),
    ],
)
def test_amounts_of_money(text: str, amount: int | None):
    assert parse_money(text) == amount
