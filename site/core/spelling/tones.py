"""Where the tone mark stands in open syllables with oa, oe and uy: "hòa" (old) or "hoà" (new)."""

OLD, NEW = "old", "new"
STYLES = (OLD, NEW)

_PAIRS = (
    *(("òa", "oà"), ("óa", "oá"), ("ỏa", "oả"), ("õa", "oã"), ("ọa", "oạ")),
    *(("òe", "oè"), ("óe", "oé"), ("ỏe", "oẻ"), ("õe", "oẽ"), ("ọe", "oẹ")),
    *(("ùy", "uỳ"), ("úy", "uý"), ("ủy", "uỷ"), ("ũy", "uỹ"), ("ụy", "uỵ")),
)
_CASES = (str.lower, str.upper, str.title)
_TO = {
    NEW: {case(old): case(new) for old, new in _PAIRS for case in _CASES},
    OLD: {case(new): case(old) for old, new in _PAIRS for case in _CASES},
}


def style_of(word: str) -> str:
    """Return how the word (NFC) places its mark; "" when both ways are one."""
    if word[-3:-2] in {"q", "Q"}:  # "quý": the u belongs to the consonant
        return ""
    return next((style for style in STYLES if word[-2:] in _TO[_other(style)]), "")


def placed(word: str, style: str) -> str:
    """Return the word (NFC) with its mark placed in that style."""
    if style_of(word) in {"", style}:
        return word
    return word[:-2] + _TO[style][word[-2:]]


def _other(style: str) -> str:
    return NEW if style == OLD else OLD
