"""Mergers, splits, changes of name and dissolutions: checked, done, handed over, undone."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from wagtail.models import ModelLogEntry

from campaigns.models import Activity, Plan
from campaigns.slots.models import Slot
from campaigns.slots.planning import generate
from channels.models import Channel
from organisations.consistency import contradictions
from organisations.history import History
from organisations.models import (
    Contact,
    FormerParent,
    GroupMembership,
    Organisation,
    Reorganisation,
    Succession,
    User,
)
from organisations.models.changes import Change
from organisations.reorganising.doing import ImpossibleError, carry_out, hand_over_due
from organisations.reorganising.holdings import held, holdings
from organisations.reorganising.undoing import undo
from organisations.reorganising.wishes import NewName, Wish
from tests import factories
from tests.organisations.agencies import FIRST, LAST, agency

pytestmark = pytest.mark.django_db
GROUP = Organisation.Kind.GROUP
DAY = date(2026, 3, 1)
BEFORE = DAY - timedelta(days=1)


def wish(kind: Change, *olds: Organisation, day: date = DAY, **values: Any) -> Wish:
    """Return a wish; agencies to be made are given by name."""
    return Wish(
        kind=kind,
        olds=tuple(old.pk for old in olds),
        date=day,
        decision="12/QĐ-UBND",
        into=tuple(one.pk for one in values.pop("into", ())),
        new=tuple(NewName(name) for name in values.pop("new", ())),
        **values,
    )


def everything() -> list[Any]:
    """Return all that is on record about agencies, to be compared."""
    own = ("organisation", "organisationname", "formerparent", "succession", "groupmembership")
    models = [apps.get_model("organisations", name) for name in own]
    rows = [list(model.objects.order_by("pk").values()) for model in models]
    members = [list(User.objects.order_by("pk").values_list("pk", "organisations"))]
    slots = Slot.objects.order_by("activity", "organisation", "due_on")
    others = [Contact.objects.values("pk", "organisation"), Channel.objects.values("pk", "owner")]
    shared = slots.values("activity", "organisation", "due_on", "in_plan")
    return [*rows, *members, *(list(rows.order_by("pk")) for rows in others), list(shared)]


@pytest.fixture
def digital() -> Organisation:
    """A department with people, a contact, a channel, a unit below, in a group, with slots."""
    made = agency("so-tttt", "Sở Thông tin và Truyền thông")
    lan = User.objects.create_user("lan")
    lan.organisations.add(made)
    Contact.objects.create(organisation=made, name="Lan", phone="0205 3812 345")
    factories.channel("zalo", owner=made)
    agency("trung-tam", "Trung tâm CNTT", kind="service", parent=made)
    group = agency("cac-so", "Các sở", kind=GROUP)
    group.group_members.add(made)
    plan = Plan.objects.create(title="Kế hoạch", issuer=made, year=2026)
    activity = Activity.objects.create(
        plan=plan, position=1, content="Viết bài", start=date(2026, 1, 1), end=date(2026, 12, 31)
    )
    activity.leads.add(made)
    generate(Activity.objects.all())
    assert Slot.objects.filter(organisation=made).exists()
    return made


@pytest.fixture
def science() -> Organisation:
    return agency("so-khcn", "Sở Khoa học và Công nghệ")


def test_a_merger_hands_everything_over(digital: Organisation, science: Organisation):
    record = carry_out(wish(Change.MERGE, digital, into=[science]))
    digital.refresh_from_db()
    assert digital.valid_to == BEFORE
    link = Succession.objects.get()
    assert (link.old, link.new, link.date, link.decision) == (digital, science, DAY, "12/QĐ-UBND")
    assert set(User.objects.get().organisations.all()) == {digital, science}
    assert Contact.objects.get().organisation == science
    assert Channel.objects.get().owner == science
    assert GroupMembership.objects.get().member == science
    center = Organisation.objects.get(code="trung-tam")
    assert center.parent == science
    assert FormerParent.objects.get(organisation=center).parent == digital
    assert Plan.objects.get().issuer == digital  # history stays
    assert {slot.organisation for slot in Slot.objects.filter(due_on__gte=DAY)} == {science}
    assert str(record).startswith("Sáp nhập Sở Thông tin và Truyền thông vào")
    assert contradictions(History.load()) == []
    assert ModelLogEntry.objects.filter(action="organisations.reorganised").count() == 1


def test_undoing_gives_everything_back(digital: Organisation, science: Organisation):
    before = everything()
    for one in (
        wish(Change.MERGE, digital, into=[science]),
        wish(Change.MERGE, digital, science, new=["Sở Số"]),
        wish(Change.SPLIT, digital, into=[science], new=["Sở Báo chí"], heir=1),
        wish(Change.SPLIT, digital, new=["Trung tâm Số"], goes_on=True),
        wish(Change.RENAME, digital, new=["Sở Chuyển đổi số"]),
        wish(Change.DISSOLVE, digital),
        wish(Change.DISSOLVE, digital, into=[science]),
    ):
        record = carry_out(one)
        assert everything() != before
        undo(record)
        assert everything() == before
        record.refresh_from_db()
        assert record.undone_at
    with pytest.raises(ImpossibleError, match="đã được hoàn tác"):
        undo(record)


def test_a_split_gives_what_cannot_be_divided_to_the_heir(
    digital: Organisation, science: Organisation
):
    carry_out(wish(Change.SPLIT, digital, into=[science], new=["Sở Báo chí"], heir=1))
    press = Organisation.objects.get(name="Sở Báo chí")
    assert (press.code, press.valid_from, press.kind) == ("so-bao-chi", DAY, digital.kind)
    assert Contact.objects.get().organisation == press
    found = Organisation.objects.filter(pk=digital.pk).successors_on(DAY)[digital.pk]
    assert set(found) == {science, press}


def test_an_agency_that_gives_off_a_part_goes_on(digital: Organisation):
    carry_out(wish(Change.SPLIT, digital, new=["Trung tâm Số"], goes_on=True))
    digital.refresh_from_db()
    assert digital.valid_to is None
    assert Contact.objects.get().organisation == digital
    part = Organisation.objects.get(name="Trung tâm Số")
    later = DAY + timedelta(days=60)
    carry_out(wish(Change.MERGE, part, into=[digital], day=later))  # it may come back
    assert contradictions(History.load()) == []
    assert History.load().now(part.pk, later) == (digital,)


def test_a_change_of_name_keeps_the_agency(digital: Organisation):
    carry_out(wish(Change.RENAME, digital, new=["Sở Chuyển đổi số"]))
    history = History.load()
    assert history.name_on(digital.pk, BEFORE) == "Sở Thông tin và Truyền thông"
    assert history.name_on(digital.pk, DAY) == "Sở Chuyển đổi số"
    assert Contact.objects.get().organisation == digital


def test_what_is_to_come_waits_for_its_day(digital: Organisation, science: Organisation):
    ahead = timezone.localdate() + timedelta(days=40)
    record = carry_out(wish(Change.MERGE, digital, into=[science], day=ahead))
    other = agency("so-ba", "Sở Ba")
    carry_out(wish(Change.RENAME, other, new=["Sở Bốn"], day=ahead))
    assert Contact.objects.get().organisation == digital
    assert Succession.objects.get().date == ahead
    moment = timezone.make_aware(datetime.combine(ahead, datetime.min.time()))
    assert hand_over_due(moment - timedelta(seconds=1)) == 0
    assert hand_over_due(moment) == 2
    assert hand_over_due(moment) == 0
    assert Contact.objects.get().organisation == science
    other.refresh_from_db()
    assert other.name == "Sở Bốn"
    undo(record)
    assert Contact.objects.get().organisation == digital


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda a, b, c, g: wish(Change.MERGE, a, into=[c]), "“C” không tồn tại vào ngày"),
        (lambda a, b, c, g: wish(Change.MERGE, c, into=[a]), "đã kết thúc ngày 28/02/2025"),
        (lambda a, b, c, g: wish(Change.MERGE, a, into=[a]), "không thể tự tiếp nhận chính mình"),
        (lambda a, b, c, g: wish(Change.MERGE, g, into=[a]), "là một nhóm"),
        (lambda a, b, c, g: wish(Change.MERGE, a, b), "cần một cơ quan tiếp nhận"),
        (lambda a, b, c, g: wish(Change.MERGE, a, new=["Sở Mới"]), "chọn hình thức đổi tên"),
        (lambda a, b, c, g: wish(Change.MERGE, into=[a]), "Chọn cơ quan được sắp xếp"),
        (lambda a, b, c, g: wish(Change.SPLIT, a, into=[b]), "cần hai cơ quan tiếp nhận"),
        (lambda a, b, c, g: wish(Change.SPLIT, a, b, new=["M", "N"]), "Chỉ chia, tách một cơ quan"),
        (lambda a, b, c, g: wish(Change.SPLIT, a, new=["M", "m "]), "trùng tên"),
        (lambda a, b, c, g: wish(Change.RENAME, a), "cần một tên mới"),
        (lambda a, b, c, g: wish(Change.RENAME, a, b, new=["M"]), "Chỉ đổi tên một cơ quan"),
        (lambda a, b, c, g: wish(Change.RENAME, a, new=["b"]), "đã có cơ quan mang tên này: “B”"),
        (lambda a, b, c, g: wish(Change.RENAME, a, new=["a"]), "đã có cơ quan mang tên này: “A”"),
        (lambda a, b, c, g: wish(Change.DISSOLVE, a, day=date(1900, 1, 1)), "ngày 02/09/1945"),
        (lambda a, b, c, g: wish(Change.DISSOLVE, a, day=date(2100, 1, 1)), "hơn hai năm"),
        (lambda a, b, c, g: wish(Change.DISSOLVE, b, day=FIRST), "chưa tồn tại trước ngày"),
        (lambda a, b, c, g: wish(Change.DISSOLVE, a, decided_on=date(2026, 3, 2)), "ký sau ngày"),
        (lambda a, b, c, g: wish(Change.DISSOLVE, a, into=[b], heir=7), "Chọn cơ quan tiếp nhận"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named(make: Any, said: str):
    a, b = agency("a"), agency("b", valid_from=FIRST)
    c, g = agency("c", valid_to=LAST), agency("g", kind=GROUP)
    before = everything()
    with pytest.raises(ImpossibleError, match=said):
        carry_out(make(a, b, c, g))
    assert everything() == before
    assert not Reorganisation.objects.exists()


def test_two_mergers_of_one_agency(digital: Organisation, science: Organisation):
    carry_out(wish(Change.MERGE, digital, into=[science]))
    other = agency("so-khac", "Sở Khác")
    with pytest.raises(ImpossibleError, match="tiếp nhận nhiệm vụ: Sở Khoa học và Công nghệ"):
        carry_out(wish(Change.MERGE, digital, into=[other]))
    with pytest.raises(ImpossibleError, match="lần sắp xếp khác"):
        carry_out(wish(Change.MERGE, science, into=[other], day=DAY - timedelta(days=9)))


def test_undoing_stops_where_something_depends_on_it(digital: Organisation, science: Organisation):
    first = carry_out(wish(Change.MERGE, digital, science, new=["Sở Số"]))
    made = Organisation.objects.get(name="Sở Số")
    contact = Contact.objects.create(organisation=made, name="Minh", phone="0205 3812 345")
    with pytest.raises(ImpossibleError, match=r"đang có: Đầu mối liên hệ \(1\)"):
        undo(first)
    contact.delete()
    moved = Contact.objects.get()
    moved.organisation = digital
    moved.save()
    with pytest.raises(ImpossibleError, match="đã được sửa sau đó"):
        undo(first)
    moved.organisation = made
    moved.save()
    second = carry_out(wish(Change.RENAME, made, new=["Sở Số hóa"], day=DAY + timedelta(days=30)))
    with pytest.raises(ImpossibleError, match="Hãy hoàn tác lần sắp xếp sau trước"):
        undo(first)
    undo(second)
    undo(first)
    assert not Organisation.objects.filter(pk=made.pk).exists()


def test_every_relation_to_agencies_is_shown(digital: Organisation):
    keys = {holding.key for holding in holdings()}
    assert {
        "organisations.contact.organisation", "organisations.user.organisations",
        "channels.channel.owner", "campaigns.slot.organisation", "campaigns.plan.issuer",
        "campaigns.activity.leads", "campaigns.evidence.organisation", "portal.author.organisation",
        "portal.physicalcopy.organisation", "ingest.source.organisation",
    } <= keys  # fmt: skip
    found = {holding.key: sum(counts.values()) for holding, counts in held([digital.pk], DAY)}
    assert found == {
        "organisations.contact.organisation": 1, "organisations.user.organisations": 1,
        "channels.channel.owner": 1, "campaigns.plan.issuer": 1, "campaigns.activity.leads": 1,
        "campaigns.slot.organisation": Slot.objects.filter(due_on__gte=DAY).count(),
    }  # fmt: skip
