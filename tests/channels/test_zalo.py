"""The Zalo adapter: what it says, and how it behaves against the look-alike."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels import building
from channels.adapters import zalo, zalo_access
from channels.adapters.zalo import Zalo
from channels.adapters.zalo_access import Tokens
from channels.contract import (
    DeliveryError,
    Message,
    PermanentError,
    Picture,
    Receipt,
    TemporaryError,
    UncertainError,
)
from channels.models import Attempt, Channel, Delivery, PaceSlot, State
from channels.sandbox.social.models import SandboxAccount, SandboxPost
from channels.sandbox.social.seeding import seed_zalo
from channels.vault import ChannelVault
from channels.worker import deliver_due
from core.crypto import decrypt, encrypt
from tests import factories
from tests.channels.bot_api import picture_bytes
from tests.channels.conformance import PICTURE, STORY
from tests.channels.social_api import InProcess, Stored, call, order, picture_of

pytestmark = pytest.mark.django_db

APP, SECRET_KEY, FIRST = "1234567890", "appSecretKey12345", "firstRefreshToken12345"
GROUP = "f414c8f76fa586fbdfb4"
COVER = "https://tinh.example.vn/bia.jpg"
ENTERED = json.dumps({"app_secret": SECRET_KEY, "refresh_token": FIRST})
HOUR = 3600


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zalo, "PAUSES", (0, 0))


@pytest.fixture
def account() -> SandboxAccount:
    return seed_zalo(
        "4318", "CCHC tỉnh", app_id=APP, app_secret=SECRET_KEY, refresh_token=FIRST,
        groups={GROUP: "Tổ công nghệ số"},
    )  # fmt: skip


@pytest.fixture
def channel(account: SandboxAccount) -> Channel:
    return factories.channel(
        "zalo", "zalo", options={"app_id": APP, "cover": COVER}, secret=encrypt(ENTERED)
    )


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 10)


def at(monkeypatch: pytest.MonkeyPatch, hour: int) -> None:
    moment = timezone.make_aware(datetime(2026, 5, 12, hour, 30))
    monkeypatch.setattr(zalo.timezone, "localtime", lambda: moment)


def adapter(channel: Channel, **options: Any) -> Zalo:
    """Return an adapter as a worker makes it that has read the channel just now."""
    channel.refresh_from_db()
    chosen = Zalo.Options.model_validate({"app_id": APP, "cover": COVER, **options})
    return Zalo(
        chosen,
        decrypt(channel.secret),
        http=InProcess(),
        files=Stored({"a.jpg": picture_bytes()}),
        vault=ChannelVault(channel.pk),
    )


def group(channel: Channel) -> Zalo:
    return adapter(channel, place="group", group_id=GROUP)


def said(picture: Picture | None = None, place: str = "articles", **changes: Any) -> Message:
    options = {"app_id": APP, "cover": COVER, "place": place, "group_id": GROUP}
    chosen = Zalo.Options.model_validate(options)
    composer = Zalo(chosen, "", http=None, files=None)  # type: ignore[arg-type]
    return composer.compose(replace(STORY, picture=picture, **changes))


def shown(form: str = SandboxPost.ARTICLE) -> list[SandboxPost]:
    return list(SandboxPost.objects.standing().filter(form=form))


def tokens(channel: Channel) -> Tokens:
    channel.refresh_from_db()
    return Tokens.read(decrypt(channel.secret))


def age(channel: Channel, account: SandboxAccount, left: timedelta) -> None:
    """Let the access token have so much time left, here and at Zalo; nobody is renewing it."""
    moment = timezone.now() + left
    stored = replace(tokens(channel), expires=moment.timestamp())
    Channel.objects.filter(pk=channel.pk).update(secret=encrypt(stored.text()))
    SandboxAccount.objects.filter(pk=account.pk).update(token_until=moment)
    PaceSlot.objects.all().delete()


# --- what is said ------------------------------------------------------------------------------


def test_an_article_has_cover_lead_body_and_link() -> None:
    made = said(PICTURE, unit="Sở Nội vụ", facts={"Hạn": "31/12/2026"}).details["article"]
    assert made["cover"] == {"cover_type": "photo", "photo_url": PICTURE.url, "status": "show"}
    assert made["description"] == STORY.summary
    assert made["author"] == "Sở Nội vụ"
    texts = [part["content"] for part in made["body"]]
    assert texts[:2] == STORY.text.split("\n\n")
    assert "Hạn: 31/12/2026" in texts
    assert STORY.address in texts[-1]


@pytest.mark.parametrize(
    "picture", [None, replace(PICTURE, size=1_000_001), replace(PICTURE, mime="image/webp")]
)
def test_an_article_without_a_fitting_picture_has_the_house_s_cover(
    picture: Picture | None,
) -> None:
    assert said(picture).details["article"]["cover"]["photo_url"] == COVER


def test_a_group_gets_what_was_written_for_zalo() -> None:
    message = said(place="group", variants={"zalo": {"text": "Mời bà con đọc."}})
    assert message.text == f"Mời bà con đọc.\n\n{STORY.address}"


@given(st.text(max_size=400), st.text(max_size=900), st.text(max_size=9000), st.text(max_size=90))
def test_everything_fits(title: str, summary: str, text: str, unit: str) -> None:
    wild = {"title": title or "x", "summary": summary, "text": text, "unit": unit}
    made = said(**wild).details["article"]
    assert len(made["title"]) < 150
    assert 0 < len(made["description"]) < 300
    assert 0 < len(made["author"]) < 50
    assert made["body"]
    assert all(part["content"].strip() for part in made["body"])
    assert len(said(place="group", **wild).text) <= 2000


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"app_id": "x", "cover": COVER},
        {"app_id": APP},
        {"app_id": APP, "cover": "bia.jpg"},
        {"app_id": APP, "place": "group"},
        {"app_id": APP, "cover": COVER, "cities": ["Hà Nội"]},
        {"app_id": APP, "cover": COVER, "broadcast": "all"},
    ],
)
def test_settings_that_cannot_work_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Zalo.Options.model_validate(options)


# --- access ------------------------------------------------------------------------------------


def test_the_first_use_trades_the_refresh_token_and_stores_the_new_pair(
    channel: Channel, account: SandboxAccount
) -> None:
    sender = adapter(channel)
    assert call(sender.check) == "CCHC tỉnh"
    account.refresh_from_db()
    kept = tokens(channel)
    assert kept.refresh_token == account.refresh_token != FIRST
    assert kept.access_token == account.token
    assert kept.app_secret == SECRET_KEY
    assert account.refresh_token not in channel.secret
    again = adapter(channel)
    call(again.check)
    assert "oa/access_token" not in again.http.names()  # type: ignore[attr-defined]


def test_it_is_renewed_hours_before_it_runs_out(channel: Channel, account: SandboxAccount) -> None:
    call(adapter(channel).check)
    age(channel, account, timedelta(hours=5))
    before = tokens(channel)
    call(adapter(channel).check)
    assert tokens(channel).access_token != before.access_token
    assert tokens(channel).expires > before.expires + 10 * HOUR


def test_a_worker_that_knew_the_old_tokens_uses_what_another_one_got(
    channel: Channel, account: SandboxAccount
) -> None:
    early, late = adapter(channel), adapter(channel)
    call(early.check)
    call(late.check)
    assert "oa/access_token" not in late.http.names()  # type: ignore[attr-defined]


def test_no_two_workers_renew_at_once(channel: Channel, account: SandboxAccount) -> None:
    assert call(ChannelVault(channel.pk).reserve, 60)
    with pytest.raises(TemporaryError):
        call(adapter(channel).check)
    account.refresh_from_db()
    assert account.refresh_token == FIRST


def test_channels_of_one_account_share_its_access(
    channel: Channel, account: SandboxAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "OutboundClient", lambda **_options: InProcess())
    options = {"app_id": APP, "place": "group", "group_id": GROUP, "secret_of": "zalo"}
    borrower = factories.channel("nhom", "zalo", options=options)
    assert call(building.adapter(borrower).check) == "Tổ công nghệ số"
    assert call(building.adapter(Channel.objects.get(pk=channel.pk)).check) == "CCHC tỉnh"
    borrower.refresh_from_db()
    assert borrower.secret == ""


def test_a_lost_answer_does_not_lock_the_channel_out(
    channel: Channel, account: SandboxAccount
) -> None:
    call(adapter(channel).check)
    age(channel, account, timedelta(hours=5))
    works = tokens(channel).access_token
    order(account, {"fault": "cut", "call": "oauth"})
    assert call(adapter(channel).check) == "CCHC tỉnh"  # with the token that still works
    assert tokens(channel).access_token == works
    # The look-alike has used the refresh token up; that shows when it is tried again.
    PaceSlot.objects.all().delete()
    assert call(adapter(channel).check) == "CCHC tỉnh"
    words = adapter(channel).attention(timezone.now())
    assert "refresh token" in words
    assert FIRST not in words
    age(channel, account, timedelta(hours=-1))
    SandboxAccount.objects.update(earlier={})
    with pytest.raises(PermanentError) as caught:
        call(adapter(channel).check)
    assert caught.value.stops_channel


def test_a_try_that_is_given_up_keeps_what_zalo_gave(
    channel: Channel, account: SandboxAccount
) -> None:
    sender = adapter(channel)

    async def give_up() -> None:
        begun = asyncio.Event()

        async def pause(path: str) -> None:
            begun.set()
            await asyncio.sleep(0.01)

        sender.http.paused = pause  # type: ignore[attr-defined]
        task = asyncio.create_task(sender.check())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    call(give_up)
    account.refresh_from_db()
    assert tokens(channel).refresh_token == account.refresh_token != FIRST


def test_what_a_person_entered_meanwhile_stands(channel: Channel, account: SandboxAccount) -> None:
    sender = adapter(channel)
    newer = Tokens(SECRET_KEY, "entered", "alsoEntered", 4_102_444_800).text()

    async def enter(path: str) -> None:
        if "oauth" in path:
            await Channel.objects.filter(pk=channel.pk).aupdate(secret=encrypt(newer))

    sender.http.paused = enter  # type: ignore[attr-defined]
    SandboxAccount.objects.update(token="alsoEntered")
    assert call(sender.check) == "CCHC tỉnh"
    assert tokens(channel).refresh_token == "entered"


def test_a_token_that_zalo_takes_no_more_is_replaced_on_the_way(
    channel: Channel, account: SandboxAccount
) -> None:
    call(adapter(channel).check)
    PaceSlot.objects.all().delete()
    order(account, {"fault": "expire", "call": "article/create"})
    sender = adapter(channel)
    call(sender.send, said())
    assert len(shown()) == 1
    assert sender.http.names().count("article/create") == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("secret", ["", "{", "[]", json.dumps({"app_secret": SECRET_KEY})])
def test_a_missing_part_stops_the_channel_without_asking(channel: Channel, secret: str) -> None:
    Channel.objects.filter(pk=channel.pk).update(secret=encrypt(secret))
    sender = adapter(channel)
    with pytest.raises(PermanentError) as caught:
        call(sender.check)
    assert caught.value.stops_channel
    assert sender.http.calls == []  # type: ignore[attr-defined]


def test_a_wrong_secret_key_is_told_to_people(channel: Channel, account: SandboxAccount) -> None:
    wrong = json.dumps({"app_secret": "wrongSecretKey", "refresh_token": FIRST})
    Channel.objects.filter(pk=channel.pk).update(secret=encrypt(wrong))
    with pytest.raises(PermanentError) as caught:
        call(adapter(channel).check)
    assert caught.value.stops_channel
    assert "wrongSecretKey" not in str(caught.value)


def test_an_access_that_was_not_renewed_for_long_is_pointed_out(channel: Channel) -> None:
    now = timezone.now()
    kept = Tokens("a", "b", "c", now.timestamp() + 9 * HOUR, renewed=now.timestamp() - 80 * 86_400)
    Channel.objects.filter(pk=channel.pk).update(secret=encrypt(kept.text()))
    assert adapter(channel).attention(now)
    assert not adapter(channel).attention(now - timedelta(days=30))


@pytest.mark.parametrize(("given", "read"), [("90000", 90_000), (90_000, 90_000), ("x", HOUR),
                                             (None, HOUR), ("9" * 30, HOUR)])  # fmt: skip
def test_how_long_a_token_lives(given: object, read: float) -> None:
    assert zalo_access._seconds(given) == read


# --- articles ----------------------------------------------------------------------------------


def test_an_article_is_posted_corrected_and_removed(channel: Channel) -> None:
    receipt = call(adapter(channel).send, said(PICTURE))
    (post,) = shown()
    assert receipt.external_id == post.number
    assert receipt.address == post.link
    assert (post.title, post.text) == (STORY.title, STORY.summary)
    again = call(adapter(channel).update, said(PICTURE, title="Tiêu đề mới"), receipt)
    (post,) = shown()
    assert (again.external_id, post.title) == (receipt.external_id, "Tiêu đề mới")
    call(adapter(channel).retract, said(), again)
    assert shown() == []
    call(adapter(channel).retract, said(), again)  # gone is what was wanted


def test_a_correction_of_what_somebody_removed_is_refused(channel: Channel) -> None:
    receipt = call(adapter(channel).send, said())
    SandboxPost.objects.update(deleted_at=timezone.now())
    with pytest.raises(PermanentError) as caught:
        call(adapter(channel).update, said(), receipt)
    assert not caught.value.stops_channel


def processing(times: int) -> list[dict[str, Any]]:
    return [{"fault": "error", "call": "article/verify", "code": -214}] * times


def test_an_article_in_the_making_is_waited_for(channel: Channel, account: SandboxAccount) -> None:
    order(account, *processing(2))
    assert call(adapter(channel).send, said()).external_id


@pytest.mark.parametrize(
    "faults",
    [
        processing(9),
        [{"fault": "cut", "call": "article/verify"}],
        [{"fault": "bad_gateway", "call": "article/verify"}],
        [{"fault": "cut", "call": "article/create"}],
        [{"fault": "html", "call": "article/verify"}],
    ],
)
def test_what_may_stand_is_not_posted_again(
    channel: Channel, account: SandboxAccount, faults: list[dict[str, Any]]
) -> None:
    order(account, *faults)
    with pytest.raises(UncertainError):
        call(adapter(channel).send, said())


def test_an_article_that_was_refused_while_being_made_is_said(
    channel: Channel, account: SandboxAccount
) -> None:
    words = "Upload media failed"
    order(account, {"fault": "error", "call": "verify", "code": -200, "message": words})
    with pytest.raises(PermanentError) as caught:
        call(adapter(channel).send, said())
    assert not caught.value.stops_channel
    assert words in str(caught.value)


def test_a_doubt_is_resolved_when_the_article_is_found(
    channel: Channel, account: SandboxAccount
) -> None:
    for number in range(12):
        call(adapter(channel).send, said(title=f"Tin {number}", address=f"https://a.vn/{number}"))
    order(account, {"fault": "cut", "call": "article/create"})
    with pytest.raises(UncertainError):
        call(adapter(channel).send, said())
    receipt = call(adapter(channel).find, said())
    assert receipt.external_id == SandboxPost.objects.get(title=STORY.title).number


@pytest.mark.parametrize("message", [said(), said(place="group"), said(address="https://b.vn/")])
def test_not_found_proves_nothing(channel: Channel, message: Message) -> None:
    call(adapter(channel).send, said(address="https://khac.vn/"))  # the same title
    with pytest.raises(UncertainError):
        call(adapter(channel).find, message)


# --- broadcasts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "level", "loud"),
    [
        ("none", "urgent", False), ("urgent", "urgent", True), ("urgent", "priority", False),
        ("important", "priority", True), ("important", "normal", False),
    ],
)  # fmt: skip
def test_which_items_are_broadcast(
    channel: Channel, day: None, setting: str, level: str, loud: bool
) -> None:
    sender = adapter(channel, broadcast=setting, region="south", cities=["4", "9"])
    receipt = call(sender.send, said(level=level))
    sent = shown(SandboxPost.BROADCAST)
    assert bool(sent) == bool(receipt.details.get("broadcast")) == loud
    assert not receipt.awaits_person
    for post in sent:
        target = {"gender": "0", "locations": "2", "cities": "4,9"}
        assert post.content == {"target": target, "article": receipt.external_id}


def test_at_night_a_person_broadcasts_in_the_morning(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 23)
    receipt = call(adapter(channel, broadcast="urgent").send, said(level="urgent"))
    assert receipt.awaits_person
    assert len(shown()) == 1
    assert shown(SandboxPost.BROADCAST) == []


@pytest.mark.parametrize("fault", [None, {"fault": "cut", "call": "oa/message"}])
def test_a_broadcast_that_does_not_work_makes_no_second_article(
    channel: Channel, account: SandboxAccount, day: None, fault: dict[str, Any] | None
) -> None:
    SandboxAccount.objects.update(broadcasts_left=0 if fault is None else 4)
    order(account, *([fault] if fault else []))
    receipt = call(adapter(channel, broadcast="urgent").send, said(level="urgent"))
    assert receipt.awaits_person
    assert receipt.note
    assert len(shown()) == 1


def test_a_withdrawn_article_that_was_broadcast_says_what_stays(
    channel: Channel, day: None
) -> None:
    receipt = call(adapter(channel, broadcast="urgent").send, said(level="urgent"))
    assert call(adapter(channel).retract, said(), receipt).note


# --- groups ------------------------------------------------------------------------------------


def test_a_group_gets_text_and_picture(channel: Channel) -> None:
    message = said(PICTURE, place="group")
    receipt = call(group(channel).send, message)
    (post,) = shown(SandboxPost.GROUP)
    assert (post.number, post.group, post.text) == (receipt.external_id, GROUP, message.text)
    assert picture_of(post) == picture_bytes()


def test_a_noted_correction_is_a_new_message_once(channel: Channel) -> None:
    receipt = call(group(channel).send, said(place="group"))
    noted = said(place="group", correction="Số đúng là 12.")
    second = call(group(channel).update, noted, receipt)
    assert "Số đúng là 12." in shown(SandboxPost.GROUP)[0].text
    assert second.external_id != receipt.external_id
    third = call(group(channel).update, noted, second)
    assert third.awaits_person
    assert len(shown(SandboxPost.GROUP)) == 2


def test_other_changes_and_withdrawals_are_for_people(channel: Channel) -> None:
    receipt = call(group(channel).send, said(place="group"))
    for verb in ("update", "retract"):
        handed = call(getattr(group(channel), verb), said(place="group"), receipt)
        assert handed.awaits_person
        assert handed.note
        assert handed.external_id == receipt.external_id


def test_a_lost_answer_about_a_group_is_uncertain(
    channel: Channel, account: SandboxAccount
) -> None:
    order(account, {"fault": "cut", "call": "group/message"})
    with pytest.raises(UncertainError):
        call(group(channel).send, said(place="group"))


def test_checking_a_group_names_it_or_lists_what_there_is(channel: Channel) -> None:
    assert call(group(channel).check) == "Tổ công nghệ số"
    wrong = adapter(channel, place="group", group_id="?")
    with pytest.raises(PermanentError, match=f"Tổ công nghệ số: {GROUP}"):
        call(wrong.check)


def test_a_missing_picture_is_said(channel: Channel) -> None:
    with pytest.raises(PermanentError):
        call(group(channel).send, said(replace(PICTURE, file="weg.jpg"), place="group"))


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "kind", "stops"),
    [
        ([-101, -102, -104, -105, -209, -219, -242], PermanentError, True),
        ([-204, -205, -221, -235], PermanentError, True),
        ([-224, -320, -321], PermanentError, True),
        ([-211, -223], PermanentError, True),
        ([-237, -403], PermanentError, True),
        ([-240, -106], PermanentError, True),
        ([-201, -210, -248, -233, -200, -234, -9999], PermanentError, False),
        ([-32, -218], TemporaryError, False),
        ([-100], TemporaryError, False),
    ],
)
def test_what_codes_mean(
    channel: Channel,
    account: SandboxAccount,
    codes: list[int],
    kind: type[DeliveryError],
    stops: bool,
) -> None:
    call(adapter(channel).check)
    secret = tokens(channel).access_token
    for code in codes:
        order(account, {"fault": "error", "code": code, "message": f"about {secret}"})
        with pytest.raises(kind) as caught:
            call(adapter(channel).send, said())
        assert getattr(caught.value, "stops_channel", False) is stops, code
        assert secret not in str(caught.value)
    assert shown() == []


def test_too_fast_holds_the_channel_for_a_minute(channel: Channel, account: SandboxAccount) -> None:
    order(account, {"fault": "error", "code": -32})
    with pytest.raises(TemporaryError) as caught:
        call(adapter(channel).send, said())
    assert caught.value.retry_after == timedelta(minutes=1)


# --- the whole way -----------------------------------------------------------------------------


def test_an_item_goes_out_and_no_token_is_kept_in_the_clear(
    channel: Channel, account: SandboxAccount, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setattr(building, "OutboundClient", lambda **_options: InProcess())
    Channel.objects.filter(pk=channel.pk).update(is_active=True)
    factories.article(live=True)
    deliver_due()
    row = Delivery.objects.get(channel=channel)
    assert row.state == State.DELIVERED
    account.refresh_from_db()
    secrets = (SECRET_KEY, FIRST, account.token, account.refresh_token)
    told = [row.reason, json.dumps(row.receipt), json.dumps(row.payload), caplog.text]
    told += [*Attempt.objects.values_list("detail", flat=True), json.dumps(channel.options)]
    assert not any(secret in words for secret in secrets for words in told)
    assert len(shown()) == 1


def test_receipts_carry_no_settings(channel: Channel) -> None:
    receipt = call(adapter(channel).send, said())
    assert isinstance(receipt, Receipt)
    assert receipt.new_options == {}
