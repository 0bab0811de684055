"""A channel taken out of use while deliveries of its wait, fly and stand."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels import delivery, outbox, retiring
from channels.admin import actions
from channels.archive import moving
from channels.contract import PermanentError, Receipt, Story
from channels.models import Action, Channel, Delivery, State
from channels.testing import MemoryAdapter
from channels.watching.models import WatchSettings
from channels.worker import deliver_due
from core.errors import RefusedError
from tests import factories
from tests.channels.channel_fixtures import deliver, shown, text_of, url, verbs

pytestmark = pytest.mark.django_db


def publish(story: Story, **values: Any) -> None:
    with transaction.atomic():
        outbox.publish(story, **values)


def retract(story: Story) -> None:
    with transaction.atomic():
        outbox.retract(story.key)


def rows() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("pk").values_list("action", "state"))


def test_what_waits_is_dropped_and_what_stands_stays(room: Channel) -> None:
    standing, waiting = factories.story(), factories.story()
    publish(standing)
    deliver_due()
    publish(waiting)
    retiring.retire(room, None)
    assert rows() == [("publish", "delivered"), ("publish", "cancelled")]
    assert Delivery.objects.latest("pk").reason == "Kênh đã ngừng sử dụng."
    room.refresh_from_db()
    assert (room.is_active, room.is_retired) == (False, True)
    assert next(iter(MemoryAdapter.shown.values())).story == standing.key
    retiring.retire(room, None)  # to do it again is harmless
    assert verbs().count("channels.retire") == 1


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (delivery.Outcome(State.DELIVERED, receipt=Receipt(external_id="1")), State.DELIVERED),
        (delivery.Outcome(State.UNCERTAIN, "?"), State.UNCERTAIN),
        (delivery.Outcome(State.FAILED, "quá dài"), State.FAILED),
    ],
)
def test_what_a_worker_is_sending_is_settled(
    room: Channel, outcome: delivery.Outcome, state: State
) -> None:
    publish(factories.story())
    row = delivery.claim(Delivery.objects.get().pk, timezone.now())
    assert row is not None
    retiring.retire(room, None)
    assert rows() == [("publish", "sending")]
    assert delivery.settle(row, outcome)
    assert rows() == [("publish", state)]
    assert row.attempts.count() == 1
    assert retiring.sweep(timezone.now()) == 0


def test_what_failed_there_meanwhile_is_not_sent_again(room: Channel) -> None:
    publish(factories.story())
    row = delivery.claim(Delivery.objects.get().pk, timezone.now())
    assert row is not None
    retiring.retire(room, None)
    delivery.settle(row, delivery.Outcome(State.FAILED, "quá dài"))
    with pytest.raises(delivery.NotAllowed, match="ngừng sử dụng"):
        delivery.send_again(Delivery.objects.get(), None)
    assert rows() == [("publish", "failed")]


def test_what_a_worker_gives_back_is_let_go_by_the_clock(room: Channel) -> None:
    publish(factories.story())
    row = delivery.claim(Delivery.objects.get().pk, timezone.now())
    assert row is not None
    retiring.retire(room, None)
    delivery.settle(row, delivery.Outcome(State.PENDING, "tắt máy"))
    deliver_due()
    assert rows() == [("publish", "pending")]
    assert retiring.sweep(timezone.now()) == 1
    assert rows() == [("publish", "cancelled")]


def test_a_lease_that_runs_out_asks_a_person_as_ever(room: Channel) -> None:
    publish(factories.story())
    delivery.claim(Delivery.objects.get().pk, timezone.now())
    retiring.retire(room, None)
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    delivery.sweep(timezone.now())
    assert rows() == [("publish", "uncertain")]
    delivery.confirm(Delivery.objects.get(), None)
    assert rows() == [("publish", "delivered")]


def test_a_correction_and_a_withdrawal_of_what_stands_go_to_a_person(room: Channel) -> None:
    story = factories.story()
    publish(story)
    deliver_due()
    retiring.retire(room, None)
    publish(replace(story, title="Đã sửa"))
    assert rows()[1:] == [("update", "awaiting")]
    row = Delivery.objects.latest("pk")
    assert row.receipt["external_id"] == Delivery.objects.earliest("pk").receipt["external_id"]
    assert row.reason == "Hãy sửa trực tiếp tại nơi nhận, sau đó xác nhận tại đây."
    delivery.confirm(row, None)
    retract(story)
    assert rows()[2:] == [("retract", "awaiting")]
    retract(story)
    assert len(rows()) == 3
    deliver_due()
    assert [verb for verb, _message in MemoryAdapter.calls] == ["send"]


def test_a_correction_that_waited_goes_to_a_person(room: Channel) -> None:
    story = factories.story()
    publish(story)
    deliver_due()
    publish(replace(story, title="Đã sửa"))
    retiring.retire(room, None)
    assert rows() == [("publish", "delivered"), ("update", "awaiting")]


@pytest.mark.parametrize("action", [Action.UPDATE, Action.RETRACT])
def test_a_change_that_failed_goes_to_a_person_while_the_item_stands(
    room: Channel, action: Action
) -> None:
    story = factories.story()
    publish(story)
    deliver_due()
    MemoryAdapter.faults[:] = [PermanentError("hết hạn sửa")]
    if action == Action.RETRACT:
        retract(story)
    else:
        publish(replace(story, title="Đã sửa"))
    deliver_due()
    assert rows() == [("publish", "delivered"), (action, "failed")]
    retiring.retire(room, None)
    assert rows() == [("publish", "delivered"), (action, "awaiting")]
    last = Delivery.objects.latest("pk")
    assert last.receipt["external_id"] == Delivery.objects.earliest("pk").receipt["external_id"]


def test_what_failed_and_never_stood_is_given_up(room: Channel) -> None:
    MemoryAdapter.faults[:] = [PermanentError("quá dài")]
    publish(factories.story())
    deliver_due()
    retiring.retire(room, None)
    assert rows() == [("publish", "cancelled")]


def test_nothing_new_goes_there_until_it_is_back_and_on(room: Channel) -> None:
    retiring.retire(room, None)
    publish(factories.story())
    assert rows() == []
    with pytest.raises(PermanentError):
        actions.switch_on(room, None)
    retiring.bring_back(room, None)
    publish(factories.story())
    assert rows() == []
    actions.switch_on(room, None)
    publish(factories.story())
    assert rows() == [("publish", "pending")]


def test_cancelling_what_waits_leaves_the_worker_what_it_has(room: Channel) -> None:
    other = factories.channel("khac", "memory")
    deliver(room, State.PENDING)
    deliver(room, State.FAILED)
    deliver(room, State.UNCERTAIN)
    deliver(other, State.PENDING)
    publish(factories.story())
    taken = delivery.claim(Delivery.objects.for_channel(room).latest("pk").pk, timezone.now())
    assert taken is not None
    assert retiring.cancel_waiting(room, None) == 2
    states = Delivery.objects.for_channel(room).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["cancelled", "cancelled", "uncertain", "sending"]
    assert Delivery.objects.for_channel(other).filter(state=State.PENDING).count() == 2


# The screens


def leave(admin: Client, channel: Channel) -> str:
    response = admin.get(url("delete", channel.pk))
    assert response.status_code == 200
    return text_of(response)


def test_the_page_shows_what_a_channel_leaves(admin: Client, room: Channel) -> None:
    for state in (State.PENDING, State.FAILED, State.UNCERTAIN, State.AWAITING, State.DELIVERED):
        deliver(room, state)
    lease = {"lease_until": timezone.now(), "lease_token": factories.story().key}
    deliver(room, State.SENDING, **lease)
    taken_down = deliver(room)
    Delivery.objects.filter(pk=taken_down.pk).update(action=Action.RETRACT)
    moving.archived(taken_down).save()
    found = retiring.history(room)
    assert (found.waiting, found.in_flight, found.failed, found.uncertain) == (1, 1, 1, 1)
    assert (found.handed_over, found.standing, found.archived, found.total) == (1, 2, 1, 7)
    page = leave(admin, room)
    for words in ("Không thể xóa kênh này", "Đang gửi", "1 trong lưu trữ", "Ngừng sử dụng"):
        assert words in page
    for verb in ("switch_off", "cancel_waiting", "retire"):
        assert url(verb, room.pk) in page


def test_a_channel_with_a_history_is_not_deleted_in_any_way(admin: Client, room: Channel) -> None:
    row = deliver(
        room, State.SENDING, lease_until=timezone.now(), lease_token=factories.story().key
    )
    answer = admin.post(url("delete", room.pk))
    assert answer.status_code == 409
    assert "Kênh chưa bị xóa" in text_of(answer)
    with pytest.raises(RefusedError):
        room.delete()
    with pytest.raises(ProtectedError):
        Channel.objects.filter(pk=room.pk).delete()
    bulk = reverse("wagtail_bulk_action", args=["channels", "channel", "delete"])
    assert admin.post(f"{bulk}?id={room.pk}").status_code == 404
    assert admin.delete(f"/admin/api/main/channels/{room.pk}/").status_code in {404, 405}
    row.refresh_from_db()
    assert row.state == State.SENDING
    moving.archived(row).save()
    Delivery.objects.all().delete()
    assert admin.post(url("delete", room.pk)).status_code == 409  # the archive is history, too
    assert Channel.objects.filter(pk=room.pk).exists()


def test_the_buttons(admin: Client, room: Channel) -> None:
    deliver(room, State.PENDING)
    answer = admin.post(url("cancel_waiting", room.pk), follow=True)
    assert answer.redirect_chain[-1][0] == url("delete", room.pk)
    assert "Đã hủy 1 lượt phát hành" in shown(answer)
    assert "đã ngừng sử dụng" in shown(admin.post(url("retire", room.pk), follow=True))
    assert url("switch_on", room.pk) not in text_of(admin.get(url("edit", room.pk)))
    assert "Kênh đã ngừng sử dụng" in shown(admin.post(url("switch_on", room.pk), follow=True))
    assert url("bring_back", room.pk) in leave(admin, room)
    assert "đang tắt" in shown(admin.post(url("bring_back", room.pk), follow=True))
    room.refresh_from_db()
    assert (room.is_retired, room.is_active) == (False, False)
    assert verbs()[-2:] == ["channels.retire", "channels.bring_back"]


def test_a_retired_channel_is_offered_nowhere_and_listed_when_asked_for(
    admin: Client, room: Channel
) -> None:
    deliver(room, title="Tin cũ của phòng")
    retiring.retire(room, None)
    assert "Phòng thử" not in text_of(admin.get(url("index")))
    assert "Phòng thử" in text_of(admin.get(url("index"), {"retired": "true"}))
    assert "Tin cũ của phòng" in text_of(admin.get(reverse("channels_deliveries")))
    made = WatchSettings.load()
    form = admin.get(reverse("wagtailsettings:edit", args=["channels", "watchsettings", made.pk]))
    assert "Phòng thử" not in text_of(form)
    page = factories.article()
    editor = text_of(admin.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
    assert 'value="phong"' not in editor
