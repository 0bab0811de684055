"""Agencies as they were then, and who carries their work on now."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from organisations.consistency import contradictions
from organisations.history import History
from organisations.models import FormerParent, Organisation, OrganisationName, Succession
from tests.organisations.agencies import FIRST, LAST, agency, follow, was_called

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 1)


@pytest.fixture
def station() -> Organisation:
    """A station that was called otherwise twice, and was under the province until it merged."""
    province, party = agency("ubnd-tinh"), agency("tinh-uy")
    made = agency("dai", "Báo và phát thanh, truyền hình", parent=party)
    was_called(made, "Đài Phát thanh", date(1990, 12, 31), short_name="Đài PT")
    was_called(made, "Đài Phát thanh và Truyền hình", date(2025, 6, 30))
    FormerParent.objects.create(organisation=made, parent=province, valid_to=date(2025, 6, 30))
    return made


@pytest.mark.parametrize(
    ("day", "name", "short", "parent"),
    [
        (date(1990, 12, 31), "Đài Phát thanh", "Đài PT", "UBND-TINH"),
        (date(1991, 1, 1), "Đài Phát thanh và Truyền hình", "", "UBND-TINH"),
        (date(2025, 6, 30), "Đài Phát thanh và Truyền hình", "", "UBND-TINH"),
        (date(2025, 7, 1), "Báo và phát thanh, truyền hình", "", "TINH-UY"),
    ],
)
def test_name_and_superior_body_as_then(
    station: Organisation, day: date, name: str, short: str, parent: str
):
    then = History.load().then(station.pk, day)
    assert (then.name, then.short_name, str(then.parent)) == (name, short, parent)
    row = Organisation.objects.on(day).get(pk=station.pk)
    assert (row.name_then, row.short_name_then) == (name, short)
    assert str(Organisation.objects.get(pk=row.parent_then)) == parent


def test_under_nobody_is_not_unknown():
    above = agency("tren")
    one = agency("mot", parent=above)
    FormerParent.objects.create(organisation=one, parent=None, valid_to=LAST)
    assert Organisation.objects.named_on(LAST).get(pk=one.pk).parent_then is None
    assert Organisation.objects.named_on(FIRST).get(pk=one.pk).parent_then == above.pk
    assert History.load().parent_on(one.pk, LAST) is None


def test_other_spellings_are_no_former_names(station: Organisation):
    OrganisationName.objects.create(organisation=station, name="Đài PT-TH", valid_to=TODAY)
    assert History.load().name_on(station.pk, FIRST) == "Đài Phát thanh và Truyền hình"
    assert Organisation.objects.on(FIRST).get(pk=station.pk).name_then != "Đài PT-TH"


def test_the_chain_is_followed_and_a_split_gives_several():
    first, second = agency("a", valid_to=LAST), agency("b", valid_to=date(2025, 6, 30))
    parts = [agency("c"), agency("d")]
    follow(first, second)
    for part in parts:
        follow(second, part, date(2025, 7, 1), Succession.Kind.SPLIT)
    asked = Organisation.objects.filter(pk__in=[first.pk, parts[0].pk])
    assert asked.successors_on(TODAY) == {first.pk: parts, parts[0].pk: [parts[0]]}
    history = History.load()
    assert history.now(first.pk, TODAY) == tuple(parts)
    assert history.label_now(first.pk, TODAY) == "C; D"
    assert history.now(first.pk, FIRST) == (second,)
    assert contradictions(history) == []


def test_no_figure_is_lost_when_nobody_carries_on():
    closed = agency("a", valid_to=LAST)
    history = History.load()
    assert history.successors_on(closed.pk, TODAY) == []
    assert history.now(closed.pk, TODAY) == (closed,)
    assert history.label_now(closed.pk, TODAY) == "A (đã kết thúc)"


def test_questions_cost_the_same_for_few_and_many(
    django_assert_num_queries: DjangoAssertNumQueries,
):
    old = [agency(f"cu-{number}", valid_to=LAST) for number in range(40)]
    new = agency("moi")
    for one in old:
        follow(one, new)
    with django_assert_num_queries(3):
        found = Organisation.objects.successors_on(TODAY)
    assert all(successors == [new] for successors in found.values())
    with django_assert_num_queries(1):
        assert len(Organisation.objects.on(LAST)) == 41
    with django_assert_num_queries(7):
        history = History.load()
        assert {history.now(pk, TODAY) for pk in history.agencies} == {(new,)}


@pytest.mark.parametrize("last", [LAST, LAST + timedelta(days=1)])
def test_one_official_name_ends_on_a_day(station: Organisation, last: date):
    was_called(station, "Một tên", last)
    with pytest.raises(IntegrityError), transaction.atomic():
        was_called(station, "Tên khác", last)


def test_contradictions_are_named():
    first, second = agency("a", valid_to=LAST), agency("b", valid_to=LAST)
    follow(first, second)
    follow(second, first)
    open_still, early = agency("c"), agency("d", valid_to=TODAY)
    follow(open_still, agency("e", valid_from=TODAY))
    follow(early, agency("f"))
    own = agency("g")
    Organisation.objects.filter(pk=own.pk).update(parent=own)
    was_called(first, "Một", date(2020, 1, 1))
    was_called(first, "Hai", date(2021, 1, 1), valid_from=date(2019, 1, 1))
    found = contradictions(History.load())
    said = {(str(one.organisation), one.message) for one in found}
    assert said == {
        ("A", "Chuỗi kế thừa đi vòng tròn: A → B → A."),
        ("A", "“B” tiếp nhận từ ngày 01/03/2025, khi cơ quan đó chưa tồn tại hoặc đã kết thúc."),
        ("B", "“A” tiếp nhận từ ngày 01/03/2025, khi cơ quan đó chưa tồn tại hoặc đã kết thúc."),
        ("A", "Ngày 01/01/2020 có hai tên chính thức cùng hiệu lực."),
        ("C", "“E” đã tiếp nhận từ ngày 01/03/2025 nhưng cơ quan này chưa được kết thúc."),
        ("C", "“E” tiếp nhận từ ngày 01/03/2025, khi cơ quan đó chưa tồn tại hoặc đã kết thúc."),
        ("D", "“F” tiếp nhận từ ngày 01/03/2025 trong khi cơ quan cũ vẫn còn hoạt động."),
        ("G", "Cơ quan là cấp trên của chính mình, trực tiếp hoặc qua trung gian."),
    }
