"""Bringing a province in: what is new is added, what is there keeps its identity."""

from datetime import date
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from core.text import slugify
from organisations.models import Organisation, OrganisationName
from organisations.models.changes import Change
from organisations.provinces.catalogue import FIRST_DAY, Unit
from organisations.provinces.comparing import Comparison, Finding, Verdict, committee, compare
from organisations.reorganising.doing import carry_out
from organisations.reorganising.wishes import NewName, Wish

LIST = "Danh mục đơn vị hành chính"  # where no decision is named


class ChangedMeanwhileError(Exception):
    """What is on record is not what was shown."""


@transaction.atomic
def bring_in(
    words: str, *, renamed_on: date | None = None, seen: str = "", user: Any = None
) -> Comparison:
    """Bring in the province of that code or name, and return what was done.

    Units that the list names otherwise are renamed from ``renamed_on``, by a reorganisation that
    can be undone; without that day they keep their name. Units for which several agencies could be
    meant are left alone. Nothing is ever closed. With ``seen``, the fingerprint of what was shown,
    raises ``ChangedMeanwhileError`` if something else would be done; nothing is changed then.
    Raises ``UnknownProvinceError``, and ``ImpossibleError`` where a name cannot be given.
    """
    found = compare(words)
    if seen and found.fingerprint != seen:
        raise ChangedMeanwhileError
    taken = set(Organisation.objects.values_list("code", flat=True))
    province = _settle(found.province, None, taken, found, user)
    for finding in found.communes:
        _settle(finding, province, taken, found, user)
    if renamed_on is not None:
        for finding in found.of(Verdict.RENAME):
            _rename(finding, renamed_on, user)
    return found


def _settle(
    finding: Finding, parent: Organisation | None, taken: set[str], found: Comparison, user: Any
) -> Organisation | None:
    """Add or adopt one unit; return its agency."""
    if finding.unit in found.unclear:
        return None
    if finding.verdict == Verdict.ADD:
        return _add(finding.unit, parent, taken, user)
    agency = finding.agency
    if agency is not None and finding.verdict == Verdict.ADOPT:
        agency.official_code = finding.unit.code
        if parent is not None:
            agency.parent = parent
        agency.save(update_fields=["official_code", "parent"])
    return agency


def _add(unit: Unit, parent: Organisation | None, taken: set[str], user: Any) -> Organisation:
    is_province = len(unit.code) == 2
    name = committee(unit)
    agency = Organisation.objects.create(
        code=_free(f"UBND {unit.lower}", unit.code, taken),
        name=name,
        short_name=f"UBND {'tỉnh' if unit.lower.startswith('tỉnh') else 'thành phố'}"
        if is_province
        else "",
        level=Organisation.Level.PROVINCE if is_province else Organisation.Level.COMMUNE,
        kind=Organisation.Kind.PEOPLES_COMMITTEE,
        parent=parent,
        valid_from=None if is_province else FIRST_DAY,
        official_code=unit.code,
    )
    other = f"UBND {unit.lower}" if is_province else f"Ủy ban nhân dân {unit.lower}"
    OrganisationName.objects.create(organisation=agency, name=other)
    log(agency, "organisations.imported", user=user, data={"code": unit.code})
    return agency


def _free(name: str, official: str, taken: set[str]) -> str:
    """Return a code that no agency has: communes of several provinces share names."""
    base = slugify(name, limit=50)
    code = base if base not in taken else f"{base}-{official}"
    while code in taken:
        code += "-x"
    taken.add(code)
    return code


def _rename(finding: Finding, day: date, user: Any) -> None:
    assert finding.agency is not None  # noqa: S101  narrows the type
    decision = finding.unit.decision
    is_signed_before = decision is not None and decision[1] <= day
    wish = Wish(
        kind=Change.RENAME,
        olds=(finding.agency.pk,),
        date=day,
        decision=decision[0][:60] if decision else LIST,
        decided_on=decision[1] if decision and is_signed_before else None,
        new=(NewName(finding.name, finding.agency.short_name),),
    )
    carry_out(wish, user)
