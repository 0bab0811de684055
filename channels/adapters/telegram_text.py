"""What a Telegram message says: markup, limits, and where a long text may be cut.

Every part exists twice, as readers see it and as markup, because Telegram counts the first and
receives the second.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

ParseMode = Literal["HTML", "MarkdownV2"]

_HTML_SPECIAL = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_MARKDOWN_SPECIAL = re.compile(r"([\\_*\[\]()~`>#+\-=|{}.!])")
_MARKDOWN_ADDRESS_SPECIAL = re.compile(r"([\\)])")
# Telegram turns the first into spaces and drops the second (line and paragraph separators,
# directional overrides that could disguise a text).
_CONTROLS = re.compile("[\x00-\x08\t\x0b\x0c\x0e-\x1f]")
_DROPPED = re.compile("[\r\u2028-\u202e]")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"""[.!?…]["'”’»)\]]*(?=\s+["'“‘«(\[–-]*\s*[^\W_])|\n""")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:[A-ZĐ]{1,4}|Tp|Ths|ThS|PGS|v\.v|\d+)\.$")


def clean(text: str) -> str:
    """Return the text as Telegram will show it: composed letters, no control characters."""
    text = _LONE_SURROGATES.sub("\ufffd", text)
    text = _CONTROLS.sub(" ", _DROPPED.sub("", text))
    return unicodedata.normalize("NFC", text).strip()


def units(text: str) -> int:
    """Return the length in UTF-16 code units, in which Telegram measures."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class Rich:
    """A piece of text, as seen and as marked up."""

    plain: str
    markup: str

    def __bool__(self) -> bool:
        return bool(self.plain)


@dataclass(frozen=True, slots=True)
class Markup:
    """How one parse mode writes things. Every method takes text as seen and escapes it."""

    escape: Callable[[str], str]
    bold_marks: tuple[str, str]
    link_form: Callable[[str, str], str]

    def text(self, text: str) -> Rich:
        """Return the text without emphasis."""
        return Rich(text, self.escape(text))

    def bold(self, text: str) -> Rich:
        """Return the text in bold."""
        before, after = self.bold_marks
        return Rich(text, f"{before}{self.escape(text)}{after}" if text else "")

    def link(self, text: str, address: str) -> Rich:
        """Return the text as a link; the address has passed ``web_address``."""
        return Rich(text, self.link_form(self.escape(text), address))


def _escape_html(text: str) -> str:
    return text.translate(_HTML_SPECIAL)


def _escape_markdown(text: str) -> str:
    return _MARKDOWN_SPECIAL.sub(r"\\\1", text)


def _html_link(text: str, address: str) -> str:
    return f'<a href="{_escape_html(address)}">{text}</a>'


def _markdown_link(text: str, address: str) -> str:
    escaped = _MARKDOWN_ADDRESS_SPECIAL.sub(r"\\\1", address)
    return f"[{text}]({escaped})"


MARKUPS: dict[ParseMode, Markup] = {
    "HTML": Markup(_escape_html, ("<b>", "</b>"), _html_link),
    "MarkdownV2": Markup(_escape_markdown, ("*", "*"), _markdown_link),
}


def web_address(address: str) -> str:
    """Return the address fit for a link, or nothing if it is not an http(s) address."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return quote(address, safe="!#$%&'()*+,/:;=?@[]~") if usable else ""


def host(address: str) -> str:
    """Return the host of a usable address, with its port, without ``www.``."""
    return urlsplit(address).netloc.rpartition("@")[2].removeprefix("www.")


def hashtag(name: str) -> str:
    """Return a tag people can tap: "Cải cách hành chính" gives "#CảiCáchHànhChính"."""
    words = re.findall(r"\w+", clean(name))
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return f"#{joined}" if joined and not joined.isdigit() else ""


def cut(text: str, limit: int) -> str:
    """Return at most ``limit`` UTF-16 units of the text.

    Cut at the end of a sentence if one lies in the last 60 %, else at a word, else anywhere but
    inside a character.
    """
    if units(text) <= limit:
        return text
    window = _first_units(text, limit)
    least = len(window) * 2 // 5
    for match in reversed(list(_SENTENCE_END.finditer(text, 0, len(window) + 5))):
        sentence = text[: match.end()].rstrip()
        if least <= match.end() <= len(window) and not _ABBREVIATION.search(sentence):
            return sentence
    return _cut_at_word(_first_units(text, limit - 1)) if limit > 0 else ""


def _cut_at_word(window: str) -> str:
    head, space, _ = window.rpartition(" ")
    kept = head if space and len(head) * 2 > len(window) else window
    return kept.rstrip(" \n,;:–-") + "…"


def _first_units(text: str, limit: int) -> str:
    """Return the longest beginning that fits and does not split a visible character."""
    size = end = 0
    for end, character in enumerate(text):  # noqa: B007 - the end is what we want
        size += 2 if ord(character) > 0xFFFF else 1
        if size > limit:
            break
    else:
        return text
    while end and _continues(text[end], text[end - 1]):
        end -= 1
    return text[:end]


def _continues(character: str, before: str) -> bool:
    """Whether a character is drawn together with the one before it."""
    joiner = "\u200d"
    return (
        unicodedata.combining(character) != 0
        or unicodedata.category(character) in {"Mn", "Me"}
        or joiner in (character, before)
        or 0x1F3FB <= ord(character) <= 0x1F3FF
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """What a message is put together from, in order of appearance; all but the title optional."""

    alert: str
    title: str
    body: str
    tag: str
    link: Rich

    def render(self, markup: Markup, limit: int) -> Rich:
        """Return the message within ``limit`` units. The body gives way first, then the title."""
        tail = [markup.text(self.tag), self.link]
        rest = sum(units(part.plain) + 2 for part in tail if part)
        alert = f"{self.alert}\n" if self.alert else ""
        title = alert + cut(self.title, max(limit - rest - units(alert), 0))
        left = limit - rest - units(title) - 2
        body = cut(self.body, left) if left >= min(units(self.body), 80) else ""
        heading = _joined([markup.text(self.alert), markup.bold(title[len(alert) :])], "\n")
        return _joined([heading, markup.text(body), *tail], "\n\n")

    def room(self, limit: int) -> int:
        """Return how many units the body may have if nothing is to be cut but the body."""
        others = [self.alert, self.title, self.tag, self.link.plain]
        return limit - sum(units(part) + 2 for part in others if part)


def _joined(parts: list[Rich], gap: str) -> Rich:
    present = [part for part in parts if part]
    return Rich(gap.join(part.plain for part in present), gap.join(part.markup for part in present))


def whole(summary: str, text: str) -> str:
    """Return summary and body, without saying the same twice."""
    summary, text = clean(summary), _BLANK_LINES.sub("\n\n", clean(text))
    if not summary or text.startswith(summary.rstrip("…")):
        return text
    return f"{summary}\n\n{text}" if text else summary
