"""What a Word file says beside its table: bases, sections, signature, recipients, annexes.

Read from the document's own lines, in the layout of Decree 30. What a file lacks stays as it is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any

from campaigns.deadlines import ImpossibleDateError, real_date
from campaigns.exporting.mapping import (
    APPENDIX_NOTE,
    APPENDIX_TITLE,
    COMBINED,
    PURPOSES,
    REQUIREMENTS,
    RESPONSIBLE,
)
from campaigns.models import Plan
from core.text import fold

_SECTION = re.compile(r"^[IVX]+\s*[.\-–]\s*(?P<title>\S.*)$")
_CLAUSE = re.compile(r"^\d+\.\s+(?P<title>.+)$")
_APPENDIX = re.compile(r"^PHỤ LỤC(?:\s+[IVX\d]+)?$", re.IGNORECASE)
_SIGNATURE = re.compile(r"^(?:TM|KT|TL|TUQ|Q)\.", re.IGNORECASE)
_MARKS = " .;,/"
# What a section's title says, without case and accents, in the order in which it is asked.
_TITLES = (
    ("muc dich", "purposes"),
    ("yeu cau", "requirements"),
    ("noi dung", "contents"),
    ("hinh thuc", "forms"),
    ("doi tuong", "audiences"),
    ("thoi gian", "timing"),
    ("tien do", "timing"),
    ("kinh phi", "funding"),
    ("to chuc", "implementation"),
)


@dataclass(frozen=True, slots=True)
class Parts:
    """Texts by the plan's field, the bases as written, and annexes as (title, text)."""

    texts: dict[str, Any] = field(default_factory=dict)
    bases: tuple[str, ...] = ()
    annexes: tuple[tuple[str, str], ...] = ()

    def apply(self, plan: Plan) -> None:
        """Set on the plan what the file says, and leave the rest."""
        for name, value in self.texts.items():
            setattr(plan, name, value)

    def as_json(self) -> list[Any]:
        """Return what ``from_json`` takes."""
        day = self.texts.get("combined_on")
        texts = self.texts | ({"combined_on": day.isoformat()} if day else {})
        return [texts, list(self.bases), [list(annex) for annex in self.annexes]]

    @classmethod
    def from_json(cls, content: list[Any]) -> "Parts":
        texts, bases, annexes = content
        if day := texts.get("combined_on"):
            texts = texts | {"combined_on": date.fromisoformat(day)}
        return cls(texts, tuple(bases), tuple((title, text) for title, text in annexes))


def read_parts(preface: Sequence[str], afterword: Sequence[str]) -> Parts:
    """Return what the lines around the table say. Never fails: what is not understood is left."""
    head, signature, recipients = parted(preface)
    lines = [line.strip() for block in head for line in block.split("\n") if line.strip()]
    bases = tuple(line[7:].strip(_MARKS) for line in lines if line.lower().startswith("căn cứ "))
    texts = sections(lines)
    texts |= signature_texts(signature) | recipient_texts(recipients)
    return Parts(texts, bases, tuple(annexes(afterword)))


def parted(blocks: Sequence[str]) -> tuple[list[str], str, str]:
    """Return the document's lines up to its signature, the signature, and the recipients."""
    head: list[str] = []
    signature = recipients = ""
    for block in blocks:
        if fold(block).startswith("noi nhan"):
            recipients = block
        elif _SIGNATURE.match(block) and "\n" in block:
            signature = block
        elif _APPENDIX.match(block):
            break
        elif not signature and not recipients:
            head.append(block)
    return head, signature, recipients


def sections(lines: Sequence[str]) -> dict[str, Any]:
    """Return the texts of the sections as rich text, and what single sentences say."""
    found: dict[str, list[str]] = {}
    texts: dict[str, Any] = {}
    name = ""
    for line in lines:
        if match := _SECTION.match(line):
            name = section_of(match["title"])
        elif taken := sentence(line):
            texts |= taken
        elif line.startswith(APPENDIX_NOTE[:30]):
            continue
        elif name:
            found.setdefault(name, []).append(line)
    split_purposes(found)
    return {key: paragraphs(value) for key, value in found.items()} | texts | lead_in(lines)


def section_of(title: str) -> str:
    words = fold(title)
    return next((name for key, name in _TITLES if key in words), "")


def sentence(line: str) -> dict[str, Any]:
    """Return what one of the sentences says that the export writes for fields of their own."""
    if line.startswith(f"{RESPONSIBLE}:"):
        return {"responsible": line.partition(":")[2].strip(" .")[:255]}
    if line.startswith(COMBINED):
        number = re.search(r"số\s+(\S+?)[.,;]?(?:\s|$)", line)
        texts: dict[str, Any] = {"kind": Plan.Kind.COMBINED, "combined_on": long_date(line)}
        return texts | {"combined_number": number[1][:60] if number else ""}
    return {}


def long_date(words: str) -> date | None:
    """Return the day that the words name in full, if they do and there is such a day."""
    match = re.search(r"ngày\s+(\d{1,2})(?:\s+tháng\s+|/)(\d{1,2})(?:\s+năm\s+|/)(\d{4})", words)
    if not match:
        return None
    try:
        return real_date(int(match[1]), int(match[2]), int(match[3]), match[0])
    except ImpossibleDateError:
        return None


def split_purposes(found: dict[str, list[str]]) -> None:
    """Part "1. Mục đích" from "2. Yêu cầu" where a section has both under titles of their own."""
    titles = {fold(PURPOSES): "purposes", fold(REQUIREMENTS): "requirements"}
    name, parts = "", {"purposes": [], "requirements": []}  # type: tuple[str, dict[str, list[str]]]
    for line in found.get("purposes", []):
        match = _CLAUSE.match(line)
        if match and fold(match["title"]) in titles:
            name = titles[fold(match["title"])]
        elif name:
            parts[name].append(line)
        else:
            return
    found.update({key: value for key, value in parts.items() if value})


def lead_in(lines: Sequence[str]) -> dict[str, Any]:
    """Return the sentences between the bases, or the abstract, and the first section."""
    end = next((index for index, line in enumerate(lines) if _SECTION.match(line)), 0)
    starts = [
        index + 1 for index, line in enumerate(lines[:end]) if line.lower().startswith("căn cứ ")
    ]
    start = max(starts, default=0) or after_abstract(lines[:end])
    kept = [line for line in lines[start:end] if not sentence(line)] if start else []
    return {"introduction": paragraphs(kept)} if kept else {}


def after_abstract(lines: Sequence[str]) -> int:
    """Return where the lead-in begins without bases: at a sentence that ends with a mark."""
    for index, line in enumerate(lines):
        if line.upper() == "KẾ HOẠCH":
            for later in range(index + 1, len(lines)):
                if lines[later].endswith((".", ":", ";")):
                    return later
    return 0


def paragraphs(lines: Iterable[str]) -> str:
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)


def recipient_texts(block: str) -> dict[str, Any]:
    lines = [line.strip(" -–;.") for line in block.split("\n")[1:]]
    found = "\n".join(line for line in lines if line)
    return {"recipients": found} if found else {}


def signature_texts(block: str) -> dict[str, Any]:
    """Return authority, position and name out of "TM. …", "KT. …", the position, the name."""
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    rights = [line for line in lines if _SIGNATURE.match(line)]
    rest = [line for line in lines if line not in rights and not line.startswith("(")]
    if not rights:
        return {}
    code, _dot, of = rights[-1].partition(".")
    texts: dict[str, Any] = {"authority": code.lower() if code.upper() != "Q" else ""}
    position = [line for line in rest if line.isupper()]
    names = [line for line in rest if not line.isupper()]
    texts["signer_title"] = in_words(" ".join(position))[:120]
    if fold(of) not in {"uy ban nhan dan", "chu tich"}:
        texts["authority_of"] = in_words(of.strip())[:160]
    if names and fold(names[-1]) != "ho va ten":
        texts["signer"] = names[-1][:120]
    return texts


def in_words(capitals: str) -> str:
    """Return "PHÓ CHỦ TỊCH" as "Phó Chủ tịch"."""
    words = capitals.lower()
    for title in ("chủ tịch", "giám đốc", "chánh văn phòng", "trưởng ban", "tổng biên tập", "sở"):
        words = words.replace(title, title[:1].upper() + title[1:])
    return words[:1].upper() + words[1:]


def annexes(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Return the appendices after the table: the title, and the text below "(Kèm theo …)"."""
    found: list[tuple[str, list[str]]] = []
    is_title = False
    for line in (line.strip() for block in lines for line in block.split("\n")):
        if _APPENDIX.match(line):
            is_title = True
        elif is_title:
            found.append((in_words(line)[:255], []))
            is_title = False
        elif found and not fold(line).startswith("kem theo"):
            found[-1][1].append(line)
    return [
        (title, paragraphs(text))
        for title, text in found
        if text and fold(title) != fold(APPENDIX_TITLE)
    ]
