"""Rules as people write them, in one cell of a table or one field of a form, and back.

proportional   sàn 90%; đủ 100%
checklist      one line for each item: bang-tin | 0,25 | Bảng thông tin
ladder         one line for each band: 0 - 50 = 0  ...  90 - = 1
deadline       hạn 31/12/2025; mỗi ngày trừ 0,1
late           mỗi lần chậm trừ 0,25; mỗi lần thiếu trừ 0,5
given          empty
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from campaigns.scoring.figures import FigureError, number, plain
from campaigns.scoring.rules import (
    Checklist,
    Deadline,
    Given,
    Ladder,
    Late,
    Proportional,
    Rule,
    RuleError,
    read_rule,
)
from core.text import fold, nfc

#: The kinds as a table names them; folded, they are found again.
NAMES: Mapping[str, str] = {
    "proportional": "tỷ lệ",
    "checklist": "danh mục",
    "ladder": "bậc thang",
    "deadline": "thời hạn",
    "late": "chậm, thiếu báo cáo",
    "given": "nhập điểm",
}
_KINDS = {fold(name): kind for kind, name in NAMES.items()} | {kind: kind for kind in NAMES}
_BAND = re.compile(r"(?P<low>[^-=]+)-(?P<high>[^-=]*)=(?P<points>.+)")
EXAMPLES: Mapping[str, str] = {
    "proportional": "sàn 90%; đủ 100%",
    "checklist": "bang-tin | 0,25 | Bảng thông tin",
    "ladder": "0 - 50 = 0",
    "deadline": "hạn 31/12/2025; mỗi ngày trừ 0,1",
    "late": "mỗi lần chậm trừ 0,25; mỗi lần thiếu trừ 0,5",
    "given": "",
}


def kind_of(text: str) -> str:
    """Return the kind that a cell names. Raises ``RuleError``."""
    kind = _KINDS.get(fold(text))
    if kind is None:
        raise RuleError(
            _("There is no way of scoring “%(name)s”; known are: %(known)s.")
            % {"name": text, "known": "; ".join(NAMES.values())}
        )
    return kind


def read_notation(kind: str, text: str, maximum: Decimal) -> Rule:
    """Return the rule that is written there. Raises ``RuleError`` with the first fault."""
    try:
        details = _READERS[kind](nfc(text).strip())
    except FigureError as error:
        raise RuleError(str(error)) from error
    return read_rule({"kind": kind, **details}, maximum)


def write_notation(rule: Rule) -> str:
    """Return the rule as ``read_notation`` reads it."""
    return _WRITERS[type(rule)](rule)


def decimal(value: Decimal) -> str:
    """Return a number as documents write it, whatever the language of the reader."""
    return plain(value).replace(".", ",")


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def unreadable(kind: str, text: str) -> RuleError:
    return RuleError(
        _("“%(text)s” was not understood; it is written so: %(example)s.")
        % {"text": text, "example": EXAMPLES[kind]}
    )


def clauses(kind: str, text: str, known: Mapping[str, str]) -> dict[str, str]:
    """Return what follows each known opening, from "opening value; opening value"."""
    found: dict[str, str] = {}
    for clause in filter(None, (part.strip() for part in text.split(";"))):
        words = clause.split()
        opening, name = fold(" ".join(words[:-1])), words[-1]
        if opening not in known or known[opening] in found:
            raise unreadable(kind, clause)
        found[known[opening]] = name
    return found


def read_share(text: str) -> dict[str, Any]:
    found = clauses("proportional", text, {"san": "floor", "du": "full"})
    return {name: number(value) for name, value in found.items()}


def read_list(text: str) -> dict[str, Any]:
    items = []
    for line in lines(text):
        parts = [part.strip() for part in line.split("|", 2)]
        if len(parts) != 3:
            raise unreadable("checklist", line)
        items.append({"code": parts[0], "points": number(parts[1]), "label": parts[2]})
    return {"items": items}


def read_ladder(text: str) -> dict[str, Any]:
    bands = []
    for line in lines(text):
        match = _BAND.fullmatch(line)
        if match is None:
            raise unreadable("ladder", line)
        high = match["high"].strip()
        bands.append(
            {
                "low": number(match["low"]),
                "high": number(high) if high else None,
                "points": number(match["points"]),
            }
        )
    return {"bands": bands}


def read_deadline(text: str) -> dict[str, Any]:
    found = clauses("deadline", text, {"han": "due", "moi ngay tru": "penalty"})
    if set(found) != {"due", "penalty"}:
        raise unreadable("deadline", text)
    try:
        due = datetime.strptime(found["due"], "%d/%m/%Y").date()  # noqa: DTZ007 - a day, no moment
    except ValueError as error:
        raise RuleError(_("There is no such date: “%s”.") % found["due"]) from error
    return {"due": due, "penalty": number(found["penalty"])}


def read_late(text: str) -> dict[str, Any]:
    openings = {"moi lan cham tru": "penalty", "moi lan thieu tru": "missing"}
    found = clauses("late", text, openings)
    if set(found) != {"penalty", "missing"}:
        raise unreadable("late", text)
    return {name: number(value) for name, value in found.items()}


def read_given(text: str) -> dict[str, Any]:
    if text:
        raise RuleError(_("Points entered by a person have no rule; leave the cell empty."))
    return {}


_READERS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "proportional": read_share,
    "checklist": read_list,
    "ladder": read_ladder,
    "deadline": read_deadline,
    "late": read_late,
    "given": read_given,
}


def write_share(rule: Proportional) -> str:
    return f"sàn {decimal(rule.floor)}%; đủ {decimal(rule.full)}%"


def write_list(rule: Checklist) -> str:
    return "\n".join(f"{item.code} | {decimal(item.points)} | {item.label}" for item in rule.items)


def write_ladder(rule: Ladder) -> str:
    return "\n".join(
        f"{decimal(band.low)} - {'' if band.high is None else decimal(band.high) + ' '}"
        f"= {decimal(band.points)}"
        for band in rule.bands
    )


def write_deadline(rule: Deadline) -> str:
    return f"hạn {rule.due:%d/%m/%Y}; mỗi ngày trừ {decimal(rule.penalty)}"


def write_late(rule: Late) -> str:
    return f"mỗi lần chậm trừ {decimal(rule.penalty)}; mỗi lần thiếu trừ {decimal(rule.missing)}"


_WRITERS: Mapping[type[Rule], Callable[[Any], str]] = {
    Proportional: write_share,
    Checklist: write_list,
    Ladder: write_ladder,
    Deadline: write_deadline,
    Late: write_late,
    Given: lambda rule: "",
}
