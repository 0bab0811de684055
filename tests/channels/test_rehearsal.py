"""Rehearsals keep the rules of real deliveries, in a time of their own."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import quiet, retry
from channels.adapters.telegram import Telegram
from channels.contract import Document, Message, NotSent, Pace, Picture, Story
from channels.models import Channel, Delivery, PaceSlot
from channels.rehearsal.playing import Cue, Limit, Played, play
from channels.rehearsal.standins import ANSWER, StandIn, stand_in
from channels.testing import MemoryAdapter
from core.crypto import encrypt
from tests import factories

NOON = datetime(2026, 12, 7, 5, 0, tzinfo=UTC)  # 12:00 in Viet Nam
LOCAL_NIGHT = quiet.Window(time(21), time(5, 30))


def story(key: str = "1", **values: Any) -> Story:
    given = {
        "title": "Tin thử", "summary": "Tóm tắt", "text": "Nội dung", "html": "<p>Nội dung</p>",
        "spoken": "Nội dung", "address": "https://cchc.example.vn/1/", "published": NOON,
        "updated": NOON,
    }  # fmt: skip
    return Story(key=key, sequence=0, **(given | values))


def channel(number: int = 1, **values: Any) -> StandIn:
    adapter = MemoryAdapter(MemoryAdapter.Options(), "", http=None, files=None)  # type: ignore[arg-type]
    usual: dict[str, Any] = {
        "pk": number, "slug": f"kenh-{number}", "name": f"Kênh {number}", "pulls": False,
        "takes_embargoed": False, "sections": (), "levels": (), "window": None,
        "policy": retry.DEFAULT, "paces": (), "adapter": adapter,
    }  # fmt: skip
    return StandIn(**(usual | values))


def cue(item: int = 1, after: timedelta = timedelta(0), **values: Any) -> Cue:
    level = values.pop("level", "normal")
    return Cue(NOON + after, story(str(item), level=level), item, **values)


def sent(played: list[Played]) -> list[datetime]:
    return sorted(each.sent_at for each in played if each.sent_at)


def test_an_item_goes_out_at_its_moment() -> None:
    (one,) = play([cue()], [channel()])
    assert one.sent_at == NOON + ANSWER
    assert one.waits == {}


def test_a_lane_says_one_thing_at_a_time() -> None:
    first, second = play([cue(1), cue(2)], [channel()])
    assert second.sent_at == NOON + 2 * ANSWER
    assert second.waits == {Limit.LANE: ANSWER.total_seconds()}
    assert first.waits == {}


def test_quiet_hours_hold_what_nobody_gave_a_reason_for() -> None:
    night = timedelta(hours=10)
    [held] = play([cue(1, night, level="urgent", patient=True)], [channel(window=LOCAL_NIGHT)])
    assert held.sent_at == NOON + timedelta(hours=17, minutes=30) + ANSWER


def test_quiet_hours_hold_what_is_not_urgent() -> None:
    night = timedelta(hours=10)  # 22:00
    held, urgent = play(
        [cue(1, night), cue(2, 2 * night - timedelta(hours=9), level="urgent")],
        [channel(window=LOCAL_NIGHT)],
    )
    assert held.sent_at == NOON + timedelta(hours=17, minutes=30) + ANSWER  # 05:30
    assert held.waits[Limit.QUIET] == timedelta(hours=7.5).total_seconds()
    assert urgent.sent_at == NOON + timedelta(hours=11) + ANSWER


def test_channels_that_share_a_rate_keep_it_together() -> None:
    pace = Pace(key="bot", interval=1.0)
    played = play([cue()], [channel(number, paces=(pace,)) for number in range(1, 6)])
    moments = sent(played)
    assert [after - before for before, after in itertools.pairwise(moments)] == [
        timedelta(seconds=1)
    ] * 4
    assert sum(Limit.RATE in each.waits for each in played) == 4


def test_more_pressing_items_go_first() -> None:
    pace = Pace(key="chat", interval=60.0)
    played = play(
        [cue(1), cue(2), cue(3, timedelta(seconds=1), level="urgent")], [channel(paces=(pace,))]
    )
    order = [each.cue.item for each in sorted(played, key=lambda each: each.sent_at or NOON)]
    assert order == [1, 3, 2]


def test_what_a_channel_does_not_take_is_not_for_it() -> None:
    picky = channel(levels=("urgent",))
    assert play([cue()], [picky]) == []
    assert play([cue(off=frozenset({"kenh-1"}))], [channel()]) == []
    early = cue(early=frozenset({"kenh-1"}))
    assert play([early], [channel()]) == []
    assert len(play([early], [channel(takes_embargoed=True), channel(2)])) == 1


def test_refused_tries_are_repeated_by_the_channels_own_policy() -> None:
    stubborn = channel(policy=retry.Policy(tries=2, first=timedelta(seconds=7)))
    played = play([cue(item) for item in range(200)], [stubborn], seed=4, faulty=True)
    again = [each for each in played if each.attempts == 2 and each.sent_at]
    given_up = [each for each in played if each.sent_at is None]
    assert again
    assert given_up
    assert all(each.waits[Limit.RETRY] >= 7 for each in again)
    assert all("2" in each.reason for each in given_up)
    same = play([cue(item) for item in range(200)], [stubborn], seed=4, faulty=True)
    assert [each.sent_at for each in same] == [each.sent_at for each in played]


class InParts(MemoryAdapter):
    """One message of two pictures, then one file, then an album of three."""

    def costs(self, message: Message) -> list[int]:
        return [2, 1, 3]


def in_parts(**values: Any) -> StandIn:
    adapter = InParts(InParts.Options(), "", http=None, files=None)  # type: ignore[arg-type]
    return channel(adapter=adapter, **values)


def test_an_item_of_several_parts_takes_a_call_for_each() -> None:
    (one,) = play([cue()], [in_parts()])
    assert one.sent_at == NOON + 3 * ANSWER
    assert one.attempts == 1
    assert one.waits == {}


def test_parts_count_at_the_rates_as_what_they_are() -> None:
    pace = Pace(key="chat", interval=10.0, burst=3)
    first, second = play([cue(1), cue(2)], [in_parts(paces=(pace,))])
    # 2 + 1 fit the burst; three more take 30 s of rest.
    assert first.sent_at == NOON + timedelta(seconds=30) + ANSWER
    assert second.sent_at == NOON + timedelta(seconds=90) + ANSWER
    assert second.waits[Limit.RATE] > 50


def test_parts_go_before_other_items_and_behind_urgent_ones() -> None:
    played = play([cue(1), cue(2), cue(3, ANSWER, level="urgent")], [in_parts()])
    first, second, urgent = sorted(played, key=lambda each: each.cue.item)
    assert urgent.sent_at == NOON + 4 * ANSWER
    assert first.sent_at == NOON + 6 * ANSWER
    assert second.sent_at == NOON + 9 * ANSWER


def test_a_part_that_is_refused_is_repeated_alone_and_given_up_as_a_part() -> None:
    stubborn = in_parts(policy=retry.Policy(tries=2, first=timedelta(seconds=7)))
    played = play([cue(item) for item in range(200)], [stubborn], seed=4, faulty=True)
    given_up = [each for each in played if each.sent_at is None]
    assert any(each.in_part and "một phần" in each.reason for each in given_up)
    assert all(each.calls == [] for each in played if each.sent_at)
    assert all(each.attempts <= 2 for each in played)


@pytest.mark.parametrize("pinned", [False, True])
def test_telegrams_parts_are_those_of_a_real_send(pinned: bool) -> None:
    picture = Picture(url="https://a.vn/a.jpg", file="a.jpg", mime="image/jpeg", size=9,
                      width=640, height=360)  # fmt: skip
    sound, paper = (
        Document(url=f"https://a.vn/{name}", file=name, title=name, mime=mime, size=9)
        for name, mime in (("b.mp3", "audio/mpeg"), ("c.pdf", "application/pdf"))
    )
    options = Telegram.Options(chat_id=-42, pin_urgent=pinned)
    bot = Telegram(options, "1:A", http=None, files=None)  # type: ignore[arg-type]
    said = bot.compose(
        story(level="urgent", picture=picture, pictures=(replace(picture, file="d.jpg"),),
              documents=(sound, paper))
    )  # fmt: skip
    assert bot.costs(said) == [2, *([1] if pinned else []), 1, 1]


@given(
    st.lists(
        st.tuples(st.integers(0, 3600), st.sampled_from(["normal", "priority", "urgent"])),
        min_size=1,
        max_size=25,
    ),
    st.integers(1, 3),
    st.integers(1, 4),
)
def test_whatever_is_played_every_rule_holds(
    moments: list[tuple[int, str]], channels: int, burst: int
) -> None:
    pace = Pace(key="bot", interval=2.0, burst=burst)
    crowd = [channel(number, paces=(pace,)) for number in range(channels)]
    cues = [
        cue(item, timedelta(seconds=second), level=level)
        for item, (second, level) in enumerate(moments)
    ]
    played = play(cues, crowd)
    assert len(played) == len(cues) * channels
    left = sorted(each.sent_at - ANSWER for each in played if each.sent_at)
    assert len(left) == len(played)
    for number, moment in enumerate(left):  # never more than the burst and what was refilled
        later = [each for each in left[number:] if each - moment < timedelta(seconds=2)]
        assert len(later) <= burst + 1
    assert all(each.sent_at > each.cue.at for each in played if each.sent_at)
    for one in crowd:  # one at a time
        own = sorted(each.sent_at for each in played if each.channel is one and each.sent_at)
        gaps = [after - before for before, after in itertools.pairwise(own)]
        assert all(gap >= ANSWER for gap in gaps)


@pytest.mark.django_db
def test_a_stand_in_reaches_nothing_and_holds_no_secret(memory: type[MemoryAdapter]) -> None:
    real = factories.channel("phong", "memory", secret=encrypt("bí mật"))
    made = stand_in(Channel.objects.get(pk=real.pk))
    twin = stand_in(factories.channel("phong-2", "memory", secret=encrypt("bí mật")))
    assert "bí mật" not in made.adapter.secret
    assert made.adapter.secret == twin.adapter.secret  # so that they share the rates of one bot
    with pytest.raises(NotSent):
        made.adapter.network.permitted("example.vn", 443).send(None)
    with pytest.raises(NotSent):
        made.adapter.http.request("GET", "https://example.vn").send(None)  # type: ignore[attr-defined]
    play([cue()], [made, replace(twin, window=LOCAL_NIGHT)])
    assert memory.calls == []
    assert not Delivery.objects.exists()
    assert not PaceSlot.objects.exists()
