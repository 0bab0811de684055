"""Form widgets that know Vietnamese."""

import re
import unicodedata
from typing import Any

from wagtail.admin.widgets import SlugInput

from core.text import slugify

# Every letter the slug field may meet while a Vietnamese title is typed, by what it becomes.
BASE_LETTERS = "adeiouy"
MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"


def letters_of(base: str) -> str:
    """Return the composed letters that are written ``base`` in ASCII, lower and upper case."""
    if base == "d":
        return "đĐ"
    latin = (chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
    return "".join(
        letter for letter in latin if unicodedata.normalize("NFD", letter)[0].lower() == base
    )


class AsciiSlugInput(SlugInput):
    """The slug field: "Đẩy mạnh" becomes "day-manh" in the browser and, without it, here."""

    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        formatters = [(re.compile(f"[{letters_of(base)}]"), base) for base in BASE_LETTERS]
        formatters.append((re.compile(f"[{MARKS}]"), ""))
        super().__init__(attrs=attrs, formatters=formatters, **kwargs)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return slugify(value) if value else value
