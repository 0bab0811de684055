"""Text as a newsreader says it: numbers, dates, symbols and abbreviations in words.

Rules only, no model: docs/speech.md lists them. Nothing here knows of pages or channels.
"""

import re
from collections.abc import Mapping

from media.speech.addresses import read_addresses
from media.speech.calendar import read_calendar
from media.speech.documents import Documents, read_documents
from media.speech.quantities import read_quantities
from media.speech.roman import read_roman
from media.speech.shortenings import drop_glosses, read_abbreviations, read_titles
from media.speech.tidying import finished, prepared

__all__ = ["Documents", "speak"]


def speak(
    text: str,
    *,
    documents: Documents = Documents.NATURAL,
    mung: bool = True,
    overrides: Mapping[str, str] | None = None,
) -> str:
    """Return the text as it is read aloud, a line for a line.

    ``documents`` says how numbers of documents are read, ``mung`` whether days 1 to 10 are
    "mùng". ``overrides`` are an article's own readings, written form to spoken form; they win.
    """
    return "\n".join(
        _speak_line(line, documents, mung, overrides or {}) for line in text.split("\n")
    )


def _speak_line(line: str, documents: Documents, mung: bool, overrides: Mapping[str, str]) -> str:
    text = prepared(line)
    for written in sorted(filter(None, overrides), key=len, reverse=True):
        said = overrides[written].replace("\\", r"\\")
        text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", said, text)
    text = read_addresses(text)
    text = drop_glosses(text)
    text = read_titles(text)
    text = read_documents(text, documents)
    text = read_calendar(text, mung=mung)
    text = read_roman(text)
    text = read_quantities(text)
    text = read_abbreviations(text)
    return finished(text)
