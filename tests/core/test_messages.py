"""Every string of ours has a Vietnamese translation, and every source string is English."""

import re

import pytest
from django.template import Context, Template
from django.utils import translation

from core import messages

VIETNAMESE = re.compile(
    r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.I
)
NAME = "Nhịp Cầu"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")


@pytest.mark.parametrize("app", messages.OUR_APPS)
def test_nothing_is_untranslated(app: str) -> None:
    assert messages.missing(app) == []


@pytest.mark.parametrize("app", messages.OUR_APPS)
def test_translations_keep_the_placeholders(app: str) -> None:
    for message in messages.stored(app):
        if not message.id or not message.string:
            continue
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        targets = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACEHOLDER.findall(sources[-1]))
        for target in targets:
            assert set(PLACEHOLDER.findall(target)) == wanted, message.id


@pytest.mark.parametrize("app", messages.OUR_APPS)
def test_source_strings_are_english(app: str) -> None:
    """The interface is whole in English because its sources are."""
    for message in messages.extracted(app):
        for text in message.id if isinstance(message.id, tuple) else (message.id,):
            quoted = re.sub(rf"{NAME}|“[^”]*”|[(:].*$", "", text)  # examples in their own language
            assert not VIETNAMESE.search(quoted), text


def test_a_string_reads_the_same_whichever_app_says_it() -> None:
    """Django merges the catalogues: of two translations only one would ever be seen."""
    found: dict[tuple[object, str | None], set[object]] = {}
    for app in messages.OUR_APPS:
        for message in messages.stored(app):
            if message.id:
                found.setdefault((message.id, message.context), set()).add(message.string)
    assert {key: texts for key, texts in found.items() if len(texts) > 1} == {}


def test_an_untranslated_string_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = messages.extracted("core")
    found.add("Nobody has translated this sentence")
    monkeypatch.setattr(messages, "extracted", lambda app: found)
    assert messages.missing("core") == ["Nobody has translated this sentence"]


def test_the_compiled_catalogue_is_what_people_read() -> None:
    template = Template("{% load i18n %}{% translate 'Channels' %}")
    with translation.override("vi"):
        assert template.render(Context()) == "Kênh"
    with translation.override("en"):
        assert template.render(Context()) == "Channels"
