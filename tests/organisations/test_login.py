"""Whoever guesses passwords is stopped; whoever does not is not."""

import logging
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache.backends import locmem
from django.test import Client, RequestFactory
from django.urls import reverse

from core.throttle import client_address
from organisations import login
from organisations.models import User

pytestmark = pytest.mark.usefixtures("reporter")
RIGHT = "mat-khau-thu"
MESSAGE = "Vui lòng thử lại sau 15 phút"


def attempt(username: str = "reporter", password: str = RIGHT, **meta: Any) -> Any:
    form = {"username": username, "password": password}
    return Client(**meta).post(reverse("wagtailadmin_login"), form)


def fail(times: int, username: str = "reporter", **meta: Any) -> None:
    for _ in range(times):
        assert MESSAGE not in attempt(username, "sai", **meta).content.decode()


def test_ten_wrong_passwords_close_the_account_to_that_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fail(login.PER_ACCOUNT.most)
    with caplog.at_level(logging.WARNING):
        refused = attempt()
    assert refused.status_code == 200
    assert MESSAGE in refused.content.decode()
    assert "127.0.0.1" in caplog.text
    assert RIGHT not in caplog.text
    assert MESSAGE in attempt("REPORTER ").content.decode()  # no way around by spelling
    assert attempt(REMOTE_ADDR="10.1.1.1").status_code == 302


def test_time_opens_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(login.PER_ACCOUNT.most)
    later = time.time() + login.WINDOW + 1
    monkeypatch.setattr(locmem, "time", SimpleNamespace(time=lambda: later))
    assert attempt().status_code == 302


def test_logging_in_clears_the_count() -> None:
    for _ in range(2):
        fail(login.PER_ACCOUNT.most - 1)
        assert attempt().status_code == 302


def test_trying_many_accounts_closes_the_address(
    monkeypatch: pytest.MonkeyPatch, person: Callable[[str], User]
) -> None:
    person("editor")
    monkeypatch.setattr(login, "PER_ADDRESS", login.Limit("few", 3, 60))
    for name in ("a", "b", "c"):
        fail(1, name)
    assert MESSAGE in attempt("editor").content.decode()
    assert attempt("editor", REMOTE_ADDR="10.1.1.1").status_code == 302


def test_an_empty_form_is_not_an_attempt() -> None:
    for _ in range(login.PER_ACCOUNT.most + 1):
        attempt("reporter", "")
    assert attempt().status_code == 302


@pytest.mark.parametrize(
    ("trusted", "header", "expected"),
    [
        (False, "203.0.113.5", "127.0.0.1"),
        (True, "203.0.113.5", "203.0.113.5"),
        (True, "1.1.1.1, 203.0.113.5", "203.0.113.5"),  # the first was sent by the client
        (True, "2001:DB8::1", "2001:db8::1"),
        (True, "", "127.0.0.1"),
        (True, "unknown\n", ""),
    ],
)
def test_the_address_is_the_one_the_proxy_saw(
    settings: LazySettings, rf: RequestFactory, trusted: bool, header: str, expected: str
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if trusted else None
    request = rf.get("/", HTTP_X_FORWARDED_FOR=header)
    assert client_address(request) == expected


def test_the_form_asks_in_the_language_of_the_person() -> None:
    assert login.ThrottledLoginForm().fields["password"].label == "Mật khẩu"
