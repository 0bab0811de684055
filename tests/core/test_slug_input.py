"""The slug field knows every Vietnamese letter, in the browser and on the server."""

import json
import re

from core.text import slugify
from core.widgets import AsciiSlugInput

VOWELS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
ALPHABET = f"{VOWELS}đ{VOWELS.upper()}Đ"


def test_the_browser_is_told_a_replacement_for_every_letter():
    rules = json.loads(AsciiSlugInput().attrs["data-w-slug-formatters-value"])
    for letter in ALPHABET:
        text = letter
        for (pattern, *_flags), replacement in rules:
            text = re.sub(pattern, replacement, text)
        assert text.lower() == slugify(letter)


def test_without_a_script_the_server_does_the_same():
    widget = AsciiSlugInput()
    assert widget.value_from_datadict({"slug": "Đẩy mạnh"}, {}, "slug") == "day-manh"
    assert widget.value_from_datadict({"slug": ""}, {}, "slug") == ""
    assert widget.value_from_datadict({}, {}, "slug") is None
