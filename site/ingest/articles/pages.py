"""Saved portal pages: the article is found, everything around it is left out."""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString
from bs4.exceptions import ParserRejectedMarkup
from django.utils.translation import gettext as _

from ingest.articles.article import Block, Role, Source, UnreadableFile
from ingest.articles.cleaning import clean, count_words, squeeze
from ingest.articles.dates import read_date_line
from ingest.articles.encodings import conversion_warnings, decode, repair_blocks

_DROPPED = {
    "script", "style", "noscript", "template", "nav", "footer", "aside", "form", "iframe", "svg",
    "object", "embed", "button", "select", "option", "input", "textarea", "audio", "video",
    "canvas", "dialog", "map", "math", "menu",
}  # fmt: skip
_BLOCKS = {
    "address", "article", "blockquote", "body", "br", "caption", "center", "dd", "details", "div",
    "dl", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "li", "main", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
}  # fmt: skip
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:breadcrumb\w*|sidebar|social\w*|share\w*|related\w*|comments?|rating|toolbar"
    r"|menu|navbar|banner|advert\w*|widget|pagination|copyright|skip-link|visually-hidden|sr-only"
    r"|tin-?lien-?quan|tin-?khac|lien-?quan)(?:$|[\s_-])",
    re.IGNORECASE,
)


def _named(*words: str) -> re.Pattern[str]:
    """Return a pattern for class names that contain one of the words as a whole."""
    return re.compile(rf"(?:^|[\s_-])(?:{'|'.join(words)})(?:$|[\s_-])", re.IGNORECASE)


_ROLES = (
    (Role.SAPO, _named("sapo", "lead", "chapeau", "summary", "tom-?tat", "intro", "description")),
    (Role.CAPTION, re.compile(r"caption|chu-?thich|photo-?note", re.IGNORECASE)),
    (Role.AUTHOR, _named("author", "byline", "tac-?gia", "signature")),
    (Role.DATE, _named("date", "time", "post-?date", "ngay-?dang", "published")),
)
_CONTENT = re.compile(
    r"article-?(?:body|content|detail)|(?:news|post|entry|detail|content)-?(?:body|content|detail|text)"
    r"|noi-?dung|journal-content|field-name-body|chi-?tiet",
    re.IGNORECASE,
)
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_DEEPEST = 300
_MOST_TAGS = 10_000
_MOST_ENTITIES = 100_000
_LONGEST_NAMES = 500  # characters of classes that are looked at
_DATES_ABOVE = 4  # blocks above the headline that may be the date line


def read_page(data: bytes, name: str) -> Source:
    """Return the blocks of the article on a page. Raises ``UnreadableFile``."""
    text, encoding = decode(data, name)
    if text.count("<") > 2 * _MOST_TAGS or text.count("&") > _MOST_ENTITIES:
        raise UnreadableFile(name, _("The page has too much markup to be one article."))
    try:
        soup = BeautifulSoup(text, "html.parser")
        _refuse_depth(soup, name)
        return _read(soup, encoding)
    except (ParserRejectedMarkup, RecursionError) as error:
        raise UnreadableFile(name, _("The markup of the page cannot be read.")) from error


def _read(soup: BeautifulSoup, encoding: str) -> Source:
    meta = _metadata(soup)
    _drop_chrome(soup)
    root = _main_content(soup)
    headline = _headline_tag(soup, root)
    blocks = list(_blocks_between(soup, headline, root))
    blocks, hidden = repair_blocks(blocks)  # entities hide the letters of old fonts
    if headline is None and meta.get("title"):
        blocks.insert(0, Block(meta["title"], Role.HEADLINE))
    if meta.get("date") and not any(read_date_line(block.text) for block in blocks):
        blocks.insert(0, Block(meta["date"], Role.DATE))
    legacy = hidden if encoding.startswith("UTF") else encoding
    return Source(tuple(blocks), tuple(conversion_warnings(legacy)))


def _refuse_depth(soup: BeautifulSoup, name: str) -> None:
    """Refuse nesting no editor writes: every step below walks up from each text to its root."""
    depths = {id(soup): 0}
    for tag in soup.find_all(True):
        depths[id(tag)] = depths[id(tag.parent)] + 1
        if depths[id(tag)] > _DEEPEST:
            raise UnreadableFile(name, _("The markup of the page cannot be read."))


def _metadata(soup: BeautifulSoup) -> dict[str, str]:
    """Return headline and time as the page's head states them."""
    wanted = {"og:title": "title", "article:published_time": "date"}
    found: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        key = wanted.get(str(tag.get("property") or tag.get("name") or "").lower())
        content = clean(str(tag.get("content") or ""))
        if key and content:
            found.setdefault(key, content)
    return found


def _names(tag: Tag) -> str:
    classes: Any = tag.get("class") or []
    names = [*(classes if isinstance(classes, list) else [classes]), str(tag.get("id") or "")]
    return " ".join(names)[:_LONGEST_NAMES]


def _drop_chrome(soup: BeautifulSoup) -> None:
    _prune(soup, lambda tag: tag.name in _DROPPED)
    _prune(soup, _is_chrome)


def _prune(soup: BeautifulSoup, unwanted: Callable[[Tag], bool]) -> None:
    """Take out each unwanted element with all in it; nothing in it is asked about any more."""
    pending: list[Tag] = [soup]
    while pending:
        for child in list(pending.pop().children):
            if isinstance(child, Tag):
                if unwanted(child):
                    child.decompose()
                else:
                    pending.append(child)


def _is_chrome(tag: Tag) -> bool:
    if tag.name in {"html", "body", "main", "article"}:
        return False
    style = str(tag.get("style") or "").replace(" ", "").lower()
    if tag.has_attr("hidden") or "display:none" in style or tag.get("aria-hidden") == "true":
        return True
    return bool(_CHROME.search(_names(tag))) and not tag.find("h1")


def _main_content(soup: BeautifulSoup) -> Tag:
    """Return the element that holds the article's text.

    Marked elements first; else the element whose own paragraphs hold the most text.
    """
    marked = [
        tag
        for tag in soup.find_all(True)
        if tag.name in {"article", "main"}
        or tag.get("itemprop") == "articleBody"
        or tag.get("role") == "main"
        or (tag.name in {"div", "section"} and _CONTENT.search(_names(tag)))
    ]
    sizes: dict[int, int] = {}
    parents: dict[int, Tag] = {}
    for paragraph in soup.find_all(["p", "blockquote"]):
        if paragraph.parent is not None:
            parents[id(paragraph.parent)] = paragraph.parent
            size = len(clean(paragraph.get_text()))
            sizes[id(paragraph.parent)] = sizes.get(id(paragraph.parent), 0) + size
    if sizes and max(sizes.values()) > 0:
        densest = parents[max(sizes, key=lambda key: sizes[key])]
        around = [tag for tag in densest.parents if any(tag is other for other in marked)]
        return around[0] if around else densest
    longest = max(marked, key=lambda tag: len(tag.get_text()), default=None)
    return longest or soup.body or soup


def _headline_tag(soup: BeautifulSoup, root: Tag) -> Tag | None:
    """Return the first-level heading nearest to the text; mastheads come earlier."""
    nearest = [*root.find_all("h1"), *root.find_all_previous("h1")]
    for tag in nearest:
        if isinstance(tag, Tag) and count_words(tag.get_text()) >= 3:
            return tag
    return None


def _blocks_between(soup: BeautifulSoup, headline: Tag | None, root: Tag) -> Iterator[Block]:
    """Yield what stands from the headline to the end of the content, a date above included."""
    above: list[Block] = []
    within_root, within_headline = _within(root), _within(headline)
    started = headline is None
    reached = False
    for block, tag in _blocks(soup):
        inside = id(tag) in within_root
        reached = reached or inside
        if not started and id(tag) in within_headline:
            started = True
            yield from (b for b in above[-_DATES_ABOVE:] if read_date_line(b.text))
        if not started:
            above.append(block)
        elif inside or (headline is not None and not reached) or block.role is Role.AUTHOR:
            yield block


def _within(root: Tag | None) -> set[int]:
    """Return the ids of the element and of all in it."""
    return {id(tag) for tag in (root, *root.find_all(True))} if root is not None else set()


def _blocks(soup: BeautifulSoup) -> Iterator[tuple[Block, Tag]]:
    """Yield each run of text between block elements, with the element it stands in."""
    run: list[NavigableString] = []
    holder: Tag | None = None
    for node in soup.descendants:
        is_text = isinstance(node, NavigableString)
        if is_text and isinstance(node, PreformattedString):
            continue  # comments and declarations
        owner = _block_parent(node) if is_text else holder
        breaks = owner is not holder if is_text else getattr(node, "name", "") in _BLOCKS
        if breaks and holder is not None:
            yield from _finished(run, holder)
            run = []
        if isinstance(node, NavigableString):
            holder = owner
            run.append(node)
    if holder is not None:
        yield from _finished(run, holder)


def _finished(run: list[NavigableString], holder: Tag) -> Iterator[tuple[Block, Tag]]:
    text = squeeze("".join(run))
    if text:
        spoken = [piece for piece in run if piece.strip()]
        strong = all(_is_strong(piece, holder) for piece in spoken)
        yield Block(text, _role(holder, spoken), strong=strong), holder


def _block_parent(node: PageElement) -> Tag | None:
    return next((parent for parent in node.parents if parent.name in _BLOCKS), None)


def _is_strong(piece: NavigableString, holder: Tag) -> bool:
    for parent in piece.parents:
        if parent.name in {"b", "strong", "em", "i"}:
            return True
        if parent is holder:
            return False
    return False


def _role(holder: Tag, run: list[NavigableString]) -> Role:
    chain = list(islice((tag for tag in run[-1].parents if isinstance(tag, Tag)), 5))
    names = {tag.name for tag in chain}
    if "h1" in names:
        return Role.HEADLINE
    if names & {"figcaption", "caption"}:
        return Role.CAPTION
    if "time" in names:
        return Role.DATE
    for tag in chain[:3]:
        for role, pattern in _ROLES:
            if tag.name not in {"body", "article", "main"} and pattern.search(_names(tag)):
                return role
    if holder.name in _HEADINGS:
        return Role.HEADING
    return Role.TABLE if names & {"td", "th"} and "table" in names else Role.PLAIN
