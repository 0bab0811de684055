"""How a criterion gives points: kinds of rules, each a frozen record that JSON can hold.

The kinds are those of the scoring tables of provinces (Đồng Nai 2022, tuyên truyền CCHC) and of the
guides to the PAR INDEX (công văn 383, 384/BNV-CCHC of 28/01/2021). Every number is a ``Decimal``.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from campaigns.scoring.figures import plain, shown

Points = Annotated[Decimal, Field(ge=0, max_digits=6, decimal_places=2)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=6)]
Percent = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=2)]
Count = Annotated[int, Field(ge=0, le=100_000)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,29}$")]

# On one line: items are written as lines.
Label = Annotated[
    str, Field(min_length=1, max_length=300), AfterValidator(lambda text: " ".join(text.split()))
]

LABELS = {
    "proportional": pgettext_lazy("rule of scoring", "proportional, with a floor"),
    "checklist": pgettext_lazy("rule of scoring", "sum of what is there"),
    "ladder": pgettext_lazy("rule of scoring", "ladder"),
    "deadline": pgettext_lazy("rule of scoring", "deadline, points lost for each day"),
    "late": pgettext_lazy("rule of scoring", "points lost for each late or missing report"),
    "given": pgettext_lazy("rule of scoring", "points entered by a person"),
}


class RuleError(ValueError):
    """The rule or the value cannot be; the message tells a person why."""


class Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(Record):
    """What every rule has: the points it gives at most."""

    kind: str
    maximum: Annotated[Decimal, Field(gt=0, max_digits=6, decimal_places=2)]

    def stored(self) -> dict[str, Any]:
        """Return the rule for a JSON column; the maximum is a column of its own."""
        return self.model_dump(mode="json", exclude={"maximum"})


class Proportional(Rule):
    """``done / planned``: nothing below ``floor`` percent, everything from ``full`` percent on."""

    kind: Literal["proportional"] = "proportional"
    floor: Percent = Decimal(0)
    full: Percent = Decimal(100)

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if not self.full > 0:
            raise RuleError(_("The share that gives all points must be above 0 %."))
        if self.floor > self.full:
            raise RuleError(
                _(
                    "The floor (%(floor)s %%) is above the share that gives all points "
                    "(%(full)s %%)."
                )
                % {"floor": shown(self.floor), "full": shown(self.full)}
            )
        return self


class Item(Record):
    """One thing that may be there, and its points."""

    code: Code
    label: Label
    points: Points


class Checklist(Rule):
    """The sum of the items that are there, never above the maximum."""

    kind: Literal["checklist"] = "checklist"
    items: Annotated[tuple[Item, ...], Field(max_length=50)]

    @model_validator(mode="after")
    def reaches_the_maximum(self) -> Self:
        codes = [item.code for item in self.items]
        for code in codes:
            if codes.count(code) > 1:
                raise RuleError(_("The item “%(code)s” is listed twice.") % {"code": code})
        total = sum((item.points for item in self.items), Decimal(0))
        if total < self.maximum:
            raise RuleError(
                _("The items come to %(total)s points and never reach %(maximum)s.")
                % {"total": shown(total), "maximum": shown(self.maximum)}
            )
        return self


class Band(Record):
    """From ``low`` on and below ``high``; without ``high``, without end."""

    low: Amount
    high: Amount | None
    points: Points

    @property
    def label(self) -> str:
        if self.high is None:
            return _("from %(low)s on") % {"low": shown(self.low)}
        return _("from %(low)s to below %(high)s") % {
            "low": shown(self.low),
            "high": shown(self.high),
        }


class Ladder(Rule):
    """Points by the band the number falls into. Bands cover all from 0 on, each number once."""

    kind: Literal["ladder"] = "ladder"
    bands: Annotated[tuple[Band, ...], Field(max_length=50)]

    @model_validator(mode="after")
    def covers_everything_once(self) -> Self:
        bands = self.bands
        if not bands:
            raise RuleError(_("The ladder has no bands."))
        if bands[0].low != 0:
            raise RuleError(
                _("The ladder has a gap below %(low)s: it must begin at 0.")
                % {"low": shown(bands[0].low)}
            )
        for band, after in pairwise(bands):
            self.joined(band, after)
        last = bands[-1]
        if last.high is not None:
            raise RuleError(
                _("The ladder has a gap from %(high)s on: the last band must be open.")
                % {"high": shown(last.high)}
            )
        self.within_the_maximum()
        return self

    @staticmethod
    def joined(band: Band, after: Band) -> None:
        if band.high is None or band.high <= band.low:
            raise RuleError(_("Only the last band may be open, and each must end above its start."))
        names = {"high": shown(band.high), "low": shown(after.low)}
        if band.high < after.low:
            raise RuleError(_("The ladder has a gap between %(high)s and %(low)s.") % names)
        if band.high > after.low:
            raise RuleError(_("Bands overlap between %(low)s and %(high)s.") % names)

    def within_the_maximum(self) -> None:
        best = max(band.points for band in self.bands)
        if best != self.maximum:
            raise RuleError(
                _("The best band gives %(best)s points, the criterion %(maximum)s.")
                % {"best": shown(best), "maximum": shown(self.maximum)}
            )


class Deadline(Rule):
    """All points by ``due``; after it ``penalty`` points are lost for each day, not done: none."""

    kind: Literal["deadline"] = "deadline"
    due: date
    penalty: Points

    @model_validator(mode="after")
    def costs_something(self) -> Self:
        if self.penalty == 0:
            raise RuleError(_("A deadline without a penalty is none: enter the points lost."))
        return self


class Late(Rule):
    """All points less ``penalty`` for each late report and ``missing`` for each missing one."""

    kind: Literal["late"] = "late"
    penalty: Points
    missing: Points

    @model_validator(mode="after")
    def missing_costs_more(self) -> Self:
        if self.penalty == 0:
            raise RuleError(_("A deadline without a penalty is none: enter the points lost."))
        if self.missing < self.penalty:
            raise RuleError(_("A missing report cannot cost less than a late one."))
        return self


class Given(Rule):
    """Points a person enters: the result of a survey, or a judgement."""

    kind: Literal["given"] = "given"


AnyRule = Annotated[
    Proportional | Checklist | Ladder | Deadline | Late | Given, Field(discriminator="kind")
]
_RULES: TypeAdapter[Rule] = TypeAdapter(AnyRule)


def read_rule(stored: Mapping[str, Any], maximum: Decimal) -> Rule:
    """Return the rule that a JSON column holds. Raises ``RuleError`` with the first fault."""
    try:
        return _RULES.validate_python({**stored, "maximum": maximum})
    except ValidationError as error:
        raise RuleError(in_words(error)) from error


def in_words(error: ValidationError) -> str:
    """Return the first fault, in our words where it is one of ours."""
    first = error.errors()[0]
    own = first.get("ctx", {}).get("error")
    if isinstance(own, ValueError):
        return str(own)
    where = ".".join(str(part) for part in first["loc"]) or "?"
    found = first.get("input")
    text = plain(found) if isinstance(found, Decimal) else str(found)
    return _("The value “%(value)s” is not possible here (%(place)s).") % {
        "value": text[:60],
        "place": where,
    }
