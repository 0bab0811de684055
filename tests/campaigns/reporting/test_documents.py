"""Reports as documents: every rule of the decree is kept, and the figures stand in them."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document as Opened
from openpyxl import load_workbook

from campaigns.models import Activity
from campaigns.reporting import actions
from campaigns.reporting.documents import export
from campaigns.reporting.models import Report, ReportingPeriod
from media.documents.checking.report import check
from organisations.models import Organisation, OrganisationName, User
from tests.campaigns.reporting.conftest import proof, slot

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TODAY = date(2026, 3, 16)
TEXTS = {
    "results": "Các cơ quan đã chủ động triển khai.\nChất lượng tin, bài được nâng lên.",
    "difficulties": "Một số nơi gửi báo cáo chậm.",
    "causes": "Công chức đầu mối kiêm nhiệm.",
    "proposals": "Bố trí kinh phí cho truyền thanh cơ sở.",
    "next_tasks": "Tổ chức hội nghị tập huấn.",
    "number": "12/BC-STC",
    "issued_on": date(2026, 3, 16),
    "signer": "Nguyễn Văn A",
    "signer_title": "Phó Giám đốc",
    "addressees": "Sở Nội vụ",
    "recipients": "- Như trên;\n- Lưu: VT.",
}


@pytest.fixture
def report(
    quarter: ReportingPeriod,
    agencies: list[Organisation],
    activities: list[Activity],
    person: Callable[[str], User],
) -> Report:
    proof(date(2026, 2, 20), slot(activities[0], agencies[1], date(2026, 2, 28)))
    leaflets = slot(activities[1], agencies[1], date(2026, 3, 1), target=20_000)
    proof(date(2026, 2, 25), leaflets, amount=20_000)
    made = actions.begin(quarter, agencies[1], person("officer"))
    return actions.write(made, TEXTS, made.revision, person("officer"))


def broken(data: bytes) -> list[str]:
    found = check(data)
    return [f"{each.rule}: {each.where} {each.found}" for v in found.broken for each in v.broken]


def words(data: bytes) -> str:
    opened = Opened(io.BytesIO(data))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def test_the_report_keeps_every_rule(report: Report) -> None:
    data = export(report, "docx", TODAY).data
    assert broken(data) == []
    text = words(data)
    assert "Kết quả tuyên truyền cải cách hành chính quý I năm 2026" in text
    assert "đã hoàn thành 2 kỳ (100,0%)" in text
    assert "20.001 sản phẩm" in text
    assert "Sở Tài chính báo cáo kết quả quý I năm 2026" in text
    assert "số liệu từ ngày 15 tháng 12 năm 2025 đến ngày 14 tháng 3 năm 2026" in text
    assert "20.000 tờ" in text
    assert "60.000.000" in text


def test_an_agency_under_no_committee_writes_where_its_plan_does(report: Report) -> None:
    Organisation.objects.filter(pk=report.organisation_id).update(parent=None)
    data = export(Report.objects.get(pk=report.pk), "docx", TODAY).data
    assert broken(data) == []
    assert "Lạng Sơn, ngày 16 tháng 3 năm 2026" in words(data)


def test_an_empty_draft_keeps_them_too(report: Report) -> None:
    Report.objects.update(
        **dict.fromkeys(actions.NARRATIVES, ""), number="", issued_on=None, signer=""
    )
    fresh = Report.objects.get(pk=report.pk)
    assert broken(export(fresh, "docx", TODAY).data) == []


def test_the_provinces_report_keeps_them(
    report: Report, person: Callable[[str], User], agencies: list[Organisation]
) -> None:
    actions.submit(report, person("officer"))
    rolled = actions.roll_up(report.period, agencies[0], person("planner"))
    rolled = actions.write(
        rolled,
        {"number": "5/BC-SNV", "signer": "Trần Thị B", "signer_title": "Giám đốc"},
        rolled.revision,
        person("planner"),
    )
    data = export(rolled, "docx", TODAY).data
    assert broken(data) == []
    assert "Tình hình báo cáo của các cơ quan, đơn vị" in words(data) or "TÌNH HÌNH" in words(data)
    assert export(rolled, "pdf", TODAY).data.startswith(b"%PDF")


def test_names_stand_as_they_were_where_that_is_chosen(
    report: Report, agencies: list[Organisation]
) -> None:
    agencies[1].name = "Sở Tài chính và Đầu tư"
    agencies[1].save()
    OrganisationName.objects.create(
        organisation=agencies[1], name="Sở Tài chính", valid_to=date(2026, 4, 1), official=True
    )
    later = date(2026, 5, 1)
    assert "Sở Tài chính và Đầu tư báo cáo" in words(export(again(report), "docx", later).data)
    Report.objects.update(agencies="then")
    assert "Sở Tài chính báo cáo" in words(export(again(report), "docx", later).data)


def again(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


def test_the_tables_are_a_workbook(report: Report) -> None:
    book = load_workbook(io.BytesIO(export(report, "xlsx", TODAY).data))
    assert book.sheetnames == ["Số liệu chung", "Từng nhiệm vụ"]
    cells = [cell.value for row in book["Từng nhiệm vụ"].iter_rows() for cell in row]
    assert "Tờ gấp hướng dẫn" in cells


def test_the_document_costs_few_queries(report: Report) -> None:
    with CaptureQueriesContext(connection) as found:
        export(again(report), "xlsx", TODAY)
    assert len(found) <= 30
