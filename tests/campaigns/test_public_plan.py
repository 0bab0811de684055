"""What residents see of a plan: how far it is, what was published for it, who carries it out."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import counting
from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.models import Activity, Plan
from campaigns.slots.models import Slot
from organisations.models import Organisation
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
ADDRESS = "/ke-hoach/12-kh-ubnd-2021/"


@pytest.fixture
def issuer(db: None) -> Organisation:
    return Organisation.objects.create(code="ubnd", name="UBND tỉnh")


@pytest.fixture
def plan(issuer: Organisation) -> Plan:
    return Plan.objects.create(
        number="12/KH-UBND", title="Tuyên truyền", year=2021, issuer=issuer, live=True,
        issued_on=date(2021, 1, 5),
    )  # fmt: skip


@pytest.fixture
def activity(plan: Plan) -> Activity:
    return Activity.objects.create(
        plan=plan, serial="1", content="Phát tờ gấp", heading="Trực quan"
    )


def slots(activity: Activity, done: int, late: int, in_plan: bool = True) -> None:
    """Write that many slots with their proof, and that many that are over without."""
    today, agency = timezone.localdate(), activity.plan.issuer
    for number in range(done + late):
        one = Slot.objects.create(
            activity=activity, organisation=agency, period_start=today, in_plan=in_plan,
            ordinal=Slot.objects.count() + 1, opens_on=today - timedelta(days=9),
            due_on=today - timedelta(days=2),
        )  # fmt: skip
        if number < done:
            proof = Evidence.objects.create(
                kind="link", url="https://vi-du.example/", title="Bài", dated=one.opens_on
            )
            Fulfilment.objects.create(slot=one, evidence=proof)


def shown(client: Client, address: str = ADDRESS) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_progress_is_told_and_nobody_is_blamed(activity: Activity, client: Client):
    other = Activity.objects.create(
        plan=activity.plan, position=1, serial="2", content="Làm phóng sự", lead_text="Đài tỉnh"
    )
    slots(activity, done=2, late=1)
    slots(other, done=0, late=1)
    slots(other, done=1, late=0, in_plan=False)  # no longer asked for
    html = shown(client)
    assert "<strong>đã hoàn thành 2/4</strong>" in html
    assert "2 việc đã quá hạn" in html
    table = html.partition('<table class="plan-progress-table"')[2].partition("</table>")[0]
    assert "<td>2/3</td> <td>66 %</td>" in table
    assert "<td>0/1</td> <td>0 %</td>" in table
    assert "quá hạn" not in table
    assert "Đài tỉnh" not in table
    assert f'href="#nhiem-vu-{other.pk}"' in table
    assert f'id="nhiem-vu-{other.pk}"' in html


def test_a_plan_without_slots_says_nothing_of_progress(activity: Activity, client: Client):
    assert "plan-progress" not in shown(client)


def test_a_reader_who_has_the_page_is_told_so_until_something_changes(
    activity: Activity, client: Client
):
    slots(activity, done=1, late=1)
    first = client.get(ADDRESS)
    assert "public" in first["Cache-Control"]
    assert "no-cache" in first["Cache-Control"]
    again = client.get(ADDRESS, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Evidence.objects.update(withdrawn_at=timezone.now())
    changed = client.get(ADDRESS, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    Plan.objects.update(live=False)
    assert client.get(ADDRESS, headers={"if-none-match": changed["ETag"]}).status_code == 404


@pytest.mark.parametrize("end", ["", "tin-bai/", "tin-bai.xml", "tai-ve.pdf"])
def test_drafts_are_not_found(plan: Plan, client: Client, end: str):
    Plan.objects.update(live=False)
    assert client.get(f"{ADDRESS}{end}").status_code == 404


def test_items_are_listed_by_page_and_by_activity(activity: Activity, client: Client):
    other = Activity.objects.create(plan=activity.plan, position=1, content="Làm phóng sự")
    for number in range(22):
        factories.article(live=True, title=f"Tin số {number:02}", activity=activity)
    factories.article(live=True, title="Phóng sự", activity=other)
    factories.article(live=False, title="Bản nháp", activity=other)
    html = shown(client)
    assert "Tất cả tin, bài của kế hoạch này (23)" in html
    first, second = (shown(client, f"{ADDRESS}tin-bai/?trang={page}") for page in (1, 2))
    assert (first.count("/tin-tuc/tin-so-"), second.count("/tin-tuc/tin-so-")) == (19, 3)
    assert "Bản nháp" not in first + second
    assert "Phóng sự" in first
    of_one = shown(client, f"{ADDRESS}tin-bai/?nhiem-vu={other.pk}")
    assert "Tin số" not in of_one
    assert "Phóng sự" in of_one
    for asked in ("0", "abc", "99999999999999999999"):
        assert client.get(f"{ADDRESS}tin-bai/?nhiem-vu={asked}").status_code == 404
    feed = ElementTree.fromstring(client.get(f"{ADDRESS}tin-bai.xml").content)  # noqa: S314 - ours
    assert len(feed.findall("./channel/item")) == 23


def test_an_article_says_for_which_plan_it_was_published(activity: Activity, client: Client):
    page = factories.article(live=True, activity=activity)
    assert f'href="{ADDRESS}#nhiem-vu-{activity.pk}"' in shown(client, page.url)
    Plan.objects.update(live=False)
    assert "#nhiem-vu-" not in shown(client, page.url)


def test_plans_that_carry_it_out_are_named(plan: Plan, client: Client):
    for name, live in (("Sở A", True), ("Sở B", False)):
        agency = Organisation.objects.create(code=name[-1].lower(), name=name)
        Plan.objects.create(
            number="3/KH", title="Của sở", year=2021, issuer=agency, parent=plan, live=live
        )
    html = shown(client)
    assert "Sở A: 3/KH" in html
    assert "Sở B" not in html


def test_the_list_is_narrowed_by_year_and_authority(plan: Plan, client: Client):
    other = Organisation.objects.create(code="so", name="Sở Nội vụ")
    Plan.objects.create(number="7/KH-SNV", title="Của sở", year=2022, issuer=other, live=True)
    assert "12/KH-UBND" not in shown(client, "/ke-hoach/?nam=2022")
    assert "7/KH-SNV" not in shown(client, f"/ke-hoach/?co_quan={plan.issuer_id}")
    assert "Không có kế hoạch" in shown(client, f"/ke-hoach/?nam=2021&co_quan={other.pk}")
    for wrong in ("nam=abc", "co_quan=999", "nam=1999"):
        assert "7/KH-SNV" in shown(client, f"/ke-hoach/?{wrong}")


def test_items_of_several_layers_are_one_list():
    assert counting.newest([], 0, 5) == []
