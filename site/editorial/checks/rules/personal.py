"""Data of private persons that should not be published (Law 91/2025/QH15)."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from editorial.checks.finding import Finding, Severity
from editorial.checks.item import Item, Passage

SOURCE = "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15"
_DIGITS = re.compile(r"(?<![\w.,/-])\+?\d(?:[ .-]?\d){7,15}(?![\w/-])")
_ID_WORDS = re.compile(
    r"(?:CCCD|CMND|CMTND|căn cước|chứng minh nhân dân|chứng minh thư|định danh)", re.IGNORECASE
)
_ACCOUNT_WORDS = re.compile(r"(?:tài khoản|\bSTK\b|số TK)", re.IGNORECASE)
_PUBLIC_WORDS = re.compile(
    r"(?:đường dây nóng|hotline|tổng đài|trực ban|điện thoại công vụ|fax)", re.IGNORECASE
)
_COUNTED = re.compile(r"\s*(?:đồng|VNĐ|VND|đ\b|tỷ|triệu|người|lượt|hồ sơ)", re.IGNORECASE)
_MOBILE = re.compile(r"0[35789]\d{8}")
_E_MAIL = re.compile(
    r"\b[\w.+-]{1,64}@(?:gmail|yahoo|ymail|hotmail|outlook|live|icloud|proton)\.(?:com(?:\.vn)?|me|vn)\b",
    re.IGNORECASE,
)
_BEFORE = 45  # letters in which the word that tells what a number is stands
CITIZEN_DIGITS, OLD_DIGITS = 12, 9  # of the citizen's card, of the identity card before it


def numbers(item: Item) -> Iterator[Finding]:
    """No numbers of identity cards, private telephones or bank accounts."""
    for passage in item.passages:
        for match in _DIGITS.finditer(passage.text):
            found = judged(passage, match, item.public_phones)
            if found:
                severity, code, message = found
                yield Finding(
                    severity=severity,
                    code=code,
                    message=message % {"number": match.group()},
                    where=passage.where,
                    place=passage.place,
                    excerpt=match.group(),
                    source=SOURCE,
                )


def judged(
    passage: Passage, match: re.Match[str], public: frozenset[str]
) -> tuple[Severity, str, str] | None:
    """Return what a long number is, as severity, code and message; ``None`` if it may stay."""
    before = passage.text[max(0, match.start() - _BEFORE) : match.start()]
    digits = digits_of(match.group())
    if _ID_WORDS.search(before) and len(digits) in {CITIZEN_DIGITS, OLD_DIGITS}:
        message = _("“%(number)s” is the number of somebody's identity card. Take it out.")
        return Severity.ERROR, "personal.identity", message
    if _ACCOUNT_WORDS.search(before):
        message = _("“%(number)s” looks like a bank account. May it be published?")
        return Severity.WARNING, "personal.account", message
    if _MOBILE.fullmatch(digits):
        if digits in public or _PUBLIC_WORDS.search(before):
            return None
        message = _("“%(number)s” looks like a private telephone number. May it be published?")
        return Severity.WARNING, "personal.phone", message
    return looks_like_identity(passage, match)


def looks_like_identity(passage: Passage, match: re.Match[str]) -> tuple[Severity, str, str] | None:
    """Return a warning for a bare run of digits as long as the number of an identity card."""
    bare = match.group()
    if not bare.isdigit() or _COUNTED.match(passage.text, match.end()):
        return None
    is_citizen = len(bare) == CITIZEN_DIGITS and bare.startswith("0")
    if not is_citizen and len(bare) != OLD_DIGITS:
        return None
    message = _("“%(number)s” may be the number of somebody's identity card.")
    return Severity.WARNING, "personal.identity", message


def e_mail(item: Item) -> Iterator[Finding]:
    """No e-mail addresses of private persons; agencies have addresses of their own."""
    for passage in item.passages:
        for match in _E_MAIL.finditer(passage.text):
            yield Finding(
                severity=Severity.WARNING,
                code="personal.email",
                message=_("“%(address)s” looks like a private e-mail address. May it be published?")
                % {"address": match.group()},
                where=passage.where,
                place=passage.place,
                excerpt=match.group(),
                source=SOURCE,
            )


def digits_of(number: str) -> str:
    """Return the digits of a telephone number as dialled within the country."""
    digits = re.sub(r"\D", "", number)
    return "0" + digits[2:] if digits.startswith("84") and number.startswith("+") else digits


def has_mobile(text: str) -> bool:
    """Whether the text may hold a mobile number: whether it is worth asking whose they are."""
    return any(_MOBILE.fullmatch(digits_of(match.group())) for match in _DIGITS.finditer(text))
