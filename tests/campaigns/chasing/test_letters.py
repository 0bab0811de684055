"""Letters of urging: what they say, by the decree, and what stays on record."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.chasing import letters, overview
from campaigns.chasing.models import UrgingLetter
from campaigns.models import Activity
from campaigns.slots.models import Slot
from core.errors import RefusedError
from media.documents import word
from media.documents.checking.report import check
from organisations.models import Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
MakeSlot = Callable[..., Slot]


@pytest.fixture
def planner(
    as_person: Callable[[str], Client], person: Callable[[str], User], activity: Activity
) -> Client:
    """Khoa, of the Department of Home Affairs."""
    browser = as_person("planner")
    above = activity.plan.issuer
    home = Organisation.objects.create(code="so-noi-vu", name="Sở Nội vụ", parent=above)
    person("planner").organisations.add(home)
    return browser


@pytest.fixture
def overdue(activity: Activity, slot: MakeSlot) -> list[Slot]:
    return [slot(-5, "so-a", 1), slot(-3, "so-a", 2), slot(-12, "so-b", 1)]


def post(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"campaigns_chasing:{name}", args=args), data, follow=True)


def make(client: Client, activity: Activity, *codes: str, **extra: str) -> UrgingLetter:
    chosen = [Organisation.objects.get(code=code).pk for code in codes]
    post(client, "make_letter", plan=activity.plan_id, agency=chosen, **extra)
    return UrgingLetter.objects.order_by("-pk")[0]


def form(letter: UrgingLetter, **values: Any) -> dict[str, Any]:
    return {
        "number": "12/SNV-CCHC",
        "issued_on": "12/03/2026",
        "issuer": letter.issuer_id,
        "subject": letter.subject,
        "body": letter.body,
        "answer_by": "21/03/2026",
        "signer_title": "Phó Giám đốc",
        "signer": "Nguyễn Văn Nam",
        "recipients": "Như trên;\nLưu: VT, CCHC.",
    } | values


def test_the_page_shows_who_owes_what(planner: Client, overdue: list[Slot], officer: User):
    page = planner.get(reverse("campaigns_chasing:home")).content.decode()
    assert "3 việc quá hạn" in page
    assert "Mai" in page
    assert "chưa có công chức đầu mối" in page


def test_an_officer_without_an_address_is_named(
    planner: Client, overdue: list[Slot], officer: User
):
    officer.email = ""
    officer.save()
    page = planner.get(reverse("campaigns_chasing:home")).content.decode()
    assert "không có địa chỉ" in page


def test_a_letter_is_filled_in_and_names_only_the_chosen(
    planner: Client, overdue: list[Slot], activity: Activity
):
    letter = make(planner, activity, "so-a")
    assert letter.issuer.name == "Sở Nội vụ"
    assert [line.agency.name for line in letter.lines.all()] == ["Sở A", "Sở A"]
    assert "Kế hoạch số 95/KH-UBND ngày 05 tháng 01 năm 2026" in letter.body
    assert "1. Khẩn trương thực hiện" in letter.body
    assert "còn 02 nhiệm vụ" in letter.body


def test_a_letter_of_its_own_for_each_agency(
    planner: Client, overdue: list[Slot], activity: Activity
):
    make(planner, activity, "so-a", "so-b", each="on")
    names = {
        tuple(letter.lines.order_by("pk").values_list("agency__name", flat=True))
        for letter in UrgingLetter.objects.all()
    }
    assert names == {("Sở A", "Sở A"), ("Sở B",)}


def test_the_letter_breaks_no_rule_of_the_decree(
    planner: Client, overdue: list[Slot], activity: Activity
):
    letter = make(planner, activity, "so-a", "so-b")
    for values in ({}, {"recipients": ""}, {"signer_title": "", "signer": ""}):
        post(planner, "letter", letter.pk, **form(letter, **values))
        letter.refresh_from_db()
        report = check(word.write(letters.document_of(letter)))
        assert [each for verdict in report.broken for each in verdict.broken] == []


def test_until_it_is_issued_only_its_date_is_open(
    planner: Client, overdue: list[Slot], activity: Activity
):
    letter = make(planner, activity, "so-a", "so-b")
    report = check(word.write(letters.document_of(letter)))
    assert {verdict.rule.id for verdict in report.broken} <= {"date.form"}


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_it_is_downloaded(planner: Client, overdue: list[Slot], activity: Activity, kind: str):
    letter = make(planner, activity, "so-a")
    answer = planner.get(reverse("campaigns_chasing:letter_file", args=[letter.pk, kind]))
    assert answer.status_code == 200
    assert answer.content[:2] in {b"PK", b"%P"}
    assert f'filename="don-doc-{letter.pk}.{kind}"' in answer["Content-Disposition"]


def test_words_are_changed_until_it_is_issued(
    planner: Client, overdue: list[Slot], activity: Activity, today: date
):
    letter = make(planner, activity, "so-a")
    post(planner, "letter", letter.pk, **form(letter, body="Đề nghị thực hiện ngay"))
    post(planner, "issue_letter", letter.pk)
    letter.refresh_from_db()
    assert letter.is_issued
    assert letter.body == "Đề nghị thực hiện ngay"
    post(planner, "letter", letter.pk, **form(letter, body="Khác"))
    post(planner, "delete_letter", letter.pk)
    letter.refresh_from_db()
    assert letter.body == "Đề nghị thực hiện ngay"
    [row] = [row for row in overview.debtors(overview.overdue(today), today) if row.urged_on]
    assert (row.agency.name, row.urged_on) == ("Sở A", date(2026, 3, 12))


def test_without_a_number_it_is_not_issued(
    planner: Client, overdue: list[Slot], activity: Activity
):
    letter = make(planner, activity, "so-a")
    page = post(planner, "issue_letter", letter.pk).content.decode()
    assert "Hãy nhập số và ngày của công văn trước" in page
    assert not UrgingLetter.objects.get(pk=letter.pk).is_issued


def test_an_agency_taken_off_gets_nothing(planner: Client, overdue: list[Slot], activity: Activity):
    letter = make(planner, activity, "so-a", "so-b")
    gone = Organisation.objects.get(code="so-b")
    post(planner, "leave_out", letter.pk, gone.pk)
    document = letters.document_of(letter)
    assert document.addressees == ("Sở A",)
    assert "Sở B" not in str(document.appendices)
    left = Organisation.objects.get(code="so-a")
    with pytest.raises(RefusedError):
        letters.leave_out(letter, left.pk, None)


def test_nothing_chosen_makes_nothing(planner: Client, overdue: list[Slot], activity: Activity):
    page = post(planner, "make_letter", plan=activity.plan_id).content.decode()
    assert "Hãy chọn ít nhất một cơ quan" in page
    assert not UrgingLetter.objects.exists()


def test_hostile_words_stay_words(planner: Client, overdue: list[Slot], activity: Activity):
    letter = make(planner, activity, "so-a")
    body = "<script>alert(1)</script>\n1. Một & hai\n\x0b\n2) Ba"
    post(planner, "letter", letter.pk, **form(letter, body=body))
    page = planner.get(reverse("campaigns_chasing:letter", args=[letter.pk])).content.decode()
    assert "<script>alert(1)</script>" not in page
    letter.refresh_from_db()
    assert b"PK" in word.write(letters.document_of(letter))
