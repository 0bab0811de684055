"""Mail to press desks: what it says, and what becomes of it at a real SMTP server."""

import asyncio
import base64
import json
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import translation
from pydantic import ValidationError

from channels import forms
from channels.adapters import email_transport
from channels.adapters.email import Email
from channels.adapters.email_errors import Abandoned, refusal
from channels.adapters.email_files import encoded
from channels.adapters.email_text import SUBJECT_LIMIT, without_pictures
from channels.contract import (
    DeliveryError,
    Document,
    PermanentError,
    Picture,
    Story,
    TemporaryError,
    UncertainError,
)
from tests.certificates import server_context
from tests.channels.bot_api import Stored, picture_bytes
from tests.channels.mail_server import PASSWORD, USER, Desk, authenticator, raw, serving

MOMENT = datetime(2026, 5, 12, 3, 30, tzinfo=UTC)
EIGHT = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)  # 08:00 in Viet Nam
PICTURE = Picture(
    url="https://tinh.example.vn/a.jpg", file="images/a.jpg", mime="image/jpeg",
    size=40_000, width=1600, height=900, alt="Hội nghị", caption="Toàn cảnh hội nghị",
    credit="Văn An",
)  # fmt: skip
PLAN = Document(
    url="https://tinh.example.vn/documents/1/", file="documents/kh95.pdf",
    title="Kế hoạch 95/KH-UBND", mime="application/pdf", size=2_000_000,
)  # fmt: skip
STORY = Story(
    key="5f0c7a34-0b1c-4a4e-9f57-0d3c9d3b8a11",
    sequence=1,
    title="Đẩy mạnh cải cách hành chính",
    summary="Năm 2026, tỉnh rút ngắn thời gian giải quyết 120 thủ tục.",
    text="Đoạn một.\n\nĐoạn hai có < và &.",
    html='<p>Đoạn một.</p><img src="https://tinh.example.vn/x.jpg" alt="Ảnh &gt; 1">',
    spoken="",
    address="https://tinh.example.vn/tin-tuc/cai-cach/",
    author="Nguyễn Văn A",
    unit="Sở Nội vụ",
    contact="Bà Hoa, 0912 345 678",
    published=MOMENT,
    updated=MOMENT,
)
WITH_LOGIN: dict[str, Any] = {
    "authenticator": authenticator, "auth_required": True, "auth_require_tls": False,
}  # fmt: skip
DESK = ["toasoan@bao.example", "thoisu@bao.example"]


def adapter(files: Any = None, **options: Any) -> Email:
    chosen = Email.Options.model_validate({"recipients": DESK, **options})
    stored = files or Stored({"images/a.jpg": picture_bytes(), "documents/kh95.pdf": b"%PDF-1.7"})
    return Email(chosen, "", http=None, files=stored)  # type: ignore[arg-type]


def part(mail: EmailMessage, kind: str) -> str:
    """Return the body of this kind, as a mail program shows it."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


async def failure(act: Callable[[], Any]) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await act()
    told = "".join(traceback.format_exception(caught.value))
    assert PASSWORD not in told
    assert "127.0.0.1" not in str(caught.value)
    return caught.value


@pytest.fixture(autouse=True)
def server_settings(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Mail goes to a server of the test; what is logged never holds its password."""
    caplog.set_level("DEBUG")
    caplog.set_level("ERROR", "mail.log")  # the server's own, which holds what it reads
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.DEFAULT_FROM_EMAIL = "Nhịp Cầu <tin@tinh.example>"
    monkeypatch.setattr(email_transport, "STEP_SECONDS", 0.5)
    monkeypatch.setattr(email_transport, "WHOLE_SECONDS", 5)
    yield
    assert PASSWORD not in caplog.text


# --- options -----------------------------------------------------------------------------------


def test_every_wrong_address_is_named() -> None:
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        adapter(recipients=["a@bao.example", "b@", "c d@bao.example"])
    [problem] = forms.messages_of(caught.value)["recipients"]
    assert problem == "Not a mail address: “b@”, “c d@bao.example”."


@pytest.mark.parametrize("wrong", [[], [" "], ["a@b.vn\nBcc: x@y.vn"], ['"a b"@b.vn'],
                                   ["An <a@b.vn>"], [f"a{n}@b.vn" for n in range(51)]])  # fmt: skip
def test_addresses_are_plain_and_some(wrong: list[str]) -> None:
    with pytest.raises(ValidationError):
        adapter(recipients=wrong)


def test_addresses_are_trimmed_and_each_is_taken_once() -> None:
    assert adapter(recipients=[" a@b.vn ", "A@b.vn", ""]).options.recipients == ["A@b.vn"]


def test_answers_go_to_one_address_or_none() -> None:
    assert adapter(reply_to=" a@b.vn").options.reply_to == "a@b.vn"
    assert adapter(reply_to=" ").options.reply_to == ""
    with pytest.raises(ValidationError):
        adapter(reply_to="a@b.vn, c@d.vn")


def test_a_channel_names_no_server_so_it_reaches_none_but_the_operators() -> None:
    assert not {"host", "server", "port", "address"} & set(Email.Options.model_fields)


# --- what is said ------------------------------------------------------------------------------


def test_the_text_is_title_lead_body_and_whom_to_ask() -> None:
    message = adapter().compose(STORY)
    assert message.title == "Đẩy mạnh cải cách hành chính"
    assert message.text == (
        "Đẩy mạnh cải cách hành chính\n\n"
        "Năm 2026, tỉnh rút ngắn thời gian giải quyết 120 thủ tục.\n\n"
        "Đoạn một.\n\nĐoạn hai có < và &.\n\n"
        "--\nTác giả: Nguyễn Văn A\nĐơn vị: Sở Nội vụ\nLiên hệ: Bà Hoa, 0912 345 678\n"
        "Trên cổng: https://tinh.example.vn/tin-tuc/cai-cach/\n"
    )


def test_what_was_written_for_the_press_goes_before_the_item() -> None:
    press = {"headline": "Tít báo", "lead": "Sa pô báo.", "text": "Bài\nbáo."}
    message = adapter().compose(replace(STORY, variants={"press": press}))
    assert message.title == "Tít báo"
    assert message.text.startswith("Tít báo\n\nSa pô báo.\n\nBài\nbáo.\n\n--")
    assert "120 thủ tục" not in message.text + message.html


def test_html_fetches_nothing_and_keeps_pictures_as_links() -> None:
    message = adapter().compose(STORY)
    assert "<img" not in message.html
    assert '<a href="https://tinh.example.vn/x.jpg">[Ảnh: Ảnh &gt; 1]</a>' in message.html
    odd = (
        '<p style="background:url(http://x/)" onclick="x()">A<iframe src="http://x/"></iframe></p>'
    )
    assert without_pictures(odd, "vi") == "<p>A</p>"
    assert without_pictures('<img alt="x">', "vi") == ""


def test_without_html_there_is_plain_text_only() -> None:
    assert adapter(with_html=False).compose(STORY).html == ""


def test_an_embargo_stands_in_the_subject_and_before_everything_else() -> None:
    message = adapter(subject_prefix="[TTBC]").compose(replace(STORY, embargo=EIGHT))
    mark = "CHƯA ĐĂNG TRƯỚC 08:00 01/6/2026"
    assert message.title == f"[{mark}] [TTBC] Đẩy mạnh cải cách hành chính"
    assert message.text.startswith(f"{mark}.\n\n")
    assert f"<body><p>{mark}.</p>" in message.html


def test_a_correction_is_marked_and_noted() -> None:
    message = adapter().compose(replace(STORY, correction="Là 12 thủ tục.", corrected=MOMENT))
    assert message.title == "[ĐÍNH CHÍNH] Đẩy mạnh cải cách hành chính"
    assert message.text.startswith("Đính chính ngày 12/05/2026: Là 12 thủ tục.\n\nĐẩy mạnh")


def test_an_urgent_announcement_says_so_first() -> None:
    message = adapter().compose(replace(STORY, level="urgent"))
    assert message.title == "KHẨN CẤP: Đẩy mạnh cải cách hành chính"
    assert message.text.startswith("KHẨN CẤP\n\n")


def test_a_title_with_line_breaks_makes_no_header() -> None:
    bad = replace(STORY, title="Tít\r\nBcc: x@y.vn\n\nThân\x00\u2028bài\ud800")
    assert adapter().compose(bad).title == "Tít Bcc: x@y.vn Thân bài"


def test_a_long_subject_is_cut_and_the_text_is_not() -> None:
    message = adapter().compose(replace(STORY, title="Dài " * 500))
    assert len(message.title) == SUBJECT_LIMIT
    assert message.title.endswith("…")
    assert message.text.startswith(("Dài " * 500).strip() + "\n\n")


# --- files -------------------------------------------------------------------------------------


def test_files_within_the_limit_are_attached_under_names_that_say_what_they_are() -> None:
    message = adapter().compose(replace(STORY, picture=PICTURE, documents=(PLAN, PLAN)))
    assert [file["name"] for file in message.details["attached"]] == [
        "day-manh-cai-cach-hanh-chinh.jpg", "ke-hoach-95kh-ubnd.pdf", "ke-hoach-95kh-ubnd-2.pdf",
    ]  # fmt: skip
    line = "Kèm theo: Ảnh: Toàn cảnh hội nghị (Văn An) (day-manh-cai-cach-hanh-chinh.jpg"
    assert line in message.text
    json.dumps(message.details)


def test_files_beyond_the_limit_are_linked() -> None:
    large = replace(PLAN, size=900_000)
    story = replace(STORY, picture=PICTURE, documents=(large, replace(PLAN, size=0)))
    message = adapter(attachments_mb=1).compose(story)
    assert [file["file"] for file in message.details["attached"]] == ["images/a.jpg"]
    assert message.text.count(f"Tải về: Kế hoạch 95/KH-UBND – {PLAN.url}") == 2
    assert adapter(attachments_mb=0).compose(story).details["attached"] == []


def test_a_file_is_reckoned_as_large_as_mail_makes_it() -> None:
    for size in (1, 56, 57, 58, 1000, 40_000):
        assert encoded(size) == len(base64.encodebytes(bytes(size)).replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("mime", ["text/html", "a/b\r\nX: y", "", "message/rfc822", "é/b"])
def test_odd_media_types_are_sent_as_plain_bytes(mime: str) -> None:
    message = adapter().compose(replace(STORY, documents=(replace(PLAN, mime=mime),)))
    assert message.details["attached"][0]["mime"] == "application/octet-stream"


# --- at a server -------------------------------------------------------------------------------


async def test_one_mail_goes_to_the_whole_desk(settings: LazySettings) -> None:
    sender = adapter(reply_to="traloi@tinh.example", subject_prefix="[TTBC]")
    message = sender.compose(replace(STORY, picture=PICTURE, documents=(PLAN,)))
    async with serving(Desk(), settings) as desk:
        receipt = await sender.send(message)
    [envelope], [mail] = desk.envelopes, desk.mails
    assert envelope.rcpt_tos == DESK
    assert envelope.mail_from == "tin@tinh.example"
    assert mail["To"] == "toasoan@bao.example, thoisu@bao.example"
    assert mail["From"] == "Nhịp Cầu <tin@tinh.example>"
    assert mail["Subject"].strip() == message.title  # Django folds at once
    assert mail["Reply-To"] == "traloi@tinh.example"
    assert part(mail, "plain").replace("\r\n", "\n") == message.text
    assert part(mail, "html").replace("\r\n", "\n").strip() == message.html
    files = [(file.get_filename(), file.get_content_type()) for file in mail.iter_attachments()]
    assert files == [("day-manh-cai-cach-hanh-chinh.jpg", "image/jpeg"),
                     ("ke-hoach-95kh-ubnd.pdf", "application/pdf")]  # fmt: skip
    assert list(mail.iter_attachments())[1].get_content() == b"%PDF-1.7"
    assert receipt.external_id == mail["Message-ID"]
    assert not receipt.awaits_person
    assert mail.get_content_type() == "multipart/mixed"


async def test_the_mail_passes_servers_that_know_ascii_only(settings: LazySettings) -> None:
    message = adapter().compose(replace(STORY, text="Dài " * 2000))
    async with serving(Desk(), settings) as desk:
        await adapter().send(message)
    content = desk.envelopes[0].content
    assert isinstance(content, bytes)
    assert content.isascii()
    assert max(map(len, content.splitlines())) <= 998


async def test_headers_keep_repliers_quiet_and_let_desks_sort_and_leave(
    settings: LazySettings,
) -> None:
    async with serving(Desk(), settings) as desk:
        await adapter().send(adapter().compose(STORY))
    [mail] = desk.mails
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] == "list"
    assert mail["List-Id"] == "<bao-chi.tinh.example>"
    assert mail["List-Unsubscribe"] == "<mailto:tin@tinh.example?subject=unsubscribe>"
    assert "List-Unsubscribe-Post" not in mail
    assert not [name for name in mail if name.lower().startswith("x-")]


async def test_a_repeat_has_the_same_id_and_another_desk_another(settings: LazySettings) -> None:
    message = adapter().compose(STORY)
    async with serving(Desk(), settings) as desk:
        await adapter().send(message)
        await adapter().send(message)
        await adapter(recipients=["ban@dai.example"]).send(message)
        await adapter().send(replace(message, key=f"{STORY.key}:2"))
    first, again, elsewhere, later = (mail["Message-ID"] for mail in desk.mails)
    assert first == again
    assert len({first, elsewhere, later}) == 3


@pytest.mark.parametrize(
    ("before", "after", "subject"),
    [
        ({}, {"correction": "Là 12."}, "[ĐÍNH CHÍNH] Đẩy"),
        ({}, {"text": "Khác."}, "[CẬP NHẬT] Đẩy"),
        ({"embargo": EIGHT}, {}, "[ĐƯỢC ĐĂNG] Đẩy"),
        ({"embargo": EIGHT}, {"text": "Khác."}, "[CẬP NHẬT] Đẩy"),
        ({"embargo": EIGHT}, {"correction": "Là 12."}, "[ĐÍNH CHÍNH] Đẩy"),
    ],
)
async def test_a_new_version_is_a_reply_that_says_why_it_comes(
    settings: LazySettings, before: dict[str, Any], after: dict[str, Any], subject: str
) -> None:
    sender = adapter()
    earlier = sender.compose(replace(STORY, **before))
    later = sender.compose(replace(STORY, sequence=2, **after))
    async with serving(Desk(), settings) as desk:
        receipt = await sender.send(earlier)
        second = await sender.update(later, receipt)
        await sender.retract(later, second)
    first, reply, last = desk.mails
    assert reply["Subject"].strip().startswith(subject)
    assert reply["In-Reply-To"] == reply["References"] == first["Message-ID"]
    assert ("nay được đăng" in part(reply, "plain")) == ("ĐƯỢC ĐĂNG" in subject)
    assert last["In-Reply-To"] == first["Message-ID"]
    assert last["References"] == f"{first['Message-ID']} {reply['Message-ID']}"
    assert len({mail["Message-ID"] for mail in desk.mails}) == 3


async def test_a_withdrawal_asks_not_to_use_the_item_and_repeats_none_of_it(
    settings: LazySettings,
) -> None:
    sender = adapter()
    message = sender.compose(replace(STORY, picture=PICTURE))
    async with serving(Desk(), settings) as desk:
        await sender.retract(message, await sender.send(message))
    mail = desk.mails[1]
    subject = "[ĐÃ GỠ] đề nghị không sử dụng: Đẩy mạnh cải cách hành chính"
    assert mail["Subject"].strip() == subject
    assert part(mail, "plain").strip().startswith("Tin, bài dưới đây đã được gỡ.")
    assert "Đoạn" not in part(mail, "plain") + part(mail, "html")
    assert not list(mail.iter_attachments())


async def test_who_got_an_item_gets_its_withdrawal_though_taken_off_the_list(
    settings: LazySettings,
) -> None:
    message = adapter().compose(STORY)
    async with serving(Desk(), settings) as desk:
        receipt = await adapter().send(message)
        await adapter(recipients=["moi@bao.example"]).retract(message, receipt)
    assert desk.envelopes[1].rcpt_tos == ["moi@bao.example", *DESK]


async def test_checking_logs_in_and_sends_nothing(settings: LazySettings) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = USER, PASSWORD
    async with serving(Desk(), settings, **WITH_LOGIN) as desk:
        assert await adapter().check() == "toasoan@bao.example, thoisu@bao.example"
    assert desk.commands == ["NOOP"]
    assert desk.envelopes == []


# --- what can fail -----------------------------------------------------------------------------


async def test_nobody_there(settings: LazySettings) -> None:
    async with raw(hang) as settings.EMAIL_PORT:
        pass
    message = adapter().compose(STORY)
    assert isinstance(await failure(lambda: adapter().send(message)), TemporaryError)
    assert isinstance(await failure(lambda: adapter().check()), TemporaryError)


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(65_536):
        pass


async def hang_after(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, replies: list[bytes]
) -> None:
    for reply in replies:
        writer.write(reply + b"\r\n")
        await writer.drain()
        await reader.readuntil(b"\r\n")
    await hang(reader, writer)


async def test_a_server_that_never_greets_is_tried_again(settings: LazySettings) -> None:
    async with raw(hang) as settings.EMAIL_PORT:
        message = adapter().compose(STORY)
        assert isinstance(await failure(lambda: adapter().send(message)), TemporaryError)
        assert isinstance(await failure(lambda: adapter().check()), TemporaryError)


GREETED = [b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"250 ok"]  # …EHLO, MAIL, RCPT, RCPT


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        (GREETED[:2], TemporaryError),
        (GREETED[:4], TemporaryError),
        ([*GREETED, b"354 go"], UncertainError),
    ],
)
async def test_silence_is_uncertain_only_once_the_mail_was_handed_over(
    settings: LazySettings, replies: list[bytes], expected: type[DeliveryError]
) -> None:
    async with raw(lambda reader, writer: hang_after(reader, writer, replies)) as port:
        settings.EMAIL_PORT = port
        message = adapter().compose(STORY)
        assert isinstance(await failure(lambda: adapter().send(message)), expected)


async def test_an_answer_that_is_no_reply_is_uncertain(settings: LazySettings) -> None:
    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in [*GREETED, b"354 go"]:
            writer.write(reply + b"\r\n")
            await reader.readuntil(b"\r\n")
        await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"<html>\r\n")
        await hang(reader, writer)

    async with raw(act) as settings.EMAIL_PORT:
        message = adapter().compose(STORY)
        assert isinstance(await failure(lambda: adapter().send(message)), UncertainError)


async def test_a_server_that_does_not_say_goodbye_has_the_mail_all_the_same(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email_transport, "BYE_SECONDS", 0.1)

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in [*GREETED, b"354 go"]:
            writer.write(reply + b"\r\n")
            await reader.readuntil(b"\r\n")
        await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"250 taken\r\n")
        await hang(reader, writer)

    async with raw(act) as settings.EMAIL_PORT:
        receipt = await adapter().send(adapter().compose(STORY))
    assert receipt.external_id


async def test_a_connection_that_breaks_after_the_mail_is_uncertain(settings: LazySettings) -> None:
    async with serving(Desk(drops=True), settings) as desk:
        message = adapter().compose(STORY)
        error = await failure(lambda: adapter().send(message))
    assert isinstance(error, UncertainError)
    assert len(desk.envelopes) == 1


@pytest.mark.parametrize("password", ["", "sai", PASSWORD + "x"])
async def test_a_wrong_password_stops_the_channel(settings: LazySettings, password: str) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = USER, password
    async with serving(Desk(), settings, **WITH_LOGIN) as desk:
        message = adapter().compose(STORY)
        error = await failure(lambda: adapter().send(message))
        assert isinstance(error, PermanentError)
        assert error.stops_channel
    assert desk.envelopes == []


async def test_a_server_without_encryption_or_a_certificate_nobody_vouches_for(
    settings: LazySettings, tmp_path: Path
) -> None:
    message = adapter().compose(STORY)
    async with serving(Desk(), settings, server_context(tmp_path)):
        untrusted = await failure(lambda: adapter().send(message))
        assert isinstance(untrusted, PermanentError)
        assert untrusted.stops_channel
    async with serving(Desk(), settings) as desk:
        settings.EMAIL_USE_TLS = True
        error = await failure(lambda: adapter().send(message))
        assert isinstance(error, PermanentError)
        assert error.stops_channel
    assert desk.envelopes == []


@pytest.mark.parametrize(
    ("desk", "expected", "stops"),
    [
        (Desk(sender="550 5.7.1 No"), PermanentError, True),
        (Desk(sender="451 4.3.0 Later"), TemporaryError, False),
        (Desk(sender="530 5.7.0 Log in"), PermanentError, True),
        (Desk(sender="552 5.3.4 Too big"), PermanentError, False),
        (Desk(data="452 4.3.1 Full"), TemporaryError, False),
        (Desk(data="552 5.3.4 Too big"), PermanentError, False),
        (Desk(data="554 5.7.1 Spam"), PermanentError, False),
        (Desk(data="421 4.3.2 Closing"), TemporaryError, False),
    ],
)
async def test_refusals_of_the_mail(
    settings: LazySettings, desk: Desk, expected: type[DeliveryError], stops: bool
) -> None:
    async with serving(desk, settings):
        message = adapter().compose(STORY)
        error = await failure(lambda: adapter().send(message))
    assert isinstance(error, expected)
    assert getattr(error, "stops_channel", False) is stops


async def test_a_mail_over_the_servers_limit_is_not_tried_again(settings: LazySettings) -> None:
    async with serving(Desk(), settings, data_size_limit=1000) as desk:
        message = adapter().compose(STORY)
        with translation.override("en"):
            error = await failure(lambda: adapter().send(message))
    assert isinstance(error, PermanentError)
    assert "too large" in str(error)
    assert desk.envelopes == []


async def test_a_desk_that_is_refused_whole_is_named(settings: LazySettings) -> None:
    rcpt = {DESK[0]: "550 5.1.1 No such user", DESK[1]: "550 5.2.1 Disabled"}
    async with serving(Desk(rcpt=rcpt), settings) as desk:
        message = adapter().compose(STORY)
        with translation.override("en"):
            error = await failure(lambda: adapter().send(message))
    assert isinstance(error, PermanentError)
    assert not error.stops_channel
    assert f"{DESK[0]} (no such mailbox, 550); {DESK[1]} (mailbox closed, 550)" in str(error)
    assert desk.envelopes == []


async def test_a_desk_that_is_refused_for_now_is_tried_again(settings: LazySettings) -> None:
    rcpt = {DESK[0]: "550 5.1.1 No such user", DESK[1]: "452 4.2.2 Full"}
    async with serving(Desk(rcpt=rcpt), settings):
        message = adapter().compose(STORY)
        error = await failure(lambda: adapter().send(message))
    assert isinstance(error, TemporaryError)
    assert DESK[1] in str(error)


async def test_one_refused_address_does_not_keep_the_others_from_the_mail(
    settings: LazySettings,
) -> None:
    async with serving(Desk(rcpt={DESK[0]: "550 5.1.1 No such user"}), settings) as desk:
        message = adapter().compose(STORY)
        with translation.override("en"):
            receipt = await adapter().send(message)
    assert desk.envelopes[0].rcpt_tos == [DESK[1]]
    assert receipt.awaits_person
    assert f"{DESK[0]} (no such mailbox, 550)" in receipt.note
    assert receipt.details["to"] == [DESK[1]]


@pytest.mark.parametrize(
    ("code", "words", "reason"),
    [
        (550, b"5.1.2 no host", "no such mail domain, 550"),
        (552, b"over quota", "mailbox full, 552"),
        (451, b"4.7.0 greylisted", "try later, 451"),
        (553, "\xff?", "not accepted, 553"),
    ],
)
def test_reasons_in_words(code: int, words: bytes | str, reason: str) -> None:
    with translation.override("en"):
        assert refusal(code, words) == reason


async def test_a_file_that_is_gone_is_named(settings: LazySettings) -> None:
    sender = adapter(files=Stored({"other": b""}))
    message = sender.compose(replace(STORY, documents=(PLAN,)))
    async with serving(Desk(), settings) as desk:
        error = await failure(lambda: sender.send(message))
    assert isinstance(error, PermanentError)
    assert "ke-hoach-95kh-ubnd.pdf" in str(error)
    assert desk.envelopes == []


@pytest.mark.parametrize("backend", ["django.core.mail.backends.console.EmailBackend",
                                     "django.core.mail.backends.dummy.EmailBackend",
                                     "no.such.Backend"])  # fmt: skip
async def test_an_installation_without_mail_does_not_claim_to_have_sent(
    settings: LazySettings, backend: str
) -> None:
    settings.EMAIL_BACKEND = backend
    message = adapter().compose(STORY)
    error = await failure(lambda: adapter().send(message))
    assert isinstance(error, PermanentError)
    assert error.stops_channel


# --- threads cannot be stopped -----------------------------------------------------------------


async def test_a_mail_given_up_is_not_sent_afterwards(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker is told "not sent" while the thread still waits: it must not go on to send."""
    waiting, go, ended = threading.Event(), threading.Event(), threading.Event()
    whole = email_transport._deliver
    begin = email_transport.Handover.begin

    def late(self: email_transport.Handover) -> None:
        waiting.set()
        go.wait(5)
        begin(self)

    def watched(*args: Any) -> Any:
        try:
            return whole(*args)
        except Abandoned:
            ended.set()
            raise

    monkeypatch.setattr(email_transport.Handover, "begin", late)
    monkeypatch.setattr(email_transport, "_deliver", watched)
    async with serving(Desk(), settings) as desk:
        task = asyncio.create_task(adapter().send(adapter().compose(STORY)))
        assert await asyncio.to_thread(waiting.wait, 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go.set()
        assert await asyncio.to_thread(ended.wait, 5)
    assert desk.envelopes == []


async def test_the_whole_has_a_limit_too(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email_transport, "STEP_SECONDS", 5)
    monkeypatch.setattr(email_transport, "WHOLE_SECONDS", 0.2)
    message = adapter().compose(STORY)
    async with raw(hang) as settings.EMAIL_PORT:
        assert isinstance(await failure(lambda: adapter().send(message)), TemporaryError)
    replies = [*GREETED, b"354 go"]
    async with raw(lambda reader, writer: hang_after(reader, writer, replies)) as port:
        settings.EMAIL_PORT = port
        assert isinstance(await failure(lambda: adapter().send(message)), UncertainError)


# --- providers, through django-anymail -----------------------------------------------------------

KEY = "khoa-bi-mat-cua-nha-cung-cap"


def told(status: int, body: bytes) -> Callable[..., Any]:
    """Return a provider that answers everything like this."""

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            line for line in head.split(b"\r\n") if line.lower().startswith(b"content-le")
        )
        await reader.readexactly(int(length.partition(b":")[2]))
        start = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(start.encode() + body)
        await writer.drain()

    return act


def through_postmark(settings: LazySettings, port: int) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": KEY,
        "POSTMARK_API_URL": f"http://127.0.0.1:{port}/",
    }


ACCEPTED = json.dumps(
    {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a", "SubmittedAt": "2026-05-12",
     "To": ", ".join(DESK)}
).encode()  # fmt: skip


async def test_a_provider_takes_the_mail_and_gives_it_a_name(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    async with raw(told(200, ACCEPTED)) as port:
        through_postmark(settings, port)
        receipt = await adapter().send(adapter().compose(replace(STORY, documents=(PLAN,))))
    assert receipt.details["provider_ids"] == ["b7bc2f4a"]
    assert not receipt.awaits_person
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    ("status", "expected", "stops"),
    [
        (401, PermanentError, True),
        (413, PermanentError, False),
        (422, PermanentError, False),
        (429, TemporaryError, False),
        (503, TemporaryError, False),
        (504, UncertainError, False),
    ],
)
async def test_refusals_of_a_provider(
    settings: LazySettings, status: int, expected: type[DeliveryError], stops: bool
) -> None:
    async with raw(told(status, b"<html>no</html>")) as port:
        through_postmark(settings, port)
        message = adapter().compose(STORY)
        error = await failure(lambda: adapter().send(message))
    assert isinstance(error, expected)
    assert getattr(error, "stops_channel", False) is stops
    assert KEY not in "".join(traceback.format_exception(error))


async def test_a_provider_that_is_not_there_or_says_nothing(settings: LazySettings) -> None:
    message = adapter().compose(STORY)
    async with raw(hang) as port:
        through_postmark(settings, port)
        assert isinstance(await failure(lambda: adapter().send(message)), UncertainError)
    assert isinstance(await failure(lambda: adapter().send(message)), TemporaryError)
    settings.ANYMAIL = {}
    error = await failure(lambda: adapter().send(message))
    assert isinstance(error, PermanentError)
    assert error.stops_channel
