"""How numbers, dates, lists and endings are written, by Annex I of Decree 30/2020/NĐ-CP."""

from collections.abc import Sequence
from datetime import date

from core.text import legal_xml, nfc
from media.documents.model import Appendix, Document, Number, Span, Text

# Points take the letters of the Vietnamese alphabet without those that carry a sign of their own
# (ă, â, ê, ô, ơ, ư), as laws and the decree's annexes themselves do; đ counts.
LETTERS = "abcdđeghiklmnopqrstuvxy"
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
CLOSING = "./."
OPEN = "\u00a0" * 5  # left for the registry to fill in
_MARKS = " .;:,/"
_ROMAN = (
    (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"),
    (1, "I"),
)  # fmt: skip


def clean(words: str) -> str:
    """Return composed words without characters no file may hold, blanks made single."""
    lines = legal_xml(nfc(words)).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def cleaned(content: Text) -> Text:
    """Return the text with clean words; blanks between its spans stay."""
    spans = [Span(legal_xml(nfc(s.text)), s.bold, s.italic) for s in content if s.text]
    if spans:
        spans[0] = Span(spans[0].text.lstrip(), spans[0].bold, spans[0].italic)
        spans[-1] = Span(spans[-1].text.rstrip(), spans[-1].bold, spans[-1].italic)
    return tuple(span for span in spans if span.text)


def roman(number: int) -> str:
    """Return a number from 1 as a Roman numeral."""
    text = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text


def letter(position: int) -> str:
    """Return the letter of a point, from 1: a, b, c, d, đ, e, g…; after y come aa, bb."""
    rounds, index = divmod(position - 1, len(LETTERS))
    return LETTERS[index] * (rounds + 1)


def number_words(number: Number) -> str:
    """Return "95/KH-UBND" or "05/KH-UBND": below ten a zero stands in front (II.3.c)."""
    symbol = "".join(clean(number.symbol).split())
    value = OPEN if number.value is None else f"{number.value:02}{number.suffix}"
    return f"{value}{number.sign}{symbol}"


def date_words(place: str, day: date | None, year: int | None = None) -> str:
    """Return "Lạng Sơn, ngày 05 tháng 01 năm 2020" (II.4.b); open where no day is known."""
    return f"{clean(place)}, {day_words(day, year)}"


def day_words(day: date | None, year: int | None = None) -> str:
    """Return "ngày 21 tháng 4 năm 2021": days below ten and months 1 and 2 take a zero."""
    if day is None:
        return f"ngày {OPEN} tháng {OPEN} năm {year or OPEN}"
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def ended(words: str, mark: str) -> str:
    """Return the words with that mark at the end instead of any other."""
    return f"{words.rstrip(_MARKS)}{mark}"


def listed(items: Sequence[str], *, dash: bool) -> tuple[str, ...]:
    """Return the items with ";" after each and "." after the last; with dashes if wanted."""
    found = [words.lstrip("-–+ ") for item in items if (words := clean(item).strip(_MARKS))]
    marks = [";"] * (len(found) - 1) + ["."]
    return tuple(
        f"{'- ' if dash else ''}{ended(item, mark)}"
        for item, mark in zip(found, marks, strict=True)
    ) if found else ()  # fmt: skip


def sealed(content: Text) -> Text:
    """Return the text with the closing mark "./." at its end."""
    if not content:
        return (Span(CLOSING),)
    last = content[-1]
    return (*content[:-1], Span(ended(last.text, CLOSING), last.bold, last.italic))


def subject_of_letter(document: Document) -> str:
    """Return "V/v …" for an official letter, nothing for other kinds."""
    subject = clean(document.subject)
    if document.kind or not subject:
        return ""
    return subject if subject.lower().startswith("v/v") else f"V/v {subject}"


def reference_words(document: Document, appendix: Appendix) -> str:
    """Return "(Kèm theo Kế hoạch số … ngày … của …)" below an appendix's title (III.1.c)."""
    name = document.kind.name if document.kind else "Công văn"
    is_open = appendix.is_electronic
    number = Number(None, document.number.symbol) if is_open else document.number
    day = None if is_open else document.issued_on
    year = document.year or (document.issued_on.year if document.issued_on else None)
    return (
        f"(Kèm theo {name} số {number_words(number)} {day_words(day, year)} "
        f"của {clean(document.issuer.spoken)})"
    )
