"""The agencies of the demo province, from ``organisations/data``."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from organisations.models import GroupRule, Organisation, OrganisationName, Succession

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load() -> int:
    """Create or update every agency of the demo; return how many there are. Safe to repeat."""
    rows = read("lang_son.tsv")
    agencies: dict[str, Organisation] = {}
    for row in rows:  # a superior body stands above those below it
        parent = agencies[row["parent"]] if row["parent"] else None
        agencies[row["code"]] = save_agency(row, parent)
    for row in rows:
        agency = agencies[row["code"]]
        save_names(agency, several(row["other_names"]))
        agency.group_members.set([agencies[code] for code in several(row["members"])])
        save_rules(agency, several(row["rules"]))
    for row in read("lang_son_successions.tsv"):
        Succession.objects.update_or_create(
            old=agencies[row["old"]],
            new=agencies[row["new"]],
            defaults={"date": date.fromisoformat(row["date"]), "kind": row["kind"]},
        )
    return len(agencies)


def read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def several(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def save_agency(row: dict[str, str], parent: Organisation | None) -> Organisation:
    agency, _created = Organisation.objects.update_or_create(
        code=row["code"],
        defaults={
            "name": row["name"],
            "short_name": row["short_name"],
            "level": row["level"],
            "kind": row["kind"],
            "parent": parent,
            "valid_from": date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        },
    )
    return agency


def save_names(agency: Organisation, names: list[str]) -> None:
    for name in names:
        OrganisationName.objects.get_or_create(organisation=agency, name=name, official=False)


def save_rules(group: Organisation, rules: list[str]) -> None:
    """Give a group its rules, each a level and a kind: "province:department"."""
    kept = [
        GroupRule.objects.get_or_create(group=group, level=level, kind=kind, parent=None)[0].pk
        for level, _colon, kind in (rule.partition(":") for rule in rules)
    ]
    group.rules.exclude(pk__in=kept).delete()
