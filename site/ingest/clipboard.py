"""What Word and its kin put on the clipboard, as plain structured HTML. Pure.

Word writes its lists as paragraphs with the bullet as text, keeps deleted words and the remarks of
readers in the text, and sets bold by style or takes it away inside ``<b>``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString

from core.text import nfc
from ingest.bodies import Part, parts_of

MOST_MARKUP = 5_000_000  # characters
TAGS = {
    "a", "b", "blockquote", "br", "div", "em", "h2", "h3", "h4", "i", "li", "ol", "p", "strong",
    "sub", "sup", "table", "td", "th", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
DROPPED = {"script", "style", "xml", "title", "template"}
SCHEMES = ("http://", "https://", "mailto:")
#: Deleted by somebody (tracked changes), or not of the text at all.
GONE = ["del", "style", "script", "xml", "title", "meta", "link"]
HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
CLASSES = {"msotitle": "h2", "msosubtitle": "h3", "msoquote": "blockquote",
           "msointensequote": "blockquote"}  # fmt: skip
HIDDEN = re.compile(r"display:none|mso-hide:all|mso-element:comment(?:-list)?(?:;|$)")
LIST = re.compile(r"mso-list:\s*l(\d+) level(\d+)")
MARKER_OF_NUMBER = re.compile(r"(\d+)[.)]?$")
LEVELS = 4  # Draftail's deepest list


class TooMuch(Exception):
    """More than an article can be."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was on the clipboard, in reading order, and how many pictures were left behind."""

    parts: tuple[Part, ...]
    pictures: int
    had_changes: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph that Word shows as an item of a list."""

    node: Tag
    list: str
    level: int
    marker: str

    @property
    def number(self) -> int | None:
        found = MARKER_OF_NUMBER.match(self.marker)
        return int(found[1]) if found else None

    @property
    def is_bullet(self) -> bool:
        return not any(letter.isalnum() for letter in self.marker) or self.marker in "o§"


def read(html: str) -> Pasted:
    """Return what the HTML of a clipboard says. Raises ``TooMuch``."""
    if len(html) > MOST_MARKUP:
        raise TooMuch
    soup = BeautifulSoup(nfc(html), "html.parser")
    had_changes = soup.find(["ins", "del"]) is not None
    drop_what_is_no_text(soup)
    pictures = len([image.extract() for image in soup.find_all("img")])
    name_by_style(soup)
    gather_lists(soup)
    for link in soup.find_all("a"):
        if not str(link.get("href") or "").lower().startswith(SCHEMES):
            link.unwrap()  # into the document itself, or to a file of the writer's machine
    clean = nh3.clean(
        str(soup),
        tags=TAGS,
        attributes=ATTRIBUTES,
        clean_content_tags=DROPPED,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return Pasted(tuple(parts_of(clean)), pictures, had_changes)


def drop_what_is_no_text(soup: BeautifulSoup) -> None:
    """Take out deletions, remarks, hidden text, and Word's own notes to itself."""
    for words in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        words.extract()
    for node in soup.find_all(GONE):
        node.decompose()
    for node in soup.find_all(class_=["msocomanchor", "MsoCommentReference"]):
        node.decompose()
    for node in soup.find_all(style=True):
        if not node.decomposed and HIDDEN.search(style_of(node)):
            node.decompose()


def style_of(node: Tag) -> str:
    """Return the style attribute in lower case without spaces around its marks."""
    return re.sub(r"\s*([:;])\s*", r"\1", str(node.get("style") or "").lower().strip())


def declared(node: Tag) -> dict[str, str]:
    pairs = (pair.partition(":") for pair in style_of(node).split(";"))
    return {name: value for name, _colon, value in pairs}


def name_by_style(soup: BeautifulSoup) -> None:
    """Give elements the names of what they look like."""
    for node in soup.find_all(True):
        node.name = HEADINGS.get(node.name, node.name)
        for name in node.get_attribute_list("class"):
            node.name = CLASSES.get(str(name).lower(), node.name)
        style = declared(node) if node.get("style") else {}
        look(node, "b", {"b", "strong"}, style.get("font-weight"), {"bold", "600", "700", "800"})
        look(node, "i", {"i", "em"}, style.get("font-style"), {"italic", "oblique"})
        if node.name == "span" and style.get("vertical-align") in {"super", "sub"}:
            node.name = {"super": "sup", "sub": "sub"}[style["vertical-align"]]


def look(node: Tag, name: str, names: set[str], said: str | None, yes: set[str]) -> None:
    """Make a span that is set so an element of that name, and one that is not so a span."""
    if said is None:
        return
    if node.name in names and said not in yes:
        node.name = "span"
    elif node.name == "span" and said in yes:
        node.wrap(BeautifulSoup("", "html.parser").new_tag(name))


def gather_lists(soup: BeautifulSoup) -> None:
    """Make lists of the paragraphs that Word numbers or marks with bullets."""
    for run in list(runs(soup)):
        if is_list(run):
            nest(run)
        else:
            for item in run:
                item.node.insert(0, f"{item.marker} ")


def runs(soup: BeautifulSoup) -> Iterator[list[Item]]:
    """Yield the items of each list that stand one after the other."""
    run: list[Item] = []
    for node in soup.find_all(["p", "h2", "h3", "h4", "li"]):
        item = item_of(node)
        if run and not (item and item.list == run[0].list and follows(run[-1].node, node)):
            yield run
            run = []
        if item:
            run.append(item)
    if run:
        yield run


def item_of(node: Tag) -> Item | None:
    found = LIST.search(style_of(node))
    if found is None:
        return None
    ignored = node.find(style=lambda style: style and "mso-list" in style and "gnore" in style)
    marker = " ".join(ignored.get_text().split()) if isinstance(ignored, Tag) else ""
    if isinstance(ignored, Tag):
        ignored.decompose()
    return Item(node, found[1], min(int(found[2]), LEVELS), marker) if marker else None


def follows(one: Tag, other: Tag) -> bool:
    """Tell whether nothing but white space parts them."""
    between = one.next_sibling
    while between is not None and between is not other:
        if isinstance(between, Tag) or str(between).strip():
            return False
        between = between.next_sibling
    return between is other


def is_list(run: list[Item]) -> bool:
    """Tell whether a list on the portal says the same.

    It counts 1, 2, 3 from the first item on. Roman numbers, letters, and numbers that go on from
    elsewhere are text: "mục II" is called so.
    """
    if any(item.node.name != "p" for item in run):
        return False
    counts: dict[int, int] = {}
    for item in run:
        counts = {level: count for level, count in counts.items() if level <= item.level}
        counts[item.level] = counts.get(item.level, 0) + 1
        if not item.is_bullet and item.number != counts[item.level]:
            return False
    return len(run) > 1 or run[0].is_bullet


def nest(run: list[Item]) -> None:
    """Put the items into lists within lists, in the place of the first of them."""
    new = BeautifulSoup("", "html.parser").new_tag
    top = new("ul" if run[0].is_bullet else "ol")
    run[0].node.insert_before(top)
    open_lists = [(run[0].level, top)]
    for item in run:
        while len(open_lists) > 1 and item.level < open_lists[-1][0]:
            open_lists.pop()
        level, current = open_lists[-1]
        last = current.find_all("li", recursive=False)[-1:]
        if item.level > level and last:
            inner = new("ul" if item.is_bullet else "ol")
            last[0].append(inner)
            open_lists.append((item.level, inner))
            current = inner
        node = item.node.extract()
        node.name, node.attrs = "li", {}
        current.append(node)
