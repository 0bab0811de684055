"""The Telegram look-alike: its refusals, limits, faults, and the page that shows a chat."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from channels.contract import NoAnswer
from channels.http import OutboundClient
from channels.sandbox import markup, pictures, seed
from channels.sandbox.answers import ApiError
from channels.sandbox.models import SandboxBot, SandboxChat, SandboxMessage
from channels.sandbox.render import rendered
from tests.channels.bot_api import CHAT, TOKEN, check_result, picture_bytes, schema

Call = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def chat(db: None) -> SandboxChat:
    return seed(CHAT, "Tổ công tác CCHC", TOKEN)


@pytest.fixture
def call(chat: SandboxChat, client: Client) -> Call:
    """Call a method of the Bot API; returns status and JSON."""

    def call(method: str, token: str = TOKEN, **data: Any) -> tuple[int, dict[str, Any]]:
        if method != "getMe":
            data.setdefault("chat_id", CHAT)
        answer = client.post(f"/sandbox/telegram/bot{token}/{method}", data)
        return answer.status_code, answer.json()

    return call


def photo(name: str = "a.jpg", **kwargs: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes(**kwargs), "image/jpeg")


def refused(answer: tuple[int, dict[str, Any]], code: int, words: str) -> None:
    status, body = answer
    assert (status, body["ok"], body["error_code"]) == (code, False, code)
    assert body["description"] == words


# --- who may ask -------------------------------------------------------------------------------


def test_nothing_answers_when_the_sandbox_is_off(call: Call, client: Client, settings) -> None:
    settings.SANDBOX = False
    for path in (
        f"bot{TOKEN}/getMe",
        "control/",
        "",
        f"{CHAT}/",
        f"{CHAT}/messages/",
        f"{CHAT}/1/file",
    ):
        assert client.get(f"/sandbox/telegram/{path}").status_code == 404


def test_refusals_are_not_logged_with_the_token(call: Call, caplog) -> None:
    call("sendMessage")
    call("getMe", token="999:AAunknown")
    assert TOKEN not in caplog.text
    assert "999:AAunknown" not in caplog.text


def test_tokens(call: Call) -> None:
    refused(call("getMe", token="999:unknown"), 401, "Unauthorized")
    refused(call("getMe", token="nonsense"), 404, "Not Found")
    assert call("getMe")[1]["result"]["is_bot"] is True


def test_methods_it_does_not_know(call: Call) -> None:
    refused(call("sendDice"), 404, "Not Found")
    assert call("SENDMESSAGE", text="a")[0] == 200


@pytest.mark.parametrize("reference", [-9, "@nobody", "x", "9" * 40])
def test_chats_it_does_not_know(call: Call, reference: object) -> None:
    refused(call("sendMessage", chat_id=reference, text="a"), 400, "Bad Request: chat not found")


def test_chats_of_other_bots(call: Call) -> None:
    seed(-5, "Nhóm khác", "777:other")
    refused(call("getChat", chat_id=-5), 400, "Bad Request: chat not found")


def test_a_chat_may_be_named(call: Call, chat: SandboxChat) -> None:
    SandboxChat.objects.update(username="tinh_news")
    assert call("getChat", chat_id="@Tinh_News")[1]["result"]["title"] == chat.title


def test_parameters_come_as_form_json_or_query(call: Call, client: Client) -> None:
    address = f"/sandbox/telegram/bot{TOKEN}/sendMessage"
    sent = {"chat_id": CHAT, "text": "một"}
    assert client.get(address, sent).json()["ok"]
    assert client.post(address, sent, content_type="application/json").json()["ok"]
    form = client.post(
        address, f"chat_id={CHAT}&text=ba", content_type="application/x-www-form-urlencoded"
    )
    assert form.json()["ok"]
    broken = client.post(address, "[1", content_type="application/json")
    assert broken.json()["description"] == "Bad Request: can't parse JSON object"
    assert SandboxMessage.objects.count() == 3


# --- messages ----------------------------------------------------------------------------------


def test_results_are_in_the_published_schema(call: Call) -> None:
    methods = schema()["methods"]
    pdf = SimpleUploadedFile("kế hoạch.pdf", b"%PDF", "application/pdf")
    calls = [
        ("getMe", {}),
        ("getChat", {}),
        ("sendMessage", {"text": "<b>a</b> https://a.example #tag", "parse_mode": "HTML",
                         "message_thread_id": 4, "protect_content": "true"}),
        ("sendPhoto", {"photo": photo(), "caption": "<i>b</i>", "parse_mode": "HTML"}),
        ("sendDocument", {"document": pdf}),
        ("editMessageText", {"message_id": 1, "text": "c"}),
        ("editMessageCaption", {"message_id": 2, "caption": "d"}),
        ("editMessageMedia", {"message_id": 2, "x": photo(colour="red"),
                              "media": json.dumps({"type": "photo", "media": "attach://x"})}),
        ("pinChatMessage", {"message_id": 1}),
        ("deleteMessage", {"message_id": 1}),
    ]  # fmt: skip
    for method, data in calls:
        status, body = call(method, **data)
        assert status == 200, body
        check_result(body["result"], methods[method]["returns"], method)


def test_the_checker_itself_notices_what_is_wrong() -> None:
    message = schema()["types"]["Message"]["name"]
    good = {"message_id": 1, "date": 2, "chat": {"id": 3, "type": "group"}}
    check_result(good, [message])
    for bad in ({**good, "date": "2"}, {**good, "colour": 1}, {"message_id": 1}, True):
        with pytest.raises(AssertionError):
            check_result(bad, [message])


@pytest.mark.parametrize(("length", "fits"), [(4096, True), (4097, False)])
def test_text_limit_counts_what_is_seen(call: Call, length: int, fits: bool) -> None:
    text = f"<b>{'a' * (length - 4)}&lt;&gt;😀</b>"  # the emoji is two units
    answer = call("sendMessage", text=text, parse_mode="HTML")
    if fits:
        assert answer[0] == 200
    else:
        refused(answer, 400, "Bad Request: message is too long")


def test_caption_limit(call: Call) -> None:
    assert call("sendPhoto", photo=photo(), caption="a" * 1024)[0] == 200
    refused(call("sendPhoto", photo=photo(), caption="a" * 1025), 400,
            "Bad Request: message caption is too long")  # fmt: skip


@pytest.mark.parametrize("text", ["", "  \n ", "<b></b>"])
def test_empty_texts(call: Call, text: str) -> None:
    answer = call("sendMessage", text=text, parse_mode="HTML")
    refused(answer, 400, "Bad Request: message text is empty")


def test_photos_it_refuses(call: Call) -> None:
    refused(call("sendPhoto"), 400, "Bad Request: there is no photo in the request")
    empty = SimpleUploadedFile("a.jpg", b"", "image/jpeg")
    assert call("sendPhoto", photo=empty)[0] == 400
    text = SimpleUploadedFile("a.jpg", b"hello", "image/jpeg")
    refused(call("sendPhoto", photo=text), 400, "Bad Request: IMAGE_PROCESS_FAILED")
    wide = photo(width=2100, height=100)
    refused(call("sendPhoto", photo=wide), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")


def test_a_hundred_megapixels_are_refused_by_the_header() -> None:
    buffer = BytesIO()
    Image.new("1", (10_000, 10_000)).save(buffer, "PNG")
    with pytest.raises(ApiError, match="PHOTO_INVALID_DIMENSIONS"):
        pictures.measured(buffer.getvalue())
    with pytest.raises(ApiError, match="Request Entity Too Large"):
        pictures.measured(b"x" * (pictures.MAX_BYTES + 1))


def test_messages_are_numbered_and_numbers_are_not_used_again(call: Call) -> None:
    assert call("sendMessage", text="a")[1]["result"]["message_id"] == 1
    call("deleteMessage", message_id=1)
    assert call("sendMessage", text="b")[1]["result"]["message_id"] == 2


def test_edits(call: Call) -> None:
    call("sendMessage", text="a")
    status, body = call("editMessageText", message_id=1, text="b")
    assert (status, body["result"]["text"]) == (200, "b")
    assert body["result"]["edit_date"]
    assert call("editMessageText", message_id=1, text="b")[1]["description"].startswith(
        "Bad Request: message is not modified: specified new message content"
    )
    # The same letters in bold are a change.
    assert call("editMessageText", message_id=1, text="<b>b</b>", parse_mode="HTML")[0] == 200
    refused(call("editMessageText", message_id=9, text="b"), 400,
            "Bad Request: message to edit not found")  # fmt: skip
    refused(call("editMessageText", text="b"), 400,
            "Bad Request: message identifier is not specified")  # fmt: skip
    refused(call("editMessageCaption", message_id=1, caption="b"), 400,
            "Bad Request: there is no caption in the message to edit")  # fmt: skip


def test_a_photo_has_a_caption_and_no_text(call: Call) -> None:
    call("sendPhoto", photo=photo(), caption="a")
    refused(call("editMessageText", message_id=1, text="b"), 400,
            "Bad Request: there is no text in the message to edit")  # fmt: skip
    assert call("editMessageCaption", message_id=1, caption="b")[0] == 200
    media = json.dumps({"type": "photo", "media": "attach://p", "caption": "b"})
    same = call("editMessageMedia", message_id=1, media=media, p=photo())
    assert "message is not modified" in same[1]["description"]
    assert call("editMessageMedia", message_id=1, media=media, p=photo(colour="red"))[0] == 200


@pytest.mark.parametrize("media", ["", "nonsense", "[]", '{"type":"sticker"}'])
def test_media_it_cannot_read(call: Call, media: str) -> None:
    call("sendPhoto", photo=photo())
    status, body = call("editMessageMedia", message_id=1, media=media)
    assert status == 400
    assert body["description"].startswith("Bad Request: can't parse InputMedia")


def test_bots_edit_their_own_messages_only(call: Call) -> None:
    call("sendMessage", text="a")
    seed(CHAT, "Tổ công tác CCHC", "777:other")
    refused(call("editMessageText", token="777:other", message_id=1, text="b"), 400,
            "Bad Request: message can't be edited")  # fmt: skip
    refused(call("deleteMessage", token="777:other", message_id=1), 400,
            "Bad Request: message can't be deleted")  # fmt: skip


def test_deleting_twice(call: Call) -> None:
    call("sendMessage", text="a")
    assert call("deleteMessage", message_id=1) == (200, {"ok": True, "result": True})
    refused(call("deleteMessage", message_id=1), 400, "Bad Request: message to delete not found")
    refused(call("pinChatMessage", message_id=1), 400, "Bad Request: message to pin not found")


@pytest.mark.parametrize(
    ("hours", "admin", "status"), [(47.9, False, 200), (48, False, 400), (48, True, 200)]
)
def test_the_48_hours(call: Call, hours: float, admin: bool, status: int) -> None:
    call("sendMessage", text="a")
    SandboxMessage.objects.update(sent_at=timezone.now() - timedelta(hours=hours))
    SandboxChat.objects.update(bot_is_admin=admin)
    answer = call("deleteMessage", message_id=1)
    assert answer[0] == status
    if status == 400:
        refused(answer, 400, "Bad Request: message can't be deleted for everyone")


RESERVED = "Character '%s' is reserved and must be escaped with the preceding '\\'"

# --- markup ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "text", "words"),
    [
        ("HTML", "<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("HTML", "đ<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("HTML", "đ</b>", "Unexpected end tag at byte offset 2"),
        ("HTML", "<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("HTML", "a < b", 'Unsupported start tag "" at byte offset 2'),
        ("HTML", "<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("HTML", "<b", "Unclosed start tag at byte offset 0"),
        ("HTML", "<b>a</b", "Unclosed end tag at byte offset 4"),
        ("MarkdownV2", "a.", RESERVED % "."),
        ("MarkdownV2", "a ] b", RESERVED % "]"),
        ("MarkdownV2", "đ *a", "Can't find end of Bold entity at byte offset 3"),
        ("MarkdownV2", "__a", "Can't find end of Underline entity at byte offset 0"),
        ("MarkdownV2", "`a", "Can't find end of Code entity at byte offset 0"),
        ("MarkdownV2", "[a](http://b", "Can't find end of a URL at byte offset 4"),
        ("MarkdownV2", "[a", "Can't find end of TextUrl entity at byte offset 0"),
    ],
)  # fmt: skip
def test_markup_it_cannot_read(call: Call, mode: str, text: str, words: str) -> None:
    answer = call("sendMessage", text=text, parse_mode=mode)
    refused(answer, 400, f"Bad Request: can't parse entities: {words}")


def test_unknown_markup(call: Call) -> None:
    refused(call("sendMessage", text="a", parse_mode="LaTeX"), 400,
            "Bad Request: unsupported parse_mode")  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "source", "seen", "entities"),
    [
        ("HTML", "😀<b>a</b>", "😀a", [("bold", 2, 1)]),
        ("HTML", "<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("HTML", " <b> a </b> ", "a", [("bold", 0, 1)]),
        ("HTML", "&lt;&amp;&#273;&#x1F600;&nbsp;", "<&đ😀&nbsp;", []),
        ("HTML", '<span class="tg-spoiler">a</span><s>b</s>', "ab",
         [("spoiler", 0, 1), ("strikethrough", 1, 1)]),
        ("HTML", '<pre>a<code class="language-py">b</code></pre>', "ab",
         [("pre", 0, 2), ("code", 1, 1)]),
        ("HTML", '<a href="javascript:x">a</a>', "a", []),
        ("HTML", "<blockquote expandable>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ("MarkdownV2", "*a* _b_ __c__ ~d~ ||e|| `f`", "a b c d e f",
         [("bold", 0, 1), ("italic", 2, 1), ("underline", 4, 1), ("strikethrough", 6, 1),
          ("spoiler", 8, 1), ("code", 10, 1)]),
        ("MarkdownV2", "\\*a\\_\\\\", "*a_\\", []),
        ("MarkdownV2", "[a\\]](http://b/\\))", "a]", [("text_link", 0, 2)]),
        ("MarkdownV2", ">a\n>b\nc", "a\nb\nc", [("blockquote", 0, 3)]),
        ("MarkdownV2", "```py\na*b```", "a*b", [("pre", 0, 3)]),
        ("MarkdownV2", "![😀](tg://emoji?id=5)", "😀", [("custom_emoji", 0, 2)]),
        ("", "a <b> https://a.vn/x?y=1. #tag", "a <b> https://a.vn/x?y=1. #tag",
         [("url", 6, 18), ("hashtag", 26, 4)]),
    ],
)  # fmt: skip
def test_markup(mode: str, source: str, seen: str, entities: list[tuple[str, int, int]]) -> None:
    text, found = markup.parse(source, mode)
    assert text == seen
    assert [(e["type"], e["offset"], e["length"]) for e in found] == entities


@given(text=st.text(max_size=60), mode=st.sampled_from(["HTML", "MarkdownV2", ""]))
def test_any_text_is_read_or_refused(text: str, mode: str) -> None:
    try:
        seen, entities = markup.parse(text, mode)
    except markup.CannotParse:
        return
    assert all(e["offset"] + e["length"] <= markup.units(seen) for e in entities)
    assert rendered(seen, entities) or not seen


def test_what_members_see_is_escaped() -> None:
    text, entities = markup.parse('*a <script\\>* [b](http://x/\\?"y)', "MarkdownV2")
    html = rendered(text, entities)
    link = '<a href="http://x/?&quot;y" rel="noopener nofollow">b</a>'
    assert html == f"<strong>a &lt;script&gt;</strong> {link}"


# --- albums, sounds, topics, pins --------------------------------------------------------------


def album(call: Call, *kinds: str, **more: Any) -> tuple[int, dict[str, Any]]:
    media = [{"type": kind, "media": f"attach://f{n}", "caption": f"{n}"}
             for n, kind in enumerate(kinds)]  # fmt: skip
    files = {
        f"f{n}": photo(f"{n}.jpg") if kind == "photo" else SimpleUploadedFile(f"{n}.pdf", b"%PDF")
        for n, kind in enumerate(kinds)
    }
    return call("sendMediaGroup", media=json.dumps(media), **files, **more)


def test_an_album_is_one_group_of_messages(call: Call) -> None:
    status, body = album(call, "photo", "photo", "photo")
    assert status == 200
    check_result(body["result"], ["Array of Message"])
    assert [one["message_id"] for one in body["result"]] == [1, 2, 3]
    assert len({one["media_group_id"] for one in body["result"]}) == 1
    new = json.dumps({"type": "photo", "media": "attach://n", "caption": "mới"})
    changed = call("editMessageMedia", message_id=2, media=new, n=photo(width=30))[1]
    assert (changed["result"]["caption"], changed["result"]["photo"][0]["width"]) == ("mới", 30)
    paper = json.dumps({"type": "document", "media": "attach://n"})
    refused(call("editMessageMedia", message_id=2, media=paper, n=photo()), 400,
            "Bad Request: message can't be edited")  # fmt: skip


def test_albums_that_telegram_refuses(call: Call) -> None:
    refused(album(call), 400, "Bad Request: there are no messages to send")
    refused(album(call, *["photo"] * 11), 400,
            "Bad Request: too many messages to send as an album")  # fmt: skip
    refused(album(call, "photo", "document"), 400,
            "Bad Request: document can't be mixed with other media types")  # fmt: skip
    refused(call("sendMediaGroup", media="["), 400, "Bad Request: can't parse media JSON object")
    assert not SandboxMessage.objects.exists()


def test_a_sound_with_title_and_performer_as_a_reply(call: Call) -> None:
    call("sendMessage", text="a")
    sound = SimpleUploadedFile("a.mp3", b"ID3", "audio/mpeg")
    body = call("sendAudio", audio=sound, title="Bản tin", performer="Sở Nội vụ",
                reply_parameters='{"message_id": 1}')[1]  # fmt: skip
    check_result(body["result"], ["Message"])
    assert body["result"]["audio"]["performer"] == "Sở Nội vụ"
    assert body["result"]["reply_to_message"]["message_id"] == 1
    refused(call("sendMessage", text="b", reply_parameters='{"message_id": 77}'), 400,
            "Bad Request: message to be replied not found")  # fmt: skip


def test_topics_that_are_closed_or_gone(call: Call, client: Client) -> None:
    order(client, topics={"7": "open", "8": "closed"})
    assert call("sendMessage", text="a", message_thread_id=7)[0] == 200
    refused(call("sendMessage", text="a", message_thread_id=8), 400, "Bad Request: TOPIC_CLOSED")
    refused(call("sendMessage", text="a", message_thread_id=9), 400,
            "Bad Request: message thread not found")  # fmt: skip
    order(client, bot_is_admin=True)
    assert call("sendMessage", text="a", message_thread_id=8)[0] == 200


def test_pins_come_off_one_by_one(call: Call, client: Client) -> None:
    for number in (1, 2):
        call("sendMessage", text=f"{number}")
        assert call("pinChatMessage", message_id=number)[0] == 200
    assert call("unpinChatMessage")[0] == 200
    assert SandboxMessage.objects.get(pinned_at__isnull=False).message_id == 1
    assert call("unpinChatMessage", message_id=1)[0] == 200
    refused(call("unpinChatMessage"), 400, "Bad Request: message to unpin not found")
    order(client, bot_may_pin=False)
    refused(call("pinChatMessage", message_id=1), 400,
            "Bad Request: not enough rights to manage pinned messages in the chat")  # fmt: skip


# --- faults ------------------------------------------------------------------------------------


def order(client: Client, **wanted: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(
        "/sandbox/telegram/control/", {"chat_id": CHAT, **wanted}, content_type="application/json"
    )
    return answer.status_code, answer.json()


def test_faults_come_in_order_and_then_all_is_well(call: Call, client: Client) -> None:
    order(client, faults=[
        {"fault": "too_many_requests", "seconds": 9}, {"fault": "server_error"},
        {"fault": "no_rights", "method": "deleteMessage"},
    ])  # fmt: skip
    status, body = call("sendMessage", text="a")
    refused((status, body), 429, "Too Many Requests: retry after 9")
    assert body["parameters"] == {"retry_after": 9}
    refused(call("sendMessage", text="a"), 500, "Internal Server Error")
    assert call("sendMessage", text="a")[0] == 200
    assert call("deleteMessage", message_id=1)[0] == 400
    assert call("deleteMessage", message_id=1)[0] == 200


def test_kicked_stays_kicked_until_the_bot_is_let_in(call: Call, client: Client) -> None:
    order(client, faults=[{"fault": "kicked"}])
    for _ in range(2):
        refused(call("sendMessage", text="a"), 403, "Forbidden: bot was kicked from the group chat")
    order(client, kicked=False)
    assert call("sendMessage", text="a")[0] == 200


def test_migration(call: Call, client: Client) -> None:
    call("sendMessage", text="a")
    order(client, faults=[{"fault": "migrate", "to": -1007}])
    for _ in range(2):
        status, body = call("editMessageText", message_id=1, text="b")
        refused((status, body), 400,
                "Bad Request: group chat was upgraded to a supergroup chat")  # fmt: skip
        assert body["parameters"] == {"migrate_to_chat_id": -1007}
    assert call("sendMessage", chat_id=-1007, text="b")[1]["result"]["chat"]["type"] == "supergroup"
    refused(call("editMessageText", chat_id=-1007, message_id=9, text="b"), 400,
            "Bad Request: message to edit not found")  # fmt: skip


def test_answers_by_something_in_between(call: Call, client: Client) -> None:
    order(client, faults=[{"fault": "bad_gateway"}, {"fault": "html"}])
    address = f"/sandbox/telegram/bot{TOKEN}/sendMessage"
    for status in (502, 200):
        answer = client.post(address, {"chat_id": CHAT, "text": "a"})
        assert (answer.status_code, answer.content[:6]) == (status, b"<html>")
    assert not SandboxMessage.objects.exists()


def test_rates_are_kept_where_wanted(call: Call, client: Client) -> None:
    for _ in range(3):
        assert call("sendMessage", text="a")[0] == 200
    order(client, keeps_rates=True)
    refused(call("sendMessage", text="a"), 429, "Too Many Requests: retry after 1")


def test_twenty_a_minute_in_a_group(call: Call, chat: SandboxChat) -> None:
    for _ in range(20):
        call("sendMessage", text="a")
    SandboxMessage.objects.update(sent_at=timezone.now() - timedelta(seconds=30))
    SandboxChat.objects.update(keeps_rates=True)
    status, body = call("sendMessage", text="a")
    assert status == 429
    assert 28 <= body["parameters"]["retry_after"] <= 30
    SandboxMessage.objects.update(sent_at=timezone.now() - timedelta(seconds=61))
    SandboxBot.objects.update(told_until=timezone.now())
    assert call("sendMessage", text="a")[0] == 200


def test_thirty_a_second_a_bot(call: Call) -> None:
    others = [seed(-6000 - n, f"Nhóm {n}", TOKEN) for n in range(31)]
    SandboxChat.objects.update(keeps_rates=True)
    answers = [call("sendMessage", chat_id=other.chat_id, text="a")[0] for other in others[:30]]
    SandboxMessage.objects.update(sent_at=timezone.now())
    assert set(answers) == {200}
    assert call("sendMessage", chat_id=others[30].chat_id, text="a")[0] == 429


def test_calls_made_while_told_to_wait_are_counted(call: Call, client: Client) -> None:
    others = [seed(-6100 - number, f"Nhóm {number}", TOKEN) for number in range(2)]
    SandboxChat.objects.update(keeps_rates=True)
    order(client, faults=[{"fault": "too_many_requests", "seconds": 30}])
    assert call("sendMessage", text="a")[0] == 429
    SandboxBot.objects.update(told_at=timezone.now())
    # What was on its way when the refusal left is refused, and no disobedience.
    assert call("sendMessage", chat_id=others[0].chat_id, text="a")[0] == 429
    assert SandboxBot.objects.get().early_calls == 0
    SandboxBot.objects.update(told_at=timezone.now() - timedelta(seconds=1))
    status, body = call("sendMessage", chat_id=others[1].chat_id, text="a")
    assert status == 429
    assert 29 <= body["parameters"]["retry_after"] <= 30
    assert client.get("/sandbox/telegram/control/", {"chat_id": CHAT}).json()["early_calls"] == 1
    SandboxBot.objects.update(told_until=timezone.now())
    assert call("sendMessage", text="a")[0] == 200


def test_an_album_takes_as_many_places_as_it_has_pictures(call: Call) -> None:
    SandboxChat.objects.update(keeps_rates=True)
    for answer in (200, 200, 429):
        assert album(call, *["photo"] * 9)[0] == answer
        SandboxMessage.objects.update(sent_at=timezone.now() - timedelta(seconds=5))


@pytest.mark.parametrize(
    ("wanted", "status"),
    [({"chat_id": -99}, 404), ({"faults": [{"fault": "earthquake"}]}, 400), ({"colour": 1}, 400),
     ({"faults": [{"fault": "slow", "seconds": 3600}]}, 400)],
)  # fmt: skip
def test_orders_it_does_not_understand(client: Client, chat, wanted: dict, status: int) -> None:
    assert order(client, **wanted)[0] == status


def test_the_control_sets_up_and_tells(client: Client, db: None) -> None:
    status, body = order(client, token=TOKEN, title="Tập dượt")
    assert (status, body["title"], body["messages"]) == (200, "Tập dượt", [])
    client.post(f"/sandbox/telegram/bot{TOKEN}/sendMessage", {"chat_id": CHAT, "text": "a"})
    _status, body = order(client, age_hours=50)
    assert body["messages"][0]["text"] == "a"
    told = client.get("/sandbox/telegram/control/", {"chat_id": CHAT}).json()
    assert told == body
    assert client.get("/sandbox/telegram/control/", {"chat_id": "x"}).status_code == 400


@pytest.mark.parametrize("fault", ["silence", "cut"])
@pytest.mark.django_db(transaction=True)
def test_answers_that_never_come_after_the_message_was_taken(live_server, fault: str) -> None:
    chat = seed(CHAT, "Tổ công tác CCHC", TOKEN)
    chat.faults = [{"fault": fault, "seconds": 0.5}]
    chat.save()
    url = f"{live_server.url}/sandbox/telegram/bot{TOKEN}/sendMessage"

    async def send() -> None:
        await OutboundClient().request("POST", url, json={"chat_id": CHAT, "text": "a"}, timeout=5)

    with pytest.raises(NoAnswer):
        asyncio.run(send())
    assert SandboxMessage.objects.get().text == "a"


def test_a_slow_answer_comes(call: Call, client: Client) -> None:
    order(client, faults=[{"fault": "slow", "seconds": 0.01}])
    assert call("sendMessage", text="a")[0] == 200


# --- seeding and the page ----------------------------------------------------------------------


def test_seeding_may_be_repeated(db: None) -> None:
    first = seed(-1001234, "Một", TOKEN)
    again = seed(-1001234, "Hai", TOKEN)
    assert (first.pk, again.title, again.type, again.bots.count()) == (
        again.pk,
        "Hai",
        "supergroup",
        1,
    )


def test_the_page_shows_what_members_see(call: Call, client: Client) -> None:
    call("sendMessage", text="<b>Tin một</b>\nDòng hai", parse_mode="HTML")
    call(
        "sendPhoto",
        photo=photo(),
        caption='<a href="https://a.example/">Đọc</a>',
        parse_mode="HTML",
    )
    call("sendMessage", text="Sẽ xóa")
    call("editMessageCaption", message_id=2, caption="Chú thích đã sửa")
    call("pinChatMessage", message_id=1)
    call("deleteMessage", message_id=3)
    page = client.get(f"/sandbox/telegram/{CHAT}/").content.decode()
    assert "<strong>Tin một</strong>" in page
    assert "Chú thích đã sửa" in page
    assert page.count("đã chỉnh sửa") == 1
    assert "Tin nhắn đã ghim" in page
    assert "Sẽ xóa" not in page
    assert f'src="/sandbox/telegram/{CHAT}/2/file?' in page
    assert timezone.localtime().strftime("%d/%m/%Y") in page


def test_large_numbers_are_not_grouped(call: Call, client: Client) -> None:
    SandboxChat.objects.update(last_message_id=1233)
    call("sendPhoto", photo=photo(width=1600, height=900))
    call("pinChatMessage", message_id=1234)
    page = client.get(f"/sandbox/telegram/{CHAT}/").content.decode()
    for part in ('id="message-1234"', 'href="#message-1234"', 'width="1600"', "/1234/file?"):
        assert part in page


def test_the_page_needs_nothing_the_content_policy_forbids(call: Call, client: Client) -> None:
    call("sendMessage", text="a")
    for path in ("", f"{CHAT}/"):
        page = client.get(f"/sandbox/telegram/{path}")
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        text = page.content.decode()
        assert " style=" not in text
        assert "<style" not in text
        assert text.count("<script") == text.count('<script type="module" src=')
        assert 'lang="vi"' in text


def test_files_of_deleted_messages_are_gone(call: Call, client: Client) -> None:
    call("sendPhoto", photo=photo())
    address = f"/sandbox/telegram/{CHAT}/1/file"
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.getvalue() == picture_bytes()
    call("deleteMessage", message_id=1)
    assert client.get(address).status_code == 404


def test_a_document_is_offered_for_saving_only(call: Call, client: Client) -> None:
    page = SimpleUploadedFile("a.html", b"<script>alert(1)</script>", "text/html")
    call("sendDocument", document=page)
    answer = client.get(f"/sandbox/telegram/{CHAT}/1/file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.getvalue() == b"<script>alert(1)</script>"


def test_the_fragment_is_a_part_of_the_page(call: Call, client: Client) -> None:
    call("sendMessage", text="a")
    fragment = client.get(f"/sandbox/telegram/{CHAT}/messages/").content.decode().strip()
    assert "<html" not in fragment
    assert "no-store" in client.get(f"/sandbox/telegram/{CHAT}/messages/").headers["Cache-Control"]
    assert client.get("/sandbox/telegram/-99/").status_code == 404
    assert client.get(f"/sandbox/telegram/{'9' * 20}/").status_code == 404


def test_the_list_names_every_chat(call: Call, client: Client) -> None:
    call("sendMessage", text="Tin mới nhất")
    page = client.get("/sandbox/telegram/").content.decode()
    assert "Tổ công tác CCHC" in page
    assert "Tin mới nhất" in page
