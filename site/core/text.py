"""Vietnamese text: composed form, folding for search, slugs."""

import re
import unicodedata
from typing import Any

from anyascii import anyascii
from django.utils.text import slugify as django_slugify

_GAPS = re.compile(r"[^a-z0-9]+")
# Characters that XML 1.0 (section 2.2) forbids even as references.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def nfc(text: str) -> str:
    """Return the text with composed letters (Unicode NFC) and without NULs."""
    return unicodedata.normalize("NFC", text.replace("\x00", ""))


def legal_xml(text: str) -> str:
    """Return the text without characters that no XML document may hold."""
    return _ILLEGAL.sub("", text)


def fold(text: str) -> str:
    """Return lower-case ASCII words parted by single spaces, for comparing and searching.

    "Kế hoạch số 95/KH-UBND" and "ke hoach so 95/kh-ubnd" fold alike; so do "hòa" and "hoà".
    """
    return _GAPS.sub(" ", anyascii(nfc(text)).lower()).strip()


def slugify(text: str, *, limit: int = 200) -> str:
    """Return an ASCII slug: "Đẩy mạnh cải cách" gives "day-manh-cai-cach". Cut at a word."""
    slug = django_slugify(anyascii(nfc(text)))
    if len(slug) <= limit:
        return slug
    cut = slug[: limit + 1].rpartition("-")[0]
    return cut or slug[:limit]


def opening(text: str, *, limit: int) -> str:
    """Return the first paragraph; over ``limit`` characters, its first words and "…"."""
    paragraph = text.strip().partition("\n\n")[0].strip()
    if len(paragraph) <= limit:
        return paragraph
    cut = paragraph[:limit].rpartition(" ")[0] or paragraph[: limit - 1]
    return f"{cut.rstrip(' ,;:–-')}…"


def nfc_deep(value: Any) -> Any:
    """Return JSON-like data with every text in it composed; keys are left alone."""
    if isinstance(value, str):
        return nfc(value)
    if isinstance(value, dict):
        return {key: nfc_deep(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [nfc_deep(item) for item in value]
    return value
