"""The tree of a set: its order, its sums, and what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.scoring.figures import shown
from campaigns.scoring.models import Criterion, CriterionSet

MOST_DEPTH = 2  # area, criterion, sub-criterion


class Node(Protocol):
    """What the checks look at: a criterion, or a row of a file."""

    @property
    def code(self) -> str: ...
    @property
    def maximum(self) -> Decimal: ...
    @property
    def is_scored(self) -> bool: ...


def faults(nodes: Sequence[Node], parents: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (code, what is wrong) for a tree given by each code's parent; the top has none."""
    parts: dict[str, list[Node]] = {}
    for node in nodes:
        if parents.get(node.code):
            parts.setdefault(parents[node.code], []).append(node)
    found = [] if nodes else [("", _("The set has no criteria."))]
    for node in nodes:
        below = parts.get(node.code, [])
        if node.is_scored and below:
            found.append(
                (node.code, _("It has parts and a rule of its own; one of them is wrong."))
            )
        if not node.is_scored and not below:
            found.append((node.code, _("It has neither parts nor a rule of scoring.")))
        total = sum((part.maximum for part in below), Decimal(0))
        if below and total != node.maximum:
            text = _("Its parts come to %(total)s points, it has %(maximum)s.")
            names = {"total": shown(total), "maximum": shown(node.maximum)}
            found.append((node.code, text % names))
    return found


def set_faults(criteria: Sequence[Criterion]) -> list[tuple[str, str]]:
    """Return what keeps a set from being opened, by code."""
    codes = {one.pk: one.code for one in criteria}
    parents = {one.code: codes[one.parent_id] for one in criteria if one.parent_id}
    return faults(criteria, parents)


@transaction.atomic
def arrange(criteria_set: CriterionSet) -> None:
    """Give the criteria their positions: each before its parts, siblings by code."""
    below: dict[int | None, list[Criterion]] = {}
    for one in criteria_set.criteria.order_by("pk"):
        below.setdefault(one.parent_id, []).append(one)
    ordered: list[Criterion] = []
    waiting = sorted(below.get(None, []), key=by_code, reverse=True)
    depths = {one.pk: 0 for one in waiting}
    while waiting:
        one = waiting.pop()
        one.depth, one.position = depths[one.pk], len(ordered) + 1
        ordered.append(one)
        parts = sorted(below.get(one.pk, []), key=by_code, reverse=True)
        depths |= {part.pk: one.depth + 1 for part in parts}
        waiting += parts
    Criterion.objects.bulk_update(ordered, ["depth", "position"])


def by_code(one: Criterion) -> tuple[tuple[int, int, str], ...]:
    return code_key(one.code)


def code_key(code: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that puts 1.10 after 1.9, and numbers before letters."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in code.split(".")
    )


def totals(
    criteria: Iterable[Criterion], points: Mapping[int, Decimal | None]
) -> dict[int, Decimal]:
    """Return the points of each criterion by id, with those of its parts; unknown count as 0."""
    rows = list(criteria)
    found = {one.pk: points.get(one.pk) or Decimal(0) for one in rows}
    for one in sorted(rows, key=lambda row: -row.depth):
        if one.parent_id is not None:
            found[one.parent_id] += found[one.pk]
    return found
