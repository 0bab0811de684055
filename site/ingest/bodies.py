"""From the sanitised HTML of an item to the blocks of a body. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from html import escape as escape_html
from itertools import product
from typing import Any

import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from ingest.articles.cleaning import squeeze

escape = partial(escape_html, quote=False)

INLINE = {"b", "strong", "i", "em", "sup", "sub", "a", "br"}
HEADINGS = {"h2", "h3", "h4"}
LISTS = ["ul", "ol"]
# A mark of emphasis around one of these is left out.
BLOCKS = ["img", "p", "div", "table", "blockquote", *LISTS, *HEADINGS]
MAX_HEADING = 200
MAX_CAPTION = 300
MAX_ALT = 250
DEEPEST_LIST = 4  # as deep as the editor goes; what lies deeper is said by its item
WIDEST = 50  # columns of a table
DEEPEST = 100  # elements within elements; beyond that only the text counts


@dataclass(frozen=True, slots=True)
class Part:
    """A block to be: its kind, and its text or the address of its picture."""

    kind: str  # paragraph, heading, quote, picture or table
    text: str = ""  # HTML of a paragraph, plain text of a heading or quotation
    picture: str = ""
    alt: str = ""
    caption: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def parts_of(html: str) -> list[Part]:
    """Return the parts of sanitised HTML in reading order, empty ones left out."""
    soup = BeautifulSoup(html, "html.parser")
    return [part for part in _Walk().through(soup) if part.kind == "picture" or _says(part)]


def _says(part: Part) -> bool:
    text = nh3.clean(part.text, tags=set()).replace("&nbsp;", " ")
    return bool(part.rows or text.strip(" \xa0\n\t"))


class _Walk:
    """Collects inline text until a block element ends the paragraph."""

    def __init__(self) -> None:
        self.run: list[str] = []

    def through(self, element: Tag, depth: int = 0) -> Iterator[Part]:
        for child in element.children:
            yield from self.at(child, depth)
        if depth == 0:
            yield from self.ended()

    def at(self, node: PageElement, depth: int) -> Iterator[Part]:
        if isinstance(node, NavigableString):
            self.run.append(escape(" ".join(f"a{node}a".split())[1:-1]))
        elif isinstance(node, Tag) and node.name in INLINE and not node.find(BLOCKS):
            self.run.append(_inline(node))
        elif isinstance(node, Tag):
            yield from self.ended()
            yield from self.block(node, depth)
            yield from self.ended()

    def block(self, node: Tag, depth: int) -> Iterator[Part]:
        text = squeeze(node.get_text(" "))
        if node.name == "img":
            yield Part("picture", picture=_attribute(node, "src"), alt=_alt(node))
        elif node.name == "figure":
            yield from _figure(node)
        elif node.name in HEADINGS and len(text) <= MAX_HEADING:
            yield Part("heading", text=text)
        elif node.name == "blockquote":
            yield Part("quote", text=text)
        elif node.name in LISTS:
            yield Part("paragraph", text=_list(node))
        elif node.name == "table":
            yield from _table(node)
        elif depth < DEEPEST:
            for child in node.children:
                yield from self.at(child, depth + 1)
        else:
            self.run.append(escape(text))

    def ended(self) -> Iterator[Part]:
        lines = "".join(self.run).split("<br/><br/>")
        self.run = []
        for line in lines:
            text = line.removeprefix("<br/>").removesuffix("<br/>").strip()
            if text:
                yield Part("paragraph", text=f"<p>{text}</p>")


def _inline(node: Tag) -> str:
    return nh3.clean(
        str(node),
        tags=INLINE,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    ).replace("<br>", "<br/>")


def _list(node: Tag, depth: int = 0) -> str:
    """Return a list and those within it; one beside an item, as some write it, is the item's."""
    items: list[str] = []
    for child in node.find_all(["li", *LISTS], recursive=False):
        if child.name == "li":
            inner = _lists_in(child) if depth < DEEPEST_LIST else []
            items.append(_inline(child).strip())
        else:
            inner = [child]
            items = items or [""]
        items[-1] += "".join(_list(each, depth + 1) for each in inner if depth < DEEPEST_LIST)
    said = "".join(f"<li>{item}</li>" for item in items)
    return f"<{node.name}>{said}</{node.name}>"


def _lists_in(item: Tag) -> list[Tag]:
    """Take the lists out of an item and return them."""
    own = [each for each in item.find_all(LISTS) if each.find_parent("li") is item]
    return [each.extract() for each in own]


def _attribute(node: Tag, name: str) -> str:
    value = node.get(name)
    return value if isinstance(value, str) else ""


def _alt(node: Tag) -> str:
    return squeeze(_attribute(node, "alt"))[:MAX_ALT]


def _figure(node: Tag) -> Iterator[Part]:
    caption = node.find("figcaption")
    text = squeeze(caption.get_text(" "))[:MAX_CAPTION] if isinstance(caption, Tag) else ""
    for image in node.find_all("img"):
        yield Part("picture", picture=_attribute(image, "src"), alt=_alt(image), caption=text)
        text = ""


def _table(node: Tag) -> Iterator[Part]:
    """Yield a table; one used for layout (a single column, pictures) as its contents."""
    rows = _grid(node)
    if node.find("img") or len(rows) < 2 or len(rows[0]) < 2:
        walk = _Walk()
        for cell in node.find_all(["td", "th", "caption"]):
            if not cell.find(["td", "th"]):
                yield from walk.through(cell)
        return
    yield Part("table", rows=rows)


def _grid(table: Tag) -> tuple[tuple[str, ...], ...]:
    """Return the texts of the cells, row by row and equally long.

    A cell that spans several says its text in the first of them and leaves the others empty.
    """
    found: dict[tuple[int, int], str] = {}
    rows = table.find_all("tr")
    for place, row in enumerate(rows):
        column = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            while (place, column) in found:
                column += 1
            down = min(_span(cell, "rowspan"), len(rows) - place)
            for each in product(range(down), range(_span(cell, "colspan"))):
                found.setdefault((place + each[0], column + each[1]), "")
            found[place, column] = squeeze(cell.get_text(" "))
    width = min(max((column + 1 for _row, column in found), default=0), WIDEST)
    return tuple(
        tuple(found.get((place, column), "") for column in range(width))
        for place in range(len(rows))
    )


def _span(cell: Tag, name: str) -> int:
    value = _attribute(cell, name)
    return min(max(int(value), 1), WIDEST) if value.isdecimal() and len(value) < 9 else 1


def raw_block(part: Part, picture: int | None = None, credit: str = "") -> dict[str, Any] | None:
    """Return the part as a stored block; None for a picture that was not fetched."""
    if part.kind == "picture":
        if picture is None:
            return None
        value: Any = {
            "image": picture,
            "alt": part.alt or part.caption[:MAX_ALT],
            "caption": part.caption,
            "credit": credit,
        }
        return {"type": "picture", "value": value}
    if part.kind == "quote":
        return {"type": "quote", "value": {"text": part.text, "source": ""}}
    if part.kind == "table":
        head, *rows = part.rows
        columns = [{"type": "text", "heading": heading} for heading in head]
        values = [{"values": list(row)} for row in rows]
        return {"type": "table", "value": {"caption": "", "columns": columns, "rows": values}}
    return {"type": part.kind, "value": part.text}
