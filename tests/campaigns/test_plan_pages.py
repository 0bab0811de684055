"""The public pages: what they show, whom they hide, what they cost."""

from collections.abc import Collection
from datetime import UTC, datetime

import pytest
from django.test import Client

from campaigns import counting
from campaigns.counting import Item
from campaigns.models import Activity, Plan
from campaigns.views import NEWEST

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_the_list_shows_published_plans_only(plan: Plan, client: Client):
    plan.pk, plan.slug, plan.number, plan.live = None, "nhap", "96/KH-UBND", False
    plan.save()
    html = client.get("/ke-hoach/").content.decode()
    assert "Kế hoạch số 95/KH-UBND · năm 2021" in html
    assert "22 nhiệm vụ" in html
    assert "96/KH-UBND" not in html
    assert client.get("/ke-hoach/nhap/").status_code == 404


def test_an_empty_list_says_so(client: Client):
    assert "Chưa có kế hoạch nào được công bố" in client.get("/ke-hoach/").content.decode()


def test_the_plan_page(plan: Plan, client: Client):
    html = client.get("/ke-hoach/95-kh-ubnd-2021/").content.decode()
    for text in (
        "95/KH-UBND",
        "21/04/2021",
        "Ủy ban nhân dân tỉnh Lạng Sơn",
        "Mục đích, yêu cầu",
        "Chỉ đạo, điều hành",
        "Đài Phát thanh và Truyền hình tỉnh",
        "Quý II - Quý III/2021",
        "Số liệu minh họa",
        "0/16",
    ):
        assert text in html
    assert html.partition('id="assignments"')[2].count('scope="rowgroup"') == 11


def publish(registered: list[counting.Counter | counting.Lister], activity: Activity) -> None:
    def count(ids: Collection[int]) -> dict[int, int]:
        return {activity.pk: 1234, -1: 5} if activity.pk in ids else {}

    def listed(ids: Collection[int], wanted: int) -> list[Item]:
        day = datetime(2021, 5, 3, tzinfo=UTC)
        return [
            Item(activity.pk, "Cũ", "/tin-tuc/cu/"),
            *(Item(activity.pk, f"<Tin {n}>", f"/tin-tuc/{n}/", day) for n in range(12)),
            Item(-1, "Của nơi khác", "/x/"),
        ][:wanted]

    registered.append(counting.register_counter(count))
    registered.append(counting.register_lister(listed))


def test_what_was_published_is_counted_and_linked(
    plan: Plan, client: Client, registered: list[counting.Counter | counting.Lister]
):
    publish(registered, plan.activities.get(serial="3"))
    html = client.get(plan.get_absolute_url()).content.decode()
    assert "1.234/16" in html
    assert html.count("&lt;Tin ") == NEWEST - 1  # one without a day goes to the end
    assert "Của nơi khác" not in html
    assert (
        f"/ke-hoach/95-kh-ubnd-2021/tin-bai/?nhiem-vu={plan.activities.get(serial='3').pk}" in html
    )


def test_counters_register_once():
    def nothing(ids: Collection[int]) -> dict[int, int]:
        return dict.fromkeys(ids, 1)

    counting.register_counter(nothing)
    counting.register_counter(nothing)
    try:
        assert counting.counts([7]) == {7: 1}
    finally:
        counting.unregister(nothing)
    assert counting.counts([7]) == {7: 0}


def test_pages_cost_few_queries(plan: Plan, client: Client, django_assert_max_num_queries):
    for address in ("/ke-hoach/", plan.get_absolute_url()):
        client.get(address)
        with django_assert_max_num_queries(17):
            client.get(address)


def test_more_activities_cost_no_more(plan: Plan, client: Client, django_assert_max_num_queries):
    Activity.objects.bulk_create(
        Activity(plan=plan, position=100 + n, content=f"Việc {n}") for n in range(50)
    )
    client.get(plan.get_absolute_url())
    with django_assert_max_num_queries(17):
        client.get(plan.get_absolute_url())


def test_addresses_never_collide(plan: Plan):
    for expected in ("95-kh-ubnd-2021-ubnd-tinh", "95-kh-ubnd-2021-ubnd-tinh-2"):
        twin = Plan(number=plan.number, title="Khác", issuer=plan.issuer, year=2021)
        assert twin.free_slug() == expected
        plan.pk, plan.slug, plan.number = None, expected, f"số của {expected}"
        plan.save()
        plan.number = "95/KH-UBND"
