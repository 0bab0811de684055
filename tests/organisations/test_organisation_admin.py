"""The admin of agencies and accounts, through HTTP."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.signal_handlers import disable_reference_index_auto_update

from organisations import demo
from organisations.models import Organisation, User

pytestmark = pytest.mark.one_database

LIST = "/admin/organisations/"
INLINES = ("other_names", "former_parents", "succeeded_by", "rules", "memberships")


@pytest.fixture
def planner(as_person: Callable[[str], Client]) -> Client:
    with disable_reference_index_auto_update():
        demo.load()
    return as_person("planner")


def form(**changes: object) -> dict[str, object]:
    inlines = {
        f"{name}-{part}": value
        for name in INLINES
        for part, value in (
            ("TOTAL_FORMS", 0),
            ("INITIAL_FORMS", 0),
            ("MIN_NUM_FORMS", 0),
            ("MAX_NUM_FORMS", 1000),
        )
    }
    base = {
        "name": "Trung tâm mới", "short_name": "", "code": "trung-tam-moi", "level": "province",
        "kind": "service", "parent": "", "official_code": "",
        "valid_from": "01/7/2025", "valid_to": "",
    }  # fmt: skip
    return {**base, **inlines, **changes}


def successor(new: Organisation) -> dict[str, object]:
    return {
        "succeeded_by-TOTAL_FORMS": 1, "succeeded_by-0-new": new.pk,
        "succeeded_by-0-date": "01/7/2026", "succeeded_by-0-kind": "merge",
        "succeeded_by-0-decision": "", "succeeded_by-0-id": "", "succeeded_by-0-DELETE": "",
        "succeeded_by-0-ORDER": "1",
    }  # fmt: skip


@pytest.mark.indexed
@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?q=so noi vu", "Sở Nội vụ", "Sở Tư pháp"),
        ("?q=Sở Nội vụ", "Sở Nội vụ", "Sở Tư pháp"),
        ("?in_force=no&q=so", "Sở Kế hoạch và Đầu tư", "Sở Nội vụ"),
        ("?in_force=yes&q=so", "Sở Nội vụ", "Sở Kế hoạch và Đầu tư"),
        ("?level=commune", "UBND xã Đồng Đăng", "Sở Nội vụ"),
        ("?kind=press", "Báo Lạng Sơn", "Sở Nội vụ"),
    ],
)
def test_the_list_is_searched_and_filtered(planner: Client, query: str, shown: str, hidden: str):
    page = planner.get(f"{LIST}results/{query}").content.decode()
    assert shown in page
    assert f">\n            {hidden}\n" not in page
    assert f"{hidden}</a>" not in page.replace("\n", "").replace("  ", "")


def test_an_agency_is_added_with_names_and_successor(planner: Client):
    new = Organisation.objects.get(code="so-noi-vu")
    names = {
        "other_names-TOTAL_FORMS": 1, "other_names-0-name": "TT mới", "other_names-0-id": "",
        "other_names-0-short_name": "", "other_names-0-valid_from": "",
        "other_names-0-valid_to": "", "other_names-0-DELETE": "",
    }  # fmt: skip
    response = planner.post(f"{LIST}add/", form(valid_to="30/6/2026", **names, **successor(new)))
    assert response.status_code == 302, response.content.decode()
    made = Organisation.objects.get(code="trung-tam-moi")
    assert [str(name) for name in made.other_names.all()] == ["TT mới"]
    assert [link.new for link in made.succeeded_by.all()] == [new]


def test_an_agency_cannot_succeed_itself(planner: Client):
    own = Organisation.objects.get(code="hiep-hoi-doanh-nghiep-tinh")
    page = planner.post(f"{LIST}edit/{own.pk}/", form(code=own.code, **successor(own)))
    assert "Cơ quan không thể kế thừa chính mình" in page.content.decode()
    assert not own.succeeded_by.exists()


def test_only_groups_have_members(planner: Client):
    member = Organisation.objects.get(code="so-noi-vu").pk
    page = planner.post(f"{LIST}add/", form(group_members=[member])).content.decode()
    assert "Chỉ nhóm cơ quan mới có thành viên" in page
    assert (
        planner.post(f"{LIST}add/", form(group_members=[member], kind="group")).status_code == 302
    )


def test_days_in_the_wrong_order_keep_the_form(planner: Client):
    page = planner.post(f"{LIST}add/", form(valid_to="30/6/2025")).content.decode()
    assert "Ngày cuối trước ngày đầu" in page
    assert 'value="Trung tâm mới"' in page


def test_officers_look_only(planner: Client, as_person: Callable[[str], Client]):
    officer = as_person("officer")
    agency = Organisation.objects.get(code="so-noi-vu")
    assert "Sở Nội vụ" in officer.get(LIST).content.decode()
    shown = officer.get(f"{LIST}inspect/{agency.pk}/")
    assert shown.status_code == 200
    assert "Tên gọi khác, tên cũ" in shown.text
    assert officer.get(f"{LIST}edit/{agency.pk}/").status_code in {302, 403}
    officer.post(f"{LIST}edit/{agency.pk}/", form(code="so-noi-vu"))
    agency.refresh_from_db()
    assert agency.name == "Sở Nội vụ"


def test_accounts_have_agencies_and_a_pen_name(planner: Client, as_person: Callable[[str], Client]):
    administrator = as_person("administrator")
    agency = Organisation.objects.get(code="so-noi-vu")
    closed = Organisation.objects.get(code="bao-lang-son")
    page = administrator.get("/admin/users/new/").content.decode()
    assert "bút danh" in page.lower()
    assert agency.name in page
    assert closed.name not in page
    values = {
        "username": "mai", "email": "mai@example.vn", "first_name": "Mai", "last_name": "Nông",
        "password1": "mot-mat-khau-dai", "password2": "mot-mat-khau-dai",
        "pen_name": "N.M", "organisations": [agency.pk],
    }  # fmt: skip
    response = administrator.post("/admin/users/new/", values)
    assert response.status_code == 302, response.content.decode()
    user = User.objects.get(username="mai")
    assert (user.byline, list(user.organisations.all())) == ("N.M", [agency])
    user.organisations.set([closed])
    page = administrator.get(reverse("wagtailusers_users:edit", args=[user.pk])).content.decode()
    assert closed.name in page  # a membership of old is not lost by opening the form
