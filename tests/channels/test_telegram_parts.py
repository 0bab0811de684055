"""What goes with a Telegram message: albums, sounds, documents, pins, topics; and every cut."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from channels.adapters.telegram import Telegram
from channels.adapters.telegram_record import Held, Plan, Record, pictures
from channels.adapters.telegram_text import CAPTION_LIMIT, units
from channels.contract import (
    Document,
    Message,
    PermanentError,
    Picture,
    Receipt,
    Story,
    TemporaryError,
    UncertainError,
)
from channels.sandbox import seed
from channels.sandbox.models import SandboxChat, SandboxMessage
from tests import factories
from tests.channels.bot_api import CHAT, TOKEN, InProcess, Stored, check_call, picture_bytes

PASS: dict[str, Any] = {"fault": "slow", "seconds": 0}
MAIN = Picture(
    url="https://a.example/0.jpg", file="0.jpg", mime="image/jpeg", size=900, width=64, height=36
)
MORE = tuple(replace(MAIN, file=f"{number}.jpg") for number in range(1, 5))
SOUND = Document(
    url="https://a.example/a.mp3", file="a.mp3", title="Bản tin", mime="audio/mpeg", size=9
)
PAPERS = tuple(
    replace(SOUND, file=f"{number}.pdf", title=f"Văn bản {number}", mime="application/pdf")
    for number in range(2)
)
FILES = Stored(
    {f"{number}.jpg": picture_bytes(60 + number) for number in range(20)}
    | {f"{number}.pdf": b"%PDF" + bytes([number]) for number in range(20)}
    | {"a.mp3": b"ID3"}
)


def story(**values: Any) -> Story:
    plain = {"key": "5f0c7a34-0b1c-4a4e-9f57-0d3c9d3b8a11", "picture": MAIN, "section": "moi",
             "author": "Sở Nội vụ"}  # fmt: skip
    return factories.story(**(plain | values))


def everything(**values: Any) -> Story:
    whole = {"pictures": MORE, "documents": (*PAPERS, SOUND), "level": "urgent"}
    return story(**(whole | values))


@pytest.fixture
def connection(db: None) -> BaseDatabaseWrapper:
    return connections["default"]


@pytest.fixture
async def http(connection: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> InProcess:
    """The sandbox in this process, working in the test's own thread and transaction."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    connections["default"] = connection
    seed(CHAT, "Tổ công tác CCHC", TOKEN)
    return InProcess()


def adapter(http: Any = None, files: Stored = FILES, **options: Any) -> Telegram:
    chosen = Telegram.Options.model_validate({"chat_id": CHAT, **options})
    return Telegram(chosen, TOKEN, http=http, files=files)


def faults(*wanted: dict[str, Any]) -> None:
    SandboxChat.objects.filter(chat_id=CHAT).update(faults=list(wanted))


def standing() -> list[SandboxMessage]:
    return list(SandboxMessage.objects.filter(deleted_at=None).order_by("message_id"))


async def carry(
    telegram: Telegram, message: Message, receipt: Receipt | None = None, tries: int = 0
) -> Receipt:
    """Do what the outbox does: go on until nothing is left, and try again what did not go."""
    while receipt is None or receipt.unfinished or tries:
        try:
            receipt = await (
                telegram.send(message) if receipt is None else telegram.update(message, receipt)
            )
        except TemporaryError:
            tries -= 1
            assert tries >= 0
            continue
        tries = tries if receipt.unfinished else 0
    return receipt


def ids(receipt: Receipt) -> set[int]:
    record = Record.of(receipt)
    return {record.main, *record.others}


# --- what is chosen ----------------------------------------------------------------------------


def test_an_item_with_several_pictures_is_an_album_led_by_the_main_one() -> None:
    message = adapter().compose(story(pictures=MORE))
    assert pictures(message) == [MAIN, *MORE]
    assert units(message.text) <= CAPTION_LIMIT
    many = tuple(replace(MAIN, file=f"{number}.jpg") for number in range(1, 20))
    assert len(pictures(adapter().compose(story(pictures=many)))) == 10
    assert pictures(adapter().compose(story(picture=None, pictures=MORE))) == list(MORE)
    assert pictures(adapter().compose(story(picture=None, pictures=MORE[:1]))) == []
    assert pictures(adapter(with_album=False).compose(story(pictures=MORE))) == [MAIN]
    unfit = replace(MORE[0], mime="image/avif")
    assert pictures(adapter().compose(story(pictures=(unfit, MORE[1])))) == [MAIN, MORE[1]]


def test_sounds_go_first_and_what_is_too_large_stays_on_the_portal() -> None:
    large = replace(PAPERS[0], file="9.pdf", size=50_000_001)
    documents = (PAPERS[0], large, SOUND, PAPERS[0], PAPERS[1])
    assert adapter().compose(story(documents=documents)).documents == (SOUND, *PAPERS)
    assert adapter(with_sound=False).compose(story(documents=documents)).documents == PAPERS
    assert adapter(with_documents=False).compose(story(documents=documents)).documents == (SOUND,)


def test_the_topic_goes_by_the_section() -> None:
    topics = ["Chuyển đổi số = 12", "moi: 5"]
    there = adapter(topics=topics, thread_id=3)
    assert there.compose(story()).details == {"thread_id": 5}
    named = story(section="x", section_name="chuyển đổi  SỐ")
    assert there.compose(named).details == {"thread_id": 12}
    assert there.compose(story(section="khac")).details == {"thread_id": 3}
    assert adapter(thread_id=3).compose(story()).details == {}
    for wrong in (["Chuyển đổi số"], ["= 5"], ["a = 0"], ["a = x"]):
        with pytest.raises(ValidationError):
            adapter(topics=wrong)


@pytest.mark.parametrize(
    ("silent", "level", "hour", "quiet"),
    [("never", "normal", 23, False), ("always", "urgent", 12, True),
     ("ordinary", "normal", 12, True), ("ordinary", "priority", 12, False),
     ("night", "normal", 22, True), ("night", "priority", 4, True), ("night", "urgent", 4, False),
     ("night", "normal", 12, False), (True, "normal", 12, True), (False, "normal", 12, False)],
)  # fmt: skip
def test_which_items_come_without_a_sound(silent, level: str, hour: int, quiet: bool) -> None:
    moment = datetime.combine(datetime(2026, 5, 12, tzinfo=UTC), time(hour))
    assert adapter(silent=silent)._is_silent(level, moment) is quiet


@pytest.mark.one_database
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_one_part_after_the_other_leads_from_anything_to_the_message(data: st.DataObject) -> None:
    """However many files of whatever kinds, old and new: none twice, none missing, ten at most."""
    pool = [replace(SOUND, file=f"{n}", mime=("audio/mpeg", "application/pdf")[n % 2])
            for n in range(30)]  # fmt: skip
    wanted = data.draw(st.lists(st.sampled_from(pool), max_size=30, unique_by=lambda d: d.file))
    there = data.draw(st.lists(st.sampled_from(pool), max_size=9, unique_by=lambda d: d.file))
    kinds = {"audio/mpeg": "audio", "application/pdf": "document"}
    record = Record(
        chat=1, main=1,
        attached=tuple(Held(100 + n, kinds[one.mime], one.file) for n, one in enumerate(there)),
    )  # fmt: skip
    message = factories.message(documents=tuple(wanted))
    plan = Plan(message, record)
    plan = Plan(message, record.without(plan.surplus))
    number = 200
    while part := plan.next_part:
        assert 1 <= len(part.files) <= 10
        number += len(part.files)
        new = tuple(Held(number + n, part.kind, one.file) for n, one in enumerate(part.files))
        plan = Plan(message, replace(plan.record, attached=plan.record.attached + new))
    files = [one.file for one in plan.record.attached]
    assert sorted(files) == sorted(one.file for one in wanted)
    assert Record.of(Receipt(details=plan.record.details)) == plan.record


# --- sending -----------------------------------------------------------------------------------


async def test_everything_arrives_once_and_in_order(http: InProcess) -> None:
    telegram = adapter(http)
    message = telegram.compose(everything())
    receipt = await carry(telegram, message)
    stood = standing()
    assert [one.media for one in stood] == ["photo"] * 5 + ["audio"] + ["document"] * 2
    assert [bool(one.text) for one in stood[:5]] == [True, False, False, False, False]
    assert {one.reply_to for one in stood[5:]} == {1}
    assert len({one.group for one in stood[:5]}) == len({one.group for one in stood[6:]}) == 1
    assert (stood[5].title, stood[5].performer) == ("Bản tin", "Sở Nội vụ")
    assert stood[6].text == "Văn bản 0"
    assert [one.pinned_at is not None for one in stood] == [True] + [False] * 7
    assert ids(receipt) == {one.message_id for one in stood}
    assert not receipt.note
    assert "said" not in receipt.details
    for method, parameters in http.calls:
        check_call(method, parameters)
    await telegram.retract(message, receipt)
    assert standing() == []


def test_an_album_counts_as_many_messages() -> None:
    telegram = adapter()
    message = telegram.compose(everything())
    assert telegram.cost(message, None) == 5
    record = Record(chat=CHAT, main=1, photo=True, picture="0.jpg", pin="done",
                    attached=(Held(6, "audio", "a.mp3"),))  # fmt: skip
    assert telegram.cost(message, Receipt(details=record.details)) == 4  # pictures without room
    plain = telegram.compose(story(picture=None))
    assert telegram.cost(plain, None) == 1


async def test_a_message_says_what_is_still_to_come(http: InProcess) -> None:
    telegram = adapter(http)
    receipt = await telegram.send(telegram.compose(story(documents=PAPERS)))
    assert receipt.unfinished
    assert receipt.note == "Đã đăng; còn phải gửi: Văn bản 0, Văn bản 1."


CUTS = ["too_many_requests", "server_error", "bad_gateway"]


@pytest.mark.parametrize("fault", CUTS)
@pytest.mark.parametrize("place", range(4))
async def test_whatever_fails_for_a_while_nothing_doubles(
    http: InProcess, fault: str, place: int
) -> None:
    faults(*[PASS] * place, {"fault": fault, "seconds": 1})
    telegram = adapter(http)
    receipt = await carry(telegram, telegram.compose(everything()), tries=1)
    assert SandboxChat.objects.get().faults == []
    files = [one.file_digest for one in standing()]
    assert len(files) == len(set(files)) == SandboxMessage.objects.count() == 8
    assert ids(receipt) == {one.message_id for one in standing()}


@pytest.mark.parametrize("place", range(5))
async def test_a_correction_interrupted_anywhere_comes_to_the_same(
    http: InProcess, place: int
) -> None:
    telegram = adapter(http)
    receipt = await carry(telegram, telegram.compose(everything()))
    new = replace(PAPERS[0], file="7.pdf", title="Văn bản mới")
    corrected = telegram.compose(
        everything(title="Đã sửa", pictures=(replace(MORE[0], file="9.jpg"), MORE[1], MORE[2]),
                   documents=(PAPERS[1], new, SOUND))
    )  # fmt: skip
    faults(*[PASS] * place, {"fault": "server_error"})
    with suppress(TemporaryError):
        receipt = await telegram.update(corrected, receipt)
    receipt = await carry(telegram, corrected, await telegram.update(corrected, receipt), tries=1)
    stood = standing()
    assert [one.width for one in stood if one.media == "photo"] == [60, 69, 62, 63]
    assert {one.text for one in stood if one.media == "document"} == {"Văn bản 1", "Văn bản mới"}
    assert "Đã sửa" in stood[0].text
    assert len(stood) == 7
    assert ids(receipt) == {one.message_id for one in stood}


async def test_a_withdrawal_interrupted_anywhere_removes_all(http: InProcess) -> None:
    telegram = adapter(http)
    message = telegram.compose(everything())
    receipt = await carry(telegram, message)
    for place in range(7, -1, -1):
        faults(*[PASS] * place, {"fault": "server_error"})
        with pytest.raises(TemporaryError):
            await telegram.retract(message, receipt)
    faults()
    await telegram.retract(message, receipt)
    assert standing() == []


async def test_an_answer_that_never_comes_is_a_doubt_and_what_stands_is_known(
    http: InProcess,
) -> None:
    telegram = adapter(http)
    message = telegram.compose(everything(level="normal"))
    receipt = await telegram.send(message)
    faults({"fault": "cut"})
    with pytest.raises(UncertainError):
        await telegram.update(message, receipt)
    there = {one.message_id for one in standing()}
    assert len(there - ids(receipt)) == 1  # which is the doubt
    assert ids(receipt) < there


async def test_what_telegram_refuses_is_named_and_the_rest_goes_on(http: InProcess) -> None:
    gone = replace(PAPERS[0], file="khong-co.pdf", title="Đã mất")
    telegram = adapter(http)
    receipt = await carry(telegram, telegram.compose(story(documents=(gone, SOUND))))
    assert [one.media for one in standing()] == ["photo", "audio"]
    assert "Đã mất" in receipt.note
    assert not receipt.awaits_person


async def test_a_removed_bot_stops_in_the_middle(http: InProcess) -> None:
    telegram = adapter(http)
    message = telegram.compose(story(documents=PAPERS))
    receipt = await telegram.send(message)
    faults({"fault": "kicked"})
    with pytest.raises(PermanentError) as caught:
        await telegram.update(message, receipt)
    assert caught.value.stops_channel


# --- pins, topics, previews, what cannot be edited ---------------------------------------------


async def test_without_the_right_to_pin_the_message_stands_all_the_same(http: InProcess) -> None:
    SandboxChat.objects.update(bot_may_pin=False)
    telegram = adapter(http)
    receipt = await carry(telegram, telegram.compose(story(level="urgent")))
    assert receipt.note == "Chưa ghim được: bot không có quyền ghim tin trong nhóm này."
    assert not receipt.awaits_person
    SandboxChat.objects.update(bot_may_pin=True)
    again = await carry(telegram, telegram.compose(story(level="urgent", title="B")), receipt)
    assert again.details["pin"] == "refused"


@pytest.mark.parametrize("options", [{}, {"pin_urgent": False}])
async def test_only_urgent_items_are_pinned_and_only_if_wanted(http, options) -> None:
    telegram = adapter(http, **options)
    await carry(telegram, telegram.compose(story(level="urgent" if options else "priority")))
    assert "pinChatMessage" not in http.names()


async def test_a_pin_comes_off_what_can_only_be_replaced_by_a_note(http: InProcess) -> None:
    telegram = adapter(http)
    message = telegram.compose(story(level="urgent", picture=None))
    receipt = await carry(telegram, message)
    SandboxMessage.objects.update(sent_at=timezone.now() - timedelta(hours=49))
    taken_back = await telegram.retract(message, receipt)
    assert (standing()[0].text, standing()[0].pinned_at) == ("Tin này đã được gỡ.", None)
    assert not taken_back.awaits_person


async def test_what_was_pinned_is_unpinned_at_its_end_and_not_pinned_again(http: InProcess) -> None:
    telegram = adapter(http)
    message = telegram.compose(story(level="urgent", picture=None))
    assert telegram.must_end(message, None)  # it is on its way
    receipt = await carry(telegram, message)
    assert telegram.must_end(message, receipt)
    ended = await telegram.end(message, receipt)
    assert [one.pinned_at for one in standing()] == [None]
    assert not ended.unfinished
    assert not telegram.must_end(message, ended)
    again = await telegram.end(message, receipt)  # an answer that got lost: nothing is left to do
    assert again.details == ended.details
    corrected = telegram.compose(story(level="urgent", picture=None, title="Đã sửa"))
    after = await carry(telegram, corrected, ended)
    assert http.names().count("pinChatMessage") == 1
    assert [one.pinned_at for one in standing()] == [None]
    await telegram.retract(corrected, after)
    assert standing() == []


async def test_what_somebody_deleted_needs_no_end(http: InProcess) -> None:
    telegram = adapter(http)
    message = telegram.compose(story(level="urgent", picture=None))
    receipt = await carry(telegram, message)
    SandboxMessage.objects.update(deleted_at=timezone.now())
    assert not (await telegram.end(message, receipt)).awaits_person


async def test_without_the_right_to_unpin_a_person_is_asked(http: InProcess) -> None:
    telegram = adapter(http)
    message = telegram.compose(story(level="urgent", picture=None))
    receipt = await carry(telegram, message)
    SandboxChat.objects.update(bot_may_pin=False)
    ended = await telegram.end(message, receipt)
    assert ended.awaits_person
    assert "Quản trị" in ended.note or "quản trị" in ended.note


@pytest.mark.parametrize(
    ("options", "level"), [({"pin_urgent": False}, "urgent"), ({}, "priority")]
)
def test_what_is_never_pinned_has_no_end(options: dict[str, Any], level: str) -> None:
    telegram = adapter(**options)
    assert not telegram.must_end(telegram.compose(story(level=level)), None)


async def test_a_closed_topic_of_one_section_stops_no_other(http: InProcess) -> None:
    SandboxChat.objects.update(topics={"5": "closed", "3": "open"})
    telegram = adapter(http, topics=["moi = 5", "xa = 9"], thread_id=3)
    for section, words in (("moi", "đã đóng"), ("xa", "không còn")):
        with pytest.raises(PermanentError, match=words) as caught:
            await telegram.send(telegram.compose(story(section=section)))
        assert not caught.value.stops_channel
    await telegram.send(telegram.compose(story(section="khac")))
    assert standing()[0].thread_id == 3
    with pytest.raises(PermanentError) as caught:
        await adapter(http, thread_id=5).send(adapter().compose(story()))
    assert caught.value.stops_channel


async def test_the_first_topic_is_never_named(http: InProcess) -> None:
    SandboxChat.objects.update(topics={"5": "open"})
    telegram = adapter(http, thread_id=1)
    await telegram.send(telegram.compose(story()))
    assert standing()[0].thread_id is None


@pytest.mark.parametrize(
    ("preview", "kept"),
    [("usual", {}), ("none", {"is_disabled": True}),
     ("above", {"prefer_large_media": True, "show_above_text": True})],
)  # fmt: skip
async def test_the_preview_of_the_link_is_chosen(http: InProcess, preview: str, kept: dict) -> None:
    telegram = adapter(http, preview=preview)
    message = telegram.compose(story(picture=None))
    receipt = await telegram.send(message)
    assert standing()[0].link_preview == kept
    await telegram.update(telegram.compose(story(picture=None, title="B")), receipt)
    assert standing()[0].link_preview == kept
    for method, parameters in http.calls:
        check_call(method, parameters)


async def test_what_cannot_be_edited_is_corrected_by_a_reply(http: InProcess) -> None:
    telegram = adapter(http)
    message = telegram.compose(story(pictures=MORE, documents=PAPERS))
    receipt = await carry(telegram, message)
    SandboxChat.objects.update(bot_may_edit=False)
    corrected = telegram.compose(story(pictures=MORE, documents=PAPERS, title="Đã sửa"))
    again = await carry(telegram, corrected, await telegram.update(corrected, receipt))
    reply = standing()[-1]
    assert (reply.reply_to, reply.media, reply.text) == (1, "", corrected.text)
    assert "trả lời" in again.note
    assert ids(again) == {one.message_id for one in standing()}
    await telegram.retract(corrected, again)
    assert standing() == []


async def test_pictures_that_an_album_has_no_room_for_follow_it(http: InProcess) -> None:
    telegram = adapter(http)
    receipt = await carry(telegram, telegram.compose(story(pictures=MORE[:1])))
    corrected = telegram.compose(story(pictures=MORE[:3]))
    again = await carry(telegram, corrected, await telegram.update(corrected, receipt))
    assert [(one.media, one.reply_to) for one in standing()] == [
        ("photo", None), ("photo", None), ("photo", 1), ("photo", 1),
    ]  # fmt: skip
    assert ids(again) == {1, 2, 3, 4}


async def test_after_48_hours_an_album_is_a_task_for_a_person(http: InProcess) -> None:
    telegram = adapter(http)
    message = telegram.compose(story(documents=PAPERS))
    receipt = await carry(telegram, message)
    SandboxMessage.objects.update(sent_at=timezone.now() - timedelta(hours=49))
    taken_back = await telegram.retract(message, receipt)
    assert taken_back.awaits_person
    assert standing()[0].text == "Tin này đã được gỡ."


async def test_a_wish_to_wait_is_about_the_bot(http: InProcess) -> None:
    faults({"fault": "too_many_requests", "seconds": 17})
    telegram, other = adapter(http), adapter(http, chat_id=-77)
    with pytest.raises(TemporaryError) as caught:
        await telegram.send(telegram.compose(story()))
    assert caught.value.pace == telegram.paces()[0].key == other.paces()[0].key
    assert caught.value.retry_after == timedelta(seconds=17)


async def test_receipts_of_older_versions_are_understood(http: InProcess) -> None:
    telegram: Telegram = adapter(http)
    message = telegram.compose(story())
    receipt = await telegram.send(message)
    assert receipt.details == {"chat_id": CHAT, "message_id": 1, "photo": True, "picture": "0.jpg"}
    oldest = replace(receipt, details={"chat_id": CHAT, "message_id": 1, "photo": True})
    for act in (telegram.update, telegram.retract):
        done: Callable[..., Any] = act
        assert not (await done(message, oldest)).awaits_person
    assert standing() == []
