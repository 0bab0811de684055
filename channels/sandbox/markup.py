"""HTML and MarkdownV2 as Telegram reads them, with its own words for what it cannot read.

Result: the text as seen, and entities as the Bot API describes them, measured in UTF-16 units.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

RESERVED = set("_*[]()~`>#+-=|{}.!")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
HTML_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
TAG = re.compile(r"<(/?)([A-Za-z0-9-]+)((?:\s+[^<>]*?)?)\s*>")
ATTRIBUTE = re.compile(r"""\s*([A-Za-z0-9-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
CHARACTER = re.compile(r"&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|([a-z]+));?")
MARKDOWN_MARKS = {
    "__": ("underline", "Underline"), "||": ("spoiler", "Spoiler"), "*": ("bold", "Bold"),
    "_": ("italic", "Italic"), "~": ("strikethrough", "Strikethrough"),
}  # fmt: skip
AUTOMATIC = re.compile(r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)\]])|(?<!\w)(?P<hashtag>#\w+)")
UNSEEN = re.compile("[\r\u2028-\u202e]")
CONTROLS = re.compile("[\x00-\x08\t\x0b\x0c\x0e-\x1f]")


class CannotParse(Exception):
    """The markup is broken; the text is what follows "can't parse entities: "."""


@dataclass(slots=True)
class Entity:
    kind: str
    start: int  # in characters of the text so far
    end: int = 0
    extra: dict[str, str] = field(default_factory=dict)
    name: str = ""  # as written, for messages
    at: int = 0  # byte offset in the source, for messages


@dataclass(slots=True)
class Result:
    """Text and entities while they are being read."""

    text: str = ""
    entities: list[Entity] = field(default_factory=list)

    def close(self, entity: Entity) -> None:
        """End an entity here; one without text is dropped, as Telegram does."""
        entity.end = len(self.text)
        if entity.end > entity.start:
            self.entities.append(entity)


Parsed = tuple[str, list[dict[str, Any]]]


def parse(text: str, mode: str) -> Parsed:
    """Return the text as seen and its entities. Raises ``CannotParse``; ``KeyError`` for a mode."""
    readers: dict[str, Callable[[str], Result]] = {
        "": Result,
        "html": lambda source: HtmlReader(source).read(),
        "markdownv2": lambda source: MarkdownReader(source).read(),
    }
    return finished(readers[mode.lower()](UNSEEN.sub("", text)))


def units(text: str) -> int:
    """Return the length in UTF-16 code units."""
    return sum(2 if ord(character) > 0xFFFF else 1 for character in text)


def finished(result: Result) -> Parsed:
    """Trim, find plain addresses and hashtags, and measure in UTF-16 units."""
    seen = CONTROLS.sub(" ", result.text)
    lead, text = len(seen) - len(seen.lstrip()), seen.strip()
    entities = []
    for entity in result.entities:
        start, end = max(entity.start - lead, 0), min(entity.end - lead, len(text))
        if start < end:
            entities.append(Entity(entity.kind, start, end, entity.extra))
    taken = [e for e in entities if e.kind in {"text_link", "code", "pre"}]
    for match in AUTOMATIC.finditer(text):
        if not any(e.start < match.end() and match.start() < e.end for e in taken):
            entities.append(Entity(match.lastgroup or "url", match.start(), match.end()))
    entities.sort(key=lambda e: (e.start, -e.end))
    return text, [_described(entity, text) for entity in entities]


def _described(entity: Entity, text: str) -> dict[str, Any]:
    return {
        "type": entity.kind,
        "offset": units(text[: entity.start]),
        "length": units(text[entity.start : entity.end]),
        **entity.extra,
    }


def _byte(source: str, index: int) -> int:
    return len(source[:index].encode())


class HtmlReader:
    """Telegram's small HTML."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.result = Result()
        self.open: list[Entity] = []

    def read(self) -> Result:
        """Return text and entities. Raises ``CannotParse``."""
        index = 0
        while index < len(self.source):
            character = self.source[index]
            if character == "&":
                index = self._character(index)
            elif character == "<":
                index = self._tag(index)
            else:
                self.result.text += character
                index += 1
        if self.open:
            raise CannotParse(
                f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"'
            )
        return self.result

    def _character(self, index: int) -> int:
        match = CHARACTER.match(self.source, index)
        decoded = _decoded(match) if match else ""
        self.result.text += decoded or "&"
        return match.end() if match and decoded else index + 1

    def _tag(self, index: int) -> int:
        match = TAG.match(self.source, index)
        at = _byte(self.source, index)
        if match is None:
            closing = self.source.startswith("</", index)
            if not closing and re.match(r"<[^A-Za-z]", self.source[index : index + 2] + " "):
                raise CannotParse(f'Unsupported start tag "" at byte offset {at}')
            raise CannotParse(f"Unclosed {'end' if closing else 'start'} tag at byte offset {at}")
        name = match[2].lower()
        if match[1]:
            self._end(name, at)
        else:
            self._start(name, match[3], at)
        return match.end()

    def _start(self, name: str, written: str, at: int) -> None:
        kind = HTML_TAGS.get(name)
        if kind is None:
            raise CannotParse(f'Unsupported start tag "{name}" at byte offset {at}')
        extra = self._extra(name, _attributes(written), at)
        self.open.append(Entity(kind, len(self.result.text), extra=extra, name=name, at=at))

    def _extra(self, name: str, attributes: dict[str, str], at: int) -> dict[str, str]:
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise CannotParse(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
        if name == "a":
            return {"url": attributes.get("href", "")}
        if name == "tg-emoji":
            return {"custom_emoji_id": attributes.get("emoji-id", "")}
        language = attributes.get("class", "").removeprefix("language-")
        return {"language": language} if name == "code" and language else {}

    def _end(self, name: str, at: int) -> None:
        if not self.open:
            raise CannotParse(f"Unexpected end tag at byte offset {at}")
        entity = self.open.pop()
        if entity.name != name:
            raise CannotParse(
                f'Unmatched end tag at byte offset {at}, expected "</{entity.name}>", '
                f'found "</{name}>"'
            )
        if entity.kind == "text_link" and not entity.extra["url"].startswith(("http", "tg:")):
            return  # Telegram keeps the text and drops a link that it cannot use
        self.result.close(entity)


def _decoded(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return NAMED.get(name, "")
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _attributes(written: str) -> dict[str, str]:
    found = {}
    for match in ATTRIBUTE.finditer(written):
        value = next((part for part in match.groups()[1:] if part is not None), "")
        found[match[1].lower()] = CHARACTER.sub(lambda m: _decoded(m) or m[0], value)
    return found


class MarkdownReader:
    """MarkdownV2."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.result = Result()
        self.open: list[Entity] = []
        self.quote: Entity | None = None

    def read(self) -> Result:
        """Return text and entities. Raises ``CannotParse``."""
        index = 0
        while index < len(self.source):
            index = self._step(index)
        self._end_quote()
        if self.open:
            last = self.open[-1]
            raise CannotParse(f"Can't find end of {last.name} entity at byte offset {last.at}")
        return self.result

    def _step(self, index: int) -> int:
        character = self.source[index]
        if character == "\\" and _escapable(self.source[index + 1 : index + 2]):
            self.result.text += self.source[index + 1]
            return index + 2
        if character == "\n":
            return self._new_line(index)
        if character == ">" and self._at_line_start():
            self.quote = self.quote or Entity("blockquote", len(self.result.text))
            return index + 1
        return self._marked(index)

    def _marked(self, index: int) -> int:
        character = self.source[index]
        if character == "`":
            return self._code(index)
        if character in "[]" or self.source.startswith("![", index):
            return self._link(index)
        if self.source[index : index + 2] in MARKDOWN_MARKS:
            return self._mark(index, self.source[index : index + 2])
        if character in MARKDOWN_MARKS:
            return self._mark(index, character)
        return self._plain(index)

    def _plain(self, index: int) -> int:
        character = self.source[index]
        if character in RESERVED:
            raise CannotParse(
                f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
            )
        self.result.text += character
        return index + 1

    def _at_line_start(self) -> bool:
        return not self.result.text or self.result.text.endswith("\n")

    def _new_line(self, index: int) -> int:
        if not self.source.startswith(">", index + 1):
            self._end_quote()
        self.result.text += "\n"
        return index + 1

    def _end_quote(self) -> None:
        if self.quote is not None:
            self.result.close(self.quote)
            self.quote = None

    def _mark(self, index: int, mark: str) -> int:
        kind, name = MARKDOWN_MARKS[mark]
        if self.open and self.open[-1].kind == kind:
            self.result.close(self.open.pop())
        else:
            at = _byte(self.source, index)
            self.open.append(Entity(kind, len(self.result.text), name=name, at=at))
        return index + len(mark)

    def _code(self, index: int) -> int:
        fence = "```" if self.source.startswith("```", index) else "`"
        end = index + len(fence)
        entity = Entity("pre" if fence == "```" else "code", len(self.result.text))
        language = re.match(r"([^\s`]+)\n|\n", self.source[end:]) if fence == "```" else None
        if language:
            entity.extra = {"language": language[1]} if language[1] else {}
            end += language.end()
        while not self.source.startswith(fence, end):
            if end >= len(self.source):
                name, at = entity.kind.title(), _byte(self.source, index)
                raise CannotParse(f"Can't find end of {name} entity at byte offset {at}")
            end += self.source[end] == "\\" and _escapable(self.source[end + 1 : end + 2])
            self.result.text += self.source[end]
            end += 1
        self.result.close(entity)
        return end + len(fence)

    def _link(self, index: int) -> int:
        if self.source[index] != "]":
            emoji = self.source[index] == "!"
            kind, name = ("custom_emoji", "CustomEmoji") if emoji else ("text_link", "TextUrl")
            at = _byte(self.source, index)
            self.open.append(Entity(kind, len(self.result.text), name=name, at=at))
            return index + (2 if emoji else 1)
        if not self.open or self.open[-1].kind not in {"text_link", "custom_emoji"}:
            return self._plain(index)
        entity = self.open.pop()
        if not self.source.startswith("(", index + 1):
            return index + 1
        url, end = self._address(index + 2)
        if entity.kind == "custom_emoji":
            entity.extra = {"custom_emoji_id": url.rpartition("id=")[2]}
        else:
            entity.extra = {"url": url}
        if url.startswith(("http", "tg:")):
            self.result.close(entity)
        return end

    def _address(self, index: int) -> tuple[str, int]:
        url, begin = "", index
        while index < len(self.source) and self.source[index] != ")":
            index += self.source[index] == "\\" and _escapable(self.source[index + 1 : index + 2])
            url += self.source[index]
            index += 1
        if index >= len(self.source):
            raise CannotParse(f"Can't find end of a URL at byte offset {_byte(self.source, begin)}")
        return url, index + 1


def _escapable(character: str) -> bool:
    return bool(character) and 0 < ord(character) < 127
