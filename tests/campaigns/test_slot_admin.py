"""The screens of slots: what planners and officers do with one, and what stays when it is wrong."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.evidence import locking
from campaigns.evidence.models import Evidence
from campaigns.models import Activity, Plan
from campaigns.slots import planning
from campaigns.slots.models import Slot
from core.errors import RefusedError
from organisations.models import Organisation, User
from tests import factories

pytestmark = [pytest.mark.one_database, pytest.mark.django_db]


def text(response: Any) -> str:
    return response.content.decode()  # type: ignore[no-any-return]


@pytest.fixture
def activity(db: None) -> Activity:
    """One report by each of two agencies, due in twenty days."""
    issuer = Organisation.objects.create(code="ubnd", name="UBND tỉnh")
    year = timezone.localdate().year
    plan = Plan.objects.create(title="Tuyên truyền", year=year, issuer=issuer, number="95/KH-UBND")
    end = timezone.localdate() + timedelta(days=20)
    made = Activity.objects.create(plan=plan, content="Báo cáo", start=date(year, 1, 1), end=end)
    made.leads.set(
        Organisation.objects.create(code=code, name=name)
        for code, name in (("bao", "Báo Lạng Sơn"), ("dai", "Đài tỉnh"))
    )
    planning.generate_plan(plan)
    return made


def slot(code: str = "bao") -> Slot:
    return Slot.objects.with_status().get(organisation__code=code)


def form(**values: Any) -> dict[str, Any]:
    defaults = {"title": "Biên bản", "dated": f"{timezone.localdate():%d/%m/%Y}", "amount": 1}
    return {f"evidence-{name}": value for name, value in (defaults | values).items()}


def add(client: Client, **values: Any) -> Any:
    return client.post(reverse("campaigns_slots:add_evidence", args=[slot().pk]), form(**values))


@pytest.fixture
def planner(as_person: Callable[[str], Client]) -> Client:
    return as_person("planner")


@pytest.fixture
def officer(as_person: Callable[[str], Client], person: Callable[[str], User]) -> Client:
    """Somebody of the newspaper."""
    browser = as_person("officer")
    person("officer").organisations.set([Organisation.objects.get(code="bao")])
    return browser


def test_a_document_fills_the_slot(activity: Activity, planner: Client):
    file = SimpleUploadedFile("bien-ban.pdf", b"%PDF-1.7 bien ban")
    response = add(planner, document=file)
    assert response.status_code == 302
    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.organisation, evidence.activity) == (
        "file",
        slot().organisation,
        activity,
    )
    assert evidence.document is not None
    assert evidence.document.collection.name == "Tài liệu kiểm chứng"
    assert slot().status == "done-on-time"
    page = text(planner.get(reverse("campaigns_slots:one", args=[slot().pk])))
    assert "Biên bản" in page
    assert "hoàn thành đúng hạn" in page


def test_a_photo_needs_a_place(activity: Activity, planner: Client):
    page = text(add(planner, photo=factories.image_file()))
    assert "Hãy cho biết ảnh được chụp ở đâu" in page
    assert 'value="Biên bản"' in page  # what was entered is still there
    add(planner, photo=factories.image_file(), place="Phường Tam Thanh")
    assert Evidence.objects.get().picture is not None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Hãy cung cấp một trong ba"),
        ({"url": "https://baolangson.vn/a", "title": ""}, "evidence-title"),
        ({"url": "https://baolangson.vn/a", "dated": "30/2/2026"}, "evidence-dated"),
        ({"url": "https://baolangson.vn/a", "dated": "01/01/2199"}, "ngày trong tương lai"),
        ({"url": "https://baolangson.vn/a", "amount": 0}, "evidence-amount"),
        ({"url": "javascript:alert(1)"}, "evidence-url"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_saved(
    activity: Activity, planner: Client, values: dict[str, Any], said: str
):
    page = text(add(planner, **values))
    assert said in page
    assert "Chưa lưu tài liệu kiểm chứng" in page
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [
        ("anh.html", b"<script>alert(1)</script>", "document"),
        ("anh.jpg", b"khong phai anh", "photo"),
    ],
)
def test_uploads_are_checked_as_the_library_does(
    activity: Activity, planner: Client, name: str, content: bytes, field: str
):
    response = add(planner, place="Sở", **{field: SimpleUploadedFile(name, content)})
    assert response.status_code == 200
    assert not Evidence.objects.exists()


def test_an_upload_that_is_too_large_is_refused(activity: Activity, planner: Client, settings: Any):
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 10
    page = text(add(planner, document=SimpleUploadedFile("a.pdf", b"%PDF-1.7 dai hon muoi")))
    assert "quá lớn" in page
    assert not Evidence.objects.exists()


def test_more_time_and_not_carried_out(activity: Activity, planner: Client):
    one = slot()
    later = one.due + timedelta(days=30)
    page = planner.post(
        reverse("campaigns_slots:extend", args=[one.pk]),
        {"extension-until": f"{one.due:%d/%m/%Y}", "extension-reason": "Chờ số liệu"},
    )
    assert "phải sau thời hạn hiện tại" in text(page)
    planner.post(
        reverse("campaigns_slots:extend", args=[one.pk]),
        {"extension-until": f"{later:%d/%m/%Y}", "extension-reason": "Chờ số liệu"},
    )
    assert (slot().status, slot().due) == ("postponed", later)
    refused = planner.post(reverse("campaigns_slots:drop", args=[one.pk]), {"reason-reason": ""})
    assert refused.status_code == 200
    planner.post(
        reverse("campaigns_slots:drop", args=[one.pk]), {"reason-reason": "Không có kinh phí"}
    )
    assert slot().status == "dropped"
    page = planner.get(reverse("campaigns_slots:one", args=[one.pk]))
    assert "Không có kinh phí" in text(page)
    planner.post(reverse("campaigns_slots:resume", args=[one.pk]), {"reason-reason": "Đã có"})
    assert slot().status == "postponed"
    kinds = list(slot().decisions.values_list("kind", "decided_by__username"))
    assert kinds == [("extended", "planner"), ("dropped", "planner"), ("resumed", "planner")]


def test_officers_act_for_their_own_agency_only(activity: Activity, officer: Client):
    page = text(officer.get(reverse("campaigns_slots:of_activity", args=[activity.pk])))
    assert "Báo Lạng Sơn" in page
    assert "Đài tỉnh" not in page
    assert add(officer, url="https://baolangson.vn/a").status_code == 302
    other = slot("dai").pk
    for verb in ("one", "add_evidence", "extend", "drop", "resume"):
        url = reverse(f"campaigns_slots:{verb}", args=[other])
        answer = officer.get(url) if verb == "one" else officer.post(url, form())
        assert answer.status_code == 404, verb
    assert not slot("dai").decisions.exists()
    assert (
        officer.get(reverse("campaigns_slots:generate", args=[activity.plan_id])).status_code == 302
    )


def test_withdrawing_needs_a_reason_and_respects_reports(
    activity: Activity, planner: Client, officer: Client
):
    add(officer, url="https://baolangson.vn/a")
    evidence = Evidence.objects.get()
    url = reverse("campaigns_slots:withdraw", args=[slot().pk, evidence.pk])
    planner.post(url, {"reason": ""})
    assert Evidence.objects.standing().exists()
    locking.lock([evidence.pk], "report:1", "Báo cáo quý II")
    answer = planner.post(url, {"reason": "Nhầm"}, follow=True)
    assert "Báo cáo quý II" in text(answer)
    assert Evidence.objects.standing().exists()
    locking.unlock("report:1")
    officer.post(url, {"reason": "Nhầm"})
    evidence.refresh_from_db()
    assert (evidence.withdrawn_reason, str(evidence.withdrawn_by)) == ("Nhầm", "Mai")
    assert slot().counted == 0


def test_evidence_that_no_rule_placed_is_placed_by_the_planner(activity: Activity, planner: Client):
    waiting = Evidence.objects.create(
        kind="article", title="Tin chưa rõ", dated=timezone.localdate(), activity=activity
    )
    assert "Tin chưa rõ" in text(
        planner.get(reverse("campaigns_slots:of_activity", args=[activity.pk]))
    )
    place = reverse("campaigns_slots:place", args=[waiting.pk])
    assert "Đài tỉnh" in text(planner.get(place))
    assert "Hãy chọn ít nhất một kỳ" in text(planner.post(place, {}))
    planner.post(place, {"slots": [slot().pk, slot("dai").pk]})
    assert (slot().counted, slot("dai").counted) == (1, 1)


def test_what_generating_would_change_is_shown_before(activity: Activity, planner: Client):
    url = reverse("campaigns_slots:generate", args=[activity.plan_id])
    assert "Không có gì thay đổi" in text(planner.get(url))
    add(planner, url="https://baolangson.vn/a")
    Activity.objects.filter(pk=activity.pk).update(recurrence="quarterly")
    page = text(planner.get(url))
    assert "Kỳ thực hiện bị bỏ" in page
    assert "được giữ lại" in page
    assert Slot.objects.count() == 2
    planner.post(url)
    assert Slot.objects.expected().filter(period="quarter").exists()
    assert list(Slot.objects.filter(in_plan=False)) == [Slot.objects.get(period="once")]
    assert not planning.compare(Activity.objects.all())


def test_the_list_filters_and_costs_the_same_for_many(
    activity: Activity, planner: Client, django_assert_max_num_queries: Any
):
    more = [Organisation.objects.create(code=f"x{n}", name=f"Xã {n}") for n in range(60)]
    activity.leads.add(*more)
    planning.generate_plan(activity.plan)
    url = reverse("campaigns_slots:of_activity", args=[activity.pk])
    planner.get(url)
    with django_assert_max_num_queries(25):
        page = text(planner.get(url))
    assert len(re.findall(r'href="/admin/slots/\d+/"', page)) == 62
    assert "Xã 7" not in text(planner.get(url, {"agency": "Báo"}))
    late = text(planner.get(url, {"status": "overdue"}))
    assert "Không có kỳ thực hiện nào" in late
    assert planner.get(url, {"status": "x", "p": "999"}).status_code == 200


def test_the_table_of_the_plan_shows_progress_and_what_was_understood(
    activity: Activity, planner: Client
):
    add(planner, url="https://baolangson.vn/a")
    page = text(planner.get(f"/admin/plans/inspect/{activity.plan_id}/"))
    assert ">1/2</a>" in page
    editor = text(planner.get(f"/admin/activities/edit/{activity.pk}/"))
    assert "Hệ thống hiểu là" in editor
    assert "2 kỳ thực hiện" in editor


def test_a_slot_is_chosen_by_words_of_activity_and_agency(activity: Activity, planner: Client):
    url = reverse("slot_chooser:choose_results")
    assert "Đài tỉnh" in text(planner.get(url, {"q": "Báo cáo"}))
    assert "Báo Lạng Sơn" not in text(planner.get(url, {"q": "Đài"}))


@pytest.mark.parametrize("what", ["activity", "plan"])
def test_what_is_on_record_is_not_deleted(activity: Activity, planner: Client, what: str):
    add(planner, url="https://baolangson.vn/a")
    url = {
        "activity": f"/admin/activities/delete/{activity.pk}/",
        "plan": f"/admin/plans/delete/{activity.plan_id}/",
    }[what]
    answer = planner.post(url, follow=True)
    assert "Không xóa" in text(answer)
    assert Evidence.objects.exists()
    assert Activity.objects.exists()
    with pytest.raises(RefusedError):
        Plan.objects.all().delete()
