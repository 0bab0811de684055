"""What bringing a province in would add and change. Nothing is changed here."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from core.text import nfc
from organisations.models import Organisation
from organisations.provinces.catalogue import Unit, communes, find

# Old and new places of the tone mark are the same word: "Hoà", "Hòa".
_TONES = dict(
    zip(
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        strict=True,
    )
)


class Verdict(StrEnum):
    """What would become of one unit of the list."""

    ADD = "add"
    ADOPT = "adopt"  # it is on record without its code, or under another superior body
    RENAME = "rename"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Finding:
    """A unit of the list, and the agency on record that it is."""

    unit: Unit
    verdict: Verdict
    agency: Organisation | None = None

    @property
    def name(self) -> str:
        """The name of its people's committee."""
        return committee(self.unit)


@dataclass
class Comparison:
    """A province, its communes, and the communes on record that the list does not know."""

    province: Finding
    communes: list[Finding] = field(default_factory=list)
    unknown: list[Organisation] = field(default_factory=list)
    #: Units for which several agencies on record could be meant.
    unclear: list[Unit] = field(default_factory=list)

    def of(self, verdict: Verdict) -> list[Finding]:
        """Return the units of that verdict, the province first."""
        return [one for one in (self.province, *self.communes) if one.verdict == verdict]

    @property
    def fingerprint(self) -> str:
        """What changes when the comparison would come out otherwise."""
        lines = [
            f"{one.unit.code} {one.verdict} {one.agency.pk if one.agency else ''} {one.name}"
            for one in (self.province, *self.communes)
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def committee(unit: Unit) -> str:
    """Return the name under which a unit's people's committee is kept."""
    is_province = len(unit.code) == 2
    return f"{'Ủy ban nhân dân' if is_province else 'UBND'} {unit.lower}"


def key(name: str) -> str:
    """Return what spellings of one name have in common; tone marks still tell names apart."""
    words = " ".join(nfc(name).casefold().split()).replace("’", "'")
    for old, new in _TONES.items():
        words = words.replace(old, new)
    return words.replace("ủy ban nhân dân", "ubnd")


def compare(words: str) -> Comparison:
    """Compare the province of that code or name with what is on record, in two queries.

    Raises ``UnknownProvinceError``.
    """
    unit = find(words)
    agencies = list(
        Organisation.objects.filter(
            kind=Organisation.Kind.PEOPLES_COMMITTEE, valid_to=None
        ).prefetch_related("other_names")
    )
    of_level = Organisation.Level
    above = [agency for agency in agencies if agency.level == of_level.PROVINCE]
    province, unclear = _match(unit, above)
    parent = province.agency
    below = [agency for agency in agencies if agency.level == of_level.COMMUNE]
    near = [agency for agency in below if parent and agency.parent_id == parent.pk]
    found = Comparison(province, unclear=[unit] if unclear else [])
    coded = {agency.official_code: agency for agency in below if agency.official_code}
    for commune in communes(unit.code):
        known = [coded[commune.code]] if commune.code in coded else near
        finding, unclear = _match(commune, known, parent)
        found.communes.append(finding)
        found.unclear += [commune] if unclear else []
    matched = {one.agency.pk for one in found.communes if one.agency}
    found.unknown = [agency for agency in near if agency.pk not in matched]
    return found


def _match(
    unit: Unit, agencies: Iterable[Organisation], parent: Organisation | None = None
) -> tuple[Finding, bool]:
    """Return what a unit is among these agencies, and whether several could be meant."""
    agencies = list(agencies)
    for agency in agencies:
        if agency.official_code == unit.code:
            if key(committee(unit)) not in _names(agency):
                return Finding(unit, Verdict.RENAME, agency), False
            is_same = parent is None or agency.parent_id == parent.pk
            return Finding(unit, Verdict.SAME if is_same else Verdict.ADOPT, agency), False
    named = [
        agency
        for agency in agencies
        if not agency.official_code and key(committee(unit)) in _names(agency)
    ]
    if len(named) == 1:
        return Finding(unit, Verdict.ADOPT, named[0]), False
    return Finding(unit, Verdict.ADD), len(named) > 1


def _names(agency: Organisation) -> set[str]:
    """Return the present names of an agency; official ones of before do not count."""
    others = [other.name for other in agency.other_names.all() if not other.official]
    return {key(name) for name in (agency.name, *others)}
