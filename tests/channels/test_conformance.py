"""Every adapter against the table of faults, and the promises of the contract."""

import asyncio
import json
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import translation

from channels import payload
from channels.contract import Adapter, DeliveryError, PermanentError, TemporaryError
from channels.http import OutboundClient
from channels.registry import ADAPTERS
from tests.certificates import server_context
from tests.channels.conformance import (
    FAULTS,
    NEEDED_OPTIONS,
    OWN_TRANSPORT,
    PICTURE,
    STORY,
    SUBJECTS,
    Answer,
    Fault,
    Receiver,
    adapter,
    receiver,
)

STORIES = [
    STORY,
    replace(STORY, picture=PICTURE, wide_picture=replace(PICTURE, width=1920, height=1080)),
    replace(STORY, summary="", text="Một câu. " * 2000, level="urgent"),
    replace(STORY, title="Dài " * 1250, summary="", text="", section_name="", author="N.V.A"),
]


def every_kind() -> list[Adapter]:
    """Return an adapter of each kind, set up as its subject says or with as little as it needs."""
    return [
        adapter(kind, OutboundClient())
        if kind in SUBJECTS
        else cls(
            cls.Options.model_validate(NEEDED_OPTIONS.get(kind, {})),
            "",
            http=OutboundClient(),
            files=None,  # type: ignore[arg-type]
        )
        for kind, cls in ADAPTERS.items()
    ]


def test_every_kind_that_sends_has_a_subject() -> None:
    assert {kind for kind, cls in ADAPTERS.items() if not cls.pulls} == set(
        SUBJECTS
    ) | OWN_TRANSPORT


# --- faults ------------------------------------------------------------------------------------


def placed(kind: str, there: Receiver, settings: LazySettings) -> Adapter:
    """Return the adapter of a subject whose address, setting or option, leads there."""
    if SUBJECTS[kind].address_setting:
        setattr(settings, SUBJECTS[kind].address_setting, there.url)
    return adapter(kind, there.client, there.url)


def faults_of(kind: str) -> list[Fault]:
    """Return what is a fault to this kind; some take an empty yes for a receipt."""
    return [fault for fault in FAULTS if fault.name not in SUBJECTS[kind].accepts]


CASES = [
    pytest.param(kind, fault, id=f"{kind}-{fault.name}")
    for kind in SUBJECTS
    for fault in faults_of(kind)
]


async def outcome(act: Callable[[], Awaitable[object]]) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await act()
    return caught.value


def keeps_secret(error: BaseException, secret: str, logged: str) -> None:
    """Neither the error, nor its traceback, nor the log holds any part of the secret."""
    told = [str(error), repr(error), "".join(traceback.format_exception(error)), logged]
    for part in {secret, *secret.split(":"), *_texts(secret)}:
        assert not any(part in words for words in told)


def _texts(secret: str) -> list[str]:
    """Return the secrets of a kind that keeps several."""
    parts = json.loads(secret).values() if secret.startswith("{") else []
    return [part for part in parts if isinstance(part, str)]


@pytest.mark.parametrize(("kind", "fault"), CASES)
async def test_sending(
    kind: str, fault: Fault, settings: LazySettings, tmp_path: Path, caplog
) -> None:
    caplog.set_level("DEBUG")
    subject = SUBJECTS[kind]
    tls = server_context(tmp_path) if fault.setup == "tls" else None
    async with receiver(subject, fault, tls) as there:
        sender = placed(kind, there, settings)
        message = sender.compose(STORY)
        error = await outcome(lambda: sender.send(message))
    assert isinstance(error, fault.expected or subject.page)
    assert str(error)
    keeps_secret(error, subject.secret, caplog.text)
    assert "receiver.example" not in str(error)
    if fault.retry_after is not None:
        assert isinstance(error, TemporaryError)
        assert error.retry_after == fault.retry_after
    if fault.stops_channel is not None:
        assert isinstance(error, PermanentError)
        assert error.stops_channel is fault.stops_channel
    assert len(there.received) == (1 if fault.setup == "listen" else 0)


@pytest.mark.parametrize("verb", ["update", "retract", "check"])
@pytest.mark.parametrize(("kind", "fault"), CASES)
async def test_correcting_withdrawing_and_checking(
    kind: str, verb: str, fault: Fault, settings: LazySettings, tmp_path: Path, caplog
) -> None:
    """Only delivery errors come out. What may be repeated without harm need not be the same
    class as for sending; a promise to wait and a stopped channel are."""
    subject = SUBJECTS[kind]
    tls = server_context(tmp_path) if fault.setup == "tls" else None
    async with receiver(subject, fault, tls) as there:
        sender = placed(kind, there, settings)
        message = sender.compose(STORY)
        arguments = [] if verb == "check" else [message, subject.receipt]
        error = await outcome(lambda: getattr(sender, verb)(*arguments))
    keeps_secret(error, subject.secret, caplog.text)
    assert getattr(error, "retry_after", None) == fault.retry_after
    if fault.stops_channel:
        assert isinstance(error, PermanentError)


@pytest.mark.parametrize("kind", SUBJECTS)
async def test_cancelling_leaves_nothing(kind: str, settings: LazySettings) -> None:
    subject = SUBJECTS[kind]
    silent = Fault("silence", (), lambda _subject: Answer(ending="wait"))
    async with receiver(subject, silent) as there:
        sender = placed(kind, there, settings)
        before = asyncio.all_tasks()
        task = asyncio.create_task(sender.send(sender.compose(STORY)))
        while not there.received:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(there.finished.wait(), 5)  # the connection was closed
        await asyncio.sleep(0)
        assert asyncio.all_tasks() - before == set()


# --- promises ----------------------------------------------------------------------------------


@pytest.mark.parametrize("story", STORIES, ids=["plain", "picture", "long", "title"])
@pytest.mark.parametrize("sender", every_kind(), ids=lambda sender: sender.kind)
def test_composing_is_pure(sender: Adapter, story) -> None:
    message = sender.compose(story)
    with translation.override("en"):  # whoever looks, the item speaks its own language
        assert sender.compose(story) == message
    assert message.story == story.key
    assert message.key


@pytest.mark.parametrize("sender", every_kind(), ids=lambda sender: sender.kind)
def test_keys_tell_versions_apart(sender: Adapter) -> None:
    later = replace(STORY, sequence=STORY.sequence + 1)
    assert sender.compose(STORY).key != sender.compose(later).key


@pytest.mark.parametrize("story", STORIES, ids=["plain", "picture", "long", "title"])
@pytest.mark.parametrize("sender", every_kind(), ids=lambda sender: sender.kind)
def test_messages_survive_the_outbox(sender: Adapter, story) -> None:
    message = sender.compose(story)
    stored = json.loads(json.dumps(payload.to_json(message)))
    assert payload.message_from_json(stored) == message


@pytest.mark.parametrize("sender", every_kind(), ids=lambda sender: sender.kind)
def test_messages_are_frozen(sender: Adapter) -> None:
    with pytest.raises(FrozenInstanceError):
        sender.compose(STORY).title = "other"  # type: ignore[misc]


@pytest.mark.parametrize("sender", every_kind(), ids=lambda sender: sender.kind)
def test_paces_make_sense(sender: Adapter) -> None:
    for pace in sender.paces():
        assert pace.interval > 0
        assert pace.burst >= 1
        assert 0 < len(pace.key) <= 120
        assert not sender.secret or sender.secret not in pace.key
