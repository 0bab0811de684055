"""Vietnamese as it was written before Unicode: TCVN3 (ABC fonts) and VNI for Windows.

Both reuse the bytes of Windows-1252. The tables follow TCVN 5712:1993 (set VN3) and the VNI
Windows chart published by VNI Software, which the Unicode converter UniKey documents side by side.
Text in is what those bytes look like as Windows-1252; text out is Unicode, composed.
"""

import re
import unicodedata

_TCVN3_BYTES = (
    "A1A2A3A4A5A6A7A8A9AAABACADAE"
    "B5B6B7B8B9BBBCBDBEC6C7C8C9CACBCCCECFD0D1D2D3D4D5D6D7D8DCDDDEDF"
    "E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF1F2F3F4F5F6F7F8F9FAFBFCFDFE"
)
_TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
TCVN3 = dict(zip(bytes.fromhex(_TCVN3_BYTES), _TCVN3_LETTERS, strict=True))

_VNI_MARKS = {  # the character after the vowel, and the combining marks it stands for
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309",
    "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_SINGLE = {
    "ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ",
}  # fmt: skip
_VNI_SINGLE |= {old.upper(): new.upper() for old, new in _VNI_SINGLE.items()}
_VNI_PAIR = re.compile(
    "([aeouyôöAEOUYÔÖ])([" + "".join(_VNI_MARKS) + "".join(_VNI_MARKS).upper() + "])"
)
_VNI_VOWELS = {"ô": "ơ", "ö": "ư", "Ô": "Ơ", "Ö": "Ư"}
_SENTENCE_START = re.compile(r"(?:^|(?<!\.)[.!?]\s)[\s\u00a0]*[^\W\d_]")
_COMMITTEE = re.compile(r"\b[uủ][ỷy] ban(?= (?:nhân dân|Nhân dân|Mặt trận|MTTQ|Thường vụ))")
_LETTERS = re.compile(r"[^\W\d_]+")


def from_tcvn3(text: str) -> str:
    """Return Unicode for TCVN3. Capitals with tones do not exist there and are given back."""
    table = {_windows_1252(byte): letter for byte, letter in TCVN3.items()}
    converted = unicodedata.normalize(
        "NFC", text.translate({ord(key): value for key, value in table.items()})
    )
    lines = (_recapitalise(line) for line in converted.splitlines(keepends=True))
    return _COMMITTEE.sub("Ủy ban", "".join(lines))


def _windows_1252(byte: int) -> str:
    return bytes([byte]).decode("cp1252")


def _recapitalise(line: str) -> str:
    """Give back the capitals that another font drew: "HéI NGHÞ" was meant as "HỘI NGHỊ"."""
    plain = [char for char in line if char.isascii() and char.isalpha()]
    if len(plain) > 3 and all(char.isupper() for char in plain):
        return line.upper()
    line = _SENTENCE_START.sub(lambda match: match.group().upper(), line)
    return _LETTERS.sub(_recapitalise_word, line)


def _recapitalise_word(match: re.Match[str]) -> str:
    plain = [char for char in match.group() if char.isascii()]
    capitals = len(plain) > 1 and all(char.isupper() for char in plain)
    return match.group().upper() if capitals else match.group()


def from_vni(text: str) -> str:
    """Return Unicode for VNI: a vowel and the character after it make one letter."""
    out, at = [], 0
    for pair in _VNI_PAIR.finditer(text):
        out.append(_vni_single(text[at : pair.start()]))
        vowel, mark = pair.groups()
        out.append(_VNI_VOWELS.get(vowel, vowel) + _VNI_MARKS[mark.lower()])
        at = pair.end()
    out.append(_vni_single(text[at:]))
    return unicodedata.normalize("NFC", "".join(out))


def _vni_single(text: str) -> str:
    return "".join(_VNI_SINGLE.get(char, char) for char in text)
