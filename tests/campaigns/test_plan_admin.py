"""The admin of plans through HTTP: what planners do, what officers only see."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from campaigns.models import Activity, Plan
from core.errors import RefusedError
from organisations.models import Organisation, User
from tests.campaigns import files
from tests.forms import plan_rows

pytestmark = pytest.mark.one_database

IMPORT = "/admin/plans/import/"
FORM = {"number": "95/KH-UBND", "issued_on": "21/4/2021", "title": "Tuyên truyền năm 2021"}


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def activity_form(**changes: object) -> dict[str, object]:
    return {
        "serial": "9", "heading": "", "content": "Việc mới", "form": "", "lead_text": "",
        "partner_text": "", "deadline_text": "", "start": "", "end": "", "recurrence": "",
        "quantity_text": "", "target": "", "unit": "", "per": "", "total": "", "product": "",
        "budget_text": "", "note": "", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("role", ["planner", "officer", "editor", "approver", "administrator"])
def test_who_may_look(plan: Plan, as_person: Callable[[str], Client], role: str):
    client = as_person(role)
    assert "95/KH-UBND" in text(client.get("/admin/plans/"))
    overview = text(client.get(f"/admin/plans/inspect/{plan.pk}/"))
    assert "Chuyên mục CCHC trên sóng phát thanh" in overview
    assert "0/16" in overview


@pytest.mark.parametrize("role", ["officer", "editor", "approver"])
def test_who_looks_may_not_change(plan: Plan, as_person: Callable[[str], Client], role: str):
    client = as_person(role)
    activity = plan.activities.first()
    assert activity
    refused = [
        client.get("/admin/plans/add/"),
        client.get(f"/admin/plans/edit/{plan.pk}/"),
        client.get(IMPORT),
        client.post(IMPORT, {"draft": "x"}),
        client.get(f"/admin/plans/derive/{plan.pk}/"),
        client.post(f"/admin/plans/notes/{plan.pk}/"),
        client.get(f"/admin/activities/new/?plan={plan.pk}"),
        client.post(f"/admin/activities/edit/{activity.pk}/", activity_form()),
        client.post(f"/admin/activities/delete/{activity.pk}/"),
        client.post(f"/admin/activities/move/{activity.pk}/down/"),
    ]
    assert {response.status_code for response in refused} <= {302, 403}
    assert all(r.status_code == 403 or r["Location"].startswith("/admin/") for r in refused)
    activity.refresh_from_db()
    assert activity.content != "Việc mới"
    assert Plan.objects.count() == 1
    assert "Sửa nội dung kế hoạch" not in text(client.get(f"/admin/plans/inspect/{plan.pk}/"))


def test_planner_writes_a_plan_and_the_board_approves_it(
    province: int, planner: Client, as_person: Callable[[str], Client]
):
    issuer = Organisation.objects.get(code="ubnd-tinh")
    sections = dict.fromkeys(
        [
            "introduction",
            "purposes",
            "requirements",
            "contents",
            "forms",
            "audiences",
            "timing",
            "funding",
            "implementation",
        ],
        "null",
    )
    values = {
        "title": "Tuyên truyền năm 2027", "number": "12/KH-UBND", "issued_on": "15/1/2027",
        "issuer": issuer.pk, "year": "2027", "kind": "separate", "slug": "", "signer": "",
        "signer_title": "", "recipients": "", "parent": "", "document": "", **sections,
        **plan_rows(),
    }  # fmt: skip
    response = planner.post("/admin/plans/add/", {**values, "action-publish": "1"})
    assert response.status_code == 302, text(response)
    plan = Plan.objects.get()
    assert (plan.live, plan.slug, plan.issued_on) == (False, "12-kh-ubnd-2027", date(2027, 1, 15))
    board = as_person("approver")
    editor = f"/admin/plans/edit/{plan.pk}/"
    assert "action-publish" not in text(planner.get(editor))
    assert planner.post(editor, {**values, "action-submit": "1"}).status_code == 302
    plan.refresh_from_db()
    state = plan.current_workflow_task_state
    assert state is not None
    assert "12/KH-UBND" in text(board.get("/admin/notices/"))
    assert board.get(editor).status_code == 200
    action = {"workflow-action-name": "approve", "action-workflow-action": "true"}
    assert board.post(editor, {**values, **action}).status_code == 302
    plan.refresh_from_db()
    assert plan.live
    assert Client().get("/ke-hoach/12-kh-ubnd-2027/").status_code == 200


def test_nobody_approves_a_plan_they_changed_last(
    plan: Plan, as_person: Callable[[str], Client], person: Callable[[str], User]
):
    draft = plan.get_latest_revision_as_object()
    draft.title = "Tuyên truyền, sửa bởi Ban Biên tập"
    draft.save_revision(user=person("approver"))
    plan.refresh_from_db()
    plan.get_workflow().start(plan, person("planner"))
    task = plan.current_workflow_task
    assert [name for name, _label, _form in task.get_actions(plan, person("approver"))] == [
        "reject"
    ]
    with pytest.raises(PermissionDenied):
        task.on_action(plan.current_workflow_task_state, person("approver"), "approve")
    with pytest.raises(RefusedError):
        plan.latest_revision.publish(user=person("approver"))


def test_a_locked_plan_is_not_saved(plan: Plan, planner: Client, person: Callable[[str], User]):
    Plan.objects.filter(pk=plan.pk).update(locked=True, locked_by=person("approver"))
    page = text(planner.post(f"/admin/plans/edit/{plan.pk}/", {"title": "Khác", **plan_rows()}))
    plan.refresh_from_db()
    assert plan.title != "Khác"
    assert "khóa" in page


def test_versions_of_a_plan_are_compared(plan: Plan, planner: Client):
    draft = plan.get_latest_revision_as_object()
    draft.funding = "<p>Kinh phí hai tỷ đồng.</p>"
    newer = draft.save_revision()
    older = plan.revisions.order_by("created_at", "pk").first()
    address = f"/admin/plans/history/{plan.pk}/revisions/compare/{older.pk}...{newer.pk}/"
    assert "hai tỷ đồng" in text(planner.get(address))


def test_editor_opens_with_preview_and_table(plan: Plan, planner: Client):
    page = text(planner.get(f"/admin/plans/edit/{plan.pk}/"))
    assert "Mở bảng phân công nhiệm vụ" in page
    assert "Lập kế hoạch năm mới từ kế hoạch này" in page
    preview = planner.get(
        f"/admin/plans/history/{plan.pk}/revisions/{plan.latest_revision_id}/view/"
    )
    assert "Chuyên mục CCHC trên sóng phát thanh" in text(preview)


def test_an_activity_is_added_and_its_texts_read(plan: Plan, planner: Client):
    address = f"/admin/activities/new/?plan={plan.pk}"
    assert planner.get(address).status_code == 200
    response = planner.post(
        address,
        activity_form(
            lead_text="Sở Nội vụ; Hội Thơ", deadline_text="Tháng 6 - 8/2021", quantity_text="4 bài"
        ),
        follow=True,
    )
    activity = Activity.objects.get(content="Việc mới")
    assert (activity.plan, activity.position) == (plan, 23)
    assert (activity.start, activity.end) == (date(2021, 6, 1), date(2021, 8, 31))
    assert (activity.target, activity.unit, activity.total) == (4, "bài", 4)
    assert [agency.code for agency in activity.leads.all()] == ["so-noi-vu"]
    assert "Chưa có trong danh mục cơ quan: “Hội Thơ”" in text(response)
    assert response.redirect_chain[-1][0].startswith(f"/admin/plans/inspect/{plan.pk}/")


def test_what_a_person_enters_wins_over_the_text(plan: Plan, planner: Client):
    activity = plan.activities.get(serial="13")
    chosen = Organisation.objects.get(code="so-tai-chinh")
    planner.post(
        f"/admin/activities/edit/{activity.pk}/",
        activity_form(
            deadline_text="Quý III/2021", start="2/7/2021", end="3/7/2021",
            lead_text="Sở Nội vụ", leads=[chosen.pk], quantity_text="20.000 tờ",
            target="20000", unit="tờ", total="15000",
        ),
    )  # fmt: skip
    activity.refresh_from_db()
    assert (activity.start, activity.end) == (date(2021, 7, 2), date(2021, 7, 3))
    assert activity.total == 15000
    assert list(activity.leads.all()) == [chosen]


def test_an_impossible_date_keeps_the_form(plan: Plan, planner: Client):
    response = planner.post(
        f"/admin/activities/new/?plan={plan.pk}", activity_form(deadline_text="Trước 30/2/2021")
    )
    assert "Không có ngày này: “30/2/2021”" in text(response)
    assert "Việc mới" in text(response)
    assert not Activity.objects.filter(content="Việc mới").exists()


def test_days_in_the_wrong_order_are_refused(plan: Plan, planner: Client):
    response = planner.post(
        f"/admin/activities/new/?plan={plan.pk}", activity_form(start="2/7/2021", end="1/7/2021")
    )
    assert "Ngày cuối trước ngày đầu" in text(response)


def test_an_activity_needs_its_plan(plan: Plan, planner: Client):
    for address in ("/admin/activities/new/", "/admin/activities/new/?plan=0",
                    "/admin/activities/new/?plan=x"):  # fmt: skip
        assert planner.get(address).status_code == 404


def test_activities_move_and_stop_at_the_ends(plan: Plan, planner: Client):
    first = plan.activities.get(serial="1")
    for direction in ("up", "down"):
        planner.post(f"/admin/activities/move/{first.pk}/{direction}/")
    order = list(plan.activities.order_by("position").values_list("serial", flat=True))
    assert order[:3] == ["2", "1", "3"]


def test_deleting_leads_back_to_the_plan(plan: Plan, planner: Client):
    activity = plan.activities.get(serial="1")
    response = planner.post(f"/admin/activities/delete/{activity.pk}/")
    assert response["Location"] == f"/admin/plans/inspect/{plan.pk}/"
    assert plan.activities.count() == 21


def test_an_officer_sees_the_activities_of_the_agency(
    plan: Plan, person: Callable[[str], User], as_person: Callable[[str], Client]
):
    person("officer").organisations.add(Organisation.objects.get(code="so-tai-chinh"))
    page = text(as_person("officer").get(f"/admin/plans/inspect/{plan.pk}/?mine=1"))
    assert "Cung cấp tin, bài" in page  # led by the group the agency belongs to
    assert "Chuyên mục CCHC trên sóng phát thanh" not in page


def test_deriving_shows_what_to_check_until_it_is_closed(plan: Plan, planner: Client):
    address = f"/admin/plans/derive/{plan.pk}/"
    assert planner.get(address).status_code == 200
    values = {"year": "2026", "number": "05/KH-UBND", "issued_on": "05/01/2026"}
    page = text(planner.post(address, values, follow=True))
    new = Plan.objects.get(year=2026)
    assert "Điểm cần kiểm tra" in page
    assert "Ban Tuyên giáo và Dân vận Tỉnh ủy" in page
    assert "Cơ quan này đã có kế hoạch mang số đó" in text(planner.post(address, values))
    assert "chính là năm" in text(planner.post(address, {**values, "year": "2021"}))
    page = text(planner.post(f"/admin/plans/notes/{new.pk}/", follow=True))
    assert "Lý do" not in page


def upload(data: bytes, name: str, **changes: str) -> dict[str, object]:
    issuer = Organisation.objects.get(code="ubnd-tinh").pk
    return {**FORM, "issuer": issuer, "file": SimpleUploadedFile(name, data), **changes}


def test_an_upload_is_reviewed_before_it_is_saved(province: int, planner: Client, tsv: Path):
    assert planner.get(IMPORT).status_code == 200
    page = text(planner.post(IMPORT, upload(tsv.read_bytes(), "kế hoạch.tsv")))
    assert "Xem lại trước khi lưu" in page
    assert "Chưa hiểu phần định lượng" in page
    assert not Plan.objects.exists()
    packed = re.search(r'name="draft" value="([^"]+)"', page)
    assert packed
    page = text(planner.post(IMPORT, {"draft": packed[1]}, follow=True))
    assert "Đã tạo bản nháp kế hoạch “95/KH-UBND” với 22 nhiệm vụ" in page
    assert Plan.objects.get().activities.count() == 22
    assert "đã có và được cập nhật" in text(planner.post(IMPORT, {"draft": packed[1]}, follow=True))


def test_a_word_upload_says_everything_itself(province: int, planner: Client, tsv: Path):
    data = files.document(files.rows_of(tsv))
    page = text(planner.post(IMPORT, {"file": SimpleUploadedFile("kh.docx", data)}))
    assert "Tuyên truyền cải cách hành chính năm 2021 trên địa bàn tỉnh Lạng Sơn" in page


def test_a_failed_upload_keeps_the_form(province: int, planner: Client):
    data = b"stt\tnoi_dung\tchu_tri\tthoi_gian\n1\tA\tB\t30/2/2021"
    page = text(planner.post(IMPORT, upload(data, "kh.tsv")))
    assert "Dòng 2: Không có ngày này: “30/2/2021”" in page
    assert 'value="95/KH-UBND"' in page
    assert 'value="Tuyên truyền năm 2021"' in page
    assert not Plan.objects.exists()


def test_missing_facts_are_asked_for(province: int, planner: Client, tsv: Path):
    page = text(planner.post(IMPORT, upload(tsv.read_bytes(), "kh.tsv", number="")))
    assert "Chưa biết số, ký hiệu" in page


def test_a_forged_review_is_refused(province: int, planner: Client):
    response = planner.post(IMPORT, {"draft": "eyJ9:1:x"})
    assert response.status_code in {302, 403}
    assert not Plan.objects.exists()


@pytest.mark.indexed
def test_the_chooser_finds_without_diacritics(plan: Plan, planner: Client):
    page = planner.get("/admin/activity_chooser/results/?q=phat thanh")
    assert "Chuyên mục CCHC trên sóng phát thanh" in text(page)
    assert "95/KH-UBND (2021)" in text(page)


@pytest.mark.indexed
@pytest.mark.parametrize("query", ["95/KH-UBND", "tuyen truyen", "Tuyên truyền"])
def test_the_list_finds_plans(plan: Plan, planner: Client, query: str):
    assert "95/KH-UBND" in text(planner.get("/admin/plans/", {"q": query}))


def test_the_overview_costs_few_queries(plan: Plan, planner: Client, django_assert_max_num_queries):
    address = f"/admin/plans/inspect/{plan.pk}/"
    planner.get(address)
    with django_assert_max_num_queries(28):
        planner.get(address)


@pytest.mark.parametrize("role", ["officer", "planner"])
def test_the_menu_leads_to_the_list(plan: Plan, as_person: Callable[[str], Client], role: str):
    home = text(as_person(role).get("/admin/"))
    assert '"url": "/admin/plans/"' in home
    assert f'"url": "{IMPORT}"' not in home


def test_the_chooser_offers_published_plans_before_drafts_of_agencies(plan: Plan, planner: Client):
    """An agency's own plan of a later year is no place for the newsroom to begin."""
    Plan.objects.filter(pk=plan.pk).update(live=True)
    own = Plan.objects.create(
        title="Kế hoạch của Sở", year=plan.year + 1, issuer=plan.issuer, parent=plan, live=False
    )
    Activity.objects.create(plan=own, content="Việc của riêng Sở")
    page = text(planner.get("/admin/activity_chooser/results/"))
    first = str(plan.activities.in_force().order_by("position")[0].content)
    assert first in page
    later = page.find("Việc của riêng Sở")
    assert later == -1 or page.index(first) < later
