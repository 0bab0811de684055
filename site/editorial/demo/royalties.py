"""A scheme as some provinces have it, for the demo."""

from datetime import date
from decimal import Decimal

from editorial.models.royalties import RoyaltyRate, RoyaltyScheme

NAME = "Quy chế nhuận bút (mẫu)"
BASIS = "Tham khảo mức chi của một số tỉnh theo Nghị định 18/2014/NĐ-CP"
# genre, condition, lowest, highest, proposed
RATES = (
    ("news", "plain", "1.0", "1.0", "1.0"),
    ("news", "picture", "1.0", "1.5", "1.5"),
    ("news", "long", "1.2", "2.5", "1.8"),
    ("news", "reposted", "0.5", "0.5", "0.5"),
    ("photo", "plain", "1.2", "1.5", "1.2"),
    ("photo", "mountain", "1.5", "1.8", "1.5"),
    ("feature", "picture", "2.0", "3.0", "2.5"),
    ("reflection", "picture", "2.0", "2.5", "2.0"),
    ("commentary", "plain", "2.5", "3.0", "2.5"),
    ("reportage", "picture", "2.0", "4.0", "3.0"),
    ("interview", "picture", "2.0", "3.0", "2.5"),
    ("answer", "plain", "1.0", "1.5", "1.0"),
    ("video", "plain", "4.0", "5.0", "4.0"),
    ("infographic", "plain", "1.5", "2.5", "2.0"),
)


def load() -> None:
    """Make the scheme unless it is there."""
    scheme, made = RoyaltyScheme.objects.get_or_create(
        name=NAME, defaults={"basis": BASIS, "effective_from": date(2020, 1, 1)}
    )
    if not made:
        return
    for genre, condition, *limits in RATES:
        minimum, maximum, usual = map(Decimal, limits)
        RoyaltyRate.objects.create(
            scheme=scheme,
            genre=genre,
            condition=condition,
            minimum=minimum,
            maximum=maximum,
            usual=usual,
        )
