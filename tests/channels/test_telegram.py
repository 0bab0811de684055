"""The Telegram adapter: what it says, and how it behaves against the sandbox."""

import asyncio
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from channels.adapters.telegram import Telegram
from channels.adapters.telegram_text import (
    CAPTION_LIMIT,
    MARKUPS,
    TEXT_LIMIT,
    clean,
    cut,
    hashtag,
    units,
    web_address,
)
from channels.contract import (
    Message,
    PermanentError,
    Picture,
    Receipt,
    Story,
    TemporaryError,
    UncertainError,
)
from channels.sandbox import markup, seed
from channels.sandbox.models import SandboxChat, SandboxMessage
from tests.channels.bot_api import CHAT, TOKEN, InProcess, Stored, check_call, picture_bytes

MOMENT = datetime(2026, 5, 12, 3, 30, tzinfo=UTC)
PICTURE = Picture(
    url="https://so.example.vn/a.jpg", file="images/a.jpg", mime="image/jpeg",
    size=40_000, width=1600, height=900, alt="Hội nghị",
)  # fmt: skip
SPECIAL = [
    *"_*[]()~`>#+-=|{}.!\\<>&\"' \n\t\r",
    "đ", "ệ", "😀", "👩\u200d👩\u200d👧", "\u202e", "\u0301", "ع", "\x00", "\u2028", "\ud800",
    "&lt;", "</b>", "<b>", "](", "||", "http://a.b", "#tag",
]  # fmt: skip
WILD = st.lists(st.one_of(st.sampled_from(SPECIAL), st.characters()), max_size=80).map("".join)


def story(**changes) -> Story:
    plain = Story(
        key="5f0c7a34-0b1c-4a4e-9f57-0d3c9d3b8a11",
        sequence=1,
        title="Tỉnh đẩy mạnh cải cách hành chính",
        summary="Năm 2026, tỉnh rút ngắn thời gian giải quyết 120 thủ tục.",
        text="Sở Nội vụ vừa báo cáo. " * 120,
        html="<p>Sở Nội vụ</p>",
        spoken="",
        address="https://www.tinh.example.vn/tin-tuc/cai-cach/",
        section_name="Cải cách hành chính",
        published=MOMENT,
        updated=MOMENT,
    )
    return replace(plain, **changes)


def adapter(http=None, files=None, secret: str = TOKEN, **options) -> Telegram:
    chosen = Telegram.Options.model_validate({"chat_id": CHAT, **options})
    stored = files or Stored({"images/a.jpg": picture_bytes(), "images/b.jpg": picture_bytes(30)})
    return Telegram(chosen, secret, http=http, files=stored)


# --- options -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"), [("-1001234567890", -1001234567890), (" 42 ", 42),
                         ("@tinh_news", "@tinh_news"), (-5, -5)],
)  # fmt: skip
def test_chats_are_given_by_number_or_name(written: object, read: object) -> None:
    assert Telegram.Options.model_validate({"chat_id": written}).chat_id == read


@pytest.mark.parametrize("written", ["", "0", "tinh_news", "@a", "@tin tức", "12.5", True, None,
                                     "https://t.me/x", "-1001234567890123456789"])  # fmt: skip
def test_other_chats_are_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        Telegram.Options.model_validate({"chat_id": written})


def test_unknown_options_are_refused_and_known_ones_are_described() -> None:
    with pytest.raises(ValidationError):
        Telegram.Options.model_validate({"chat_id": 1, "colour": "red"})
    for field in Telegram.Options.model_fields.values():
        assert str(field.title)
        assert str(field.description)


# --- what is said ------------------------------------------------------------------------------


def test_a_long_item_is_its_title_summary_section_and_link() -> None:
    message = adapter().compose(story())
    assert message.text == (
        "Tỉnh đẩy mạnh cải cách hành chính\n\n"
        "Năm 2026, tỉnh rút ngắn thời gian giải quyết 120 thủ tục.\n\n"
        "#CảiCáchHànhChính\n\nXem chi tiết tại tinh.example.vn"
    )
    assert message.html.startswith("<b>Tỉnh đẩy mạnh cải cách hành chính</b>\n\n")
    assert '<a href="https://www.tinh.example.vn/tin-tuc/cai-cach/">' in message.html


def test_a_short_item_is_said_whole() -> None:
    message = adapter().compose(story(text="Đoạn một.\n\nĐoạn hai."))
    assert "120 thủ tục.\n\nĐoạn một.\n\nĐoạn hai.\n\n#" in message.text


def test_a_text_written_for_telegram_takes_the_place_of_the_item() -> None:
    message = adapter().compose(story(variants={"telegram": {"text": "Viết riêng cho nhóm."}}))
    assert message.text == (
        "Tỉnh đẩy mạnh cải cách hành chính\n\nViết riêng cho nhóm.\n\n#CảiCáchHànhChính\n\n"
        "Xem chi tiết tại tinh.example.vn"
    )


def test_a_text_written_for_telegram_goes_before_the_picture() -> None:
    long = "Một câu dài vừa phải. " * 60
    written = story(picture=PICTURE, variants={"telegram": {"text": long}})
    message = adapter().compose(written)
    assert message.image is None
    assert long.strip() in message.text
    short = replace(written, variants={"telegram": {"text": "Ngắn."}})
    assert adapter().compose(short).image == PICTURE


def test_a_summary_that_repeats_the_beginning_is_said_once() -> None:
    message = adapter().compose(story(summary="Đoạn một.", text="Đoạn một.\n\nĐoạn hai."))
    assert message.text.count("Đoạn một.") == 1


def test_without_summary_a_long_text_is_cut_at_a_sentence() -> None:
    message = adapter().compose(story(summary="", text="Câu này dài vừa phải thôi. " * 300))
    body = message.text.split("\n\n")[1]
    assert body.endswith("thôi.")
    assert TEXT_LIMIT - 60 < units(message.text) <= TEXT_LIMIT
    assert message.text.endswith("tinh.example.vn")


@pytest.mark.parametrize(("level", "words"), [("urgent", "KHẨN CẤP"), ("priority", "QUAN TRỌNG")])
def test_urgent_announcements_say_so_first(level: str, words: str) -> None:
    message = adapter().compose(story(level=level))
    assert message.text.startswith(f"{words}\nTỉnh")


def test_the_words_are_in_the_language_of_the_item() -> None:
    assert "Read more at tinh.example.vn" in adapter().compose(story(language="en")).text


def test_a_picture_goes_along_with_a_caption() -> None:
    message = adapter().compose(story(picture=PICTURE))
    assert message.image == PICTURE
    assert units(message.text) <= CAPTION_LIMIT


@pytest.mark.parametrize(
    "changes",
    [{"mime": "image/avif"}, {"size": 10_000_001}, {"width": 9_000, "height": 1_001},
     {"width": 2_100, "height": 100}, {"width": 0, "height": 0}],
)  # fmt: skip
def test_pictures_that_telegram_would_refuse_stay_out(changes: dict) -> None:
    assert adapter().compose(story(picture=replace(PICTURE, **changes))).image is None


def test_no_picture_when_none_is_wanted_or_the_title_fills_the_caption() -> None:
    assert adapter(with_picture=False).compose(story(picture=PICTURE)).image is None
    wordy = story(picture=PICTURE, title="Rất dài " * 120)
    assert adapter().compose(wordy).image is None


def test_a_title_of_five_thousand_characters_keeps_the_link() -> None:
    message = adapter().compose(story(title="Tiêu đề " * 625))
    assert units(message.text) <= TEXT_LIMIT
    assert message.text.endswith("Xem chi tiết tại tinh.example.vn")
    assert "…" in message.text


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "/tin-tuc/a/", "http://[bad"])
def test_an_unusable_address_is_left_out(address: str) -> None:
    message = adapter().compose(story(address=address))
    assert "href" not in message.html
    assert "Xem chi tiết" not in message.text


@settings(max_examples=150, deadline=None)
@given(title=WILD, summary=WILD, text=WILD, section=WILD, mode=st.sampled_from(list(MARKUPS)))
def test_whatever_is_written_arrives_as_written(title, summary, text, section, mode) -> None:
    """The markup reads back as the plain text, bold title and link, and nothing else."""
    item = story(title=title, summary=summary, text=text, section_name=section)
    message = adapter(parse_mode=mode).compose(item)
    seen, entities = markup.parse(message.html, mode)
    assert seen == message.text.strip()
    assert units(message.text) <= TEXT_LIMIT
    marks = [entity["type"] for entity in entities if entity["type"] not in {"url", "hashtag"}]
    assert marks == (["bold"] if " ".join(clean(title).split()) else []) + ["text_link"]


@settings(max_examples=100, deadline=None)
@given(path=st.text(max_size=60), mode=st.sampled_from(list(MARKUPS)))
def test_whatever_is_in_the_address_arrives(path: str, mode: str) -> None:
    address = web_address(f"https://a.example/{path}")
    said = MARKUPS[mode].link("x", address)
    seen, entities = markup.parse(said.markup, mode)
    assert seen == "x"
    assert [entity.get("url") for entity in entities] == [address]


@settings(max_examples=200, deadline=None)
@given(text=WILD, limit=st.integers(0, 150))
def test_a_cut_fits_and_is_a_beginning(text: str, limit: int) -> None:
    text = clean(text)
    short = cut(text, limit)
    assert units(short) <= limit
    assert short == text or text.startswith(short.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Câu một. Câu hai dài hơn nhiều.", 20, "Câu một."),
        ("Câu một! Câu hai dài hơn nhiều.", 9, "Câu một!"),
        ("Ủy ban nhân dân TP. Hồ Chí Minh họp", 24, "Ủy ban nhân dân TP. Hồ…"),
        ("Doanh thu 1.200 tỷ đồng mỗi năm", 24, "Doanh thu 1.200 tỷ…"),
        ("Dòng một\nDòng hai dài hơn nữa", 15, "Dòng một"),
        ("😀😀😀😀", 5, "😀😀…"),
        ("abc👩\u200d👩\u200d👧xyz", 8, "abc…"),
    ],
)
def test_where_texts_are_cut(text: str, limit: int, short: str) -> None:
    assert cut(text, limit) == short


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("Cải cách hành chính", "#CảiCáchHànhChính"),
        ("An toàn - giao thông!", "#AnToànGiaoThông"),
        ("95", ""),
        ("", ""),
    ],
)
def test_hashtags(name: str, tag: str) -> None:
    assert hashtag(name) == tag


# --- sending -----------------------------------------------------------------------------------


@pytest.fixture
def connection(db: None) -> BaseDatabaseWrapper:
    """The connection that holds the test's transaction."""
    return connections["default"]


@pytest.fixture
async def http(connection: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> InProcess:
    """The sandbox in this process, working in the test's own thread and transaction."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    connections["default"] = connection  # a coroutine would otherwise open one of its own
    seed(CHAT, "Tổ công tác CCHC", TOKEN)
    return InProcess()


def chat(number: int = CHAT) -> SandboxChat:
    return SandboxChat.objects.get(chat_id=number)


def faults(*wanted: dict) -> None:
    SandboxChat.objects.filter(chat_id=CHAT).update(faults=list(wanted))


def only_message() -> SandboxMessage:
    return SandboxMessage.objects.get(deleted_at=None)


async def published(http: InProcess, **changes) -> tuple[Telegram, Message, Receipt]:
    telegram = adapter(http)
    message = telegram.compose(story(**changes))
    return telegram, message, await telegram.send(message)


@pytest.mark.parametrize("mode", ["HTML", "MarkdownV2"])
async def test_a_text_is_sent_as_previewed(http: InProcess, mode: str) -> None:
    telegram = adapter(http, parse_mode=mode, silent=True, protect=True, thread_id=7)
    message = telegram.compose(story())
    receipt = await telegram.send(message)
    stood = only_message()
    assert stood.text == message.text
    assert (stood.silent, stood.protected, stood.thread_id) == (True, True, 7)
    assert receipt.external_id == "1"
    assert receipt.details == {"chat_id": CHAT, "message_id": 1, "photo": False, "picture": ""}
    json.dumps(asdict(receipt))


async def test_a_picture_is_sent_with_its_caption(http: InProcess) -> None:
    _telegram, message, receipt = await published(http, picture=PICTURE)
    stood = only_message()
    assert (stood.media, stood.text, stood.width) == ("photo", message.text, 64)
    assert receipt.details["photo"] is True
    assert receipt.details["picture"] == "images/a.jpg"


async def test_a_supergroup_gives_the_message_an_address(http: InProcess) -> None:
    seed(-1001234567890, "Siêu nhóm", TOKEN)
    telegram = adapter(http, chat_id=-1001234567890)
    receipt = await telegram.send(telegram.compose(story()))
    assert receipt.address == "https://t.me/c/1234567890/1"


async def test_a_missing_picture_file_is_named(http: InProcess) -> None:
    telegram = adapter(http, files=Stored({"other": b""}))
    with pytest.raises(PermanentError, match="tệp ảnh"):
        await telegram.send(telegram.compose(story(picture=PICTURE)))
    assert http.calls == []


@pytest.mark.parametrize("content", [b"not a picture", b"\xff\xd8\xff\xe0 half a picture"])
async def test_a_file_that_is_no_picture_is_refused(http: InProcess, content: bytes) -> None:
    telegram = adapter(http, files=Stored({"images/a.jpg": content}))
    with pytest.raises(PermanentError, match="không nhận ảnh"):
        await telegram.send(telegram.compose(story(picture=PICTURE)))


async def test_a_migrated_group_is_followed_in_the_same_call(http: InProcess) -> None:
    faults({"fault": "migrate", "to": -1009})
    _telegram, message, receipt = await published(http)
    assert receipt.new_options == {"chat_id": -1009}
    assert receipt.details["chat_id"] == -1009
    assert chat(-1009).messages.get().text == message.text
    assert not chat().messages.exists()


async def test_a_group_that_migrates_twice_is_tried_again_later(http: InProcess) -> None:
    faults({"fault": "migrate", "to": -1009})
    seed(-1009, "Mới", TOKEN)
    SandboxChat.objects.filter(chat_id=-1009).update(migrated_to=-1010)
    with pytest.raises(TemporaryError):
        await published(http)


# --- refusals ----------------------------------------------------------------------------------


async def refusal(http: InProcess, kind: type[Exception], **options):
    telegram = adapter(http, **options)
    with pytest.raises(kind) as caught:
        await telegram.send(telegram.compose(story()))
    assert TOKEN.partition(":")[2] not in repr(caught.value)
    return caught.value


async def test_telegrams_wish_to_wait_is_passed_on(http: InProcess) -> None:
    faults({"fault": "too_many_requests", "seconds": 17})
    error = await refusal(http, TemporaryError)
    assert error.retry_after == timedelta(seconds=17)


async def test_a_removed_bot_stops_the_channel_and_says_what_to_do(http: InProcess) -> None:
    faults({"fault": "kicked"})
    error = await refusal(http, PermanentError)
    assert error.stops_channel
    assert "thêm lại bot vào nhóm" in str(error)


async def test_a_wrong_token_stops_the_channel_and_says_what_to_do(http: InProcess) -> None:
    error = await refusal(http, PermanentError, secret="999:AAWrongWrongWrongWrongWrongWrong")
    assert error.stops_channel
    assert "@BotFather" in str(error)


@pytest.mark.parametrize(
    "secret", ["", "abc", "123", "123:", "123:a b", "123:x/../y", "1:" + "é" * 30]
)
async def test_a_token_that_cannot_be_one_is_not_even_sent(http: InProcess, secret: str) -> None:
    error = await refusal(http, PermanentError, secret=secret)
    assert error.stops_channel
    assert http.calls == []


async def test_an_unknown_group_stops_the_channel(http: InProcess) -> None:
    error = await refusal(http, PermanentError, chat_id=-77)
    assert error.stops_channel
    assert "không tìm thấy nhóm" in str(error)


async def test_a_bot_without_rights_stops_the_channel(http: InProcess) -> None:
    faults({"fault": "no_rights"})
    assert (await refusal(http, PermanentError)).stops_channel


@pytest.mark.parametrize("fault", ["server_error", "bad_gateway"])
async def test_a_failing_server_is_tried_again(http: InProcess, fault: str) -> None:
    faults({"fault": fault})
    await refusal(http, TemporaryError)
    assert not SandboxMessage.objects.exists()


async def test_a_page_in_place_of_an_answer_is_not_telegrams(http: InProcess) -> None:
    """The network's own, most often: Telegram has seen nothing, and will not."""
    faults({"fault": "html"})
    assert (await refusal(http, PermanentError)).stops_channel
    assert not SandboxMessage.objects.exists()


async def test_without_an_answer_it_is_uncertain(http: InProcess) -> None:
    faults({"fault": "cut"})
    await refusal(http, UncertainError)
    assert SandboxMessage.objects.count() == 1


async def test_messages_are_in_the_language_of_the_reader(http: InProcess) -> None:
    faults({"fault": "kicked"})
    with translation.override("en"):
        error = await refusal(http, PermanentError)
    assert "Add it to the group again" in str(error)


# --- corrections -------------------------------------------------------------------------------


async def test_a_text_is_edited(http: InProcess) -> None:
    telegram, _message, receipt = await published(http)
    corrected = telegram.compose(story(title="Tiêu đề đã sửa", sequence=2))
    again = await telegram.update(corrected, receipt)
    assert only_message().text == corrected.text
    assert again.external_id == receipt.external_id
    assert again.details == receipt.details


async def test_a_caption_is_edited_and_the_picture_stays(http: InProcess) -> None:
    telegram, _message, receipt = await published(http, picture=PICTURE)
    corrected = telegram.compose(story(title="Đã sửa", picture=PICTURE))
    await telegram.update(corrected, receipt)
    assert only_message().text == corrected.text
    assert http.names()[-1] == "editMessageCaption"


async def test_a_new_picture_replaces_the_old_one(http: InProcess) -> None:
    telegram, _message, receipt = await published(http, picture=PICTURE)
    corrected = telegram.compose(story(picture=replace(PICTURE, file="images/b.jpg")))
    again = await telegram.update(corrected, receipt)
    assert (only_message().width, only_message().text) == (30, corrected.text)
    assert http.names()[-1] == "editMessageMedia"
    assert again.details["picture"] == "images/b.jpg"
    await telegram.update(corrected, again)
    assert http.names()[-1] == "editMessageCaption"


async def test_a_text_stays_a_text_when_a_picture_is_added(http: InProcess) -> None:
    telegram, _message, receipt = await published(http)
    corrected = telegram.compose(story(title="Có ảnh", picture=PICTURE))
    again = await telegram.update(corrected, receipt)
    assert (only_message().media, only_message().text) == ("", corrected.text)
    assert again.details["photo"] is False


async def test_a_picture_that_was_taken_out_disappears(http: InProcess) -> None:
    telegram, _message, receipt = await published(http, picture=PICTURE)
    corrected = telegram.compose(story())
    again = await telegram.update(corrected, receipt)
    assert (only_message().media, only_message().text) == ("", corrected.text)
    assert again.external_id == "2"


async def test_a_picture_that_cannot_be_taken_out_is_a_task_for_a_person(http: InProcess) -> None:
    telegram, _message, receipt = await published(http, picture=PICTURE)
    older(hours=49)
    corrected = telegram.compose(story(title="Không ảnh"))
    again = await telegram.update(corrected, receipt)
    assert again.awaits_person
    assert again.note
    assert only_message().text == corrected.text


async def test_a_replacement_goes_on_where_it_was_interrupted(http: InProcess) -> None:
    telegram, _message, receipt = await published(http, picture=PICTURE)
    faults({"fault": "server_error", "method": "sendMessage"})
    corrected = telegram.compose(story())
    with pytest.raises(TemporaryError):
        await telegram.update(corrected, receipt)
    await telegram.update(corrected, receipt)
    assert only_message().text == corrected.text


async def test_an_unchanged_message_counts_as_edited(http: InProcess) -> None:
    telegram, message, receipt = await published(http)
    assert (await telegram.update(message, receipt)).external_id == "1"


async def test_a_message_somebody_deleted_is_not_posted_again(http: InProcess) -> None:
    telegram, message, receipt = await published(http)
    SandboxMessage.objects.update(deleted_at=timezone.now())
    with pytest.raises(PermanentError, match="không còn trong nhóm") as caught:
        await telegram.update(message, receipt)
    assert not caught.value.stops_channel
    assert SandboxMessage.objects.count() == 1


async def test_messages_from_before_a_migration_are_out_of_reach(http: InProcess) -> None:
    """In the new group the same number may be somebody else's message."""
    telegram, message, receipt = await published(http)
    chat().messages.update(edited_at=None)
    for act in (telegram.update, telegram.retract):
        SandboxChat.objects.filter(chat_id=CHAT).update(migrated_to=-1009)
        again = await act(message, receipt)
        assert again.awaits_person
        assert again.new_options == {"chat_id": -1009}
    assert only_message().edited_at is None


@pytest.mark.parametrize("fault", ["bad_gateway", "cut", "server_error"])
async def test_edits_are_repeated_without_asking(http: InProcess, fault: str) -> None:
    telegram, message, receipt = await published(http)
    faults({"fault": fault}, {"fault": fault})
    for act in (telegram.update, telegram.retract):
        with pytest.raises(TemporaryError):
            await act(message, receipt)


# --- withdrawal --------------------------------------------------------------------------------


def older(hours: float) -> None:
    for message in SandboxMessage.objects.all():
        message.sent_at -= timedelta(hours=hours)
        message.save()


async def test_a_withdrawn_message_is_deleted(http: InProcess) -> None:
    telegram, message, receipt = await published(http)
    taken_back = await telegram.retract(message, receipt)
    assert not SandboxMessage.objects.filter(deleted_at=None).exists()
    assert not taken_back.awaits_person
    assert taken_back.address == ""
    # Somebody else, or an earlier try, did it: that is what was wanted.
    assert not (await telegram.retract(message, receipt)).awaits_person


@pytest.mark.parametrize("mode", ["HTML", "MarkdownV2"])
async def test_after_48_hours_a_note_takes_its_place(http: InProcess, mode: str) -> None:
    telegram = adapter(http, parse_mode=mode)
    message = telegram.compose(story())
    receipt = await telegram.send(message)
    older(hours=49)
    taken_back = await telegram.retract(message, receipt)
    assert only_message().text == "Tin này đã được gỡ."
    assert message.title not in only_message().text
    assert not taken_back.awaits_person
    # A repeat finds the note in place.
    assert not (await telegram.retract(message, receipt)).awaits_person


async def test_after_48_hours_a_picture_needs_a_person(http: InProcess) -> None:
    telegram, message, receipt = await published(http, picture=PICTURE)
    older(hours=49)
    taken_back = await telegram.retract(message, receipt)
    assert only_message().text == "Tin này đã được gỡ."
    assert taken_back.awaits_person
    assert "quản trị viên của nhóm" in taken_back.note


async def test_an_administrator_bot_may_delete_at_any_time(http: InProcess) -> None:
    telegram, message, receipt = await published(http, picture=PICTURE)
    older(hours=200)
    SandboxChat.objects.update(bot_is_admin=True)
    assert not (await telegram.retract(message, receipt)).awaits_person
    assert not SandboxMessage.objects.filter(deleted_at=None).exists()


async def test_a_removed_bot_cannot_take_back(http: InProcess) -> None:
    telegram, message, receipt = await published(http)
    SandboxChat.objects.update(kicked=True)
    with pytest.raises(PermanentError) as caught:
        await telegram.retract(message, receipt)
    assert caught.value.stops_channel


# --- the rest ----------------------------------------------------------------------------------


async def test_the_check_tells_the_title(http: InProcess) -> None:
    assert await adapter(http).check() == "Tổ công tác CCHC"
    assert http.names() == ["getMe", "getChat"]


async def test_the_check_tells_the_new_number_of_a_migrated_group(http: InProcess) -> None:
    SandboxChat.objects.update(migrated_to=-1009)
    with pytest.raises(PermanentError, match="-1009"):
        await adapter(http).check()


def test_paces_stay_within_the_limits_and_hide_the_token() -> None:
    paces = adapter().paces()
    assert not any(part in pace.key for pace in paces for part in TOKEN.split(":"))
    assert paces[0].burst + 1 / paces[0].interval == 30
    assert paces[-1].burst + 60 / paces[-1].interval == 20
    assert len({pace.key for pace in paces}) == 3
    assert adapter().paces() == paces
    assert len(adapter(chat_id=42).paces()) == 2
    assert adapter(chat_id=42).paces()[0] == paces[0]
    assert max(len(pace.key) for pace in paces) <= 120


async def test_every_request_is_in_the_published_schema(http: InProcess) -> None:
    telegram, message, receipt = await published(http, picture=PICTURE)
    await telegram.check()
    await telegram.update(telegram.compose(story(title="b", picture=PICTURE)), receipt)
    other = telegram.compose(story(picture=replace(PICTURE, file="images/b.jpg")))
    await telegram.update(other, receipt)
    await telegram.update(telegram.compose(story()), receipt)
    await telegram.retract(message, replace(receipt, details={**receipt.details, "message_id": 2}))
    _telegram, message, receipt = await published(http)
    await telegram.update(telegram.compose(story(title="c")), receipt)
    assert len(set(http.names())) == 8
    for method, parameters in http.calls:
        check_call(method, parameters)


async def test_cancelling_is_not_swallowed(http: InProcess, monkeypatch) -> None:
    async def stuck(*args: object, **kwargs: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(http, "request", stuck)
    telegram = adapter(http)
    task = asyncio.create_task(telegram.send(telegram.compose(story())))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_html_markup_unescapes_to_the_text() -> None:
    assert unescape(MARKUPS["HTML"].text('<a & "b">').markup) == '<a & "b">'
