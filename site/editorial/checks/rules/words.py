"""Slips of the keyboard: doubled and glued words, tone marks, spaces, marks."""

import re
from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.gaps import unfilled_gaps
from core.spelling import tones
from core.spelling.doubling import Slip, glued, repeats
from editorial.checks.finding import Finding, Severity
from editorial.checks.item import Item, Passage

_WORD = re.compile(r"[^\W\d_]+")
_BEFORE_MARK = re.compile(r"(?<=[^\W_])[ \xa0]+(?=[,.;:!?](?:\s|$))")
_AFTER_MARK = re.compile(r"[^\W\d_A-Z][,;](?=[^\W\d_])")
_SPACES = re.compile(r"(?<=\S)[ \xa0]{2,}(?=\S)")
_CLOSING = re.compile(r"\./\.?\s*$")
_AROUND = 15  # letters shown to either side of a slip
_LONGEST_NAME = 4  # letters of an abbreviation in capitals, which is no part of a name


def slip(passage: Passage, code: str, message: str, excerpt: str, offer: str | None) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code=code,
        message=message,
        where=passage.where,
        place=passage.place,
        excerpt=excerpt,
        offer=offer,
        fixable=passage.plain and offer is not None,
    )


def gaps(item: Item) -> Iterator[Finding]:
    """No gap left that a template asked the writer to fill."""
    for passage in item.passages:
        for gap in unfilled_gaps(passage.text):
            yield Finding(
                severity=Severity.ERROR,
                code="text.gap",
                message=_("“%(gap)s” is still to be filled in.") % {"gap": gap},
                where=passage.where,
                place=passage.place,
                excerpt=gap,
            )


def doubled(item: Item) -> Iterator[Finding]:
    """No words typed twice; "xa xa" and "từ từ" are words."""
    for passage in item.passages:
        for found in repeats(passage.text):
            message = _("Doubled word in “%(context)s”.") % {"context": found.context}
            yield around(passage, "word.doubled", message, found)


def together(item: Item) -> Iterator[Finding]:
    """No words typed together."""
    for passage in item.passages:
        for found in glued(passage.text):
            message = _("“%(word)s” may be “%(meant)s” written together.") % {
                "word": passage.text[found.start : found.end],
                "meant": found.meant,
            }
            yield around(passage, "word.glued", message, found)


def around(passage: Passage, code: str, message: str, found: Slip) -> Finding:
    words = passage.text[found.start : found.end]
    return slip(passage, code, message, words, found.meant)


def spaces(item: Item) -> Iterator[Finding]:
    """Marks stand at the word before them and are followed by a space; spaces are single."""
    for passage in item.passages:
        for match in _BEFORE_MARK.finditer(passage.text):
            excerpt = shown(passage.text, match.start() - 1, match.end() + 1)
            message = _("A space too many before the mark in “%(context)s”.")
            yield spaced(passage, message, excerpt, re.sub(r"\s+(?=[,.;:!?]$)", "", excerpt))
        for match in _AFTER_MARK.finditer(passage.text):
            excerpt = shown(passage.text, match.start(), match.end() + 1)
            message = _("No space after the mark in “%(context)s”.")
            mark = passage.text[match.end() - 1]
            yield spaced(passage, message, excerpt, f"{mark} ".join(excerpt.rsplit(mark, 1)))
        for match in _SPACES.finditer(passage.text):
            excerpt = shown(passage.text, match.start() - 1, match.end() + 1)
            message = _("Several spaces in a row in “%(context)s”.")
            yield spaced(passage, message, excerpt, re.sub(r"[ \xa0]{2,}", " ", excerpt))


def spaced(passage: Passage, message: str, excerpt: str, offer: str) -> Finding:
    return slip(passage, "mark.space", message % {"context": excerpt}, excerpt, offer)


def shown(text: str, start: int, end: int) -> str:
    """Return the stretch with the beginning of the word before it and the end of the one after."""
    first = text.rfind(" ", max(0, start - _AROUND), start) + 1 or max(0, start - _AROUND)
    last = text.find(" ", end, end + _AROUND)
    return text[min(first, start) : end if last < 0 or text[end - 1] in ",.;:!?" else last]


def closing(item: Item) -> Iterator[Finding]:
    """Only documents end with "./."."""
    for passage in item.passages:
        if match := _CLOSING.search(passage.text):
            message = _("“./.” closes documents of state, not news.")
            yield slip(passage, "mark.closing", message, match.group().strip(), ".")


def headline_stop(item: Item) -> Iterator[Finding]:
    """A headline ends without a full stop."""
    if item.title.rstrip().endswith(".") and not item.title.rstrip().endswith(".."):
        passage = Passage("title", _("Headline"), item.title)
        offer = item.title.rstrip().rstrip(".")
        yield slip(passage, "headline.stop", _("A headline ends without a full stop."),
                   item.title.rstrip(), offer)  # fmt: skip


def mixed_tones(item: Item) -> Iterator[Finding]:
    """One item places tone marks in one way: "hòa" or "hoà". Names are spelt as they are."""
    seen: dict[str, list[tuple[Passage, str]]] = defaultdict(list)
    names: dict[tuple[str, str], dict[str, tuple[Passage, str]]] = defaultdict(dict)
    for passage in item.passages:
        matches = list(_WORD.finditer(passage.text))
        for index, match in enumerate(matches):
            style = tones.style_of(match.group())
            if not style:
                continue
            if is_name(passage.text, matches, index):
                before = matches[index - 1].group() if index else ""
                name = (before, tones.placed(match.group(), item.tone_style))
                names[name].setdefault(style, (passage, match.group()))
            else:
                seen[style].append((passage, match.group()))
    if len(seen) == len(tones.STYLES):
        foreign = tones.NEW if item.tone_style == tones.OLD else tones.OLD
        yield from misplaced(seen[foreign], item.tone_style)
    for name, styles in names.items():
        if len(styles) == len(tones.STYLES):
            yield from two_spellings(name, styles, item.tone_style)


def misplaced(found: list[tuple[Passage, str]], style: str) -> Iterator[Finding]:
    """Yield each word once for each passage."""
    for passage, word in dict.fromkeys(found):
        offer = tones.placed(word, style)
        message = _("Tone marks are placed in two ways; “%(word)s” would be “%(offer)s”.") % {
            "word": word,
            "offer": offer,
        }
        yield slip(passage, "tone.mixed", message, word, offer)


def two_spellings(
    name: tuple[str, str], styles: dict[str, tuple[Passage, str]], style: str
) -> Iterator[Finding]:
    before, right = name
    for passage, word in (found for key, found in styles.items() if key != style):
        message = _("One name is spelt in two ways: “%(word)s” and “%(other)s”.") % {
            "word": f"{before} {word}".strip(),
            "other": f"{before} {right}".strip(),
        }
        yield slip(passage, "tone.mixed", message, word, right)


def is_name(text: str, matches: list[re.Match[str]], index: int) -> bool:
    """Whether the word is (part of) a proper name, as far as capitals tell."""
    word = matches[index].group()
    if not word[0].isupper() or word.isupper() or word.lower() in {"ủy", "uỷ"}:
        return False
    before = matches[index - 1] if index else None
    starts_sentence = before is None or bool(
        re.search(r"[.!?:\n“\"-]", text[before.end() : matches[index].start()])
    )
    if not starts_sentence:
        return True
    after = matches[index + 1].group() if index + 1 < len(matches) else ""
    return after[:1].isupper()
