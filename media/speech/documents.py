"""Numbers and symbols of documents: "95/KH-UBND", "30/2020/NĐ-CP", "57-NQ/TW"."""

import re
from enum import Enum

from media.speech.numbers import read_digits, read_integer, read_number
from media.speech.tables import abbreviations, document_types, issuers


class Documents(Enum):
    """How much of a document's number is said."""

    NATURAL = "natural"  # the number and the issuer
    VERBATIM = "verbatim"  # every part, for minutes and legal notices
    SHORT = "short"  # the number is left out


_CODE = r"[A-ZĐ][A-Za-zĐđƯư&]*(?:\d{1,2})?"
_SYMBOL = re.compile(
    rf"(?<![\w/.,-])(?P<number>\d{{1,6}}[a-z]?)(?:/(?P<year>(?:19|20)\d\d))?[/-]"
    rf"(?P<code>{_CODE}(?:[-/]{_CODE})*)(?!\w)"
)
_NUMBERED = re.compile(r"số\s*:?\s*$", re.IGNORECASE)
_ASSEMBLY = re.compile(r"QH(\d{1,2})")
_SENTENCE_END = re.compile(r"[.;!?](?:\s|$)")
_LETTER = "công văn"  # official letters carry no type code


def read_documents(text: str, mode: Documents) -> str:
    """Return the text with the symbols of documents in words."""

    def said(match: re.Match[str]) -> str:
        return _said(match, text, mode) if _is_symbol(match["code"]) else match.group()

    return _SYMBOL.sub(said, text)


def _is_symbol(code: str) -> bool:
    parts = re.split("[-/]", code)
    known = any(part in document_types() or _issuer(part) for part in parts)
    return known and (len(parts) > 1 or bool(_issuer(parts[0])))


def _issuer(code: str) -> str:
    """Return the issuer a code stands for; "" if it is unknown."""
    if assembly := _ASSEMBLY.fullmatch(code):
        return f"Quốc hội khóa {read_integer(int(assembly[1]))}"
    return issuers().get(code, "")


def _said(match: re.Match[str], text: str, mode: Documents) -> str:
    parts = re.split("[-/]", match["code"])
    kind = document_types().get(parts[0], "") if len(parts) > 1 or not _issuer(parts[0]) else ""
    rest = parts[1:] if kind else parts
    issuer = _issuer(rest[0]) if rest else ""
    before, after = text[: match.start()], text[match.end() :]
    if mode is Documents.VERBATIM:
        return _verbatim(match, parts)
    named = _NUMBERED.search(before) is not None or _follows_type(before, kind)
    lead = "" if named else f"{kind or _LETTER} số "
    number = "" if mode is Documents.SHORT and named else _number(match)
    if not issuer or _is_named_later(issuer, rest[0], after):
        return lead + number
    return f"{lead}{number} của {issuer}".strip()


def _number(match: re.Match[str]) -> str:
    digits = match["number"].rstrip("abcdefghijklmnopqrstuvwxyz")
    letter = match["number"][len(digits) :]
    words = read_number(digits, keep_zeros=True) + (f" {letter}" if letter else "")
    # Without the comma "ba mươi năm" would be thirty years.
    return f"{words}, năm {read_integer(int(match['year']))}," if match["year"] else words


def _verbatim(match: re.Match[str], parts: list[str]) -> str:
    said = {row.written: row.said for row in abbreviations() if row.mode == "expand"}
    names = [document_types().get(p) or _issuer(p) or said.get(p) or p for p in parts]
    year = [f"gạch chéo, {read_integer(int(match['year']))}"] if match["year"] else []
    digits = match["number"].rstrip("abcdefghijklmnopqrstuvwxyz")
    number = read_number(digits, keep_zeros=True) if len(digits) < 5 else read_digits(digits)
    return ", ".join([number, *year, "gạch chéo", *names])


def _follows_type(before: str, kind: str) -> bool:
    words = before.rstrip().lower()
    names = {kind or _LETTER, *document_types().values(), "luật", "pháp lệnh", "hiến pháp"}
    return any(words.endswith(name) for name in names)


def _is_named_later(issuer: str, code: str, after: str) -> bool:
    """Tell whether the same sentence goes on to name the issuer: "… ngày … của UBND tỉnh"."""
    end = _SENTENCE_END.search(after)
    sentence = after[: end.start()] if end else after
    shorter = " ".join(issuer.split()[:2])
    return f"của {code}" in sentence or f"của {shorter}" in sentence
