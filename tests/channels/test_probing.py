"""Asking a destination whether it is there."""

import logging
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from channels import probing
from channels.contract import NotSent, PermanentError, TemporaryError
from tests import factories
from tests.channels.channel_fixtures import TOKEN, Box

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _box(box: type[Box]) -> None:
    """Every test here uses that kind."""


def probed(answer: Any, **values: Any) -> probing.Probed:
    Box.answer = answer
    options = values.pop("options", {"chat_id": 7})
    channel = factories.channel("hop", "box", options=options, **values)
    return async_to_sync(probing.probe_channel)(channel)


def test_a_destination_that_answers_is_named() -> None:
    found = probed("Nhóm CCHC")
    assert (found.ok, found.name) == (True, "Nhóm CCHC")


@pytest.mark.parametrize(
    ("answer", "reason", "permanent"),
    [
        (PermanentError("Mã truy cập không đúng."), "Mã truy cập không đúng.", True),
        (TemporaryError("Không nối được."), "Không nối được.", False),
        (NotSent("Không nối được."), "Không nối được.", False),
        (TimeoutError(), "không trả lời kịp", False),
        (ZeroDivisionError(TOKEN), "Lỗi nội bộ", False),
    ],
)
def test_what_goes_wrong_is_an_answer_too(
    answer: Exception, reason: str, permanent: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        found = probed(answer)
    assert (found.ok, found.permanent) == (False, permanent)
    assert reason in found.reason
    assert TOKEN not in found.reason + caplog.text


def test_unusable_settings_are_an_answer_too() -> None:
    found = probed("Nhóm CCHC", options={})
    assert (found.ok, found.permanent) == (False, True)
