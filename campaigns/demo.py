"""The plans of the demo: Kế hoạch 95/KH-UBND of 2021, and one of this year derived from it."""

import json
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from campaigns.agencies import Directory
from campaigns.derive import derive
from campaigns.importing.facts import Facts
from campaigns.importing.files import read_path
from campaigns.importing.store import read_draft, store
from campaigns.models import Activity, Plan
from campaigns.slots import planning
from campaigns.understanding import save_understood, understand

DATA = Path(__file__).parent / "data"
NUMBER = "95/KH-UBND"
NEW_NUMBER = "01/KH-UBND"
ISSUED = date(2021, 4, 21)
TITLE = "Tuyên truyền cải cách hành chính năm 2021 trên địa bàn tỉnh Lạng Sơn"

# What a planner corrected in the derived plan after reading its list of doubts: texts that spoke
# of districts, of merged agencies and of the events of 2021.
CORRECTIONS: dict[str, dict[str, str]] = {
    "6": {"content": "Chuyên trang, chuyên mục CCHC trên báo in, báo điện tử của tỉnh"},
    "11": {
        "content": "Chuyên mục CCHC trên hệ thống truyền thanh cơ sở",
        "quantity_text": "2 kỳ/tháng/xã",
        "budget_text": "Ngân sách xã",
    },
    "12": {"partner_text": "Phòng Văn hóa - Xã hội cấp xã"},
    "13": {"content": "Tờ gấp hướng dẫn nộp hồ sơ dịch vụ công trực tuyến toàn trình"},
    "14": {"quantity_text": "1 pano/xã, phường", "budget_text": "Ngân sách xã"},
    "15": {"deadline_text": "Thường xuyên; cao điểm tháng 11 - 12"},
    "19": {"quantity_text": "Ít nhất 1 cuộc/xã, phường", "budget_text": "Ngân sách xã"},
    "21": {
        "content": (
            "Tuyên truyền CCHC gắn với việc đưa nghị quyết đại hội Đảng các cấp vào cuộc sống và "
            "vận hành chính quyền địa phương hai cấp"
        ),
        "deadline_text": "Thường xuyên",
    },
}


@transaction.atomic
def load(data_dir: Path = DATA) -> list[Plan]:
    """Create and publish both plans and return them; ``organisations.demo.load`` comes first.

    The new plan's number is an example and marked so. Safe to repeat: a plan that is there already
    is left as people have made it.
    """
    first = load_first(data_dir)
    year = max(timezone.localdate().year, first.year + 1)
    second = Plan.objects.filter(derived_from=first, year=year).first()
    if second is None:
        second = load_derived(first, year)
    return [first, second]


def load_first(data_dir: Path) -> Plan:
    """Import plan 95/KH-UBND and fill in its sections, unless it is there already."""
    existing = Plan.objects.numbered(NUMBER).filter(year=ISSUED.year).first()
    if existing:
        return existing
    facts = Facts(NUMBER, ISSUED, TITLE, "ubnd-tinh", 2021)
    table = read_path(data_dir / "plan_95_2021.tsv")
    plan = store(read_draft(table, facts, ISSUED)).plan
    sections = json.loads((data_dir / "sections_95_2021.json").read_text(encoding="utf-8"))
    for name, text in sections.items():
        setattr(plan, name, text)
    plan.is_illustrative = True
    plan.save()
    plan.save_revision().publish()
    plan.refresh_from_db()
    return plan


def load_derived(plan: Plan, year: int) -> Plan:
    """Derive the plan of the year, correct what was doubtful, and publish it."""
    new = derive(plan, year, NEW_NUMBER, date(year, 1, 5))
    directory = Directory.on(date(year, 1, 5))
    for activity in new.activities.filter(serial__in=CORRECTIONS):
        correct(activity, CORRECTIONS[activity.serial], directory)
    planning.generate_plan(new)
    new.review_notes = []
    new.save()
    new.save_revision().publish()
    new.refresh_from_db()
    return new


def correct(activity: Activity, texts: dict[str, str], directory: Directory) -> None:
    for name, text in texts.items():
        setattr(activity, name, text)
    activity.is_checked = True
    save_understood(activity, understand(activity, activity.plan.year, directory))
