"""Who wrote it, and what stands under a picture: short lines told apart by their form."""

import re
from dataclasses import dataclass

from ingest.articles.cleaning import count_words, ends_sentence

_UPPER = "A-ZÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĐĨŨƠƯẠ-Ỹ"
_NAME_WORD = rf"(?:[{_UPPER}][\w’'.]*)"
_PERSON = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,4}}")
_INITIALS = re.compile(rf"(?:[{_UPPER}]{{1,2}}[.\- ]{{1,2}}){{1,4}}[{_UPPER}]{{0,2}}\.?")
_JOINED = re.compile(r"\s*(?:,|;|\s[-–—]\s|\svà\s|&|\+)\s*")

_UNIT_WORDS = (
    "Phòng|Trung tâm|TT|TTVH|Sở|Ban(?! Mai\\b)|Văn phòng|VP|UBND|HĐND|Ủy ban|Uỷ ban|UBMTTQ|MTTQ"
    "|Mặt trận|Đài|Báo"
    "|Cổng|Trang tin|Trang thông tin"
    "|Chi cục|Cục|Tổng cục|Vụ|Viện|Trường|Bộ phận|Bộ|Tỉnh ủy|Huyện ủy|Thành ủy|Đảng ủy"
    "|Tổ công tác|Tổ biên tập|Tổ|Hội Nông dân|Hội Liên hiệp|Hội Cựu|Liên minh|Liên đoàn|Công an"
    "|Bộ Chỉ huy|Ngân hàng|Kho bạc|Bảo hiểm|Quỹ|Huyện|Thành phố|Thị xã|Xã|Phường|Cơ quan|Nhóm"
    "|Đoàn Thanh niên|Tỉnh đoàn|Đoàn ĐBQH|Thông tấn xã|Tạp chí|Công ty|Tập đoàn|Thanh tra"
)
_UNIT = re.compile(rf"(?:{_UNIT_WORDS})\b(?! (?:Văn|Thị)\b).*", re.IGNORECASE)
_UNIT_ALONE = re.compile(
    r"(?:BBT|VNPT|TTXVN|VOV|PT-TH|[A-ZĐ]{2,}(?:[-&][A-ZĐ]{2,})+|S[A-ZĐ&]{2,6})"
)

_AUTHOR_LABEL = re.compile(
    r"(?:tác giả|người viết|người thực hiện|thực hiện|phóng viên|bài viết"
    r"|(?:tin|bài)\s*(?:,|và|-|&)?\s*(?:ảnh|video|bài)?(?:\s*(?:,|và|&)\s*(?:ảnh|clip))?)\s*:\s*(?P<name>.+)",
    re.IGNORECASE,
)
_UNIT_LABEL = re.compile(r"(?:đơn vị|cơ quan|đơn vị thực hiện)\s*:\s*(?P<name>.+)", re.IGNORECASE)

_CREDIT_LABEL = r"(?:nguồn ảnh|nguồn|ảnh chụp|ảnh|photo|source)"
_CREDIT = re.compile(
    rf"^(?P<caption>.*?)\b{_CREDIT_LABEL}\s*:\s*(?P<credit>[^:]{{1,80}}?)[)\]\s]*$",
    re.IGNORECASE,
)
_LABELLED_PICTURE = re.compile(
    r"^(?P<caption>(?:ảnh|hình) (?:minh họa|minh hoạ|tư liệu|internet))"
    r"\s*[:.\-–(]+\s*(?:nguồn\s*:?\s*)?(?P<credit>[^:]{1,60}?)[)\s.]*$",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:\(?(?:quang cảnh|toàn cảnh|khung cảnh|hình ảnh|ảnh|hình|bìa|biểu đồ|sơ đồ|chú thích)\b"
    r"|(?:các )?(?:đồng chí|đ/c|đại biểu|ông|bà|lãnh đạo|cán bộ|công chức|viên chức|người dân"
    r"|đoàn viên|chủ tịch|phó chủ tịch|bí thư|phó bí thư|giám đốc|phó giám đốc|đoàn|thành viên"
    r"|học sinh|sinh viên|chiến sĩ|bộ đội|nhân dân|hội viên|doanh nghiệp)\b"
    r"|.*\b(?:phát biểu|chủ trì|chụp ảnh|trao (?:bằng|giấy|quà|giải)|tặng hoa"
    r"|tại (?:hội nghị|buổi|lễ|điểm cầu)|bấm nút|cắt băng|giao lưu|ảnh tư liệu)\b)",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:[IVX]{1,5}|\d{1,2}|[a-zđ])(?:\.\d+)*\s*[.)/-]|[-–•*+]\s|thứ (?:nhất|hai|ba|tư|năm)\b"
    r"|(?:về|kết quả|mục tiêu|nhiệm vụ|giải pháp|nội dung|một số|những|tăng cường|đẩy mạnh"
    r"|nâng cao|tiếp tục|phần|mục|chương|yêu cầu|mục đích|tổ chức thực hiện|hạn chế|tồn tại)\b",
    re.IGNORECASE,
)
_LONGEST_CAPTION_WORDS = 45
_LONGEST_LINE = 600  # characters; patterns are not tried on longer lines


@dataclass(frozen=True, slots=True)
class Signature:
    """What a closing line says: a person, a unit, or both."""

    author: str | None = None
    unit: str | None = None


def read_signature(text: str) -> Signature | None:
    """Return who signs, if the line is a signature: "Ngọc Khánh", "N.V", "Phòng CCHC-VTLT"."""
    line = text.strip().strip("()[]*_").strip()
    if label := _AUTHOR_LABEL.fullmatch(line):
        return _signed(label["name"], labelled=True)
    if label := _UNIT_LABEL.fullmatch(line):
        return Signature(unit=label["name"].strip())
    return _signed(line, labelled=False)


def _signed(line: str, *, labelled: bool) -> Signature | None:
    if is_unit(line):
        return Signature(unit=line)
    pieces = re.split(r"\s+[-–—]\s+|\s*\(|,\s+", line.rstrip(")"), maxsplit=1)
    if len(pieces) == 2 and is_person(pieces[0]) and is_unit(pieces[1].strip()):
        return Signature(author=pieces[0].strip(), unit=pieces[1].strip())
    if is_person(line) or (labelled and 0 < count_words(line) <= 10):
        return Signature(author=line.strip())
    return None


def is_person(text: str) -> bool:
    """Tell whether the text has the form of one or several personal or pen names."""
    if not text or len(text) > 70:
        return False
    if _INITIALS.fullmatch(text):
        return True
    names = [name for name in _JOINED.split(text) if name]
    return bool(names) and all(_is_name(name) for name in names)


def _is_name(text: str) -> bool:
    if _INITIALS.fullmatch(text):
        return True
    return bool(_PERSON.fullmatch(text)) and not text.endswith(".") and not is_unit(text)


def is_unit(text: str) -> bool:
    """Tell whether the text names an office rather than a person."""
    if count_words(text) > 16 or ends_sentence(text) or not text[:1].isupper():
        return False
    return bool(_UNIT.fullmatch(text) or _UNIT_ALONE.fullmatch(text))


def split_credit(text: str) -> tuple[str | None, str | None]:
    """Part a line under a picture: "Ảnh minh họa. Nguồn: Internet" gives both halves.

    Either half is None if it is missing; without a credit the line is all caption.
    """
    if len(text) > _LONGEST_LINE:
        return text, None
    for pattern in (_LABELLED_PICTURE, _CREDIT):
        if match := pattern.match(text):
            caption = match["caption"].strip(" .,;-–—(|[") or None
            return caption, match["credit"].strip(" .()") or None
    return text, None


def has_credit(text: str) -> bool:
    return count_words(text) <= _LONGEST_CAPTION_WORDS + 10 and split_credit(text)[1] is not None


def is_short(text: str) -> bool:
    """Tell whether the line is too short and open-ended to be a paragraph."""
    if len(text) > _LONGEST_LINE or count_words(text) > _LONGEST_CAPTION_WORDS:
        return False
    return not ends_sentence(text)


def is_caption(text: str) -> bool:
    """Tell whether the line is worded as a caption: "Quang cảnh hội nghị"."""
    return is_short(text) and bool(_CAPTION.match(text))


def is_heading(text: str) -> bool:
    """Tell whether the line is numbered, bulleted, or worded as a heading inside the text."""
    letters = [char for char in text if char.isalpha()]
    capitals = bool(letters) and all(char.isupper() for char in letters)
    return bool(_HEADING.match(text)) or capitals
