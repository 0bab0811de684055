"""What Wagtail, Django and their companions say is Vietnamese, whole, and in one voice.

An upgrade that brings new messages fails here and names them: run
``manage.py messages --upstream --update``, then fill the empty ``msgstr`` of the overlays.
"""

import re
from collections import Counter
from datetime import timedelta

import pytest
from babel.messages import Message
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from wagtail.users.models import UserProfile

from core import messages, upstream
from core.upstream import Upstream
from organisations.models import User

PLACEHOLDER = re.compile(r"%\(\w+\)[sdi]|%[sdi](?!\w)|(?<!\{)\{\w*\}|%%")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
OVERLAYS = [one for one in upstream.catalogues() if one.overlay_path.exists()]

every_overlay = pytest.mark.parametrize("one", OVERLAYS, ids=lambda one: one.name)


def entries(one: Upstream) -> list[Message]:
    return [message for message in upstream.ours(one) if message.id]


def parts(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, tuple | list) else (str(text),)


@pytest.mark.parametrize("one", upstream.catalogues(), ids=lambda one: one.name)
def test_everything_they_say_has_a_translation(one: Upstream) -> None:
    assert upstream.count(one).missing == ()


@every_overlay
def test_placeholders_and_tags_are_kept(one: Upstream) -> None:
    for message in entries(one):
        source = parts(message.id)[-1]
        for text in parts(message.string):
            for pattern in (PLACEHOLDER, TAG):
                assert Counter(pattern.findall(text)) == Counter(pattern.findall(source)), source


@every_overlay
def test_blanks_and_lines_at_the_ends_are_kept(one: Upstream) -> None:
    for message in entries(one):
        source = parts(message.id)[0]
        for text in parts(message.string):
            assert text.startswith("\n") == source.startswith("\n"), source
            assert text.endswith("\n") == source.endswith("\n"), source
            assert text.endswith(" ") == source.endswith(" "), source


@every_overlay
def test_there_are_as_many_forms_as_vietnamese_has(one: Upstream) -> None:
    catalog = upstream.ours(one)
    assert catalog.num_plurals == 1
    for message in entries(one):
        assert len(parts(message.string)) == 1, message.id


@every_overlay
def test_the_overlay_holds_nothing_that_they_no_longer_say(one: Upstream) -> None:
    assert upstream.obsolete(one) == []


def test_a_message_reads_the_same_whoever_says_it() -> None:
    """Django merges the catalogues, overlays before ours: only one text would ever be seen.

    A word of ours that means something else needs a context.
    """
    found: dict[object, dict[str, list[str]]] = {}
    for one in OVERLAYS:
        for message in entries(one) if one.domain == "django" else []:
            texts = found.setdefault(upstream.key(message), {})
            texts.setdefault(parts(message.string)[0], []).append(one.name)
    for app in messages.OUR_APPS:
        catalog = messages.stored(app)
        for message in catalog:
            if upstream.key(message) in found and messages.spoken(catalog, message):
                texts = found[upstream.key(message)]
                texts.setdefault(parts(message.string)[0], []).append(app)
    assert {key: texts for key, texts in found.items() if len(texts) > 1} == {}


def test_every_folder_of_overlays_belongs_to_a_catalogue() -> None:
    expected = {one.overlay_path for one in upstream.catalogues()}
    assert set(upstream.OVERLAYS.rglob("*.po")) <= expected


def test_a_message_that_an_upgrade_brings_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    one = upstream.catalogues()[0]
    new = Message("Nobody has translated this sentence")
    known = upstream.wanted(one)
    monkeypatch.setattr(upstream, "wanted", lambda other: [*known, new] if other == one else [])
    assert upstream.count(one).missing == ("Nobody has translated this sentence",)
    with pytest.raises(CommandError, match="1 messages"):
        call_command("messages", "--upstream")


def test_the_count_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("messages", "--upstream")
    printed = capsys.readouterr().out
    assert "100.0 %" in printed
    assert "wagtailadmin (djangojs)" in printed


def test_our_own_are_counted_too(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("messages", "core", "organisations", "--check")
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed[:2]] == ["core", "organisations"]
    done, total = (int(number) for number in re.findall(r"\d+", printed[2]))
    assert done == total > 50


def test_the_compiled_overlays_are_what_people_read() -> None:
    with translation.override("vi"):
        assert gettext("Go to the first error") != "Go to the first error"
        assert gettext("Publish") == "Đăng"
        assert ngettext("%(count)s image", "%(count)s images", 2) == "%(count)s hình ảnh"
    with translation.override("en"):
        assert gettext("Publish") == "Publish"


def prefer(person: User, language: str) -> None:
    profile = UserProfile.get_for_user(person)
    profile.preferred_language = language
    profile.save()


def test_scripts_speak_the_language_of_the_person(as_person, person) -> None:
    browser: Client = as_person("editor")
    prefer(person("editor"), "vi")
    assert '"Save": "L\\u01b0u"' in browser.get("/admin/jsi18n/").text
    prefer(person("editor"), "en")
    assert '"Save": "L\\u01b0u"' not in browser.get("/admin/jsi18n/").text


def test_a_person_may_work_in_english(as_person, person) -> None:
    browser: Client = as_person("editor")
    prefer(person("editor"), "en")
    page = browser.get("/admin/account/").text
    assert '<html lang="en"' in page
    assert "Log out" in page
    assert "Đăng xuất" not in page


def test_what_is_used_without_being_installed_speaks_too() -> None:
    """Django reads the catalogues of installed apps only; Wagtail writes with humanize's words."""
    with translation.override("vi"):
        assert naturaltime(timezone.now() - timedelta(minutes=5)) == "5\N{NO-BREAK SPACE}phút trước"
