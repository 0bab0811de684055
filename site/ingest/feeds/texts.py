"""Titles, addresses and HTML of entries, made safe and comparable."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import nh3

from core.text import nfc
from ingest.articles.cleaning import clean
from ingest.feeds.parsed import MAX_ADDRESS

TAGS = {
    *("p", "div", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr"),
    *("b", "strong", "i", "em", "sup", "sub", "a", "figure", "figcaption", "img"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
DROPPED = {
    *("script", "style", "iframe", "object", "embed", "form", "noscript", "template", "svg"),
    *("math", "audio", "video", "select", "textarea", "title", "head"),
}
_BLOCK_ENDS = re.compile(
    r"</?(?:p|div|br|h\d|li|ul|ol|tr|td|th|table|blockquote|figure)\b[^>]{0,500}>"
)
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|dclid|msclkid|igshid|mc_[ce]id|zarsrc|_ga|vero_id|yclid|ref_src"
    r"|spm|at_medium|at_campaign)$",
    re.IGNORECASE,
)


def plain(markup: str, limit: int) -> str:
    """Return one line of text without tags and entities, cut at a word."""
    text = markup[: limit * 20]
    if "&" in text:
        text = unescape(text)  # titles are often escaped once too many
    if "<" in text or "&" in text:
        text = unescape(nh3.clean(text, tags=set(), clean_content_tags={"script", "style"}))
    return shortened(clean(text.replace("\x00", "")), limit)


def shortened(text: str, limit: int) -> str:
    """Return the text, cut at a word where it is longer than ``limit`` characters."""
    if len(text) <= limit:
        return text
    return (text[: limit - 1].rpartition(" ")[0] or text[: limit - 1]) + "…"


def words_of(html: str) -> str:
    """Return the text of HTML in one line, for comparing."""
    return plain(_BLOCK_ENDS.sub(" ", html), 50_000)


def safe_html(markup: str, base: str, limit: int) -> str:
    """Return HTML without scripts, styles and classes, its addresses absolute under ``base``."""

    def absolute(tag: str, attribute: str, value: str) -> str | None:
        if attribute not in {"href", "src"}:
            return value
        return address(value, base, track=True) or None

    html = nh3.clean(
        nfc(markup[:limit]),
        tags=TAGS,
        attributes=ATTRIBUTES,
        clean_content_tags=DROPPED,
        url_schemes={"http", "https"},
        link_rel=None,
        attribute_filter=absolute,
    )
    return html.strip()


def address(link: str, base: str = "", *, track: bool = False) -> str:
    """Return an http(s) address, absolute and in one spelling; "" if there is none in it.

    Tracking parameters are dropped, unless ``track``: links inside a text are nobody's identity.
    """
    link = "".join(link.split())
    if not link:
        return ""
    try:
        parts = urlsplit(urljoin(base, link))
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        return ""
    netloc = f"[{host}]" if ":" in host else host
    if port and port != (443 if parts.scheme == "https" else 80):
        netloc = f"{netloc}:{port}"
    query = parts.query if track else _untracked(parts.query)
    fragment = parts.fragment if track or parts.fragment.startswith("!") else ""
    found = nfc(urlunsplit((parts.scheme, netloc, parts.path or "/", query, fragment)))
    return found if len(found) <= MAX_ADDRESS else ""


def _untracked(query: str) -> str:
    if not any(_TRACKING.match(pair.partition("=")[0]) for pair in query.split("&")):
        return query
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return query
    return urlencode([(name, value) for name, value in pairs if not _TRACKING.match(name)])
