"""The numbers Word puts before paragraphs by itself, as text: "1.", "a)", "II."."""

import re
from typing import Any

from docx.oxml.ns import qn

from media.documents.wording import roman

_PLACE = re.compile(r"%(\d)")


class Numbering:
    """Counts numbered paragraphs in their order, as Word does."""

    def __init__(self, document: Any) -> None:
        self.levels: dict[str, list[tuple[str, str, int]]] = {}
        self.counts: dict[str, list[int]] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):  # none, or a part of a wrong type
            return
        abstract = {
            each.get(qn("w:abstractNumId")): [_level(level) for level in each.findall(qn("w:lvl"))]
            for each in root.findall(qn("w:abstractNum"))
        }
        for each in root.findall(qn("w:num")):
            key = each.find(qn("w:abstractNumId"))
            if key is not None:
                self.levels[each.get(qn("w:numId"))] = abstract.get(key.get(qn("w:val")), [])

    def label(self, settings: Any) -> str:
        """Return the number before the next paragraph with these settings, or nothing."""
        key, depth = _value(settings, "w:numId"), int(_value(settings, "w:ilvl") or 0)
        levels = self.levels.get(key, [])
        if depth >= len(levels):
            return ""
        counts = self.counts.setdefault(key, [level[2] - 1 for level in levels])
        counts[depth] += 1
        for deeper in range(depth + 1, len(levels)):
            counts[deeper] = levels[deeper][2] - 1

        def shown(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            if index >= len(levels):
                return ""
            return _written(max(counts[index], levels[index][2]), levels[index][0])

        if levels[depth][0] in {"bullet", "none"}:
            return "-" if levels[depth][0] == "bullet" else ""
        return _PLACE.sub(shown, levels[depth][1])


def _value(settings: Any, tag: str) -> str:
    child = settings.find(qn(tag))
    value = "" if child is None else child.get(qn("w:val"), "")
    return value if value.isdigit() else ""


def _level(level: Any) -> tuple[str, str, int]:
    """Return a level's kind of number, its text with places, and its first number."""

    def read(tag: str, default: str) -> str:
        child = level.find(qn(tag))
        value: str = default if child is None else child.get(qn("w:val"), default)
        return value

    start = read("w:start", "1")
    return read("w:numFmt", "decimal"), read("w:lvlText", ""), int(start) if start.isdigit() else 1


def _written(number: int, kind: str) -> str:
    """Return a number in Word's notation; its letters are the English alphabet, without đ."""
    match kind:
        case "upperRoman" | "lowerRoman":
            text = roman(number)
            return text if kind == "upperRoman" else text.lower()
        case "lowerLetter" | "upperLetter":
            text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return text if kind == "lowerLetter" else text.upper()
        case "decimalZero":
            return f"{number:02}"
    return str(number)
