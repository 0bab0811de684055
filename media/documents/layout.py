"""The layout rules of Decree 30/2020/NĐ-CP as data, and the values our own documents choose.

``data/nd30_layout.json`` holds the ranges the decree allows (its source is named in it); what is
written is the decree's own sample value, or else the smallest one allowed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

FOLDER = Path(__file__).parent
FONTS = FOLDER / "fonts"
FONT = "Times New Roman"
POINT_MM = 25.4 / 72  # a point in millimetres

PAGE_MM = (210.0, 297.0)
MARGINS_MM: Mapping[str, float] = MappingProxyType(
    {"top": 20.0, "bottom": 20.0, "left": 30.0, "right": 15.0}
)
HEADER_MM = 10.0  # from the paper's edge to the page number
LEFT_SHARE = 0.4  # of the text width, for the issuer's column
INDENT_CM = 1.27
GAP_PT = 6.0  # between paragraphs
RULE_SHARE = 0.42  # of the line above it: between 1/3 and 1/2
TABLE_PT = 11.0  # the decree is silent on the letters in tables
TO_MM = 30.0  # where "Kính gửi:" of several addressees begins
SIGNATURE_MM = 25.0  # room for the signature
BOX_MM: Mapping[str, float] = MappingProxyType({"HỎA TỐC": 30.0, "THƯỢNG KHẨN": 40.0, "KHẨN": 20.0})
BOX_HEIGHT_MM = 8.0
RED = "FF0000"


@dataclass(frozen=True, slots=True)
class Element:
    """One element's rule: sizes in points, and whether it is bold, italic or in capitals."""

    id: str
    least: float
    most: float
    size: float
    bold: bool
    italic: bool
    caps: bool


@cache
def rules() -> dict[str, Any]:
    """Return the decree's table as it is stored."""
    data: dict[str, Any] = json.loads(
        (FOLDER / "data" / "nd30_layout.json").read_text(encoding="utf-8")
    )
    return data


@cache
def elements() -> Mapping[str, Element]:
    """Return every element by its id."""
    found = {}
    for row in rules()["elements"]:
        least, most = row["size"]
        found[row["id"]] = Element(
            row["id"],
            least,
            most,
            row.get("sample", most),
            row.get("weight") == "bold",
            row.get("italic", False),
            row.get("caps") is True,
        )
    return MappingProxyType(found)


@cache
def codes() -> Mapping[str, str]:
    """Return the code of every type of document: "Kế hoạch" is "KH"."""
    return MappingProxyType(rules()["doc_type_codes"])


def text_width_mm(*, landscape: bool = False) -> float:
    """Return the width between the margins we set."""
    width = PAGE_MM[1] if landscape else PAGE_MM[0]
    return width - MARGINS_MM["left"] - MARGINS_MM["right"]
