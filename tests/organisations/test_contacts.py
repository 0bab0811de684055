"""The contact book, and where its entries are shown."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from channels.adapters.feed import Feed
from channels.models import Channel, Delivery, State
from organisations.models import Contact, Organisation
from portal.stories import story_of
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]


@pytest.fixture
def desk() -> Contact:
    station = Organisation.objects.create(code="dai", name="Đài Phát thanh và Truyền hình")
    return Contact.objects.create(
        organisation=station, name="Nguyễn Thị Thu", position="Biên tập", phone="0205 3810 001"
    )


def test_a_contact_can_be_reached(desk: Contact) -> None:
    assert desk.line == ("Nguyễn Thị Thu, Biên tập, Đài Phát thanh và Truyền hình: 0205 3810 001")
    desk.phone = ""
    with pytest.raises(ValidationError):
        desk.full_clean()
    desk.phone = "gọi sau"
    with pytest.raises(ValidationError):
        desk.full_clean()


def test_the_book_is_searched_without_diacritics_and_exported(
    desk: Contact, as_person: Callable[[str], Client]
) -> None:
    browser = as_person("editor")
    url = reverse("contacts:index")
    assert "Nguyễn Thị Thu" in browser.get(url, {"q": "nguyen thi"}).content.decode()
    assert "Nguyễn Thị Thu" not in browser.get(url, {"q": "tran"}).content.decode()
    assert browser.get(url, {"export": "xlsx"}).status_code == 200


def test_a_channel_says_whom_to_call_when_something_failed(
    desk: Contact, room: Channel, as_person: Callable[[str], Client]
) -> None:
    room.contacts.add(desk)
    page = factories.article(live=True)
    panel = reverse("portal_deliveries", args=[page.pk])
    assert desk.line not in as_person("editor").get(panel).content.decode()
    Delivery.objects.update(state=State.FAILED)
    assert desk.line in as_person("editor").get(panel).content.decode()


def test_stations_get_the_contact_only_where_a_channel_says_so(desk: Contact) -> None:
    story = story_of(factories.article(contact=desk))
    for chosen in (True, False):
        feed = Feed(Feed.Options(with_contact=chosen), "", http=None, files=None)  # type: ignore[arg-type]
        message = feed.compose(story)
        assert (desk.line in message.html, desk.line in message.text) == (chosen, chosen)
