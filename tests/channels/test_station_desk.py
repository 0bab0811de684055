"""What a station's desk confirms: received, aired, by whoever knows the address."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels.feeds import links
from channels.feeds.models import StationKey, StationReport
from channels.models import Action, Channel, Delivery
from tests.channels.feed_fixtures import HEADLINE, Deliver

Desk = tuple[StationKey, str]


@pytest.fixture
def desk(radio: Channel) -> Desk:
    key, token = StationKey.make(radio, "Đài tỉnh", None)
    return key, f"/feeds/{radio.slug}/{token}/"


def aired(delivery: int, **values: str) -> dict[str, str]:
    at = timezone.localtime(timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    return {"delivery": str(delivery), "kind": "aired", "at": at, **values}


def test_it_lists_what_the_feed_holds(client: Client, deliver: Deliver, desk: Desk) -> None:
    deliver()
    answer = client.get(desk[1])
    assert HEADLINE in answer.content.decode()
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]


def test_received_is_said_once(client: Client, deliver: Deliver, desk: Desk) -> None:
    row = deliver()
    for _again in range(2):
        answer = client.post(desk[1], {"delivery": row.pk, "kind": "received"})
        assert answer.status_code == 302
    [report] = StationReport.objects.all()
    assert (report.delivery_id, report.kind, report.key_id) == (row.pk, "received", desk[0].pk)


def test_aired_with_moment_and_programme(client: Client, deliver: Deliver, desk: Desk) -> None:
    row = deliver()
    client.post(desk[1], aired(row.pk, programme="Thời sự 17 giờ"))
    assert "Thời sự 17 giờ" in client.get(desk[1]).content.decode()
    assert StationReport.objects.get().kind == "aired"


@pytest.mark.parametrize(
    "at", ["", "hôm qua", "2099-01-01T00:00", "1999-01-01T00:00", "2026-02-30T10:00"]
)
def test_a_moment_that_makes_no_sense_is_refused(
    at: str, client: Client, deliver: Deliver, desk: Desk
) -> None:
    row = deliver()
    answer = client.post(desk[1], aired(row.pk, at=at))
    assert answer.status_code == 422
    assert HEADLINE in answer.content.decode()
    assert not StationReport.objects.exists()


def test_only_items_of_its_feed(client: Client, deliver: Deliver, desk: Desk) -> None:
    deliver()
    assert client.post(desk[1], {"delivery": 999_999, "kind": "received"}).status_code == 422
    assert client.post(desk[1], {"delivery": "x", "kind": "sold"}).status_code == 422
    assert not StationReport.objects.exists()


def test_a_withdrawn_item_can_be_acknowledged_and_not_aired(
    client: Client, deliver: Deliver, desk: Desk
) -> None:
    gone = deliver(deliver().story, Action.RETRACT)
    page = client.get(desk[1]).content.decode()
    assert "[ĐÃ GỠ]" in page
    assert 'value="aired"' not in page
    client.post(desk[1], {"delivery": gone.pk, "kind": "received"})
    assert StationReport.objects.get().delivery_id == gone.pk


def test_nobody_else_gets_in(client: Client, deliver: Deliver, desk: Desk) -> None:
    deliver()
    key, address = desk
    assert client.get(f"{address[:-2]}/").status_code == 404
    StationKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
    assert client.get(address).status_code == 404
    assert client.post(address, {"kind": "received"}).status_code == 404


def test_what_was_typed_stays_and_the_problem_is_named(
    client: Client, deliver: Deliver, desk: Desk
) -> None:
    row = deliver()
    answer = client.post(desk[1], aired(row.pk, at="2099-01-01T00:00", programme="Thời sự 17 giờ"))
    page = answer.content.decode()
    assert 'value="Thời sự 17 giờ"' in page
    assert 'value="2099-01-01T00:00"' in page
    gone = client.post(desk[1], {"delivery": "999999", "kind": "received"}).content.decode()
    assert "Tin không còn trong danh sách" in gone


def test_nothing_was_aired_before_the_desk_had_it(
    client: Client, deliver: Deliver, desk: Desk
) -> None:
    row = deliver()
    given = timezone.now() - timedelta(minutes=30)
    Delivery.objects.filter(pk=row.pk).update(settled_at=given)
    early = client.post(desk[1], aired(row.pk))
    assert early.status_code == 422
    assert "không thể đã phát trước lúc đó" in early.content.decode()
    later = timezone.localtime(given + timedelta(minutes=10)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(desk[1], aired(row.pk, at=later)).status_code == 302


def test_sending_twice_stores_once_and_a_mistake_is_taken_back(
    client: Client, deliver: Deliver, desk: Desk
) -> None:
    row = deliver()
    said = aired(row.pk, programme="Thời sự")
    for _again in range(2):
        client.post(desk[1], said)
    [report] = StationReport.objects.standing()
    answer = client.post(desk[1], {"delivery": row.pk, "take_back": report.pk})
    assert answer.status_code == 302
    assert not StationReport.objects.standing().exists()
    assert StationReport.objects.count() == 1  # on record all the same
    client.post(desk[1], said | {"programme": "Thời sự 19 giờ"})
    assert StationReport.objects.standing().get().programme == "Thời sự 19 giờ"


def test_nobody_takes_back_the_word_of_another_station(
    client: Client, radio: Channel, deliver: Deliver, desk: Desk
) -> None:
    row = deliver()
    other, _token = StationKey.make(radio, "Đài huyện", None)
    theirs = StationReport.objects.create(
        key=other, delivery=row, kind="received", at=timezone.now()
    )
    answer = client.post(desk[1], {"delivery": row.pk, "take_back": theirs.pk})
    assert answer.status_code == 422
    assert StationReport.objects.standing().filter(pk=theirs.pk).exists()


def test_a_correction_is_received_anew_and_what_was_aired_stays_in_sight(
    client: Client, deliver: Deliver, desk: Desk
) -> None:
    first = deliver()
    client.post(desk[1], {"delivery": first.pk, "kind": "received"})
    client.post(desk[1], aired(first.pk, programme="Thời sự"))
    second = deliver(first.story, Action.UPDATE, sequence=2)
    page = client.get(desk[1]).content.decode()
    assert "Thời sự" in page
    assert "phiên bản 1" in page
    assert 'value="received"' in page
    client.post(desk[1], {"delivery": second.pk, "kind": "received"})
    assert 'value="received"' not in client.get(desk[1]).content.decode()


def test_a_browser_proves_that_it_came_from_the_page(deliver: Deliver, desk: Desk) -> None:
    row = deliver()
    strict = Client(enforce_csrf_checks=True)
    said = {"delivery": row.pk, "kind": "received"}
    assert strict.post(desk[1], said).status_code == 403
    strict.get(desk[1])
    token = strict.cookies["csrftoken"].value
    assert strict.post(desk[1], said | {"csrfmiddlewaretoken": token}).status_code == 302


# Signed links


def link(desk: Desk, delivery: Delivery) -> str:
    Delivery.objects.filter(pk=delivery.pk).update(settled_at=timezone.now())
    return reverse("feeds:confirm", args=[links.sign(desk[0], delivery.pk)])


def test_the_feed_carries_a_link_for_each_item(
    client: Client, deliver: Deliver, desk: Desk
) -> None:
    row = deliver()
    deliver(title="Tin khác")
    Delivery.objects.update(settled_at=timezone.now())
    feed = client.get(f"{desk[1].removesuffix('/')}.json").json()
    confirm = next(
        item["_nhipcau"]["confirm"] for item in feed["items"] if item["id"].endswith(str(row.story))
    )
    page = client.get(confirm).content.decode()
    assert HEADLINE in page
    assert "Tin khác" not in page
    assert not StationReport.objects.exists()  # looking at it says nothing
    client.post(confirm, {"delivery": row.pk, "kind": "received"})
    [report] = StationReport.objects.all()
    assert (report.key_id, report.delivery_id) == (desk[0].pk, row.pk)


def test_a_link_shows_the_item_as_it_is_by_now(
    client: Client, deliver: Deliver, desk: Desk
) -> None:
    row = deliver()
    address = link(desk, row)
    deliver(row.story, Action.RETRACT)
    answer = client.get(address)
    assert "[ĐÃ GỠ]" in answer.content.decode()
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("end", ["revoked", "renewed", "old", "off"])
def test_a_link_ends(
    client: Client, radio: Channel, deliver: Deliver, desk: Desk, end: str
) -> None:
    row = deliver()
    address = link(desk, row)
    assert client.get(address).status_code == 200
    if end == "revoked":
        StationKey.objects.update(revoked_at=timezone.now())
    elif end == "renewed":
        desk[0].renew(timezone.now())
    elif end == "old":
        Delivery.objects.update(settled_at=timezone.now() - links.VALID - timedelta(minutes=1))
    else:
        Channel.objects.update(is_active=False)
    for answer in (client.get(address), client.post(address, {"kind": "received"})):
        assert answer.status_code == 410
        assert "không còn hiệu lực" in answer.content.decode()


def test_a_forged_link_is_not_found(client: Client, deliver: Deliver, desk: Desk) -> None:
    address = link(desk, deliver())
    signed = address.rstrip("/").rpartition("/")[2]
    for forged in (signed[:-1], f"9{signed}", "x~y", signed.replace("~", "")):
        assert client.get(reverse("feeds:confirm", args=[forged])).status_code == 404
