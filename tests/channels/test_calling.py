"""Calls of officers: repeated until acknowledged, by signed link, and always over at some time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import LazySettings
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels import outbox
from channels.calling import engine, links, sending
from channels.calling.engine import Rhythm
from channels.calling.models import Call
from channels.contract import PermanentError, TemporaryError
from channels.models import Channel
from channels.testing import MemoryAdapter
from channels.worker import deliver_due
from organisations.models import Contact, Organisation
from tests import factories

pytestmark = pytest.mark.django_db
State = Call.State
MINUTE = timedelta(minutes=1)


@pytest.fixture
def officer(db: None) -> Contact:
    ward = Organisation.objects.create(code="phuong", name="UBND phường Một")
    return Contact.objects.create(
        organisation=ward, name="Nguyễn Văn An", phone="0900 000 001", email="an@phuong.example.vn"
    )


@pytest.fixture
def begin(officer: Contact) -> Callable[..., Call]:
    """Give a function that publishes an urgent story and calls the officer about it."""

    def publish(**values: Any) -> Call:
        rhythm = values.pop("rhythm", Rhythm(every=10, most=3))
        with transaction.atomic():
            publication = outbox.publish(factories.story(level="urgent", title="Lũ khẩn cấp"))
            assert publication is not None
            engine.start(publication, [officer], rhythm=rhythm, **values)
        return Call.objects.latest("pk")

    return publish


def rounds(now: Any) -> int:
    """Do what a worker does at this moment. Returns how many officers were written to."""
    claimed = engine.claim(now)
    for call in claimed:
        async_to_sync(sending.carry)(call)
    return len(claimed)


def let_pass(call: Call, **values: Any) -> Call:
    """Let the time of the next message come."""
    Call.objects.filter(pk=call.pk).update(due_at=timezone.now(), **values)
    call.refresh_from_db()
    return call


def test_an_officer_is_told_at_once_and_again_until_the_last_repeat(
    begin: Callable[..., Call],
) -> None:
    call = begin()
    for count in (1, 2, 3):
        assert rounds(timezone.now()) == 1
        call.refresh_from_db()
        assert call.sent_count == count == len(mail.outbox)
        wait = call.due_at - timezone.now()
        assert 9 * MINUTE < wait <= 10 * MINUTE
        assert rounds(timezone.now()) == 0  # not before its time
        let_pass(call)
    assert rounds(timezone.now()) == 0
    call.refresh_from_db()
    assert call.state == State.UNANSWERED
    assert len(mail.outbox) == 3


def test_the_letter_asks_first_and_carries_the_text(begin: Callable[..., Call]) -> None:
    call = begin()
    rounds(timezone.now())
    [letter] = mail.outbox
    assert letter.to == ["an@phuong.example.vn"]
    assert letter.subject == "[KHẨN CẤP] Lũ khẩn cấp"
    address = str(letter.body).splitlines()[1]
    assert address.endswith(reverse("acknowledge", args=[address.rsplit("/", 2)[1]]))
    assert "Không thu phí." in letter.body
    assert links.call_of(address.rsplit("/", 2)[1]) == call


def test_the_link_shows_and_only_the_button_counts(begin: Callable[..., Call]) -> None:
    call = begin()
    rounds(timezone.now())
    url = links.link(call).partition("8000")[2]
    browser = Client(enforce_csrf_checks=True)
    for _ in range(2):  # programs that look into mail follow links
        page = browser.get(url)
        assert "Lũ khẩn cấp" in page.content.decode()
    call.refresh_from_db()
    assert call.state == State.CALLING
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    done = browser.post(url, follow=True).content.decode()
    call.refresh_from_db()
    assert (call.state, call.noted_by) == (State.ACKNOWLEDGED, None)
    assert f"{timezone.localtime(call.answered_at):%H:%M %d/%m/%Y}" in done
    assert rounds(let_pass(call).due_at) == 0
    first = call.answered_at
    browser.post(url)
    call.refresh_from_db()
    assert call.answered_at == first


def test_links_are_signed_and_expire(
    begin: Callable[..., Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = begin()
    url = links.link(call).partition("8000")[2]
    token = url.rsplit("/", 2)[1]
    number, rest = token.split(":", 1)
    for forged in (f"{int(number) + 1}:{rest}", number, token[:-1], "x"):
        assert Client().post(reverse("acknowledge", args=[forged])).status_code == 404
    monkeypatch.setattr(links, "VALID", timedelta(seconds=-1))
    assert Client().post(url).status_code == 410
    call.refresh_from_db()
    assert call.state == State.CALLING


def test_a_late_answer_settles_the_alarm(begin: Callable[..., Call]) -> None:
    call = let_pass(begin(), give_up_at=timezone.now())
    assert rounds(timezone.now()) == 0
    assert Call.objects.unanswered().count() == 1
    Client().post(links.link(call).partition("8000")[2])
    assert Call.objects.unanswered().count() == 0


@pytest.mark.parametrize("state", [State.CALLING, State.UNANSWERED])
def test_a_withdrawal_ends_it(begin: Callable[..., Call], state: State) -> None:
    call = begin()
    Call.objects.update(state=state)
    assert engine.end(call.story) == 1
    call.refresh_from_db()
    assert (call.state, call.reason) == (State.ENDED, "Thông báo đã được gỡ.")
    assert rounds(timezone.now()) == 0
    page = Client().get(links.link(call).partition("8000")[2]).content.decode()
    assert "Thông báo đã được gỡ." in page
    assert not engine.acknowledge(call)


def test_it_ends_with_the_announcement(begin: Callable[..., Call]) -> None:
    call = begin(until=timezone.now() + 5 * MINUTE)
    assert rounds(timezone.now()) == 1
    assert rounds(timezone.now() + 20 * MINUTE) == 0
    call.refresh_from_db()
    assert call.state == State.ENDED


def test_a_killed_worker_loses_nothing(begin: Callable[..., Call], settings: LazySettings) -> None:
    call = begin()
    now = timezone.now()
    [taken] = engine.claim(now)  # and the worker is gone
    assert engine.claim(now) == []
    later = now + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS + 1)
    [again] = engine.claim(later)
    assert not engine.settle(taken)  # the lease is another worker's by now
    assert engine.settle(again)
    call.refresh_from_db()
    assert call.sent_count == 1


def test_what_does_not_get_through_is_not_counted_and_tried_soon(
    begin: Callable[..., Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(letter: Any) -> None:
        raise TemporaryError("Máy chủ thư không trả lời.")

    monkeypatch.setattr(sending, "deliver_mail", fails)
    call = begin()
    rounds(timezone.now())
    call.refresh_from_db()
    assert (call.sent_count, call.problem) == (0, "Máy chủ thư không trả lời.")
    assert call.due_at <= timezone.now() + MINUTE
    let_pass(call, give_up_at=timezone.now())
    rounds(timezone.now())
    call.refresh_from_db()
    assert call.state == State.UNANSWERED  # and it does not go on for ever


def test_a_bot_writes_to_the_officers_own_chat_and_to_no_group(
    begin: Callable[..., Call], officer: Contact, room: Channel
) -> None:
    Contact.objects.filter(pk=officer.pk).update(telegram="5550001")
    begin(bot=room)
    deliver_due()  # the public channel got the announcement, once
    MemoryAdapter.calls.clear()
    Call.objects.update(due_at=timezone.now())
    rounds(timezone.now())
    [(verb, message)] = MemoryAdapter.calls
    assert verb == "send"
    assert "/xac-nhan/" in message.address
    assert "Nguyễn Văn An" in message.text
    deliver_due()
    assert len(MemoryAdapter.calls) == 1


def test_one_way_that_works_is_enough(
    begin: Callable[..., Call], officer: Contact, room: Channel
) -> None:
    Contact.objects.filter(pk=officer.pk).update(telegram="5550001")
    call = begin(bot=room)
    deliver_due()
    Call.objects.update(due_at=timezone.now(), sent_count=0)
    MemoryAdapter.faults.append(PermanentError("bot bị chặn"))
    rounds(timezone.now())
    call.refresh_from_db()
    assert (call.sent_count, call.problem) == (1, "")


def test_a_correction_is_called_about_anew(begin: Callable[..., Call], officer: Contact) -> None:
    call = begin()
    with transaction.atomic():
        story = factories.story(key=str(call.story), level="urgent", title="Lũ rút")
        publication = outbox.publish(story)
        assert publication is not None
        assert engine.start(publication, [officer], rhythm=Rhythm()) == 1
        assert engine.start(publication, [officer], rhythm=Rhythm()) == 0
    call.refresh_from_db()
    assert (call.state, call.reason) == (State.ENDED, "Đang gửi bản mới hơn.")
    assert Call.objects.calling().get().publication == publication


def test_a_worker_carries_it(begin: Callable[..., Call]) -> None:
    begin()
    deliver_due()
    assert len(mail.outbox) == 1
