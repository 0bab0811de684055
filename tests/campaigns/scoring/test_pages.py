"""The pages of scoring, as people of each side use them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.evidence.models import Evidence
from campaigns.scoring import actions, demo, samples
from campaigns.scoring.actions import Said
from campaigns.scoring.exchange import export, store
from campaigns.scoring.models import Assessment, CriterionSet
from campaigns.scoring.values import Ratio
from organisations.models import Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def officer(person: Callable[[str], User]) -> User:
    made = person("officer")
    made.organisations.add(Organisation.objects.create(code="xa-mot", name="Xã Một"))
    return made


@pytest.fixture
def planner(person: Callable[[str], User]) -> User:
    made = person("planner")
    made.organisations.add(Organisation.objects.create(code="so-noi-vu", name="Sở Nội vụ"))
    return made


@pytest.fixture
def loaded(officer: User, planner: User) -> list[Assessment]:
    return demo.load(officer, planner)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_demo_is_half_filled_labelled_and_repeatable(
    loaded: list[Assessment], officer: User, planner: User
) -> None:
    assert [one.state for one in Assessment.objects.order_by("pk")] == [
        "verified",
        "draft",
        "draft",
    ]
    assert demo.load(officer, planner) == []
    for assessment in loaded:
        url = reverse("campaigns_scoring_assessment", args=[assessment.pk])
        text = browser(planner).get(url).content.decode()
        assert "Bộ mẫu, không phải bộ tiêu chí chính thức" in text
        assert "cần đối chiếu 892/QĐ-BNV" in text
        assert "style=" not in text.partition('class="scoring-frame"')[2].partition("</table>")[0]


def test_an_officer_sees_the_own_agency_only(loaded: list[Assessment], officer: User) -> None:
    text = browser(officer).get(reverse("campaigns_scoring")).content.decode()
    assert "Xã Một" in text
    assert "Sở Nội vụ" not in text


def test_history_stands_beside_the_year(loaded: list[Assessment], officer: User) -> None:
    url = reverse("campaigns_scoring_assessment", args=[loaded[1].pk])
    text = browser(officer).get(url).content.decode()
    assert "Điểm qua các năm" in text
    assert "1,69/2" in text  # 15/16 rounded to 0,94, and 0,75


@pytest.mark.parametrize("code", ["1.1.1", "1.1.2", "1.2", "1.3.1", "1.4.2", "1.5"])
def test_every_kind_of_answer_has_its_form(
    loaded: list[Assessment], planner: User, code: str
) -> None:
    assessment = loaded[2]
    one = assessment.criteria_set.criteria.get(code=code)
    page = browser(planner).get(reverse("campaigns_scoring_answer", args=[assessment.pk, one.pk]))
    assert page.status_code == 200
    assert one.title in page.content.decode()


@pytest.mark.parametrize(
    ("code", "typed", "words"),
    [
        ("1.1.2", {"now-done": "5"}, "Nhập cả hai"),
        ("1.1.2", {"now-done": "5", "now-planned": "0"}, "Kế hoạch bằng 0"),
        ("1.1.2", {"now-done": "-5", "now-planned": "1"}, "0"),
        ("1.1.1", {"now-day": "30/02/2026"}, "30/02/2026"),
        ("1.1.1", {"now-day": "03/02/2026", "now-undone": "on"}, "không chọn cả hai"),
        ("1.4.2", {"now-codes": ["mang"], "now-none": "on"}, "không chọn cả hai"),
        ("1.4.2", {"now-codes": ["loa"]}, "loa"),
        ("1.6", {"points": "5", "explanation": "Vì sao"}, "điểm tối đa"),
    ],
)
def test_bad_figures_are_refused_and_what_was_typed_stays(
    loaded: list[Assessment], planner: User, code: str, typed: dict[str, object], words: str
) -> None:
    assessment = loaded[2]
    one = assessment.criteria_set.criteria.get(code=code)
    answer = assessment.answers.filter(criterion=one).first()
    before = answer.value if answer else None
    form = {"explanation": "Giữ lại câu này", "seen": answer.revision if answer else 0, **typed}
    url = reverse("campaigns_scoring_answer", args=[assessment.pk, one.pk])
    text = browser(planner).post(url, form).content.decode()
    assert words in text
    assert str(form["explanation"]) in text
    after = assessment.answers.filter(criterion=one).first()
    assert (after.value if after else None) == before


def test_what_was_submitted_meanwhile_is_not_changed_but_what_was_typed_stays(
    loaded: list[Assessment], officer: User
) -> None:
    assessment = loaded[1]
    one = assessment.criteria_set.criteria.get(code="4.1")
    Assessment.objects.filter(pk=assessment.pk).update(state=Assessment.State.SUBMITTED)
    url = reverse("campaigns_scoring_answer", args=[assessment.pk, one.pk])
    typed = {"now-done": "16", "now-planned": "16", "explanation": "Đã xong cả", "seen": "1"}
    text = browser(officer).post(url, typed, follow=True).content.decode()
    assert "đã khóa" in text
    assert "Đã xong cả" in text
    assert assessment.answers.get(criterion=one).explanation != "Đã xong cả"


def test_evidence_is_a_file_a_link_or_what_is_recorded(
    loaded: list[Assessment], officer: User
) -> None:
    assessment = loaded[1]
    one = assessment.criteria_set.criteria.get(code="4.2")
    piece = Evidence.objects.create(
        kind="link",
        title="Tin trên cổng",
        dated=date(assessment.year, 3, 1),
        url="https://example.vn/tin",
        organisation=assessment.organisation,
    )
    url = reverse("campaigns_scoring_proof", args=[assessment.pk, one.pk])
    client = browser(officer)
    assert "Nhập đường dẫn" in client.post(url, {}).content.decode()
    client.post(url, {"proof-url": "https://example.vn/anh", "proof-title": "Ảnh"})
    client.post(url, {"proof-evidence": [piece.pk]})
    client.post(url, {"proof-file": SimpleUploadedFile("ke-hoach.pdf", b"%PDF-1.4")})
    refused = client.post(url, {"proof-file": SimpleUploadedFile("vi-rut.exe", b"MZ")})
    assert "exe" in refused.content.decode()
    proofs = assessment.answers.get(criterion=one).proofs
    assert sorted(proofs.values_list("title", flat=True)) == [
        "Tin trên cổng",
        "ke-hoach.pdf",
        "Ảnh",
    ]


def test_a_returned_assessment_says_why(loaded: list[Assessment], officer: User) -> None:
    assessment = loaded[1]
    state = Assessment.State.RETURNED
    Assessment.objects.filter(pk=assessment.pk).update(state=state, returned_reason="Thiếu ảnh")
    url = reverse("campaigns_scoring_assessment", args=[assessment.pk])
    text = browser(officer).get(url).content.decode()
    assert "Thiếu ảnh" in text
    assert "Gửi bản chấm" in text


def test_a_verifier_who_read_an_old_page_is_told(
    loaded: list[Assessment], officer: User, planner: User
) -> None:
    assessment = loaded[1]
    one = assessment.criteria_set.criteria.get(code="4.1")
    state = Assessment.State.SUBMITTED
    Assessment.objects.filter(pk=assessment.pk).update(state=state, submitted_by=officer)
    url = reverse("campaigns_scoring_verify", args=[assessment.pk, one.pk])
    typed = {"points": "0,5", "reason": "Lý do của tôi", "seen": "0"}
    text = browser(planner).post(url, typed).content.decode()
    assert text.count('id="id_points"') == 0
    assert text.count('id="verify_points"') == 1
    assert "Người khác đã sửa" in text
    assert "Lý do của tôi" in text
    browser(planner).post(url, typed | {"seen": "1"})
    assert assessment.answers.get(criterion=one).verified_points == Decimal("0.5")


def test_faults_of_a_file_are_told_with_their_lines(planner: User) -> None:
    made = store(samples.sample(samples.COMMUNE))
    content = export(made, "tsv").decode().replace("sàn 90%", "sàn 900%").replace("\t2\t", "\t3\t")
    file = SimpleUploadedFile("bo.tsv", content.encode())
    page = browser(planner).post(reverse("campaigns_scoring_import"), {"file": file})
    assert "Dòng 11" in page.content.decode()
    assert CriterionSet.objects.count() == 1


def test_a_ladder_with_a_gap_is_refused_at_the_editor(planner: User) -> None:
    made = store(samples.sample(samples.COMMUNE))
    one = made.criteria.get(code="4.1")
    typed = {"code": "4.1", "title": "Thử", "maximum": "1", "method": "self", "kind": "ladder",
             "details": "0 - 50 = 0\r\n60 - = 1", "parent": one.parent_id}  # fmt: skip
    url = reverse("campaigns_scoring_criterion", args=[one.pk])
    text = browser(planner).post(url, typed).content.decode()
    assert "hở giữa 50 và 60" in text
    assert "60 - = 1" in text
    one.refresh_from_db()
    assert one.title != "Thử"


def test_what_pages_cost_does_not_grow_with_agencies(planner: User) -> None:
    made = store(samples.sample(samples.COMMUNE, 2026))
    actions.open_set(made, None)
    plan = made.criteria.get(code="4.1")
    pages = [reverse("campaigns_scoring"), reverse("campaigns_scoring_compare", args=[made.pk])]

    def add(first: int, last: int) -> None:
        for number in range(first, last):
            agency = Organisation.objects.create(code=f"xa-{number}", name=f"Xã {number}")
            found = actions.begin(made, agency, planner)
            value = Ratio(done=Decimal(number), planned=Decimal(40))
            actions.say(found, plan, Said(value), 0, planner)

    def costs() -> list[int]:
        client, counted = browser(planner), []
        for url in pages:
            client.get(url)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(url).status_code == 200
            counted.append(len(queries))
        return counted

    add(0, 3)
    few = costs()
    add(3, 20)
    assert costs() == few
    assert max(few) <= 30


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_comparison_of_a_sample_says_so_in_the_file(
    loaded: list[Assessment], planner: User, form: str
) -> None:
    made = loaded[1].criteria_set
    url = reverse("campaigns_scoring_compare", args=[made.pk])
    page = browser(planner).get(url, {"export": form})
    assert "bo-mau" in page["Content-Disposition"]
    if form == "csv":
        assert "bộ mẫu" in b"".join(page.streaming_content).decode()  # type: ignore[attr-defined]
