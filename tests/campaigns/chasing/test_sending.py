"""The mails: what a real mail server gets, and what becomes of those it does not take."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.utils import timezone

from campaigns.chasing import clock, gathering, sending
from campaigns.chasing.models import ChasingMail, ChasingSettings
from campaigns.slots import deciding
from campaigns.slots.models import Slot
from editorial.models import Notice
from organisations.models import User
from tests.campaigns.chasing.conftest import at
from tests.channels.mail_server import Desk, serving

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
State = ChasingMail.State
MakeSlot = Callable[..., Slot]


@contextmanager
def server(desk: Desk, settings: LazySettings) -> Iterator[Desk]:
    """Run the desk's server in a thread: the test's own thread has the database."""
    ready, loops = threading.Event(), []
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"

    async def serve() -> None:
        done = asyncio.Event()
        async with serving(desk, settings):
            loops.append((asyncio.get_running_loop(), done))
            ready.set()
            await done.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait(10)
    try:
        yield desk
    finally:
        loop, done = loops[0]
        loop.call_soon_threadsafe(done.set)
        thread.join()


def send(desk: Desk, settings: LazySettings, days: int = 0, minutes: int = 0) -> int:
    now = timezone.now() + timedelta(days=days, minutes=minutes)
    with server(desk, settings):
        return sending.send_open(now)


@pytest.fixture
def mail(chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date) -> ChasingMail:
    """One overdue and one near slot, gathered for Mai."""
    slot(-1, month=1)
    slot(1, month=2)
    gathering.run_round(at(today))
    return ChasingMail.objects.get()


def state(mail: ChasingMail) -> str:
    mail.refresh_from_db()
    return mail.state


def test_the_mail_says_what_is_due_where_and_since_when(mail: ChasingMail, settings: LazySettings):
    desk = Desk()
    assert send(desk, settings) == 1
    [got] = desk.mails
    assert got["To"] == "Mai <mai@so-a.example.vn>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Subject"].strip() == "[Nhịp Cầu] 1 việc quá hạn, 1 việc sắp đến hạn"
    text = got.get_content()
    assert "Báo cáo kết quả tuyên truyền, tháng 1/2026. Hạn cuối 10/03/2026, quá hạn 1 ngày" in text
    assert "Hạn cuối 12/03/2026" in text
    assert f"/admin/slots/{Slot.objects.get(period_start__month=1).pk}/" in text
    assert state(mail) == State.SENT
    assert mail.text.strip() == text.strip().replace("\r\n", "\n")


def test_nothing_goes_out_twice(mail: ChasingMail, settings: LazySettings):
    desk = Desk()
    assert send(desk, settings) == 1
    assert send(desk, settings, days=3) == 0
    assert len(desk.envelopes) == 1
    assert not sending.claim(mail.pk, timezone.now())


def test_a_mail_is_claimed_by_one_worker(mail: ChasingMail, settings: LazySettings):
    now = timezone.now()
    assert [sending.claim(mail.pk, now), sending.claim(mail.pk, now)] == [True, False]


def test_what_was_done_meanwhile_is_left_out(
    mail: ChasingMail, officer: User, settings: LazySettings
):
    for late in Slot.objects.all():
        deciding.drop(late, "Không có kinh phí", officer)
    desk = Desk()
    assert send(desk, settings) == 0
    assert state(mail) == State.CANCELLED
    assert not desk.envelopes


def test_who_left_the_agency_meanwhile_gets_nothing(
    mail: ChasingMail, officer: User, settings: LazySettings
):
    officer.organisations.clear()
    desk = Desk()
    assert send(desk, settings) == 0
    assert (state(mail), desk.envelopes) == (State.CANCELLED, [])


def test_an_account_that_was_closed_gets_nothing(
    mail: ChasingMail, officer: User, settings: LazySettings
):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert send(Desk(), settings) == 0
    assert state(mail) == State.CANCELLED


def test_a_refused_address_waits_for_a_person(mail: ChasingMail, settings: LazySettings):
    desk = Desk(rcpt={"mai@so-a.example.vn": "550 no such user"})
    assert send(desk, settings) == 0
    assert state(mail) == State.FAILED
    assert "no such user" in mail.error
    assert send(Desk(), settings, days=2) == 0
    assert sending.send_again(mail, timezone.now())
    assert send(Desk(), settings) == 1


def test_a_server_that_is_busy_is_tried_again(mail: ChasingMail, settings: LazySettings):
    busy = Desk(data="451 try again later")
    assert send(busy, settings) == 0
    assert state(mail) == State.PENDING
    assert send(Desk(), settings) == 0  # not at once
    assert send(Desk(), settings, minutes=3) == 1


def test_a_server_that_stays_busy_is_given_up(mail: ChasingMail, settings: LazySettings):
    busy = Desk(data="451 try again later")
    for day in range(8):
        send(busy, settings, days=day)
    assert state(mail) == State.FAILED


def test_a_connection_that_breaks_off_leaves_a_doubt(mail: ChasingMail, settings: LazySettings):
    desk = Desk(drops=True)
    assert send(desk, settings) == 0
    assert state(mail) == State.UNCERTAIN
    assert send(Desk(), settings, days=1) == 0


def test_no_server_at_all_costs_delay_only(mail: ChasingMail, settings: LazySettings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert sending.send_open(timezone.now()) == 0
    assert state(mail) == State.PENDING
    assert send(Desk(), settings, minutes=3) == 1


def test_a_worker_that_died_leaves_a_doubt(mail: ChasingMail):
    now = timezone.now()
    assert sending.claim(mail.pk, now)
    assert sending.give_up_lost(now + timedelta(minutes=1)) == 0
    assert sending.give_up_lost(now + timedelta(minutes=11)) == 1
    assert state(mail) == State.UNCERTAIN


def test_the_clock_does_the_round_and_has_it_sent(
    chosen: ChasingSettings,
    officer: User,
    slot: MakeSlot,
    today: date,
    mailoutbox: list[object],
    django_capture_on_commit_callbacks: Callable[..., object],
):
    slot(-1)
    cache.clear()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert clock.run(at(today)) == 1
    assert len(mailoutbox) == 1
    assert clock.run(at(today)) == 0


def test_people_are_told_in_the_admin_too(mail: ChasingMail, officer: User):
    notice = Notice.objects.get()
    assert notice.user == officer
    assert notice.text == "Việc theo kế hoạch: 1 quá hạn, 1 sắp đến hạn."


def test_a_digest_lists_the_agency_and_counts_the_rest(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date, settings: LazySettings
):
    chosen.digest_on = today.weekday()
    chosen.before = chosen.after = ""
    chosen.save()
    for number in range(41):
        slot(-50 - number, month=number % 12 + 1, ordinal=number // 12 + 1)
    gathering.run_round(at(today))
    desk = Desk()
    assert send(desk, settings) == 1
    text = desk.mails[0].get_content()
    assert "Quá hạn: 41" in text
    assert "và 1 việc khác" in text
