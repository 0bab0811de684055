"""Who is told what, once, in the admin and by mail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision, TaskState
from wagtail.users.models import UserProfile

from channels import breaker
from channels.models import Channel, Delivery, State
from channels.signals import deliveries_changed
from core.actor import acting
from editorial.models import Notice, ReviewTask
from editorial.review import clock, mailing
from editorial.review.telling import tell
from organisations.models import Organisation, User
from portal.corrections import recalls, withdrawing
from portal.corrections.forms import Choice
from portal.models import PhysicalCopy, RecallTask
from tests import factories, people
from tests.editorial.review_fixtures import at_the_board, step_of, submitted, written

pytestmark = pytest.mark.django_db
Person = Callable[[str], User]
Verb = Notice.Verb


def told(user: User) -> list[str]:
    return list(Notice.objects.of(user).order_by("pk").values_list("verb", flat=True))


def test_each_event_tells_those_it_concerns(person: Person) -> None:
    reporter, editor, approver = (person(role) for role in ("reporter", "editor", "approver"))
    page = at_the_board(reporter, editor)
    assert (told(reporter), told(editor), told(approver)) == (
        [],
        [Verb.SUBMITTED],
        [Verb.SUBMITTED],
    )
    state = step_of(page)
    state.task.specific.on_action(state, approver, "reject", comment="Thiếu số liệu")
    assert told(reporter) == [Verb.RETURNED]
    assert "Thiếu số liệu" in Notice.objects.of(reporter).get().text
    page.current_workflow_state.resume(reporter)
    state = step_of(page)
    state.task.specific.on_action(state, approver, "approve")
    assert told(reporter) == [Verb.RETURNED, Verb.PUBLISHED]


def test_an_approved_item_that_waits_for_its_time_is_told_as_approved(person: Person) -> None:
    reporter, editor, approver = (person(role) for role in ("reporter", "editor", "approver"))
    page = at_the_board(reporter, editor)
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision(user=reporter)
    state = step_of(page)
    state.task.specific.on_action(state, approver, "approve")
    assert told(reporter) == [Verb.APPROVED]


def test_mails_follow_the_commit_once_and_only_to_those_who_want_them(
    person: Person, django_capture_on_commit_callbacks: Any
) -> None:
    editor, quiet = person("editor"), people.make("editor", "bientap-2")
    User.objects.filter(pk__in=[editor.pk, quiet.pk]).update(email="toa-soan@tinh.example")
    UserProfile.objects.create(user=quiet, submitted_notifications=False)
    with django_capture_on_commit_callbacks(execute=True):
        page = submitted(person("reporter"), title="Lịch tiếp công dân")
        assert not mail.outbox
    [letter] = mail.outbox  # Wagtail's own would be a second one
    assert "Lịch tiếp công dân" in letter.subject
    assert f"/admin/review/{page.pk}/" in letter.body
    assert told(quiet) == [Verb.SUBMITTED]


def test_a_mail_server_that_is_down_stops_nothing(
    person: Person,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    User.objects.filter(pk=person("editor").pk).update(email="toa-soan@tinh.example")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with django_capture_on_commit_callbacks(execute=True):
        page = submitted(person("reporter"))
    assert page.workflow_in_progress
    assert "cannot be reached" in caplog.text


def test_every_kind_of_notice_can_be_turned_off() -> None:
    covered = set().union(*mailing.PREFERENCES.values())
    assert covered == set(Verb) - {Verb.DUE}  # chasing writes its own mails, at most one a day


def test_an_overdue_step_is_told_once(person: Person) -> None:
    ReviewTask.objects.filter(kind="edit").update(hours=4)
    person("editor")
    page = submitted(person("reporter"))
    now = timezone.now()
    assert clock.run(now + timedelta(hours=3)) == 0
    cache.clear()
    assert clock.run(now + timedelta(hours=5)) == 1
    assert clock.overdue_count(now + timedelta(hours=5)) == 1
    cache.clear()
    assert clock.run(now + timedelta(hours=6)) == 0
    assert told(person("editor")) == [Verb.SUBMITTED, Verb.OVERDUE]
    TaskState.objects.for_instance(page).update(status="approved")
    assert clock.overdue_count(now + timedelta(hours=6)) == 0


def test_a_missed_schedule_is_told_once(person: Person) -> None:
    page = written(person("reporter"))
    person("approver")
    past = timezone.now() - timedelta(hours=1)
    Revision.objects.filter(pk=page.latest_revision_id).update(approved_go_live_at=past)
    assert clock.run(timezone.now()) == 2
    cache.clear()
    assert clock.run(timezone.now()) == 0


def test_the_author_hears_of_a_delivery_that_failed(person: Person, room: Channel) -> None:
    reporter = person("reporter")
    page = factories.article(owner=reporter, live=True)
    Notice.objects.all().delete()
    row = Delivery.objects.of_story(page.story).get()
    row.state, row.reason = State.FAILED, "Bot bị chặn"
    for _ in range(2):
        deliveries_changed.send(Delivery, deliveries=[row], verb="failed", user=None)
    assert told(reporter) == [Verb.FAILED]


def test_a_person_reads_their_own_notices_only(
    person: Person, as_person: Callable[[str], Client]
) -> None:
    reporter, url = person("reporter"), reverse("editorial_review")
    tell([reporter, person("editor")], Verb.PUBLISHED, "Đã đăng tin A", url)
    tell([reporter], Verb.PUBLISHED, "Đã đăng tin B", "https://xa.example/")
    mine, other = Notice.objects.of(reporter).first(), Notice.objects.of(person("editor")).get()
    browser = as_person("reporter")
    assert "(2)" in browser.get(reverse("wagtailadmin_home")).content.decode()  # beside the bell
    assert browser.get(reverse("editorial_notice", args=[other.pk])).status_code == 404
    outside = browser.get(reverse("editorial_notice", args=[mine.pk if mine else 0]))
    assert outside["Location"] == reverse("editorial_notices")
    assert Notice.objects.of(reporter).unread().count() == 1
    browser.post(reverse("editorial_notices_read"))
    assert not Notice.objects.of(reporter).unread().exists()
    assert Notice.objects.of(person("editor")).unread().count() == 1
    assert "Đã đăng tin A" in browser.get(reverse("editorial_notices")).content.decode()


def test_a_withdrawal_tells_the_author_and_who_looks_after_a_copy(person: Person) -> None:
    reporter, approver, officer = (person(role) for role in ("reporter", "approver", "officer"))
    agency = Organisation.objects.create(code="xa-mot", name="UBND xã Một", level="commune")
    officer.organisations.add(agency)
    page = factories.article(live=True, owner=reporter)
    copy = PhysicalCopy(kind="poster", place="Nhà văn hóa thôn Hạ", organisation=agency)
    recalls.record_copy(copy, page, approver)
    choice = Choice("Số liệu chưa được kiểm chứng")
    with acting(approver):
        withdrawing.withdraw(page, approver, choice)
    assert told(reporter)[-1] == Verb.WITHDRAWN
    assert told(officer) == [Verb.RECALL]
    notice = Notice.objects.of(officer).get()
    assert "Nhà văn hóa thôn Hạ" in notice.text
    assert notice.url.endswith(f"/recalls/{RecallTask.objects.get().pk}/")


def stop(channel: Channel) -> None:
    breaker.stop(channel, "Bot đã bị đưa khỏi nhóm", timezone.now())


def test_those_responsible_are_told_once_that_a_channel_stopped(
    room: Channel, person: Person
) -> None:
    editor, administrator = person("editor"), person("administrator")
    room.responsible.add(editor)
    stop(room)
    stop(Channel.objects.get(pk=room.pk))
    notice = Notice.objects.of(editor).get()
    assert notice.verb == Verb.CHANNEL
    assert "Bot đã bị đưa khỏi nhóm." in notice.text
    assert "khởi động lại" in notice.text
    assert notice.url == reverse("channels:edit", args=[room.pk])
    assert told(administrator) == []


def test_they_are_told_once_that_a_receiver_is_away_and_once_that_it_answers(
    room: Channel, person: Person
) -> None:
    editor, administrator = person("editor"), person("administrator")
    room.responsible.add(editor)
    now = timezone.now()
    for minute in range(room.open_after + 3):
        breaker.failed(Channel.objects.get(), "Máy chủ tắt", now + timedelta(minutes=minute))
    away = Notice.objects.of(editor).get()
    assert "không trả lời: Máy chủ tắt." in away.text
    for _time in range(2):
        breaker.answered(Channel.objects.get(), now)
    texts = list(Notice.objects.of(editor).order_by("pk").values_list("text", flat=True))
    assert len(texts) == 2
    assert "đã trả lời trở lại" in texts[1]
    assert told(administrator) == []


def test_administrators_are_told_where_nobody_is_responsible(
    room: Channel, person: Person, django_capture_on_commit_callbacks: Any
) -> None:
    administrator, editor = person("administrator"), person("editor")
    User.objects.filter(pk=administrator.pk).update(email="quan@example.vn")
    with django_capture_on_commit_callbacks(execute=True):
        stop(room)
    assert (told(administrator), told(editor)) == ([Verb.CHANNEL], [])
    assert [message.to for message in mail.outbox] == [["quan@example.vn"]]
