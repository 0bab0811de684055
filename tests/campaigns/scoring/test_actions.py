"""The life of an assessment: saying, submitting, sending back, verifying; what is locked when."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.evidence.models import Evidence, Lock
from campaigns.scoring import actions, proving, samples
from campaigns.scoring.actions import ConflictError, Said
from campaigns.scoring.exchange import store
from campaigns.scoring.models import Assessment, Criterion, CriterionSet, Entry
from campaigns.scoring.overview import comparison, overview
from campaigns.scoring.values import Entered, Ratio, Ticked
from core.errors import RefusedError
from organisations.models import Organisation, User

pytestmark = pytest.mark.django_db
State = Assessment.State


def ratio(done: int, planned: int = 10) -> Ratio:
    return Ratio(done=Decimal(done), planned=Decimal(planned))


@pytest.fixture
def mai(person: Callable[[str], User]) -> User:
    """The officer of Xã Một."""
    mai = person("officer")
    mai.organisations.add(Organisation.objects.create(code="xa-mot", name="Xã Một"))
    return mai


@pytest.fixture
def khoa(person: Callable[[str], User]) -> User:
    """The planner at the Department."""
    return person("planner")


@pytest.fixture
def criteria_set() -> CriterionSet:
    made = store(samples.sample(samples.COMMUNE, 2026))
    actions.open_set(made, None)
    return made


@pytest.fixture
def assessment(criteria_set: CriterionSet, mai: User) -> Assessment:
    return actions.begin(criteria_set, mai.organisations.get(), mai)


@pytest.fixture
def plan(criteria_set: CriterionSet) -> Criterion:
    return criteria_set.criteria.get(code="4.1")


@pytest.fixture
def forms(criteria_set: CriterionSet) -> Criterion:
    return criteria_set.criteria.get(code="4.2")


@pytest.fixture
def submitted(assessment: Assessment, plan: Criterion, forms: Criterion, mai: User) -> Assessment:
    actions.say(assessment, plan, Said(ratio(9)), 0, mai)
    actions.say(assessment, forms, Said(Ticked(codes=("mang",))), 0, mai)
    actions.submit(assessment, mai)
    assessment.refresh_from_db()
    return assessment


def test_the_points_follow_from_the_figures(
    assessment: Assessment, plan: Criterion, mai: User
) -> None:
    answer = actions.say(assessment, plan, Said(ratio(9), ratio(10)), 0, mai)
    assert answer.self_points == Decimal("0.9")
    found = overview(assessment, date(2026, 10, 1))
    assert (found.points, found.at_end) == (Decimal("0.9"), Decimal(1))
    assert [line.criterion.code for line in found.gains] == ["4.2", "4.1"]
    assert [line.criterion.code for line in found.weak] == ["4.2"]


def test_other_points_than_the_rules_need_a_reason(
    assessment: Assessment, plan: Criterion, mai: User
) -> None:
    with pytest.raises(RefusedError, match="giải trình"):
        actions.say(assessment, plan, Said(ratio(9), points=Decimal(1)), 0, mai)
    said = Said(ratio(9), points=Decimal(1), explanation="Một việc được hoãn theo công văn")
    assert actions.say(assessment, plan, said, 0, mai).self_points == 1
    with pytest.raises(RefusedError, match="điểm tối đa"):
        actions.say(assessment, plan, Said(None, points=Decimal(2), explanation="x"), 1, mai)


def test_the_second_of_two_is_told_and_nothing_is_overwritten(
    assessment: Assessment, plan: Criterion, mai: User, khoa: User
) -> None:
    actions.say(assessment, plan, Said(ratio(9)), 0, khoa)
    with pytest.raises(ConflictError) as caught:
        actions.say(assessment, plan, Said(ratio(10)), 0, mai)
    assert caught.value.answer.self_points == Decimal("0.9")
    actions.say(assessment, plan, Said(ratio(10)), caught.value.answer.revision, mai)
    points = Entry.objects.order_by("pk").values_list("self_points", flat=True)
    assert list(points) == [Decimal("0.9"), Decimal(1)]


def test_the_second_of_two_sees_both_on_the_page(
    assessment: Assessment, plan: Criterion, mai: User, khoa: User
) -> None:
    url = reverse("campaigns_scoring_answer", args=[assessment.pk, plan.pk])
    browser = Client()
    browser.force_login(mai)
    actions.say(assessment, plan, Said(ratio(9)), 0, khoa)
    typed = {"now-done": "10", "now-planned": "10", "seen": "0", "explanation": "Của Mai"}
    page = browser.post(url, typed)
    text = page.content.decode()
    assert "Người khác đã sửa" in text
    assert "9 trên 10" in text
    assert "Của Mai" in text
    assert assessment.answers.get().self_points == Decimal("0.9")
    browser.post(url, typed | {"seen": "1"})
    assert assessment.answers.get().self_points == 1


def test_nothing_is_submitted_before_all_is_scored(
    assessment: Assessment, plan: Criterion, mai: User
) -> None:
    actions.say(assessment, plan, Said(ratio(9)), 0, mai)
    with pytest.raises(RefusedError, match=r"4\.2"):
        actions.submit(assessment, mai)


def test_what_was_submitted_is_locked_with_its_evidence(
    assessment: Assessment, plan: Criterion, forms: Criterion, mai: User, khoa: User
) -> None:
    piece = Evidence.objects.create(
        kind="link", title="Bài báo", dated=date(2026, 5, 1), url="https://example.vn/bai"
    )
    actions.say(assessment, plan, Said(ratio(9)), 0, mai)
    actions.say(assessment, forms, Said(Ticked(codes=("mang",))), 0, mai)
    proof = proving.add(assessment, plan, mai, evidence=piece)
    assert proving.add(assessment, plan, mai, evidence=piece) == proof
    actions.submit(assessment, mai)
    assert Lock.objects.get().evidence == piece
    for attempt in (
        lambda: actions.say(assessment, plan, Said(ratio(10)), 1, mai),
        lambda: proving.add(assessment, plan, mai, url="https://example.vn"),
        lambda: proving.remove(proof),
        lambda: actions.submit(assessment, mai),
    ):
        with pytest.raises(RefusedError, match="đã khóa"):
            attempt()
    actions.send_back(assessment, "Thiếu ảnh", khoa)
    assert not Lock.objects.exists()
    actions.say(assessment, plan, Said(ratio(10)), 1, mai)


def test_a_verified_assessment_is_locked_for_all(
    submitted: Assessment, plan: Criterion, mai: User, khoa: User
) -> None:
    with pytest.raises(RefusedError, match="lý do"):
        actions.verify(submitted, plan, Decimal("0.5"), "", 1, khoa)
    actions.verify(submitted, plan, Decimal("0.5"), "Một việc không có tài liệu", 1, khoa)
    actions.finish(submitted, khoa)
    points = submitted.answers.order_by("criterion__position").values_list("verified_points")
    assert [value for (value,) in points] == [Decimal("0.5"), Decimal("0.25")]
    for attempt in (
        lambda: actions.verify(submitted, plan, Decimal(1), "x", 2, khoa),
        lambda: actions.send_back(submitted, "x", khoa),
        lambda: actions.finish(submitted, khoa),
        lambda: actions.say(submitted, plan, Said(ratio(10)), 2, mai),
    ):
        with pytest.raises(RefusedError):
            attempt()


def test_who_submitted_does_not_verify(submitted: Assessment, plan: Criterion, mai: User) -> None:
    with pytest.raises(RefusedError, match="không được tự thẩm định"):
        actions.verify(submitted, plan, Decimal("0.9"), "", 1, mai)


def test_points_of_surveys_are_the_departments(mai: User, khoa: User) -> None:
    made = store(samples.sample(samples.PROVINCE, 2026))
    actions.open_set(made, None)
    found = actions.begin(made, mai.organisations.get(), mai)
    survey = made.criteria.get(code="1.5")
    with pytest.raises(RefusedError, match="cơ quan thẩm định"):
        actions.say(found, survey, Said(Entered(points=Decimal(1))), 0, mai)
    Assessment.objects.filter(pk=found.pk).update(state=State.SUBMITTED, submitted_by=mai)
    with pytest.raises(RefusedError, match=r"1\.5"):
        actions.finish(found, khoa)
    actions.verify(found, survey, Decimal("0.75"), "", 0, khoa)
    actions.finish(found, khoa)
    assert overview(found, date(2026, 12, 1)).points == Decimal("0.75")


def test_a_set_in_use_does_not_change(assessment: Assessment, criteria_set: CriterionSet) -> None:
    with pytest.raises(RefusedError, match="không thay đổi"):
        actions.close_set(criteria_set, None)
    with pytest.raises(RefusedError, match="đang mở"):
        actions.require_unopened(criteria_set)


def test_a_set_whose_sums_do_not_fit_is_not_opened() -> None:
    made = store(samples.sample(samples.COMMUNE))
    made.criteria.filter(code="4").update(maximum=3)
    with pytest.raises(RefusedError, match="cộng lại được 2"):
        actions.open_set(made, None)
    with pytest.raises(RefusedError, match="chưa mở"):
        actions.begin(made, Organisation.objects.create(code="a", name="A"), None)


def test_agencies_are_compared_the_best_first(
    submitted: Assessment, criteria_set: CriterionSet, khoa: User
) -> None:
    other = Organisation.objects.create(code="xa-hai", name="Xã Hai")
    second = actions.begin(criteria_set, other, khoa)
    plan = criteria_set.criteria.get(code="4.1")
    actions.say(second, plan, Said(ratio(10)), 0, khoa)
    _criteria, rows = comparison(criteria_set)
    assert [(str(row.assessment.organisation), row.total) for row in rows] == [
        ("Xã Một", Decimal("1.15")),
        ("Xã Hai", Decimal(1)),
    ]
    assert rows[1].cells == [Decimal(1), Decimal(1), None]
