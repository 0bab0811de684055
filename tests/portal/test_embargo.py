"""An item under embargo: with the named stations, and nowhere else until its minute."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from channels.feeds.models import StationKey
from channels.models import Channel, Delivery, Publication
from channels.worker import deliver_due
from core.errors import RefusedError
from portal import scheduler, timing
from portal.models import ArticlePage
from tests import factories, forms

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
HEADLINE = "Công bố kết quả xếp hạng"
MARK = "CHƯA ĐƯỢC PHÁT TRƯỚC"


@pytest.fixture
def until() -> datetime:
    return (timezone.now() + timedelta(days=1)).replace(second=0, microsecond=0)


@pytest.fixture(autouse=True)
def channels(db: None, memory: object) -> None:
    """Everything that could leak: portal, a public feed beside the station's, a messenger."""
    factories.channel("cong", "portal")
    factories.channel("phat-thanh", "feed")
    factories.channel("bao-chi", "feed")
    factories.channel("nhom", "memory")


def embargoed(until: datetime, *, approve: bool = True, **values: Any) -> ArticlePage:
    page = factories.article(
        title=HEADLINE, embargo_until=until, early_channels=["phat-thanh"], **values
    )
    if approve:
        page.get_latest_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


def station() -> str:
    """Return what the station's own address shows now."""
    channel = Channel.objects.get(slug="phat-thanh")
    StationKey.objects.filter(name="Đài tỉnh").delete()
    _key, token = StationKey.make(channel, "Đài tỉnh", None)
    answer = Client().get(reverse("feeds:station", args=["phat-thanh", token, "xml"]))
    assert answer.status_code == 200
    return answer.content.decode()


def holders() -> set[str]:
    return set(Delivery.objects.values_list("channel__slug", flat=True))


def approve_again(page: ArticlePage, **values: Any) -> None:
    draft = page.get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save_revision().publish()


def test_the_station_gets_it_at_once_and_marked(until: datetime) -> None:
    page = embargoed(until)
    assert not page.live
    assert holders() == {"phat-thanh"}
    shown = station()
    local = timezone.localtime(until)
    assert f"[{MARK} {local:%H:%M ngày %d/%m/%Y}] {HEADLINE}" in shown
    assert Publication.objects.get().embargo_until == until


LEAKS = [
    "/",
    "/tin-tuc/",
    "/tin-tuc/cong-bo-ket-qua-xep-hang/",
    "/chuyen-muc/thu-tuc-hanh-chinh/",
    "/tim-kiem/?q=xep+hang",
    *(
        f"/feeds/{slug}.{form}"
        for slug in ("phat-thanh", "bao-chi")
        for form in ("xml", "atom", "json")
    ),
]


@pytest.mark.parametrize("taken_back", [False, True])
def test_nothing_public_tells_of_it(
    client: Client, until: datetime, as_person: Browser, taken_back: bool
) -> None:
    page = embargoed(until)
    if taken_back:  # nor does its tombstone
        revision = page.scheduled_revision
        revision.approved_go_live_at = None
        revision.save(update_fields=["approved_go_live_at"])
    for address in LEAKS:
        told = client.get(address).content.decode()
        assert HEADLINE not in told, address
        assert str(page.story) not in told, address
        assert "[ĐÃ GỠ]" not in told, address
    deliver_due()
    assert holders() == {"phat-thanh"}
    outsider = as_person("planner").get(reverse("wagtailadmin_api:pages:detail", args=[page.pk]))
    assert HEADLINE not in outsider.content.decode()


def test_a_clock_that_is_late_leaks_nothing(client: Client, until: datetime) -> None:
    embargoed(until)
    over = timezone.now() - timedelta(minutes=1)
    Publication.objects.update(embargo_until=over)
    Revision.objects.filter(approved_go_live_at=until).update(approved_go_live_at=over)
    assert HEADLINE not in client.get("/feeds/phat-thanh.json").content.decode()


def test_at_its_minute_it_goes_to_everybody(client: Client, until: datetime) -> None:
    page = embargoed(until, expire_at=until + timedelta(days=1))
    Revision.objects.filter(object_id=str(page.pk)).update(approved_go_live_at=timezone.now())
    turn_back(page, timezone.now())
    assert scheduler.run(timezone.now()) == 1
    page.refresh_from_db()
    assert page.live
    deliver_due()
    assert holders() == {"cong", "phat-thanh", "bao-chi", "nhom"}
    [item] = json.loads(client.get("/feeds/phat-thanh.json").content)["items"]
    assert (item["id"], item["title"]) == (f"urn:uuid:{page.story}", HEADLINE)
    assert MARK not in station()


def turn_back(page: ArticlePage, moment: datetime) -> None:
    """Let the embargo of the approved version end at that moment."""
    for revision in Revision.objects.filter(object_id=str(page.pk)):
        revision.content["embargo_until"] = moment.isoformat()
        revision.save(update_fields=["content"])


def test_a_new_text_and_a_new_time_reach_the_station(until: datetime) -> None:
    page = embargoed(until)
    approve_again(page, title="Công bố kết quả xếp hạng năm 2026")
    shown = station()
    assert "năm 2026" in shown
    later = until + timedelta(hours=2)
    approve_again(page, embargo_until=later)
    assert f"{timezone.localtime(later):%H:%M}" in station()
    assert page.scheduled_revision.approved_go_live_at == later
    assert holders() == {"phat-thanh"}


def test_a_station_that_is_named_no_longer_loses_it(until: datetime) -> None:
    page = embargoed(until)
    approve_again(page, early_channels=["bao-chi"])
    assert "[ĐÃ GỠ]" in station()
    assert HEADLINE not in station()
    assert holders() == {"phat-thanh", "bao-chi"}


def test_cancelling_the_schedule_takes_it_back(until: datetime, as_person: Browser) -> None:
    page = embargoed(until)
    revision = page.scheduled_revision
    url = reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, revision.pk])
    as_person("approver").post(url)
    assert "[ĐÃ GỠ]" in station()
    revision.publish()  # approved once more, unchanged
    assert MARK in station()


def test_deleting_the_item_takes_it_back(until: datetime, as_person: Browser) -> None:
    page = embargoed(until)
    page.delete()
    assert "[ĐÃ GỠ]" in station()


def test_stations_hold_it_so_it_stays_open_to_corrections(until: datetime) -> None:
    assert embargoed(until).get_lock() is None
    plain = factories.article(title="Khác", slug="khac", go_live_at=until)
    plain.get_latest_revision().publish()
    lock = ArticlePage.objects.get(pk=plain.pk).get_lock()
    assert timing.in_words(until) in lock.get_message(None)


def test_only_kinds_that_take_embargoed_items_can_be_named(until: datetime) -> None:
    page = factories.article(embargo_until=until, early_channels=["nhom", "cong"])
    page.get_latest_revision().publish()
    assert holders() == set()
    offered = ArticlePage.get_edit_handler().get_form_class()(instance=page).fields
    assert [slug for slug, _ in offered["early_channels"].choices] == [
        "bao-chi", "cong", "nhom", "phat-thanh",  # the two were chosen before
    ]  # fmt: skip


def test_a_test_target_gets_no_item_early_and_is_offered_nowhere(until: datetime) -> None:
    factories.channel("thu", "feed", name="Nguồn tin thử", is_test=True)
    page = factories.article(embargo_until=until, early_channels=["thu"])
    page.get_latest_revision().publish()
    assert holders() == set()
    form = ArticlePage.get_edit_handler().get_form_class()(instance=factories.article(slug="khac"))
    offered = [*form.fields["early_channels"].choices, *form.fields["channels_off"].choices]
    assert "thu" not in dict(offered)
    assert "Nguồn tin thử" not in dict(page.preview_modes).values()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"expire_at": timedelta(hours=-1)}, "expire_at"),
        ({"expire_at": timedelta(0)}, "expire_at"),
        ({"live": True}, "embargo_until"),
    ],
)
def test_a_schedule_that_contradicts_itself_is_refused(
    until: datetime, values: dict[str, Any], field: str
) -> None:
    page = factories.article(live=values.pop("live", False))
    page.embargo_until = until
    for name, distance in values.items():
        setattr(page, name, until + distance)
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert set(refused.value.message_dict) == {field}


def test_stations_without_a_moment_are_refused() -> None:
    found = timing.problems(
        embargo_until=None, early_channels=["x"], expire_at=None, live=False, now=timezone.now()
    )
    assert set(found) == {"early_channels"}


def stamp(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%d/%m/%Y %H:%M")


def test_the_form_refuses_the_past_and_keeps_what_was_typed(as_person: Browser) -> None:
    page = factories.article()
    past = timezone.now() - timedelta(days=3)
    data = forms.article(page, title="Mới", go_live_at=stamp(past), embargo_until=stamp(past))
    answer = as_person("editor").post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    text = answer.content.decode()
    assert f"{timezone.localtime(past):%H:%M ngày %d/%m/%Y} đã qua" in text
    assert 'value="Mới"' in text
    assert page.get_latest_revision().pk == page.latest_revision_id


def test_the_time_follows_the_embargo(as_person: Browser, until: datetime) -> None:
    page = embargoed(until, approve=False)
    assert page.get_latest_revision_as_object().go_live_at == until
    data = forms.article(page, go_live_at=stamp(until), embargo_until="")
    as_person("editor").post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    draft = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert (draft.embargo_until, draft.go_live_at) == (None, None)


def test_a_live_item_cannot_be_put_under_embargo_past_the_form(until: datetime) -> None:
    page = factories.article(live=True)
    page.embargo_until = until
    with pytest.raises((ValidationError, RefusedError)):
        page.save_revision().publish()
