"""How text looks in the end: defaults, styles and direct settings put together.

ECMA-376, part 1, section 17.7.2, without table and conditional styles, which administrative
documents do not use for their elements. Lengths are in millimetres, sizes in points.
"""

from collections.abc import Mapping
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

Properties = Mapping[str, Any]
MM_TWIP = 25.4 / 1440
_TOGGLES = {
    qn("w:b"): "bold",
    qn("w:i"): "italic",
    qn("w:caps"): "caps",
    qn("w:u"): "underline",
    qn("w:vanish"): "hidden",
}
_LARGEST = 1e7  # beyond any page; nan and inf are no measures either
_OFF = {"0", "false", "off", "none"}
_THEME = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def number(value: str | None) -> float | None:
    """Return a measure of the file as a number, or nothing where it is none."""
    try:
        found = float(value) if value is not None else None
    except ValueError:
        return None
    return found if found is not None and abs(found) < _LARGEST else None


def switched(element: Any) -> bool:
    """Tell whether a property such as bold is on."""
    value = element.get(qn("w:val"))
    return value is None or value.lower() not in _OFF


class Formats:
    """The styles of one document, resolved once each."""

    def __init__(self, document: Any) -> None:
        self.styles = {
            style.get(qn("w:styleId")): style
            for style in document.styles.element.findall(qn("w:style"))
        }
        self.theme = theme_fonts(document)
        self._known: dict[str | None, tuple[Properties, Properties]] = {}
        defaults = document.styles.element.find(qn("w:docDefaults"))
        letters = _deep(defaults, "w:rPrDefault", "w:rPr")
        lines = _deep(defaults, "w:pPrDefault", "w:pPr")
        self.base = (self.run_of(letters), paragraph_of(lines))
        normal = (
            key
            for key, style in self.styles.items()
            if style.get(qn("w:type")) == "paragraph"
            and style.get(qn("w:default")) in {"1", "true"}
        )
        self.normal = next(normal, None)

    def of_style(self, key: str | None, depth: int = 0) -> tuple[Properties, Properties]:
        """Return run and paragraph properties of a style with all it is based on."""
        if key in self._known:
            return self._known[key]
        style = self.styles.get(key)
        if style is None or depth > 20:
            return self.base
        parent = style.find(qn("w:basedOn"))
        above = self.base if parent is None else self.of_style(parent.get(qn("w:val")), depth + 1)
        found = (
            {**above[0], **self.run_of(style.find(qn("w:rPr")))},
            {**above[1], **paragraph_of(style.find(qn("w:pPr")))},
        )
        self._known[key] = found
        return found

    def own_of_style(self, key: str, depth: int = 0) -> Properties:
        """Return what a character style itself sets, with those it is based on."""
        style = self.styles.get(key)
        if style is None or depth > 20:
            return {}
        parent = style.find(qn("w:basedOn"))
        above = {} if parent is None else self.own_of_style(parent.get(qn("w:val")), depth + 1)
        return {**above, **self.run_of(style.find(qn("w:rPr")))}

    def of_paragraph(self, paragraph: Any) -> tuple[Properties, Properties]:
        """Return what a paragraph gives its runs, and its own properties."""
        settings = paragraph.find(qn("w:pPr"))
        style = None if settings is None else settings.find(qn("w:pStyle"))
        key = self.normal if style is None else style.get(qn("w:val"))
        letters, lines = self.of_style(key if key in self.styles else self.normal)
        return letters, {**lines, **paragraph_of(settings)}

    def of_run(self, run: Any, inherited: Properties) -> Properties:
        """Return the properties of a run in a paragraph that gives it these."""
        settings = run.find(qn("w:rPr"))
        style = None if settings is None else settings.find(qn("w:rStyle"))
        own = {} if style is None else self.own_of_style(style.get(qn("w:val")))
        return {**inherited, **own, **self.run_of(settings)}

    def run_of(self, settings: Any) -> Properties:
        """Return the properties that one ``w:rPr`` sets."""
        if settings is None:
            return {}
        found: dict[str, Any] = {}
        for child in settings:
            if child.tag in _TOGGLES:
                found[_TOGGLES[child.tag]] = switched(child)
            elif child.tag == qn("w:sz") and (half := number(child.get(qn("w:val")))):
                found["size"] = half / 2
            elif child.tag == qn("w:color"):
                found["colour"] = child.get(qn("w:val"), "auto").upper()
            elif child.tag == qn("w:rFonts") and (font := self.font_of(child)):
                found["font"] = font
        return found

    def font_of(self, fonts: Any) -> str | None:
        """Return the font of Latin letters that ``w:rFonts`` names, through the theme if so."""
        theme = fonts.get(qn("w:asciiTheme")) or fonts.get(qn("w:hAnsiTheme"))
        if theme:
            return self.theme.get("major" if theme.startswith("major") else "minor")
        named: str | None = fonts.get(qn("w:ascii")) or fonts.get(qn("w:hAnsi"))
        return named


def _deep(element: Any, *tags: str) -> Any:
    for tag in tags:
        element = None if element is None else element.find(qn(tag))
    return element


def paragraph_of(settings: Any) -> Properties:
    """Return what one ``w:pPr`` sets: alignment, indents in mm, spacing in points."""
    if settings is None:
        return {}
    found: dict[str, Any] = {}
    if (align := settings.find(qn("w:jc"))) is not None:
        found["align"] = align.get(qn("w:val"), "left")
    if (indent := settings.find(qn("w:ind"))) is not None:
        found |= indents_of(indent)
    if (spacing := settings.find(qn("w:spacing"))) is not None:
        found |= spacing_of(spacing)
    if (borders := settings.find(qn("w:pBdr"))) is not None:
        found["borders"] = frozenset(
            side.tag.rpartition("}")[2]
            for side in borders
            if side.get(qn("w:val"), "none") not in {"none", "nil"}
        )
    if (numbering := settings.find(qn("w:numPr"))) is not None:
        found["numbering"] = numbering
    return found


def indents_of(indent: Any) -> dict[str, float]:
    found = {}
    for name, keys in (("left", ("left", "start")), ("right", ("right", "end"))):
        value = next((indent.get(qn(f"w:{k}")) for k in keys if indent.get(qn(f"w:{k}"))), None)
        if (twips := number(value)) is not None:
            found[name] = twips * MM_TWIP
    if (hanging := number(indent.get(qn("w:hanging")))) is not None:
        found["first"] = -hanging * MM_TWIP
    elif (first := number(indent.get(qn("w:firstLine")))) is not None:
        found["first"] = first * MM_TWIP
    return found


def spacing_of(spacing: Any) -> dict[str, Any]:
    """Return space before and after in points; ``line`` is a multiple, ``exact`` is in points."""
    found: dict[str, Any] = {}
    for name in ("before", "after"):
        if (twips := number(spacing.get(qn(f"w:{name}")))) is not None:
            found[name] = twips / 20
    if (line := number(spacing.get(qn("w:line")))) is not None:
        if spacing.get(qn("w:lineRule"), "auto") == "auto":
            found |= {"line": line / 240, "exact": None}
        else:
            found["exact"] = line / 20
            found["at_least"] = spacing.get(qn("w:lineRule")) == "atLeast"
    return found


def theme_fonts(document: Any) -> dict[str, str]:
    """Return the Latin fonts of the document's theme by "major" and "minor"."""
    for relation in document.part.rels.values():
        if relation.is_external or not relation.reltype.endswith("/theme"):
            continue
        try:
            tree = parse_xml(relation.target_part.blob)
        except SyntaxError:
            return {}
        found = {}
        for name in ("major", "minor"):
            latin = tree.find(f".//{_THEME}{name}Font/{_THEME}latin")
            if latin is not None:
                found[name] = latin.get("typeface", "")
        return found
    return {}
