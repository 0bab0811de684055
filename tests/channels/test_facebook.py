"""The Facebook adapter: what it says, and how it behaves against the look-alike."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels import building
from channels.adapters.facebook import Facebook
from channels.adapters.facebook_errors import understood
from channels.adapters.shared_posts import POST_TEXT
from channels.contract import (
    DeliveryError,
    HttpResponse,
    Message,
    PermanentError,
    Picture,
    TemporaryError,
    UncertainError,
)
from channels.models import Attempt, Delivery, State
from channels.sandbox.social.models import SandboxAccount, SandboxPost
from channels.sandbox.social.seeding import seed_facebook
from channels.worker import deliver_due
from core.crypto import encrypt
from tests import factories
from tests.channels.bot_api import picture_bytes
from tests.channels.conformance import PICTURE, STORY
from tests.channels.social_api import InProcess, Stored, call, order, picture_of

pytestmark = pytest.mark.django_db

PAGE, TOKEN, APP_SECRET = "104123456789012", "EAAB0123456789abcdefXYZ", "0123456789abcdef0123"
SECRET = json.dumps({"page_token": TOKEN, "app_secret": APP_SECRET})
OTHER_PICTURE = replace(PICTURE, file="b.jpg")


@pytest.fixture
def page() -> SandboxAccount:
    return seed_facebook(PAGE, "Cải cách hành chính tỉnh", token=TOKEN, app_secret=APP_SECRET)


def adapter(secret: str = SECRET, **options: Any) -> Facebook:
    chosen = Facebook.Options.model_validate({"page_id": PAGE, **options})
    files = Stored({"a.jpg": picture_bytes(), "b.jpg": picture_bytes(colour="red")})
    return Facebook(chosen, secret, http=InProcess(), files=files)


def said(picture: Picture | None = None, **changes: Any) -> Message:
    return adapter().compose(replace(STORY, picture=picture, **changes))


def shown() -> list[SandboxPost]:
    return list(SandboxPost.objects.standing())


# --- what is said ------------------------------------------------------------------------------


def test_it_says_what_a_person_would_be_handed_to_post() -> None:
    message = said(variants={"press": {"lead": "Sapo cho báo."}})
    assert message.text == f"{STORY.title}\n\nSapo cho báo.\n\n{STORY.address}"


def test_a_correction_comes_first_and_is_marked() -> None:
    message = said(correction="Số đúng là 12.")
    assert message.title.startswith("[Đính chính]")
    assert message.text.index("Số đúng là 12.") < message.text.index(STORY.summary)


@pytest.mark.parametrize(
    "picture",
    [None, replace(PICTURE, size=4_000_001), replace(PICTURE, mime="image/avif")],
)
def test_a_picture_that_facebook_would_refuse_is_left_out(picture: Picture | None) -> None:
    assert said(picture).image is None


def test_pictures_can_be_switched_off() -> None:
    assert adapter(with_picture=False).compose(replace(STORY, picture=PICTURE)).image is None


@given(st.text(max_size=300), st.text(max_size=12_000))
def test_the_text_fits_and_keeps_its_link(title: str, summary: str) -> None:
    text = said(title=title, summary=summary).text
    assert len(text) <= POST_TEXT
    assert text.endswith(STORY.address)


@pytest.mark.parametrize("number", ["", "tinh.example", "12", "-104123456789012", "1041234567890x"])
def test_pages_are_given_by_number(number: str) -> None:
    with pytest.raises(ValidationError):
        Facebook.Options.model_validate({"page_id": number})


# --- posting, correcting, withdrawing ----------------------------------------------------------


def test_a_post_without_a_picture(page: SandboxAccount) -> None:
    receipt = call(adapter().send, said())
    (post,) = shown()
    assert receipt.external_id == post.number
    assert receipt.address == f"http://testserver/sandbox/facebook/{PAGE}/#{post.number}"
    assert post.text == said().text
    assert post.link == STORY.address
    assert not post.picture


def test_a_post_with_a_picture(page: SandboxAccount) -> None:
    call(adapter().send, said(PICTURE))
    (post,) = shown()
    assert post.text == said(PICTURE).text
    assert picture_of(post) == picture_bytes()


def test_a_correction_changes_the_text_of_the_same_post(page: SandboxAccount) -> None:
    receipt = call(adapter().send, said(PICTURE))
    again = call(adapter().update, said(PICTURE, title="Tiêu đề mới"), receipt)
    (post,) = shown()
    assert again.external_id == receipt.external_id == post.number
    assert post.text.startswith("Tiêu đề mới")
    assert post.edited_at


@pytest.mark.parametrize("picture", [None, OTHER_PICTURE])
def test_another_picture_needs_another_post(page: SandboxAccount, picture: Picture | None) -> None:
    receipt = call(adapter().send, said(PICTURE))
    again = call(adapter().update, said(picture, title="Tiêu đề mới"), receipt)
    (post,) = shown()
    assert again.external_id == post.number != receipt.external_id
    assert bool(post.picture) == (picture is not None)


def test_a_correction_of_what_somebody_deleted_is_refused(page: SandboxAccount) -> None:
    receipt = call(adapter().send, said())
    SandboxPost.objects.update(deleted_at="2026-01-01T00:00Z")
    with pytest.raises(PermanentError) as caught:
        call(adapter().update, said(title="Tiêu đề mới"), receipt)
    assert not caught.value.stops_channel


def test_a_withdrawal_deletes_and_may_be_repeated(page: SandboxAccount) -> None:
    receipt = call(adapter().send, said())
    call(adapter().retract, said(), receipt)
    assert shown() == []
    call(adapter().retract, said(), receipt)


def test_a_missing_picture_is_said(page: SandboxAccount) -> None:
    with pytest.raises(PermanentError):
        call(adapter().send, said(replace(PICTURE, file="weg.jpg")))


# --- doubts ------------------------------------------------------------------------------------


def test_without_an_answer_it_is_uncertain(page: SandboxAccount) -> None:
    order(page, {"fault": "cut"})
    with pytest.raises(UncertainError):
        call(adapter().send, said())


def test_a_doubt_is_resolved_when_the_post_is_found(page: SandboxAccount) -> None:
    order(page, {"fault": "cut"})
    with pytest.raises(UncertainError):
        call(adapter().send, said())
    receipt = call(adapter().find, said())
    (post,) = shown()
    assert receipt.external_id == post.number
    call(adapter().retract, said(), receipt)
    assert shown() == []


def test_not_found_proves_nothing(page: SandboxAccount) -> None:
    call(adapter().send, said(title="Tin khác"))
    with pytest.raises(UncertainError):
        call(adapter().find, said())


def test_a_duplicate_is_our_own_post_when_it_stands_there(page: SandboxAccount) -> None:
    first = call(adapter().send, said())
    assert call(adapter().send, said()).external_id == first.external_id
    assert len(shown()) == 1


def test_a_duplicate_of_something_else_is_refused(page: SandboxAccount) -> None:
    order(page, {"fault": "error", "code": 506, "message": "Duplicate status message"})
    with pytest.raises(PermanentError):
        call(adapter().send, said())


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "subcode", "kind", "stops"),
    [
        (190, 0, PermanentError, True),
        (190, 463, PermanentError, True),
        (190, 460, PermanentError, True),
        (102, 0, PermanentError, True),
        (10, 0, PermanentError, True),
        (200, 0, PermanentError, True),
        (283, 0, PermanentError, True),
        (3, 0, PermanentError, True),
        (368, 0, PermanentError, True),
        (803, 0, PermanentError, True),
        (100, 0, PermanentError, False),
        (324, 0, PermanentError, False),
        (1, 0, TemporaryError, False),
        (2, 0, TemporaryError, False),
        (1609005, 0, TemporaryError, False),
        (4, 0, TemporaryError, False),
        (17, 0, TemporaryError, False),
        (32, 0, TemporaryError, False),
        (613, 0, TemporaryError, False),
        (80001, 0, TemporaryError, False),
    ],
)
def test_what_codes_mean(
    page: SandboxAccount, code: int, subcode: int, kind: type[DeliveryError], stops: bool
) -> None:
    words = f"words of Facebook about {TOKEN}"
    order(page, {"fault": "error", "code": code, "subcode": subcode, "message": words})
    with pytest.raises(kind) as caught:
        call(adapter().send, said())
    assert getattr(caught.value, "stops_channel", False) is stops
    assert TOKEN not in str(caught.value)
    assert shown() == []


def usage(minutes: object) -> dict[str, str]:
    use = [{"type": "pages", "estimated_time_to_regain_access": minutes}]
    return {"x-business-use-case-usage": json.dumps({PAGE: use})}


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, timedelta(minutes=15)),
        ({"retry-after": "90"}, timedelta(seconds=90)),
        (usage(19), timedelta(minutes=19)),
        (usage(0), timedelta(minutes=15)),
        (usage("soon"), timedelta(minutes=15)),
        (usage(10**9), timedelta(minutes=15)),
        ({"x-business-use-case-usage": "[1]"}, timedelta(minutes=15)),
        ({"x-business-use-case-usage": "{"}, timedelta(minutes=15)),
    ],
)
def test_how_long_facebook_asks_to_wait(headers: dict[str, str], wait: timedelta) -> None:
    body = json.dumps({"error": {"code": 32, "message": "limit"}}).encode()
    with pytest.raises(TemporaryError) as caught:
        understood(HttpResponse(400, headers, body), [], repeatable=False)
    assert caught.value.retry_after == wait


def test_requests_are_signed_when_the_app_asks_for_it(page: SandboxAccount) -> None:
    for secret in ("", "wrong"):
        parts = json.dumps({"page_token": TOKEN, "app_secret": secret})
        with pytest.raises(PermanentError) as caught:
            call(adapter(parts).send, said())
        assert caught.value.stops_channel
    call(adapter().send, said())


def test_the_token_is_in_no_address(page: SandboxAccount) -> None:
    sender = adapter()
    addresses: list[str] = []

    async def note(path: str) -> None:
        addresses.append(path)

    sender.http.paused = note  # type: ignore[attr-defined]
    receipt = call(sender.send, said())
    call(sender.retract, said(), receipt)
    assert not any(TOKEN in address for address in addresses)


@pytest.mark.parametrize("secret", ["", "{", "[]", json.dumps({"page_token": "kurz"}), "a b"])
def test_an_unusable_token_stops_the_channel_without_asking(secret: str) -> None:
    with pytest.raises(PermanentError) as caught:
        call(adapter(secret).send, said())
    assert caught.value.stops_channel


# --- the connection ----------------------------------------------------------------------------


def test_checking_names_the_page(page: SandboxAccount) -> None:
    assert call(adapter().check) == "Cải cách hành chính tỉnh"


def test_checking_another_page_stops_the_channel(page: SandboxAccount) -> None:
    with pytest.raises(PermanentError):
        call(adapter(page_id="204123456789012").check)


def test_an_item_goes_out_and_no_secret_is_kept_in_the_clear(
    page: SandboxAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "OutboundClient", lambda **_options: InProcess())
    factories.channel(
        "fb", "facebook", options={"page_id": PAGE}, secret=encrypt(SECRET), is_active=True
    )
    factories.article(live=True)
    deliver_due()
    row = Delivery.objects.get(channel__slug="fb")
    assert row.state == State.DELIVERED
    told = [row.reason, json.dumps(row.receipt), json.dumps(row.payload)]
    told += Attempt.objects.values_list("detail", flat=True)
    assert not any(secret in words for secret in (TOKEN, APP_SECRET) for words in told)
    assert len(shown()) == 1
