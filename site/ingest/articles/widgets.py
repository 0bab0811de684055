"""What a portal prints around an article: buttons, banners, menus, lists of other items.

All lists hold folded text (``core.text.fold``): lower case, no diacritics.
"""

import re
from functools import lru_cache

from core.text import fold
from ingest.articles.wordlists import lines_of

_PHRASES = sorted(lines_of("widgets"), key=len, reverse=True)
_WIDGET_LINE = re.compile(rf"(?:(?:{'|'.join(map(re.escape, _PHRASES))}|\d+)(?: |$))+")
_RATING = re.compile(r"(?:\d+ )*(?:luot xem|luot doc|danh gia|binh luan|luot danh gia)(?: \d+)*$")
_LONGEST_WIDGET = 120

_BANNER = re.compile(
    r"(?:nhiet liet )?(?:chao mung|huong ung|chuc mung) .+"
    r"|quyet tam (?:thuc hien|phan dau|hoan thanh|dua|xay dung) .+"
    r"|(?:day manh|tiep tuc) (?:hoc tap|thi dua) .+|hoc tap va lam theo .+"
    r"|(?:ra suc|tich cuc|soi noi) thi dua .+|thi dua .+|lap thanh tich .+"
    r"|toan dang toan dan .+|dang cong san viet nam quang vinh.*|.+ muon nam"
    r"|(?:doan ket|chung suc) .+|song chien dau lao dong .+|.+ thanh cong rat tot dep"
    r"|cong thong tin dien tu .+|trang thong tin dien tu .+|cong hoa xa hoi chu nghia viet nam"
    r"|doc lap tu do hanh phuc"
)
_LONGEST_BANNER = 250

_SECTION = re.compile(
    r"(?:trang chu|home)(?: .+)?"
    r"|tin tuc(?: su kien)?|tin hoat dong(?: .{1,30})?|tin (?:moi|noi bat|tong hop|trong tinh)"
    r"|(?:cai cach hanh chinh|chuyen doi so|thoi su|chinh tri|kinh te|xa hoi|van hoa)"
    r"|van ban(?: chi dao)?(?: dieu hanh)?|thong bao|chi dao dieu hanh|su kien"
    r"|tin tuc su kien .{1,40}|chuyen muc .{1,60}"
)
_OTHERS = re.compile(
    r"(?:(?:cac )?(?:tin|bai)(?: viet)?(?: bai)? (?:lien quan|khac|cung chuyen muc|cu hon|moi hon"
    r"|da dua|moi nhat|doc nhieu)|cac bai viet khac|xem them|doc them|y kien ban doc|tin noi bat"
    r"|co the ban quan tam|bai viet lien quan|ban quyen .*|copyright .*)"
)


@lru_cache(maxsize=2_000)
def is_widget(text: str) -> bool:
    """Tell whether the whole line is made of buttons and counters of a portal."""
    if len(text) > _LONGEST_WIDGET:
        return False
    folded = fold(text)
    if folded.replace(" ", "").isdigit():
        return False  # a date, perhaps
    return bool(_WIDGET_LINE.fullmatch(folded) or _RATING.fullmatch(folded))


def is_banner(text: str) -> bool:
    """Tell whether the line is a slogan or a masthead. A headline may look the same."""
    return len(text) <= _LONGEST_BANNER and bool(_BANNER.fullmatch(fold(text)))


def is_section(text: str) -> bool:
    """Tell whether the line names a section or is a path of links such as "Trang chủ › Tin tức"."""
    if len(text) > _LONGEST_WIDGET:
        return False
    steps = [step.strip() for step in re.split(r"\s*(?:[›»>|]|::)\s*", text) if step.strip()]
    return len(steps) >= 3 or bool(steps and all(_SECTION.fullmatch(fold(s)) for s in steps))


def begins_other_items(text: str) -> bool:
    """Tell whether the line heads the list of other items below an article."""
    return len(text) <= 60 and bool(_OTHERS.fullmatch(fold(text)))
