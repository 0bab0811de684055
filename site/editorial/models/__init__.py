"""The office's records, one module per area."""

from editorial.models.desk import CalendarKey, ItemTemplate, SystemLog
from editorial.models.notices import Notice
from editorial.models.overrides import Override
from editorial.models.royalties import (
    CoefficientCap,
    Quota,
    RoyaltyLine,
    RoyaltyPayment,
    RoyaltyRate,
    RoyaltyScheme,
    RoyaltySheet,
    TaxRule,
    UnitValue,
)
from editorial.models.statistics import Statistics
from editorial.models.tasks import ReviewTask

__all__ = [
    "CalendarKey",
    "CoefficientCap",
    "ItemTemplate",
    "Notice",
    "Override",
    "Quota",
    "ReviewTask",
    "RoyaltyLine",
    "RoyaltyPayment",
    "RoyaltyRate",
    "RoyaltyScheme",
    "RoyaltySheet",
    "Statistics",
    "SystemLog",
    "TaxRule",
    "UnitValue",
]
