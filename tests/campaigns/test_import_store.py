"""Storing an import: all or nothing, twice is once, activities keep their identity."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from campaigns import counting
from campaigns.events.models import Event
from campaigns.models import Activity, Plan
from organisations.models import Organisation
from tests.campaigns import files

FACTS = {
    "number": "95/KH-UBND",
    "date": "2021-04-21",
    "issuer": "UBND tỉnh",
    "title": "Tuyên truyền cải cách hành chính năm 2021",
}


def run(path: Path, **options: object) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    arguments = [f"--{name}={value}" for name, value in options.items() if value is not True]
    arguments += [f"--{name.replace('_', '-')}" for name, value in options.items() if value is True]
    call_command("import_plan", str(path), *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_import_makes_a_draft(province: int, tsv: Path):
    _, said = run(tsv, **FACTS)
    plan = Plan.objects.get()
    assert (plan.number, plan.year, plan.live, plan.slug) == (
        "95/KH-UBND", 2021, False, "95-kh-ubnd-2021",
    )  # fmt: skip
    assert plan.issuer.code == "ubnd-tinh"
    assert plan.activities.count() == 22
    assert plan.latest_revision is not None
    assert "22 nhiệm vụ" in said
    radio = plan.activities.get(serial="3")
    assert [agency.code for agency in radio.leads.all()] == ["dai-phat-thanh-va-truyen-hinh-tinh"]
    assert (radio.target, radio.unit, radio.per, radio.total) == (2, "kỳ", "month", 16)


def test_the_same_file_twice_is_one_plan(province: int, tsv: Path):
    run(tsv, **FACTS)
    before = list(Activity.objects.order_by("pk").values_list("pk", "content"))
    _, said = run(tsv, **FACTS)
    assert list(Activity.objects.order_by("pk").values_list("pk", "content")) == before
    assert Plan.objects.count() == 1
    assert "đã có" in said
    assert "cập nhật 22" in said


def test_a_word_file_needs_no_arguments(province: int, tsv: Path, tmp_path: Path):
    path = tmp_path / "kế hoạch.docx"
    path.write_bytes(files.document(files.rows_of(tsv)))
    run(path)
    plan = Plan.objects.get()
    assert plan.number == "95/KH-UBND"
    assert plan.issuer.code == "ubnd-tinh"
    assert plan.title.startswith("Tuyên truyền cải cách hành chính năm 2021 trên")


def test_a_corrected_file_changes_adds_and_removes(province: int, tsv: Path, tmp_path: Path):
    run(tsv, **FACTS)
    kept = Activity.objects.get(serial="4").pk
    text = tsv.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("5\t")]
    lines = [line.replace("Chuyên mục CCHC trên sóng truyền hình", "Mới") for line in lines]
    lines.append("23\tMạng xã hội\tViệc thêm\t\tSở Nội vụ\t\tThường xuyên\t\t\t\t")
    path = tmp_path / "sua.tsv"
    path.write_text("\n".join(lines), encoding="utf-8")
    _, said = run(path, **FACTS)
    assert "thêm 1, cập nhật 21, bỏ 1" in said
    assert Activity.objects.get(pk=kept).content == "Mới"
    assert list(Plan.objects.get().activities.values_list("serial", flat=True))[-1] == "23"


def test_an_activity_with_items_is_not_lost(
    province: int, tsv: Path, tmp_path: Path, registered: list[counting.Counter]
):
    run(tsv, **FACTS)
    served = Activity.objects.get(serial="5").pk

    def one_item(ids: object) -> dict[int, int]:
        return {served: 1}

    registered.append(counting.register_counter(one_item))
    path = tmp_path / "sua.tsv"
    lines = tsv.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(li for li in lines if not li.startswith("5\t")), encoding="utf-8")
    _, said = run(path, **FACTS)
    assert Activity.objects.filter(pk=served).exists()
    assert "được giữ lại" in said


def test_a_fault_in_the_last_row_saves_nothing(province: int, tsv: Path, tmp_path: Path):
    path = tmp_path / "sai.tsv"
    path.write_text(
        tsv.read_text(encoding="utf-8").replace("Quý I, 6 tháng, quý III, năm", "31/6/2021"),
        encoding="utf-8",
    )
    with pytest.raises(CommandError, match="Dòng 23: Không có ngày này: “31/6/2021”"):
        run(path, **FACTS)
    assert not Plan.objects.exists()


@pytest.mark.parametrize("missing", ["number", "date", "issuer", "title"])
def test_what_nobody_said_is_asked_for(province: int, tsv: Path, missing: str):
    with pytest.raises(CommandError, match="hãy cung cấp"):
        run(tsv, **{name: value for name, value in FACTS.items() if name != missing})
    assert not Plan.objects.exists()


def test_unknown_issuer(province: int, tsv: Path):
    with pytest.raises(CommandError, match="Chưa có cơ quan nào tên “Ủy ban Vũ trụ”"):
        run(tsv, **{**FACTS, "issuer": "Ủy ban Vũ trụ"})


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("title", "Tuyên truyền " * 400, "Trích yếu: .*500"),
        ("number", "9" * 5000, "Số, ký hiệu: .*60"),
        ("year", 99_999, "Năm kế hoạch: .*2100"),
    ],
)
def test_facts_a_plan_cannot_hold(province: int, tsv: Path, fact: str, value: object, words: str):
    with pytest.raises(CommandError, match=words):
        run(tsv, **{**FACTS, fact: value})
    assert not Plan.objects.exists()


def test_impossible_date_argument(db: None, tsv: Path):
    with pytest.raises(CommandError, match="2021-02-30"):
        run(tsv, date="2021-02-30")


def test_dry_run_prints_and_saves_nothing(province: int, tsv: Path):
    out, said = run(tsv, dry_run=True, json=True)
    rows = json.loads(out)
    assert len(rows) == 22
    assert rows[0]["end"] == "2021-05-14"
    assert rows[0]["leads"] == ["cac-so-ban-nganh", "ubnd-cac-huyen-thanh-pho"]
    assert rows[12]["total"] == 20000
    assert "Chưa lưu gì" in said
    assert not Plan.objects.exists()


def test_unknown_agencies_stay_text_and_are_listed(db: None, tsv: Path):
    Organisation.objects.create(code="ubnd-tinh", name="UBND tỉnh")
    _, said = run(tsv, **FACTS)
    assert "Chưa có trong danh mục cơ quan: “Sở Nội vụ”" in said
    activity = Activity.objects.get(serial="13")
    assert activity.lead_text == "Sở Nội vụ"
    assert not activity.leads.exists()


def test_a_live_plan_stays_live_and_its_draft_is_respected(plan: Plan, tsv: Path):
    run(tsv, **{**FACTS, "title": "Tên mới năm 2021"})
    plan.refresh_from_db()
    assert (plan.live, plan.title) == (True, "Tên mới năm 2021")
    plan.title = "Đang sửa"
    plan.save_revision()
    _, said = run(tsv, **{**FACTS, "title": "Tên sau năm 2021"})
    plan.refresh_from_db()
    assert plan.title == "Tên mới năm 2021"
    assert plan.get_latest_revision_as_object().title == "Tên sau năm 2021"
    assert "chưa đăng" in said


def test_an_activity_with_an_event_is_not_lost(province: int, tsv: Path, tmp_path: Path):
    run(tsv, **FACTS)
    activity = Activity.objects.get(serial="18")
    moment = timezone.now()
    Event.objects.create(
        plan=activity.plan,
        activity=activity,
        name="Tập huấn",
        host=activity.plan.issuer,
        starts_at=moment,
        ends_at=moment + timedelta(hours=2),
    )
    path = tmp_path / "sua.tsv"
    lines = tsv.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(li for li in lines if not li.startswith("18\t")), encoding="utf-8")
    _, said = run(path, **FACTS)
    assert Activity.objects.filter(pk=activity.pk).exists()
    assert "được giữ lại" in said
