"""Reports of the demo: this year's periods, and one that is closed with reports of all kinds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.reporting import actions, periods
from campaigns.reporting.models import Report, ReportingPeriod
from campaigns.slots.models import Slot
from organisations.models import Organisation, User

STATE = Report.State


@dataclass(frozen=True, slots=True)
class Told:
    """One agency's report: who submits it, how many days after the due day, what becomes of it."""

    agency: str  # code
    by: str  # user name
    days: int
    state: str
    texts: Mapping[str, str]
    keeps: int = 4  # one slot in so many stays empty
    reason: str = ""
    head: Mapping[str, str] = field(default_factory=dict)


TELLING = (
    Told(
        "ubnd-phuong-tam-thanh",
        "daumoi",
        -1,
        STATE.ACCEPTED,
        {
            "results": "Phường duy trì bản tin cải cách hành chính trên loa truyền thanh mỗi tuần "
            "hai lần; tổ công nghệ số cộng đồng hướng dẫn người dân nộp hồ sơ trực tuyến tại nhà "
            "văn hóa các khối.",
            "difficulties": "Hai cụm loa ở khối 6 và khối 8 hỏng, chưa được thay.",
            "causes": "Kinh phí sửa chữa chưa được bố trí trong dự toán đầu năm.",
            "proposals": "Đề nghị hỗ trợ kinh phí thay hai cụm loa.",
            "next_tasks": "Tổ chức đối thoại với người dân về giải quyết thủ tục hành chính.",
        },
        head={"number": "48/BC-UBND", "signer_title": "Phó Chủ tịch", "addressees": "Sở Nội vụ"},
    ),
    Told(
        "bao-va-dai-phat-thanh-truyen-hinh",
        "daumoi-dai",
        2,
        STATE.SUBMITTED,
        {
            "results": "Báo và Đài phát sóng đủ các chuyên mục theo kế hoạch; tin, phóng sự về mô "
            "hình hay được phát lại trên nền tảng số.",
            "proposals": "Đề nghị các cơ quan cung cấp tin, bài trước ngày 25 hằng tháng.",
        },
        keeps=7,
        head={"signer_title": "Phó Giám đốc", "addressees": "Sở Nội vụ"},
    ),
    Told(
        "ubnd-xa-bac-son",
        "daumoi-bac-son",
        0,
        STATE.RETURNED,
        {"results": "Xã đã tuyên truyền trên loa và nhóm Zalo các thôn."},
        keeps=2,
        reason="Chưa nêu số buổi phát và chưa có ảnh pano; đề nghị bổ sung.",
    ),
    Told(
        "so-tai-chinh",
        "daumoi-tai-chinh",
        -2,
        STATE.SUBMITTED,
        {
            "results": "Sở quán triệt nội dung cải cách hành chính tại giao ban hằng tháng và đăng "
            "tin trên trang thông tin điện tử.",
            "next_tasks": "Hướng dẫn quyết toán kinh phí tuyên truyền của năm.",
        },
        keeps=5,
        head={"number": "112/BC-STC", "signer_title": "Phó Giám đốc", "addressees": "Sở Nội vụ"},
    ),
)
#: Officers whose reports are there; they have no password and cannot sign in.
OFFICERS = {
    "daumoi-dai": ("Nông Văn", "Thành", "bao-va-dai-phat-thanh-truyen-hinh"),
    "daumoi-bac-son": ("Dương Thị", "Nga", "ubnd-xa-bac-son"),
    "daumoi-tai-chinh": ("Bế Thị", "Hạnh", "so-tai-chinh"),
}


@transaction.atomic
def load(planner: User) -> list[Report]:
    """Return the demo's reports, made unless there are any. Safe to repeat."""
    today = timezone.localdate()
    for year in (today.year - 1, today.year):
        periods.create_year(year)
    if Report.objects.exists():
        return []
    closed = ReportingPeriod.objects.filter(external_due__lt=today).latest("last", "pk")
    return [told(one, closed, planner) for one in TELLING if known(one.agency)]


def known(code: str) -> bool:
    return Organisation.objects.filter(code=code).exists()


def officer(username: str) -> User:
    """Return an officer of the demo, made where missing."""
    found = User.objects.filter(username=username).first()
    if found is not None:
        return found
    family, given, agency = OFFICERS[username]
    made = User(username=username, last_name=family, first_name=given, is_active=False)
    made.set_unusable_password()
    made.save()
    made.organisations.add(Organisation.objects.get(code=agency))
    return made


def told(one: Told, period: ReportingPeriod, planner: User) -> Report:
    """Make one report as it came: its evidence, its submission on that day, what was decided."""
    agency = Organisation.objects.get(code=one.agency)
    prove(agency, period, one.keeps)
    user = officer(one.by)
    made = actions.begin(period, agency, user)
    made = actions.write(made, {**one.texts, **one.head}, made.revision, user)
    actions.submit(made, user)
    day = period.internal_due + timedelta(days=one.days)
    moment = timezone.make_aware(datetime.combine(day, time(15, 20)))
    Report.objects.filter(pk=made.pk).update(
        first_submitted_at=moment,
        submitted_at=moment,
        counted_at=moment,
        was_on_time=one.days <= 0,
        issued_on=day if one.head.get("number") else None,
    )
    if one.state == STATE.ACCEPTED:
        actions.accept(made, planner)
    elif one.state == STATE.RETURNED:
        actions.send_back(made, one.reason, planner)
    made.refresh_from_db()
    return made


def prove(agency: Organisation, period: ReportingPeriod, keeps: int) -> None:
    """Fill most slots of the agency in the window with links, a few of them late."""
    slots = Slot.objects.expected().filter(
        organisation=agency, due_on__range=(period.first, period.last)
    )
    rows: list[Any] = list(slots.select_related("activity").order_by("due_on", "pk"))
    for number, slot in enumerate(rows, start=1):
        if number % keeps == 0 or slot.fulfilments.exists():
            continue
        late = timedelta(days=3 if number % 9 == 0 else -2)
        piece = Evidence.objects.create(
            kind=Evidence.Kind.LINK,
            title=f"{slot.activity.content[:120]} ({slot.label})",
            dated=min(slot.due_on + late, period.last),
            url=f"https://{agency.code}.langson.example.vn/tai-lieu/{slot.pk}",
            activity=slot.activity,
            organisation=agency,
        )
        Fulfilment.objects.create(slot=slot, evidence=piece, amount=slot.target)
