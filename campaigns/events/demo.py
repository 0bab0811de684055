"""Events and a review of the demo: texts of our own, all marked as examples.

A review conference in the manner of Kế hoạch 153/KH-UBND, a training course that was held, and a
final review that every agency takes part in.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from campaigns.admin.slot_forms import store_document
from campaigns.events import agenda, changing, guest_lists, reviewing, sites
from campaigns.events.changing import Held
from campaigns.events.models import (
    Event,
    EventTask,
    Guest,
    Nomination,
    Paper,
    ReviewCampaign,
    ReviewProduct,
    ReviewStage,
    Site,
)
from campaigns.models import Plan
from organisations.models import Organisation

CONFERENCE = "Hội nghị tổng kết 10 năm công tác tuyên truyền cải cách hành chính"
TRAINING = "Tập huấn kỹ năng viết tin, bài về cải cách hành chính cho công chức đầu mối"
REVIEW = "Tổng kết 10 năm công tác tuyên truyền cải cách hành chính trên địa bàn tỉnh"
PROGRAMME = """07:30 - 08:00 | Đón tiếp đại biểu, kiểm tra kết nối các điểm cầu | Ban Tổ chức
08:00 - 08:10 | Tuyên bố lý do, giới thiệu đại biểu | Sở Nội vụ
08:10 - 08:20 | Phát biểu khai mạc | Lãnh đạo UBND tỉnh
08:20 - 08:50 | Báo cáo tổng kết công tác tuyên truyền cải cách hành chính | Sở Nội vụ
08:50 - 10:00 | Tham luận của các cơ quan, địa phương | Các đại biểu
10:00 - 10:15 | Giải lao
10:15 - 10:45 | Công bố quyết định khen thưởng và trao thưởng | Sở Nội vụ
10:45 - 11:15 | Phát biểu kết luận, bế mạc | Lãnh đạo UBND tỉnh"""
NAMES = (
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Giang",
    "Hà",
    "Khánh",
    "Linh",
    "Minh",
    "Nga",
    "Phúc",
    "Quỳnh",
)
FAMILIES = ("Hoàng Văn", "Nông Thị", "Lương Văn", "Vi Thị", "Nguyễn Đức", "Triệu Thị", "Lý Văn")
TITLES = ("Chủ tịch UBND", "Trưởng phòng Văn hóa - Xã hội")


@transaction.atomic
def load(plan: Plan, officer: Any, planner: Any) -> list[Event]:
    """Create the events and the review of a plan, unless it has events already."""
    if Event.objects.filter(plan=plan).exists():
        return []
    return [training(plan, planner), conference(plan, officer, planner)]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def agency(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def training(plan: Plan, planner: Any) -> Event:
    """Return a course that took place two weeks ago, with its minutes."""
    activity = plan.activities.filter(serial="18").first()
    day = timezone.localdate() - timedelta(days=14)
    made = Event.objects.create(
        plan=plan,
        activity=activity,
        kind=Event.Kind.TRAINING,
        name=TRAINING,
        starts_at=at(day, 8),
        ends_at=at(day, 16, 30),
        venue="Hội trường Sở Nội vụ",
        host=agency("so-noi-vu"),
        chair="Lãnh đạo Sở Nội vụ",
        expected=120,
        is_illustrative=True,
        conclusions="Mỗi cơ quan gửi ít nhất 01 tin, bài trong quý\nSở Nội vụ theo dõi, tổng hợp",
    )
    changing.hold(made, Held(attended=112, minutes=minutes_of(made, planner)), planner)
    return made


def conference(plan: Plan, officer: Any, planner: Any) -> Event:
    """Return the conference in mid-October, connected with every commune, and its review."""
    day = date(max(plan.year, timezone.localdate().year), 10, 15)
    made = Event.objects.create(
        plan=plan,
        kind=Event.Kind.CONFERENCE,
        name=CONFERENCE,
        starts_at=at(day, 7, 30),
        ends_at=at(day, 11, 30),
        venue="Hội trường tầng 2, trụ sở Ủy ban nhân dân tỉnh",
        format=Event.Format.COMBINED,
        host=agency("ubnd-tinh"),
        chair="Đồng chí Chủ tịch Ủy ban nhân dân tỉnh",
        expected=150,
        signer_title="Phó Chủ tịch",
        is_illustrative=True,
    )
    agenda.store(made, agenda.read(PROGRAMME, made).items)
    sites.add(made, [agency("ubnd-cac-xa-phuong")])
    invite(made)
    prepare(made, day)
    review(plan, made, day, officer)
    if made.ends_at < timezone.now():
        came = list(made.guests.in_order().values_list("pk", flat=True)[2:])
        made.guests.filter(pk__in=came).update(attended_at=made.starts_at)
        changing.hold(made, Held(len(came), minutes_of(made, planner)), planner)
    return made


def minutes_of(event: Event, planner: Any) -> Any:
    """Return a file that stands for the minutes."""
    file = ContentFile(f"Biên bản minh họa: {event.name}.".encode(), name="bien-ban.txt")
    return store_document(file, f"Biên bản (minh họa): {event.name}", planner)


def invite(event: Event) -> None:
    """Put two people of each commune and one of each department on the list."""
    lines = []
    for number, site in enumerate(event.sites.order_by("organisation__name", "pk")):
        for place, title in enumerate(TITLES):
            name = f"{FAMILIES[(number + place) % 7]} {NAMES[(number * 2 + place) % 12]}"
            lines.append(f"{name}\t{title}\t{site.organisation}\t{site.organisation}")
    departments = Organisation.objects.get(code="cac-so-ban-nganh").members_on(event.day)
    for number, one in enumerate(departments):
        name = f"{FAMILIES[number % 7]} {NAMES[(number + 5) % 12]}"
        lines.append(f"{name}\tGiám đốc hoặc cấp tương đương\t{one}\t")
    rows = guest_lists.rows_of_text("\n".join(lines))
    guest_lists.store(event, guest_lists.read(rows, event).guests)
    first = list(event.guests.in_order().values_list("pk", flat=True)[:20])
    Guest.objects.filter(pk__in=first).update(answer=Guest.Answer.CONFIRMED)
    Guest.objects.filter(pk__in=first[:2]).update(answer=Guest.Answer.DECLINED)
    tested = list(event.sites.order_by("pk").values_list("pk", flat=True)[:6])
    Site.objects.filter(pk__in=tested).update(is_tested=True, expected=5)


def prepare(event: Event, day: date) -> None:
    weeks = [day - timedelta(weeks=number) for number in range(5)]
    Paper.objects.create(
        event=event, title="Báo cáo tổng kết", organisation=agency("so-noi-vu"), due_on=weeks[2]
    )
    Paper.objects.create(
        event=event,
        title="Tham luận: tuyên truyền dịch vụ công trực tuyến ở cơ sở",
        organisation=agency("ubnd-xa-dong-dang"),
        due_on=weeks[3],
    )
    for content, code, due in (
        ("Chuẩn bị hội trường, đường truyền trực tuyến", "van-phong-ubnd-tinh", weeks[1]),
        ("Phát hành giấy mời, tổng hợp danh sách đại biểu", "so-noi-vu", weeks[2]),
        ("Đưa tin trước, trong và sau hội nghị", "bao-va-dai-phat-thanh-truyen-hinh", day),
    ):
        EventTask.objects.create(
            event=event, content=content, organisation=agency(code), due_on=due
        )


def review(plan: Plan, event: Event, day: date, officer: Any) -> ReviewCampaign:
    """Return the review whose conference that is; the officer's agency has handed in."""
    made = ReviewCampaign.objects.create(
        plan=plan,
        title=REVIEW,
        number="…/KH-UBND",
        period_start=date(day.year - 10, 1, 1),
        period_end=date(day.year - 1, 12, 31),
        lead=agency("so-noi-vu"),
        is_illustrative=True,
    )
    lead = agency("so-noi-vu")
    for kind, name, due, whose in (
        (ReviewStage.Kind.AGENCIES, "Các cơ quan, địa phương gửi báo cáo", (8, 15), None),
        (ReviewStage.Kind.PROVINCE, "Hoàn thành báo cáo tổng kết của tỉnh", (9, 15), lead),
        (ReviewStage.Kind.CONFERENCE, "Tổ chức hội nghị tổng kết", (10, 15), lead),
    ):
        ReviewStage.objects.create(
            campaign=made,
            kind=kind,
            name=name,
            due_on=date(day.year, *due),
            organisation=whose,
            event=event if kind == ReviewStage.Kind.CONFERENCE else None,
        )
    for product, title in (
        (ReviewProduct.Kind.REPORT, "Dự thảo báo cáo tổng kết"),
        (ReviewProduct.Kind.PROGRAMME, "Dự thảo chương trình tuyên truyền 5 năm tiếp theo"),
    ):
        ReviewProduct.objects.create(
            campaign=made,
            kind=product,
            title=title,
            organisation=lead,
            due_on=date(day.year, 9, 10),
        )
    groups = [agency("cac-so-ban-nganh"), agency("ubnd-cac-xa-phuong")]
    reviewing.ask(made, groups, timezone.localdate())
    hand_in(made, officer)
    return made


def hand_in(campaign: ReviewCampaign, officer: Any) -> None:
    """Let the officer's agency submit its review and nominate two."""
    for own in campaign.reviews.filter(organisation__in=officer.organisations.all()):
        file = ContentFile("Báo cáo minh họa.".encode(), name="bao-cao.txt")
        own.document = store_document(file, "Báo cáo tổng kết (minh họa)", officer)
        own.summary = "Mười năm qua, cơ quan đã thực hiện đủ các nhiệm vụ của kế hoạch hằng năm."
        own.save()
        reviewing.submit(own, officer)
        for kind, name, award in (
            ("collective", "Bộ phận Tiếp nhận và Trả kết quả (minh họa)", "certificate"),
            ("person", "Nguyễn Văn Mẫu (minh họa)", "letter"),
        ):
            Nomination.objects.create(
                campaign=campaign,
                organisation=own.organisation,
                kind=kind,
                name=name,
                achievement="Có nhiều sáng kiến trong tuyên truyền cải cách hành chính.",
                award=award,
            )
