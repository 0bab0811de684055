"""The portal as a channel: settled at once, without I/O."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from channels.adapters.portal import Portal
from channels.contract import Message
from tests.channels.conformance import PICTURE, STORY


def portal() -> Portal:
    # No client and no files: whoever touched them would fail.
    return Portal(Portal.Options(), "", http=None, files=None)  # type: ignore[arg-type]


def composed() -> Message:
    return portal().compose(replace(STORY, picture=PICTURE))


def test_it_says_what_the_page_says() -> None:
    message = composed()
    assert (message.title, message.text, message.html) == (STORY.title, STORY.summary, STORY.html)
    assert (message.address, message.image) == (STORY.address, PICTURE)
    assert (message.published, message.updated) == (STORY.published, STORY.updated)


def test_it_is_settled_in_the_publishing_transaction() -> None:
    assert Portal.pulls
    assert portal().paces() == []
    assert not Portal.secret_label


async def test_the_receipt_is_the_address() -> None:
    receipt = await portal().send(composed())
    assert (receipt.external_id, receipt.address) == (STORY.key, STORY.address)


async def test_a_correction_keeps_the_identity_and_follows_a_new_address() -> None:
    first = await portal().send(composed())
    moved = replace(composed(), address="https://tinh.example.vn/tin-tuc/moi/")
    again = await portal().update(moved, first)
    assert again.external_id == first.external_id
    assert again.address == moved.address


async def test_a_withdrawn_item_has_no_address() -> None:
    first = await portal().send(composed())
    taken_back = await portal().retract(composed(), first)
    assert (taken_back.external_id, taken_back.address) == (first.external_id, "")
    assert not taken_back.awaits_person


def test_it_has_no_options() -> None:
    with pytest.raises(ValidationError):
        Portal.Options.model_validate({"colour": "red"})
