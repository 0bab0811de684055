"""What waits for a person: the list, the pack, the proof."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from channels import delivery
from channels.models import Action, Channel, Delivery, State
from channels.worker import deliver_due
from media.models import Picture
from organisations.models import Contact, Organisation, User
from portal.carrying import tasks
from portal.models import ArticlePage
from tests import factories

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
GROUP = "https://zalo.me/g/abc"


@pytest.fixture
def board(db: None) -> Channel:
    options = {"carrier": "board", "place": "Nhà văn hóa thôn Hạ", "hours": 10, "link": GROUP}
    return factories.channel("bang-tin", "hand", name="Bảng tin thôn Hạ", options=options)


@pytest.fixture
def page(board: Channel) -> ArticlePage:
    page = factories.article(live=True, title="64 xã nhận hồ sơ")
    deliver_due()
    return page


@pytest.fixture
def row(page: ArticlePage) -> Delivery:
    return Delivery.objects.of_story(page.story).get()


@pytest.fixture
def board_member(as_person: Browser) -> Client:
    return as_person("approver")


def read(browser: Client, name: str, *args: Any) -> str:
    response = browser.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def settle(browser: Client, row: Delivery, **data: Any) -> Any:
    response = browser.post(reverse("portal_carrying_task", args=[row.pk]), data)
    row.refresh_from_db()
    return response


def receipt_of(row: Delivery) -> dict[str, Any]:
    assert row.receipt is not None
    return dict(row.receipt)


def late(row: Delivery) -> None:
    Delivery.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(minutes=1))


# --- the list ----------------------------------------------------------------------------------


def test_the_list_shows_what_to_do_where_and_by_when(row: Delivery, board_member: Client) -> None:
    shown = read(board_member, "portal_carrying")
    assert "Bảng tin thôn Hạ: 64 xã nhận hồ sơ" in shown
    assert "Nhà văn hóa thôn Hạ" in shown
    assert f"{timezone.localtime(row.due_at):%H:%M %d/%m/%Y}" in shown
    assert "data-overdue" not in shown


def test_the_pack_can_be_copied_and_taken_along(row: Delivery, board_member: Client) -> None:
    message = tasks.Task(row, timezone.now()).message
    for shown in (
        read(board_member, "portal_carrying"),
        read(board_member, "portal_carrying_task", row.pk),
    ):
        assert f'data-copy="{escape(message.text)}"' in shown
        assert f'data-copy="{message.address}"' in shown
        assert f'href="{GROUP}"' in shown
        assert "channels/copy.js" in shown


def test_the_picture_can_be_downloaded(board: Channel, board_member: Client) -> None:
    page = factories.article(live=True, title="Có ảnh", picture=factories.picture())
    deliver_due()
    row = Delivery.objects.of_story(page.story).get()
    assert f'href="{row.payload["image"]["url"]}" download' in read(
        board_member, "portal_carrying_task", row.pk
    )


def test_whom_to_call_stands_beside_it(row: Delivery, board: Channel, board_member: Client) -> None:
    agency = Organisation.objects.create(code="xa-ha", name="UBND xã Hạ", level="commune")
    contact = Contact.objects.create(organisation=agency, name="Nguyễn Văn Hai")
    board.contacts.add(contact)
    assert "Nguyễn Văn Hai" in read(board_member, "portal_carrying")


def test_what_is_overdue_is_marked_and_stands_first(
    row: Delivery, board: Channel, board_member: Client
) -> None:
    other = factories.article(live=True, title="Tin khác")
    deliver_due()
    late(second := Delivery.objects.of_story(other.story).get())
    shown = read(board_member, "portal_carrying")
    assert shown.index(f'data-task="{second.pk}"') < shown.index(f'data-task="{row.pk}"')
    assert shown.count("data-overdue") == 1
    assert "1 việc đã quá hạn" in shown


def test_what_is_overdue_is_an_alarm_that_leads_to_the_task(
    row: Delivery, board_member: Client
) -> None:
    task = reverse("portal_carrying_task", args=[row.pk])
    assert task not in read(board_member, "wagtailadmin_home")
    late(row)
    assert task in read(board_member, "wagtailadmin_home")


def test_the_panel_of_the_item_leads_to_the_task(
    row: Delivery, page: ArticlePage, board_member: Client
) -> None:
    task = reverse("portal_carrying_task", args=[row.pk])
    assert task in read(board_member, "portal_deliveries", page.pk)


def test_what_another_kind_hands_over_is_listed_too(
    page: ArticlePage, room: Channel, board_member: Client
) -> None:
    other = factories.article(live=True, title="Tin của nhóm")
    row = Delivery.objects.for_channel(room).of_story(other.story).get()
    Delivery.objects.filter(pk=row.pk).update(state=State.AWAITING, reason="Gỡ trong nhóm")
    assert "Gỡ trong nhóm" in read(board_member, "portal_carrying")


def test_an_empty_list_says_what_it_is_for(board_member: Client) -> None:
    assert "Không có việc nào đang chờ" in read(board_member, "portal_carrying")


def test_a_long_list_has_pages_and_costs_the_same(
    board: Channel, board_member: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(27):
        factories.article(live=True, title=f"Tin số {number}")
    Delivery.objects.update(state=State.AWAITING)
    read(board_member, "portal_carrying")
    with django_assert_max_num_queries(25):
        shown = read(board_member, "portal_carrying")
    assert shown.count("data-task=") == 25
    assert "?p=2" in shown
    rest = board_member.get(reverse("portal_carrying"), {"p": 2}).content.decode()
    assert rest.count("data-task=") == 2


def test_an_address_that_is_no_web_address_is_never_a_link(
    row: Delivery, board: Channel, board_member: Client
) -> None:
    Channel.objects.update(options=board.options | {"link": "javascript:alert(1)"})
    receipt = receipt_of(row) | {"address": "javascript:alert(2)"}
    Delivery.objects.update(receipt=receipt)
    assert "javascript:" not in read(board_member, "portal_carrying")


# --- the proof ---------------------------------------------------------------------------------


def test_a_photo_proves_it(row: Delivery, board_member: Client, approver: User) -> None:
    response = settle(board_member, row, photo=factories.image_file())
    assert response.status_code == 302
    assert row.state == State.DELIVERED
    photo = Picture.objects.get()
    assert receipt_of(row)["details"] == {"photo": photo.pk}
    assert photo.uploaded_by_user == approver
    assert "64 xã nhận hồ sơ" in photo.description
    shown = read(board_member, "portal_carrying_task", row.pk)
    assert photo.default_alt_text in shown
    assert '<form method="post" enctype' not in shown
    assert f'data-task="{row.pk}"' not in read(board_member, "portal_carrying")


def test_an_address_proves_it(row: Delivery, board_member: Client) -> None:
    settle(board_member, row, address="https://zalo.me/p/1")
    assert row.state == State.DELIVERED
    assert receipt_of(row)["address"] == "https://zalo.me/p/1"


def test_words_prove_it(row: Delivery, board_member: Client) -> None:
    settle(board_member, row, note="Đã dán 3 bản")
    assert (row.state, row.reason) == (State.DELIVERED, "Đã dán 3 bản")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"note": "   "},
        {"address": "javascript:alert(1)"},
        {"address": "ftp://zalo.me/p/1"},
        {"address": "không phải địa chỉ"},
        {"note": "x" * 1001},
    ],
)
def test_without_a_proof_nothing_is_confirmed(
    row: Delivery, board_member: Client, data: dict[str, str]
) -> None:
    assert settle(board_member, row, **data).status_code == 422
    assert row.state == State.AWAITING


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("anh.jpg", b"<script>alert(1)</script>"),
        ("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("anh.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40),
    ],
)
def test_a_file_that_is_no_picture_is_refused(
    row: Delivery, board_member: Client, name: str, content: bytes
) -> None:
    file = SimpleUploadedFile(name, content)
    assert settle(board_member, row, photo=file, note="Đã dán").status_code == 422
    assert row.state == State.AWAITING
    assert not Picture.objects.exists()


def test_a_picture_that_breaks_off_is_refused(row: Delivery, board_member: Client) -> None:
    whole = factories.image_file().read()
    file = SimpleUploadedFile("anh.jpg", whole[: len(whole) // 2])
    assert settle(board_member, row, photo=file).status_code == 422
    assert row.state == State.AWAITING


def test_giving_up_needs_a_reason(row: Delivery, board_member: Client) -> None:
    photo = factories.image_file()
    assert settle(board_member, row, give_up="1", photo=photo).status_code == 422
    assert row.state == State.AWAITING
    settle(board_member, row, give_up="1", note="Bảng tin đang sửa chữa")
    assert (row.state, row.reason) == (State.CANCELLED, "Bảng tin đang sửa chữa")


def test_the_second_of_two_people_is_told_and_no_photo_is_kept(
    row: Delivery, board_member: Client, administrator: User
) -> None:
    delivery.confirm(row, administrator, "Đã dán")
    response = settle(board_member, row, photo=factories.image_file())
    assert response.status_code == 422
    assert "đã được xử lý" in response.content.decode()
    assert row.reason == "Đã dán"
    assert not Picture.objects.exists()


def test_a_photo_is_not_kept_when_somebody_was_faster(
    row: Delivery, administrator: User, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the first look and the lock."""
    monkeypatch.setattr(tasks, "_still_open", lambda row: None)
    delivery.confirm(row, administrator, "Đã dán")
    with pytest.raises(delivery.NotAllowed):
        tasks.finish(row, approver, note="", address="", photo=factories.image_file())
    assert not Picture.objects.exists()


# --- corrections and withdrawals ---------------------------------------------------------------


def publish_again(page: ArticlePage) -> Delivery:
    page.title = "65 xã nhận hồ sơ"
    page.save_revision().publish()
    deliver_due()
    return Delivery.objects.of_story(page.story).latest("pk")


def test_a_correction_takes_the_place_of_the_older_task(
    row: Delivery, page: ArticlePage, board_member: Client
) -> None:
    newer = publish_again(page)
    assert newer.action == Action.UPDATE
    shown = read(board_member, "portal_carrying")
    assert f'data-task="{newer.pk}"' in shown
    assert f'data-task="{row.pk}"' not in shown
    assert "65 xã" in shown
    assert "phiên bản mới hơn" in read(board_member, "portal_carrying_task", row.pk)
    assert settle(board_member, row, note="Đã dán").status_code == 422
    assert row.state == State.AWAITING


def test_a_withdrawal_asks_to_take_it_down_where_it_stands(
    row: Delivery, page: ArticlePage, board_member: Client
) -> None:
    settle(board_member, row, address="https://zalo.me/p/1")
    page.unpublish()
    deliver_due()
    task = Delivery.objects.of_story(page.story).latest("pk")
    assert (task.action, task.state) == (Action.RETRACT, State.AWAITING)
    shown = read(board_member, "portal_carrying_task", task.pk)
    assert 'href="https://zalo.me/p/1"' in shown
    assert "Nội dung đã giao" in shown
    settle(board_member, task, note="Đã gỡ")
    assert task.state == State.DELIVERED


def test_a_task_of_a_deleted_item_is_settled_by_those_who_publish(
    row: Delivery, page: ArticlePage, as_person: Browser
) -> None:
    page.delete()
    deliver_due()
    task = Delivery.objects.latest("pk")
    assert task.action == Action.RETRACT
    assert settle(as_person("editor"), task, note="Đã gỡ").status_code in {302, 403}
    assert task.state == State.AWAITING
    settle(as_person("approver"), task, note="Đã gỡ")
    assert task.state == State.DELIVERED


# --- who may -----------------------------------------------------------------------------------


def test_those_who_may_not_publish_see_it_without_the_form(
    row: Delivery, as_person: Browser
) -> None:
    shown = read(as_person("editor"), "portal_carrying_task", row.pk)
    assert "Người có quyền đăng" in shown
    assert 'name="give_up"' not in shown


def test_a_task_that_is_not_there_is_not_found(board_member: Client) -> None:
    assert board_member.get(reverse("portal_carrying_task", args=[999])).status_code == 404
