"""Abbreviations: longest match, case-sensitive, whole words. Unknown ones stay for the editor."""

import re
from collections.abc import Iterator
from functools import cache

from media.speech.tables import abbreviations

_TITLES = (
    (re.compile(r"(?<!\w)[Đđ]/c(?!\w)"), "đồng chí"),
    (re.compile(r"(?<!\w)[Vv]/v(?!\w)"), "về việc"),
    (re.compile(r"(?<!\w)TP\s?\.?\s?(?:HCM|Hồ Chí Minh)(?!\w)"), "Thành phố Hồ Chí Minh"),
    (re.compile(r"(?<!\w)(?:TP|Tp)\.?(?=\s?[A-ZĐ])"), "thành phố "),
    (re.compile(r"(?<!\w)(?:TX|Tx)\.?(?=\s?[A-ZĐ][^\W\d_A-Z])"), "thị xã "),
    (re.compile(r"(?<!\w)TT\.(?=\s?[A-ZĐ][^\W\d_A-Z])"), "thị trấn "),
    (re.compile(r"(?<!\w)VP(?=\s(?:UBND|HĐND|ĐBQH|Ủy ban|Hội đồng|Đoàn))"), "Văn phòng"),
    (re.compile(r"(?<!\w)(?:ĐT|đt)\.?(?=\s?:?\s?[\d(+])"), "điện thoại"),
    (re.compile(r"(?<!\w)(?:tr\.|v\.v)(?:\.{1,3}|…)?(?!\w)"), "vân vân"),
)  # fmt: skip
_WORDS_WITH_DIGITS = re.compile(r"(?<!\w)(?:covid|COVID|Covid)[- ]?19(?!\w)")
_ONLY_IN_PLACE = {"TT", "VP", "SNV", "BNV", "QH15"}
_LIST_FORMS = {"PAPI": "Chỉ số hiệu quả quản trị và hành chính công"}

_ABBREVIATION = r"[A-ZĐ][A-Za-zĐđ]*[A-ZĐ][\wĐđ]*(?:[-&][A-ZĐ]+)*(?: INDEX| Index)?"
_GLOSS = re.compile(
    r"(?<=[\w”\"])\s*\((?:(?:sau đây\s+)?(?:gọi|viết)\s+(?:tắt\s+)?(?:là|tắt)\s*:?\s*)?[“\"]?"
    rf"(?:{_ABBREVIATION})[”\"]?\)"
)
_GLOSS_LIST = re.compile(
    rf"\((?P<list>{_ABBREVIATION}(?:\s*[,;]\s*{_ABBREVIATION})+(?P<more>\s*,?\s*(?:\.{{3}}|…))?)\)"
)
_UNIT_BEFORE = re.compile(r"\b(?:Phòng|Sở|Ban|Bộ|Cục|Chi cục|Trung tâm|Vụ|Văn phòng)\s$")
_SENTENCE_START = re.compile(r"(?:^|[.!?…]\s)[\"(]?$")


def drop_glosses(text: str) -> str:
    """Drop "(CCHC)" after the words it stands for; read a list of acronyms as "gồm: …"."""
    text = _GLOSS_LIST.sub(lambda match: f"gồm: {_expanded_list(match['list'])}", text)
    return _GLOSS.sub("", text)


def _expanded_list(listed: str) -> str:
    return _pattern().sub(
        lambda match: _LIST_FORMS.get(match.group()) or _table()[_key(match.group())], listed
    )


def read_titles(text: str) -> str:
    """Return the text with forms of address and place in words: "Đ/c", "V/v", "TP."."""
    for pattern, said in _TITLES:
        text = pattern.sub(lambda match, said=said: _placed(match, said), text)  # type: ignore[misc]
    return _WORDS_WITH_DIGITS.sub(_table()["COVID-19"], text)


def read_abbreviations(text: str) -> str:
    """Return the text with the abbreviations of the tables in words."""
    return _pattern().sub(_said, _parted(text))


def _parted(text: str) -> str:
    """Part two abbreviations joined by a dash that are not one of the table: "CCHC-VTLT"."""

    def part(match: re.Match[str]) -> str:
        left, right = match["left"], match["right"]
        if f"{left}-{right}" in _table() or left not in _table() or right not in _table():
            return match.group()
        return f"{left} - {right}"

    return re.sub(r"(?<!\w)(?P<left>[A-ZĐ&]{2,})-(?P<right>[A-ZĐ&]{2,})(?!\w)", part, text)


def _said(match: re.Match[str]) -> str:
    return _placed(match, _table()[_key(match.group())])


def _placed(match: re.Match[str], said: str) -> str:
    """Begin with a capital where the written form began a sentence or the name of a unit."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    begins = _SENTENCE_START.search(before) is not None and re.match(r"\s*[^\W\d]", after)
    if begins or _UNIT_BEFORE.search(before):
        return said[:1].upper() + said[1:]
    return said


def _key(written: str) -> str:
    return written if written in _table() else written.replace("Index", "INDEX").upper()


@cache
def _table() -> dict[str, str]:
    return dict(_rows())


def _rows() -> Iterator[tuple[str, str]]:
    for row in abbreviations():
        if row.mode not in {"unit", "symbol"} and row.written not in _ONLY_IN_PLACE:
            yield row.written, row.said


@cache
def _pattern() -> re.Pattern[str]:
    written = sorted(_table(), key=len, reverse=True)
    spellings = [re.escape(item).replace("INDEX", "(?:INDEX|Index)") for item in written]
    return re.compile(rf"(?<![\w&])(?:{'|'.join(spellings)})(?![\w&])")
