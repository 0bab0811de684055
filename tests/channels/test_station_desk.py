"""What a station's desk confirms: received, aired, by whoever knows the address."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from channels.feeds.models import StationKey, StationReport
from channels.models import Action, Channel
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
    assert answer["Referrer-Policy"] == "no-referrer"
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
