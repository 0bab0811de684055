"""Rules as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given

from campaigns.scoring.notation import kind_of, read_notation, write_notation
from campaigns.scoring.rules import Rule, RuleError
from tests.campaigns.scoring import strategies

pytestmark = pytest.mark.one_database


@given(strategies.rules)
def test_what_is_written_is_read_back(rule: Rule) -> None:
    assert read_notation(rule.kind, write_notation(rule), rule.maximum) == rule


@pytest.mark.parametrize("name", ["Tỷ lệ", "TY LE", "proportional"])
def test_kinds_are_found_without_diacritics(name: str) -> None:
    assert kind_of(name) == "proportional"


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("proportional", "trần 90", "trần 90"),
        ("proportional", "sàn chín mươi", "mươi"),
        ("checklist", "bảng thông tin 0,25", "bảng thông tin 0,25"),
        ("checklist", "Bảng | 1 | Bảng", "Bảng"),
        ("ladder", "0 - 50 = 0\n60 - = 1", "hở giữa 50 và 60"),
        ("ladder", "dưới 50: 0", "dưới 50: 0"),
        ("deadline", "hạn 30/2/2026; mỗi ngày trừ 0,1", "30/2/2026"),
        ("deadline", "hạn 31/1/2026", "hạn 31/1/2026"),
        ("late", "mỗi lần chậm trừ 0,1", "mỗi lần chậm trừ 0,1"),
        ("late", "mỗi lần chậm trừ 0,1; mỗi lần chậm trừ 0,2", "0,2"),
        ("given", "5 điểm", "để trống"),
    ],
)
def test_what_is_not_understood_is_named(kind: str, text: str, words: str) -> None:
    with pytest.raises(RuleError) as caught:
        read_notation(kind, text, Decimal(1))
    assert words in str(caught.value)


def test_an_unknown_kind_lists_the_known_ones() -> None:
    with pytest.raises(RuleError, match="bậc thang"):
        kind_of("luỹ tiến")
