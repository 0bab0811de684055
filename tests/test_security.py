"""Secrets stay where they are, forms ask for their token, admin pages are kept by nobody."""

import logging
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core import serializers
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail.models import PageViewRestriction

from channels import building
from channels.admin import actions
from channels.contract import DeliveryError
from channels.models import Channel
from core.crypto import encrypt
from portal.models import ArticlePage
from tests import factories
from tests.channels.bot_api import TOKEN

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
OURS = ("campaigns", "channels", "config", "core", "editorial", "ingest", "media", "organisations",
        "portal")  # fmt: skip


def views(resolver: URLResolver | None = None) -> Iterator[Any]:
    """Yield every view of the project."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield entry.callback
        else:
            yield from views(entry)


def test_only_the_sandbox_and_signed_call_backs_take_posts_without_a_token() -> None:
    exempt = {
        view.__qualname__
        for view in views()
        if getattr(view, "csrf_exempt", False) and view.__module__.startswith(OURS)
    }
    sandbox = {"bot_api", "control", "zalo_api", "zalo_oauth", "facebook_api", "social_control"}
    # Signed: channels.callbacks, .calling and .watching.
    assert exempt == sandbox | {"receive", "acknowledge", "arrived"}


def test_a_post_from_elsewhere_changes_nothing(person: Callable[[str], Any], room: Channel) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person("administrator"))
    page = factories.article()
    places = [
        reverse("channels:switch_off", args=[room.pk]),
        reverse("channels:test", args=[room.pk]),
        reverse("channels:edit", args=[room.pk]),
        reverse("ingest_import"),
        reverse("ingest_make_drafts"),
        reverse("campaigns_plans:import"),
        reverse("portal_delivery_act", args=[page.pk, 1, "confirm"]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_login"),
    ]
    for place in places:
        assert browser.post(place, {"action-publish": "1"}).status_code == 403, place
    room.refresh_from_db()
    assert room.is_active
    assert not ArticlePage.objects.live().exists()


def test_nobody_keeps_a_copy_of_admin_pages(as_person: Callable[[str], Client]) -> None:
    page = factories.article(live=True)
    browser = as_person("administrator")
    places = [
        reverse("wagtailadmin_home"),
        reverse("channels:index"),
        reverse("channels_deliveries"),
        reverse("portal_deliveries", args=[page.pk]),
        reverse("ingest_import"),
        reverse("campaigns_plans:list"),
        reverse("campaigns_plans:import"),
        reverse("organisations:list"),
    ]
    for place in places:
        answer = browser.get(place)
        assert answer.status_code == 200
        assert "private" in answer["Cache-Control"], place
        assert "no-cache" in answer["Cache-Control"]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere_after_logging_in(
    person: Callable[[str], Any], target: str
) -> None:
    person("reporter")
    form = {"username": "reporter", "password": "mat-khau-thu", "next": target}
    answer = Client().post(reverse("wagtailadmin_login"), form)
    assert answer["Location"] == reverse("wagtailadmin_home")


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
def test_no_item_is_private_here_and_public_in_the_feeds(
    as_person: Callable[[str], Client], kind: str
) -> None:
    page = factories.article(live=True)
    form = {"restriction_type": kind, "password": "x", "groups": [Group.objects.all()[0].pk]}
    for restricted in (page, page.get_parent(), page.section):
        url = reverse("wagtailadmin_pages:set_privacy", args=[restricted.pk])
        as_person("administrator").post(url, form)
    assert not PageViewRestriction.objects.exists()


# Secrets


@pytest.fixture
def group(db: None) -> Channel:
    """A Telegram group whose base address is closed."""
    return factories.channel(
        "nhom", "telegram", name="Nhóm CCHC", options={"chat_id": -4001}, secret=encrypt(TOKEN)
    )


def test_no_page_of_the_admin_shows_a_secret(
    as_person: Callable[[str], Client], group: Channel
) -> None:
    page = factories.article(live=True)
    browser = as_person("administrator")
    form = {"name": "", "secret": TOKEN, "options-chat_id": "-4001", "options-parse_mode": "HTML"}
    form |= {"retry_tries": "3", "retry_first": "60", "retry_longest": "30", "open_after": "2"}
    form |= {"options-silent": "never", "options-preview": "usual"}
    answers = [
        browser.post(reverse("channels:edit", args=[group.pk]), form),  # refused: no name
        browser.post(reverse("channels:edit", args=[group.pk]), form | {"name": "Nhóm mới"}),
        *(
            browser.get(reverse(f"channels:{name}", args=[group.pk]))
            for name in ("edit", "inspect", "history", "delete", "usage")
        ),
        browser.get(reverse("channels:index")),
        browser.get(reverse("channels_deliveries")),
        browser.get(reverse("channels_deliveries"), {"export": "csv"}),
        browser.get(reverse("wagtailadmin_reports:site_history")),
        browser.get(reverse("wagtailadmin_pages:edit", args=[page.pk])),
        browser.get(reverse("wagtailadmin_pages:history", args=[page.pk])),
    ]
    stored = Channel.objects.get(pk=group.pk).secret
    assert stored not in {"", group.secret}
    for answer in answers:
        text = answer.getvalue().decode()
        assert answer.status_code in {200, 302}
        assert not [secret for secret in (TOKEN, stored, group.secret) if secret in text]


def everything_stored() -> str:
    """Return every row of every table that can be read, and the sessions unpacked."""
    rows = [
        row
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
        if not model.__module__.startswith("channels.sandbox")
        for row in model._default_manager.all()
    ]
    sessions = [session.get_decoded() for session in Session.objects.all()]
    return serializers.serialize("json", rows) + str(sessions)


def test_a_secret_is_stored_nowhere_but_encrypted(
    as_person: Callable[[str], Client], group: Channel
) -> None:
    factories.article(live=True)
    form = {"name": "Nhóm", "secret": TOKEN, "options-chat_id": "-1", "options-parse_mode": "HTML"}
    browser = as_person("administrator")
    browser.post(reverse("channels:edit", args=[group.pk]), form)
    browser.post(reverse("channels:edit", args=[group.pk]), form | {"name": ""})
    stored = everything_stored()
    assert TOKEN not in stored
    assert stored.count(Channel.objects.get(pk=group.pk).secret) == 1


def test_neither_objects_nor_failures_nor_the_log_tell_a_secret(
    group: Channel, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    adapter = building.adapter(group)
    assert TOKEN not in f"{group!r} {adapter!r} {adapter.__dict__.get('http')!r}"
    assert TOKEN.encode() not in pickle.dumps(group)
    said = []
    for base in ("http://127.0.0.1:1", "http://[", "http://10.0.0.1", "ftp://x"):
        settings.TELEGRAM_API_URL = base
        outcome = actions.send_test(group, None)
        said += [outcome.reason, repr(outcome)]
        with pytest.raises(DeliveryError) as failure:
            actions.check(group)
        causes = (failure.value, failure.value.__cause__, failure.value.__context__)
        said += [repr(error) for error in causes]
    assert TOKEN not in " ".join(said) + caplog.text


async def never(*args: Any, **kwargs: Any) -> Any:
    raise AssertionError("A name was looked up or a connection opened")


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:8000/sandbox/telegram", "http://169.254.169.254", "http://[::1]:80"]
)
def test_telegrams_base_address_is_guarded_too(
    group: Channel, settings: Any, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    settings.TELEGRAM_API_URL, settings.OUTBOUND_ALLOW = base, []
    monkeypatch.setattr("core.http.Client._speak", never)
    adapter = building.adapter(group)
    with pytest.raises(Exception, match="mạng nội bộ"):
        async_to_sync(adapter.check)()
    assert "mạng nội bộ" in actions.send_test(group, None).reason
