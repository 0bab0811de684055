"""The whole check: every rule of the decree with what was found, for people and as JSON."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from media.documents.checking import on_body, on_end, on_head, on_page
from media.documents.checking.anatomy import dissect
from media.documents.checking.findings import Check, Finding
from media.documents.checking.reading import read
from media.documents.layout import FOLDER

DECREE = "Nghị định số 30/2020/NĐ-CP"
CHECKS: Sequence[Check] = (*on_page.CHECKS, *on_head.CHECKS, *on_body.CHECKS, *on_end.CHECKS)


class Status(StrEnum):
    """What became of a rule; it does not apply where its element may be absent and is."""

    KEPT = "kept"
    BROKEN = "broken"
    ABSENT = "not applicable"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in the words of the decree, and the clause it stands in."""

    id: str
    clause: str
    text: str

    @property
    def source(self) -> str:
        """The clause with the decree's number."""
        return f"{self.clause}, {DECREE}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule with its findings: the broken ones, and how many places were looked at."""

    rule: Rule
    status: Status
    broken: tuple[Finding, ...]
    places: int


@dataclass(frozen=True, slots=True)
class Report:
    """All rules in the order of the decree."""

    verdicts: tuple[Verdict, ...]

    def of(self, status: Status) -> list[Verdict]:
        """Return the verdicts of one status."""
        return [verdict for verdict in self.verdicts if verdict.status == status]

    @property
    def broken(self) -> list[Verdict]:
        return self.of(Status.BROKEN)

    @property
    def kept(self) -> list[Verdict]:
        return self.of(Status.KEPT)

    @property
    def absent(self) -> list[Verdict]:
        return self.of(Status.ABSENT)

    def as_data(self) -> list[dict[str, Any]]:
        """Return one object per rule, for JSON."""
        return [
            {
                "rule": verdict.rule.id,
                "text": verdict.rule.text,
                "source": verdict.rule.source,
                "status": verdict.status.value,
                "places": verdict.places,
                "broken": [
                    {"where": each.where, "found": each.found, "wanted": each.wanted}
                    for each in verdict.broken
                ],
            }
            for verdict in self.verdicts
        ]


@cache
def rules() -> Mapping[str, Rule]:
    """Return every rule by its id, in the order of the decree."""
    with (FOLDER / "data" / "rules.tsv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = {row["id"]: Rule(row["id"], row["clause"], row["rule"]) for row in rows}
    return MappingProxyType(found)


def check(data: bytes) -> Report:
    """Return the report on a DOCX. Raises ``UnreadableError``."""
    anatomy = dissect(read(data))
    findings = [finding for each in CHECKS for finding in each(anatomy)]
    return Report(tuple(verdict(rule, findings) for rule in rules().values()))


def verdict(rule: Rule, findings: Sequence[Finding]) -> Verdict:
    own = [finding for finding in findings if finding.rule == rule.id]
    broken = tuple(finding for finding in own if not finding.kept)
    if not own:
        return Verdict(rule, Status.ABSENT, (), 0)
    return Verdict(rule, Status.BROKEN if broken else Status.KEPT, broken, len(own))
