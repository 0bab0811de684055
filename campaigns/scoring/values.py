"""What is known of a criterion: one kind of value for each kind of rule, as JSON holds it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import Field, ValidationError

from campaigns.scoring.figures import shown
from campaigns.scoring.rules import (
    Amount,
    Checklist,
    Code,
    Count,
    Given,
    Points,
    Record,
    Rule,
    RuleError,
    in_words,
)


class Value(Record):
    def stored(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


class Ratio(Value):
    """For ``Proportional``: how much was done of how much."""

    done: Amount
    planned: Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=6)]


class Ticked(Value):
    """For ``Checklist``: codes of the items that are there."""

    codes: tuple[Code, ...] = ()


class Number(Value):
    """For ``Ladder``."""

    number: Amount


class DoneOn(Value):
    """For ``Deadline``: the day it was done; ``None`` while it is not."""

    day: date | None


class Lateness(Value):
    """For ``Late``: how many came late, how many never."""

    late: Count = 0
    missing: Count = 0


class Entered(Value):
    """For ``Given``."""

    points: Points


KINDS: dict[str, type[Value]] = {
    "proportional": Ratio,
    "checklist": Ticked,
    "ladder": Number,
    "deadline": DoneOn,
    "late": Lateness,
    "given": Entered,
}


def read_value(rule: Rule, stored: Mapping[str, Any] | None) -> Value | None:
    """Return the value a JSON column holds; ``None`` for none. Raises ``RuleError``."""
    if stored is None:
        return None
    try:
        value = KINDS[rule.kind].model_validate(stored)
    except ValidationError as error:
        raise RuleError(in_words(error)) from error
    check(rule, value)
    return value


def check(rule: Rule, value: Value) -> None:
    """Raise ``RuleError`` for a value that this rule cannot have."""
    if isinstance(rule, Checklist) and isinstance(value, Ticked):
        unknown = set(value.codes) - {item.code for item in rule.items}
        if unknown:
            raise RuleError(_("The list has no item “%(code)s”.") % {"code": min(unknown)})
    if isinstance(rule, Given) and isinstance(value, Entered) and value.points > rule.maximum:
        raise RuleError(
            _("At most %(maximum)s points are possible here.") % {"maximum": shown(rule.maximum)}
        )
