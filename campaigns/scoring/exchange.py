"""Criterion sets as rows: facts of the set, a heading, then a row for each criterion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.importing.problems import ImportFailedError, Problem
from campaigns.scoring.figures import FigureError, number
from campaigns.scoring.files import Line, read_lines, write
from campaigns.scoring.models import Criterion, CriterionSet
from campaigns.scoring.notation import NAMES, decimal, kind_of, read_notation, write_notation
from campaigns.scoring.rules import Rule, RuleError
from campaigns.scoring.tree import arrange, faults
from core.text import fold

FACTS: Mapping[str, str] = {
    "title": "Bộ tiêu chí",
    "number": "Số quyết định",
    "issued_on": "Ngày ban hành",
    "issuer": "Cơ quan ban hành",
    "year": "Năm",
    "is_sample": "Bộ mẫu",
    "note": "Ghi chú",
}
COLUMNS: Mapping[str, str] = {
    "parent": "Thuộc",
    "code": "Mã",
    "title": "Tên lĩnh vực, tiêu chí",
    "maximum": "Điểm tối đa",
    "method": "Phương pháp",
    "kind": "Cách tính",
    "rule": "Quy tắc",
    "guidance": "Hướng dẫn",
    "evidence_wanted": "Tài liệu kiểm chứng",
}
METHODS = {"self": "tự chấm", "survey": "điều tra"}
YES = "có, chỉ là mẫu"


@dataclass(frozen=True, slots=True)
class SetRow:
    """One criterion as a file gives it."""

    line: int
    parent: str
    code: str
    title: str
    maximum: Decimal
    method: str
    rule: Rule | None
    guidance: str
    evidence_wanted: str

    @property
    def is_scored(self) -> bool:
        return self.rule is not None


@dataclass(frozen=True, slots=True)
class SetDraft:
    """A set as a file gives it, without a fault."""

    facts: Mapping[str, Any]
    rows: tuple[SetRow, ...]


def export(criteria_set: CriterionSet, form: str) -> bytes:
    """Return the set as "xlsx" or "tsv". What a sample is, says so in its first rows."""
    facts = [[label, fact(criteria_set, name)] for name, label in FACTS.items()]
    criteria = list(criteria_set.criteria.order_by("position", "pk"))
    codes = {one.pk: one.code for one in criteria}
    table = [cells(one, codes.get(one.parent_id or 0, "")) for one in criteria]
    rows = [*facts, [], list(COLUMNS.values()), *table]
    return write(form, rows, len(facts) + 2)


def fact(criteria_set: CriterionSet, name: str) -> str:
    value = getattr(criteria_set, name)
    if name == "is_sample":
        return YES if value else "không"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")


def cells(one: Criterion, parent: str) -> list[str]:
    rule = one.reading() if one.is_scored else None
    return [
        parent,
        one.code,
        one.title,
        decimal(one.maximum),
        METHODS[one.method],
        NAMES[rule.kind] if rule else "",
        write_notation(rule) if rule else "",
        one.guidance,
        one.evidence_wanted,
    ]


def read_set(data: bytes) -> SetDraft:
    """Return the set in a file's content. Raises ``ImportFailedError`` naming every faulty line."""
    lines = read_lines(data)
    at = next((i for i, line in enumerate(lines) if is_heading(line)), None)
    if at is None:
        raise ImportFailedError(
            [
                Problem(
                    _("There is no row of headings; it names: %(names)s.")
                    % {"names": ", ".join(COLUMNS.values())}
                )
            ]
        )
    problems: list[Problem] = []
    facts = read_facts(lines[:at], problems)
    places = {fold(cell): index for index, cell in enumerate(lines[at].cells)}
    columns = {name: places.get(fold(label)) for name, label in COLUMNS.items()}
    rows = [read_row(line, columns, problems) for line in lines[at + 1 :]]
    known = [row for row in rows if row is not None]
    problems += tree_problems(known, complete=len(known) == len(rows))
    if problems:
        raise ImportFailedError(sorted(problems, key=lambda problem: problem.line))
    return SetDraft(facts, tuple(known))


def is_heading(line: Line) -> bool:
    folded = {fold(cell) for cell in line.cells}
    return {fold(COLUMNS[name]) for name in ("code", "title", "maximum")} <= folded


def read_facts(lines: Sequence[Line], problems: list[Problem]) -> dict[str, Any]:
    """Return the facts above the heading; what is wrong or unknown there goes to ``problems``."""
    names = {fold(label): name for name, label in FACTS.items()}
    found: dict[str, Any] = {}
    for line in lines:
        label, value = line.cells[0], line.cells[1] if len(line.cells) > 1 else ""
        name = names.get(fold(label))
        if name is None:
            problems.append(
                Problem(_("“%(text)s” is not known here.") % {"text": label}, line.number)
            )
            continue
        try:
            found[name] = read_fact(name, value)
        except ValueError:
            text = _("“%(value)s” is not possible as “%(name)s”.")
            problems.append(Problem(text % {"value": value, "name": label}, line.number))
    for name in ("title", "year"):
        if not found.get(name) and not any(problem.line for problem in problems):
            problems.append(Problem(_("The file lacks “%(name)s”.") % {"name": FACTS[name]}))
    return found


def read_fact(name: str, value: str) -> Any:
    """Return a fact as the model wants it. Raises ``ValueError``."""
    if name == "is_sample":
        answer = fold(value).split(" ")[0]
        if answer not in {"co", "khong", ""}:
            raise ValueError(value)
        return answer == "co"
    if name == "year":
        year = int(value)
        if not 2000 <= year <= 2100:
            raise ValueError(value)
        return year
    if name == "issued_on":
        return datetime.strptime(value, "%d/%m/%Y").date() if value else None  # noqa: DTZ007
    longest = getattr(CriterionSet._meta.get_field(name), "max_length", None)
    if longest and len(value) > longest:
        raise ValueError(value)
    return value


def read_row(
    line: Line, columns: Mapping[str, int | None], problems: list[Problem]
) -> SetRow | None:
    """Return the row; if anything in it is wrong, ``None``, and the first fault to ``problems``."""

    def text(name: str) -> str:
        at = columns[name]
        return line.cells[at] if at is not None and at < len(line.cells) else ""

    try:
        maximum = number(text("maximum"))
        rule = read_notation(kind_of(text("kind")), text("rule"), maximum) if text("kind") else None
        if rule is None and text("rule"):
            raise RuleError(_("There is a rule, but no way of scoring."))
        row = SetRow(
            line.number,
            text("parent"),
            text("code"),
            text("title"),
            maximum,
            method_of(text("method")),
            rule,
            text("guidance"),
            text("evidence_wanted"),
        )
        made = criterion_of(row, CriterionSet())
        made.clean_fields(exclude=["criteria_set", "parent"])
        made.clean()
    except (FigureError, RuleError) as error:
        problems.append(Problem(str(error), line.number))
        return None
    except ValidationError as error:
        name, texts = next(iter(error.message_dict.items()))
        problems.append(Problem(f"{COLUMNS.get(name, name)}: {texts[0]}", line.number))
        return None
    return row


def method_of(text: str) -> str:
    """Return the method that a cell names; nothing is self-scoring. Raises ``RuleError``."""
    known = {fold(label): name for name, label in METHODS.items()} | {"": "self"}
    found = known.get(fold(text))
    if found is None:
        names = "; ".join(METHODS.values())
        raise RuleError(
            _("There is no method “%(name)s”; known are: %(known)s.")
            % {"name": text, "known": names}
        )
    return found


def criterion_of(row: SetRow, criteria_set: CriterionSet) -> Criterion:
    return Criterion(
        criteria_set=criteria_set,
        code=row.code,
        title=row.title,
        maximum=row.maximum,
        method=row.method,
        rule=row.rule.stored() if row.rule else None,
        guidance=row.guidance,
        evidence_wanted=row.evidence_wanted,
    )


def tree_problems(rows: Sequence[SetRow], *, complete: bool) -> list[Problem]:
    """Return codes twice, parents nobody knows, and sums that do not fit.

    Sums are looked at only when every row was read: otherwise they miss what was not.
    """
    lines: dict[str, int] = {}
    problems = []
    for row in rows:
        if row.code in lines:
            names = {"code": row.code, "line": lines[row.code]}
            text = _("The code “%(code)s” is already on line %(line)d.") % names
            problems.append(Problem(text, row.line))
        elif row.parent and row.parent not in lines:
            text = _("There is no criterion “%(code)s” above it.") % {"code": row.parent}
            problems.append(Problem(text, row.line))
        lines.setdefault(row.code, row.line)
    if complete and not problems:
        found = faults(rows, {row.code: row.parent for row in rows})
        problems += [Problem(text, lines.get(code, 0)) for code, text in found]
    return problems


@transaction.atomic
def store(draft: SetDraft) -> CriterionSet:
    """Save the draft as a new set, not open for scoring yet, and return it."""
    criteria_set = CriterionSet.objects.create(**draft.facts)
    made: dict[str, Criterion] = {}
    for row in draft.rows:
        one = criterion_of(row, criteria_set)
        one.parent = made.get(row.parent)
        one.save()
        made[row.code] = one
    arrange(criteria_set)
    return criteria_set
