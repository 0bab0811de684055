"""Channels that a person carries: which text each carrier gets, and what is asked of the person."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels import delivery, outbox
from channels.adapters.hand import DO, REMOVE, REPLACE, Hand
from channels.adapters.hand_text import TEXTS
from channels.adapters.shared_posts import ZALO_TEXT, shortened
from channels.contract import Document, Message, Story
from channels.forms import fields_for
from channels.models import Action, Channel, Delivery, State
from channels.worker import deliver_due
from organisations.models import User
from tests import factories
from tests.channels.conformance import PICTURE, STORY

CARRIERS = sorted(TEXTS)
VARIANTS = {
    "zalo": {"text": "Bài viết riêng cho Zalo."},
    "press": {"headline": "Tít báo", "lead": "Sapo báo.", "text": "Thân bài báo."},
    "tv": {"headline": "Tít truyền hình", "crawl": "Dòng chữ chạy."},
    "loudspeaker": {"text": "Bản đọc cho loa."},
}


def adapter(**options: Any) -> Hand:
    chosen = Hand.Options.model_validate(options)
    return Hand(chosen, "", http=None, files=None)  # type: ignore[arg-type]


def said(carrier: str, story: Story = STORY, **options: Any) -> Message:
    return adapter(carrier=carrier, **options).compose(story)


# --- what is said ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("carrier", "words"),
    [
        ("zalo", ["Bài viết riêng cho Zalo."]),
        ("facebook", [STORY.title, "Sapo báo."]),
        ("board", ["Tít báo", "Sapo báo.", "Thân bài báo."]),
        ("leaflet", ["Tít báo", "Sapo báo.", "Thân bài báo."]),
        ("panel", ["Tít truyền hình", "Dòng chữ chạy."]),
        ("poster", ["Tít truyền hình", "Dòng chữ chạy."]),
        ("communicator", ["Bản đọc cho loa."]),
    ],
)
def test_each_carrier_gets_the_text_written_for_it(carrier: str, words: list[str]) -> None:
    text = said(carrier, replace(STORY, variants=VARIANTS)).text
    assert text.split("\n\n")[: len(words)] == words


@pytest.mark.parametrize("carrier", CARRIERS)
def test_without_a_text_of_its_own_the_item_speaks(carrier: str) -> None:
    text = said(carrier, replace(STORY, variants={})).text
    assert STORY.title in text or text.startswith(STORY.spoken)


@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_link_goes_with_what_is_read_and_not_with_what_is_said(carrier: str) -> None:
    text = said(carrier).text
    assert text.count(STORY.address) == (0 if carrier == "communicator" else 1)


def test_a_link_that_stands_in_the_text_is_not_repeated() -> None:
    story = replace(STORY, variants={"zalo": {"text": f"Xem {STORY.address} để biết."}})
    assert said("zalo", story).text.count(STORY.address) == 1


def test_the_link_is_never_cut() -> None:
    text = said("zalo", replace(STORY, title="Dài " * 1250, variants={})).text
    assert len(text) <= ZALO_TEXT
    assert text.endswith(f"…\n\n{STORY.address}")


@given(st.text(max_size=60), st.integers(min_value=1, max_value=40))
def test_a_shortened_text_keeps_to_its_limit(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short == text or text.startswith(short[:-1])


def test_a_text_is_cut_after_a_word() -> None:
    assert shortened("Khai trương bộ phận một cửa", 14) == "Khai trương…"


def test_a_sheet_says_who_publishes_it_and_what_else_stands_on_the_page() -> None:
    story = replace(STORY, unit="Sở Nội vụ", facts={"Hạn nộp": "30/6"}, variants={})
    text = said("board", story).text
    assert "Hạn nộp: 30/6" in text
    assert text.endswith(f"Sở Nội vụ\n{STORY.address}")


def test_what_goes_with_an_item_is_said_in_words() -> None:
    paper = Document(
        url="https://cchc.example.vn/mau.docx", file="mau.docx", title="Mẫu đơn", mime="text/x"
    )
    facts = {"documents": "Mẫu đơn: /mau.docx", "ends_at": "17:00 14/05/2026"}
    text = said("board", replace(STORY, documents=(paper,), facts=facts, variants={})).text
    assert "Tài liệu: Mẫu đơn (https://cchc.example.vn/mau.docx)" in text
    assert "Thông báo có giá trị đến 17:00 14/05/2026." in text
    assert not {"documents", "ends_at"} & set(re.findall(r"\w+", text))


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_noted_correction_is_told(carrier: str) -> None:
    story = replace(STORY, correction="Đúng là 65 xã.", corrected=STORY.updated)
    message = said(carrier, story)
    assert "Đính chính" in message.text
    assert "Đúng là 65 xã." in message.text
    assert message.title.startswith("[Đính chính]")


def test_the_picture_is_in_the_pack_unless_it_is_told_or_not_wanted() -> None:
    story = replace(STORY, picture=PICTURE)
    assert said("board", story).image == PICTURE
    assert said("communicator", story).image is None
    assert said("board", story, with_picture=False).image is None


def test_every_carrier_has_a_text_and_words_for_the_person() -> None:
    offered = set(fields_for(Hand.Options)["carrier"].choices)  # type: ignore[attr-defined]
    names = {value for value, _label in offered}
    assert names == set(TEXTS) == set(DO) == set(REPLACE) == set(REMOVE)


# --- settings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "zalo.me/g/abc", "ftp://a.vn/", "https://"]
)
def test_an_address_that_is_not_of_the_web_is_refused(link: str) -> None:
    with pytest.raises(ValidationError):
        adapter(link=link)


def test_settings_are_kept_as_entered() -> None:
    assert adapter(link=" https://zalo.me/g/abc ").options.link == "https://zalo.me/g/abc"


@pytest.mark.parametrize("hours", [0, 721])
def test_the_time_for_it_has_bounds(hours: int) -> None:
    with pytest.raises(ValidationError):
        adapter(hours=hours)


# --- what a person is asked --------------------------------------------------------------------


async def test_handing_over_says_what_to_do_and_where() -> None:
    sender = adapter(carrier="board", place="Nhà văn hóa thôn Hạ", hours=48)
    receipt = await sender.send(sender.compose(STORY))
    assert receipt.awaits_person
    assert receipt.within_hours == 48
    assert receipt.note == f"{DO['board']} (Nhà văn hóa thôn Hạ)"
    assert receipt.external_id == STORY.key


async def test_urgent_items_and_withdrawals_have_less_time() -> None:
    sender = adapter(hours=24, urgent_hours=2)
    plain, urgent = sender.compose(STORY), sender.compose(replace(STORY, level="urgent"))
    handed = await sender.send(plain)
    assert (await sender.send(urgent)).within_hours == 2
    assert (await sender.update(plain, handed)).within_hours == 24
    assert (await sender.retract(plain, handed)).within_hours == 2


async def test_a_correction_keeps_where_the_item_stands_but_not_the_photo_of_the_old_one() -> None:
    sender = adapter()
    handed = await sender.send(sender.compose(STORY))
    stands = replace(handed, address="https://zalo.me/p/1", details={"photo": 5})
    for later in (
        await sender.update(sender.compose(STORY), stands),
        await sender.retract(sender.compose(STORY), stands),
    ):
        assert later.address == "https://zalo.me/p/1"
        assert "photo" not in later.details
        assert later.awaits_person


async def test_checking_has_nothing_to_ask() -> None:
    assert await adapter().check() == ""
    assert adapter().paces() == []


# --- through the outbox ------------------------------------------------------------------------


@pytest.fixture
def board(db: None) -> Channel:
    return factories.channel("bang-tin", "hand", options={"carrier": "board", "hours": 10})


def queue(story: Story) -> Delivery:
    with transaction.atomic():
        outbox.publish(story)
    deliver_due()
    return Delivery.objects.latest("pk")


def receipt_of(row: Delivery) -> dict[str, Any]:
    assert row.receipt is not None
    return dict(row.receipt)


def test_a_delivery_waits_for_a_person_until_its_hour(board: Channel) -> None:
    before = timezone.now()
    row = queue(factories.story())
    assert row.state == State.AWAITING
    assert row.reason == str(DO["board"])
    assert before < row.due_at - timedelta(hours=10) <= timezone.now()
    assert row not in Delivery.objects.needing_a_person(timezone.now())
    assert row in Delivery.objects.needing_a_person(row.due_at)


def test_a_correction_takes_the_place_of_what_still_waits(board: Channel) -> None:
    story = factories.story()
    first = queue(story)
    second = queue(replace(story, title="Tít đã sửa"))
    assert (second.action, second.state) == (Action.UPDATE, State.AWAITING)
    assert second.reason == str(REPLACE["board"])
    late = timezone.now() + timedelta(days=3)
    assert list(Delivery.objects.handed_over()) == [second]
    assert list(Delivery.objects.needing_a_person(late)) == [second]
    assert first.pk != second.pk


def test_a_withdrawal_becomes_a_task_to_take_it_down(board: Channel, approver: User) -> None:
    story = factories.story()
    delivery.confirm(queue(story), approver, "Đã dán", address="https://zalo.me/p/1", photo=7)
    with transaction.atomic():
        outbox.retract(story.key)
    deliver_due()
    row = Delivery.objects.latest("pk")
    assert (row.action, row.state) == (Action.RETRACT, State.AWAITING)
    assert row.reason == str(REMOVE["board"])
    assert receipt_of(row)["address"] == "https://zalo.me/p/1"
    assert list(Delivery.objects.handed_over()) == [row]


def test_a_proof_is_kept_in_the_receipt(board: Channel, approver: User) -> None:
    row = queue(factories.story())
    delivery.confirm(row, approver, address="https://zalo.me/p/1", photo=7)
    row.refresh_from_db()
    assert row.state == State.DELIVERED
    assert receipt_of(row)["address"] == "https://zalo.me/p/1"
    assert receipt_of(row)["details"] == {"photo": 7}
    assert not receipt_of(row)["awaits_person"]


def test_after_giving_up_a_correction_is_a_new_item_again(board: Channel, approver: User) -> None:
    story = factories.story()
    delivery.cancel(queue(story), approver, "Bảng tin đang sửa chữa")
    row = queue(replace(story, title="Tít đã sửa"))
    assert (row.action, row.state) == (Action.PUBLISH, State.AWAITING)
