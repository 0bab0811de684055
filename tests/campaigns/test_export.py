"""Plans as documents: everything comes back, every rule of the decree is kept."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import page
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from openpyxl import load_workbook

from campaigns import demo
from campaigns.exporting import mapping, signing
from campaigns.exporting.files import FORMS, export
from campaigns.exporting.richtext import blocks_of
from campaigns.exporting.table import PLACES
from campaigns.importing.facts import Facts
from campaigns.importing.files import read_bytes
from campaigns.importing.listing import listing
from campaigns.importing.store import read_draft
from campaigns.models import Activity, Plan
from media.documents.checking.report import check
from media.documents.composing import Line, compose
from media.documents.model import Clause, Dash, Paragraph, Point, plain, text
from organisations.models import Organisation

pytestmark = pytest.mark.one_database

FACTS = Facts("95/KH-UBND", date(2021, 4, 21), "Tuyên truyền", "ubnd-tinh", 2021)


def rows_read(data: bytes) -> list[dict[str, object]]:
    return listing(read_draft(read_bytes(data), FACTS, date(2021, 4, 21)))


def broken(plan: Plan) -> list[str]:
    report = check(export(plan, "docx").data)
    return [f"{each.rule}: {each.where} {each.found}" for v in report.broken for each in v.broken]


@pytest.mark.parametrize("form", ["docx", "xlsx", "tsv"])
def test_the_22_rows_come_back_as_they_were(plan: Plan, tsv: Path, form: str):
    again = rows_read(export(plan, form).data)
    assert again == rows_read(tsv.read_bytes())
    assert len(again) == 22


def test_the_tab_separated_file_is_the_one_that_was_imported(plan: Plan, tsv: Path):
    assert export(plan, "tsv").data == tsv.read_bytes()


def test_the_word_file_says_what_plan_it_is(plan: Plan):
    draft = read_draft(read_bytes(export(plan, "docx").data), Facts(), date(2021, 4, 21))
    assert draft.facts.number == "95/KH-UBND"
    assert draft.facts.issued_on == date(2021, 4, 21)
    assert draft.facts.title == plan.title
    assert draft.facts.issuer == "Ủy ban nhân dân tỉnh Lạng Sơn"


def test_wild_cells_come_back(plan: Plan):
    """Line breaks, quotes, what looks like a formula, groups that come and go."""
    plan.activities.all().delete()
    for position, (serial, heading, content) in enumerate(
        [
            ("1", "", "=1+1"),
            ("2", "Nhóm một", '"Một cửa" là gì?'),
            ("3", "", "Dòng một\nDòng hai\tba"),
            ("4", "Nhóm một", "- gạch; <b>&amp;</b>"),
        ]
    ):
        Activity.objects.create(
            plan=plan, position=position, serial=serial, heading=heading, content=content,
            lead_text="Sở Nội vụ", deadline_text="Tháng 6/2021", note="#VALUE!",
        )  # fmt: skip
    expected = [
        (a.serial, a.heading, a.content.replace("\t", " "), a.note) for a in plan.activities.all()
    ]
    for form in ("docx", "xlsx", "tsv"):
        again = rows_read(export(plan, form).data)
        found = [(row["serial"], row["heading"], row["content"], row["note"]) for row in again]
        assert found == expected, form


def test_the_plan_of_the_demo_breaks_no_rule_and_is_pdf_ua(plan: Plan):
    assert broken(plan) == []
    report = page.validate_pdf_bytes(export(plan, "pdf").data, profile="ua1")
    assert [(each.rule_id, each.message) for each in report.failures] == []


def test_the_derived_plan_of_the_demo_breaks_no_rule(plan: Plan):
    derived = demo.load_derived(plan, 2027)
    assert broken(derived) == []
    assert check(export(derived, "docx").data).kept


def test_a_plan_of_a_department_breaks_no_rule(plan: Plan):
    plan.issuer = Organisation.objects.get(code="so-noi-vu")
    plan.number, plan.signer, plan.signer_title = "", "Trần Thị B", "Phó Giám đốc"
    plan.introduction = "<p>Căn cứ Luật Báo chí</p><p>Căn cứ Kế hoạch số 95/KH-UBND;</p><p>Sở:</p>"
    plan.implementation = (
        "<p><b>1. Các phòng</b></p><p>a) Phòng một;</p><p>b) Phòng hai;</p><p>2. Văn phòng</p>"
        "<p>a) Việc chung.</p><p>Trên đây là Kế hoạch của Sở, đề nghị thực hiện.</p>"
    )
    plan.recipients = ""
    composed = compose(mapping.document_of(plan, list(plan.activities.all())))
    assert composed.superior == ("UBND TỈNH LẠNG SƠN",)
    assert composed.number.endswith("/KH-SNV")
    assert composed.authority == ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    assert [plain(line.text) for line in composed.flow if isinstance(line, Line)][:2] == [
        "Căn cứ Luật Báo chí;",
        "Căn cứ Kế hoạch số 95/KH-UBND.",
    ]
    last = composed.flow[-1]
    assert plain(last.text) == "Trên đây là Kế hoạch của Sở, đề nghị thực hiện./."
    assert broken(plan) == []


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Ủy ban nhân dân tỉnh Lạng Sơn", "Lạng Sơn"),
        ("UBND phường Tam Thanh", "Tam Thanh"),
        ("Uỷ ban nhân dân thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("UBND phường 1", "Phường 1"),
    ],
)
def test_the_place_is_the_locality_of_the_committee(name: str, place: str):
    committee = Organisation(name=name, kind=Organisation.Kind.PEOPLES_COMMITTEE)
    assert mapping.place_of(committee) == place
    assert mapping.issuer_of(committee).name[0] == "Ủy ban nhân dân"


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("", ("TM. Ủy ban nhân dân", "Chủ tịch")),
        ("Chủ tịch", ("TM. Ủy ban nhân dân", "Chủ tịch")),
        ("Phó Chủ tịch", ("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch")),
        ("TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
         ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
    ],
)  # fmt: skip
def test_deputies_sign_for_their_head(title: str, lines: tuple[str, ...]):
    name = "Ủy ban nhân dân tỉnh Lạng Sơn"
    committee = Organisation(name=name, kind=Organisation.Kind.PEOPLES_COMMITTEE)
    plan = Plan(issuer=committee, signer_title=title, signer="Nguyễn Văn A")
    assert signing.signature_of(plan).authority == lines


def test_rich_text_becomes_clauses_points_and_dashes():
    blocks = blocks_of(
        "<p>Mở đầu <b>đậm</b>.</p><ol><li>Một:<ol><li>Nhỏ;</li></ol></li><li>Hai</li></ol>"
        "<p>a) Điểm;</p><ul><li>Gạch</li></ul>"
    )
    first, one, two = blocks
    assert isinstance(first, Paragraph)
    assert [(span.text, span.bold) for span in first.text] == [
        ("Mở đầu ", False), ("đậm", True), (".", False),
    ]  # fmt: skip
    assert one == Clause(text=text("Một:"), blocks=(Point(text("Nhỏ;")),))
    assert two == Clause("Hai", blocks=(Point(text("Điểm;")), Dash(text("Gạch"))))


def test_the_workbook_prints_well_and_holds_no_formula(plan: Plan):
    Activity.objects.filter(plan=plan, serial="1").update(content="=HYPERLINK(1)")
    sheet = load_workbook(io.BytesIO(export(plan, "xlsx").data)).active
    assert sheet.freeze_panes == "A5"
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.page_setup.fitToWidth == 1
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert all(cell.alignment.wrap_text for cell in sheet[6])
    assert sum(sheet.column_dimensions[name].width for name in "ABCDEFGHIJ") > 100


def test_every_field_of_the_import_has_its_column():
    from campaigns.importing.columns import NAMES, field_of  # noqa: PLC0415

    assert list(PLACES) == list(NAMES)
    assert {name: field_of(place.heading) for name, place in PLACES.items()} == {
        name: name for name in NAMES
    }


@pytest.mark.parametrize("form", FORMS)
def test_the_command_writes_each_form(plan: Plan, tmp_path: Path, form: str):
    target = tmp_path / f"ke-hoach.{form}"
    call_command("export_plan", "95/kh-ubnd", format=form, output=target)
    assert target.read_bytes()[:2] in {b"PK", b"%P", b"st"}


def test_a_number_that_several_plans_have_lists_them_and_stops(plan: Plan, tmp_path: Path):
    Plan.objects.create(
        number=plan.number, title="Kế hoạch khác", issuer=plan.issuer, year=2022,
        issued_on=date(2022, 4, 1),
    )  # fmt: skip
    target = tmp_path / "x.pdf"
    with pytest.raises(CommandError) as caught:
        call_command("export_plan", plan.number, format="pdf", output=target)
    lines = str(caught.value).splitlines()
    assert lines[1:] == [
        "95/KH-UBND\t2022\tubnd-tinh\t01/04/2022\tKế hoạch khác",
        f"95/KH-UBND\t2021\tubnd-tinh\t21/04/2021\t{plan.title}",
    ]
    assert caught.value.returncode == 1
    assert not target.exists()
    call_command("export_plan", plan.number, year=2021, format="tsv", output=target)
    assert target.exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [({"number": "96/KH-UBND"}, "96/KH-UBND"), ({"issuer": "Sở Lạ"}, "Sở Lạ")],
)
def test_what_is_not_on_record_is_named(plan: Plan, tmp_path: Path, options, words: str):
    arguments = {"number": plan.number, **options}
    with pytest.raises(CommandError, match=words):
        call_command(
            "export_plan", arguments["number"], issuer=arguments.get("issuer", ""),
            format="tsv", output=tmp_path / "x",
        )  # fmt: skip


def test_a_folder_that_is_not_there_is_named(plan: Plan, tmp_path: Path):
    target = tmp_path / "khong-co" / "x"
    with pytest.raises(CommandError, match="khong-co"):
        call_command("export_plan", plan.number, format="tsv", output=target)


def test_columns_that_say_nothing_are_left_out_of_the_print(plan: Plan):
    plan.activities.update(note="", budget_text="")
    document = mapping.document_of(plan, list(plan.activities.all()))
    headings = [column.heading for column in document.appendices[0].blocks[0].columns]
    assert "Kinh phí" not in headings
    assert "Cơ quan chủ trì" in headings


def test_the_admin_gives_the_draft_in_every_form(plan: Plan, planner: Client):
    plan.title = "Bản thảo mới của kế hoạch"
    plan.save_revision()
    overview = planner.get(f"/admin/plans/inspect/{plan.pk}/").content.decode()
    for form, kind in FORMS.items():
        address = f"/admin/plans/export/{plan.pk}/{form}/"
        assert address in overview
        response = planner.get(address)
        assert response["Content-Type"] == kind.media_type
        assert response["Content-Disposition"].endswith(f'95-kh-ubnd-2021.{form}"')
    words = read_bytes(planner.get(f"/admin/plans/export/{plan.pk}/docx/").content).preface
    assert "Bản thảo mới của kế hoạch" in words
    assert planner.get(f"/admin/plans/export/{plan.pk}/exe/").status_code == 404


def test_readers_get_the_published_plan_only(plan: Plan, client: Client):
    published = plan.title
    plan.title = "Bản thảo chưa công bố"
    plan.save_revision()
    page_of = client.get(plan.get_absolute_url()).content.decode()
    for form in ("pdf", "docx", "xlsx"):
        assert f"{plan.get_absolute_url()}tai-ve.{form}" in page_of
    response = client.get(f"{plan.get_absolute_url()}tai-ve.docx")
    preface = read_bytes(response.content).preface
    assert published in preface
    assert "Bản thảo chưa công bố" not in preface
    assert client.get(f"{plan.get_absolute_url()}tai-ve.tsv").status_code == 404
    plan.unpublish()
    assert client.get(f"{plan.get_absolute_url()}tai-ve.docx").status_code == 404


def test_the_same_content_is_written_once(plan: Plan, monkeypatch: pytest.MonkeyPatch):
    first = export(plan, "pdf").data
    monkeypatch.setattr("campaigns.exporting.files.pdf.write", lambda document: b"again")
    assert export(plan, "pdf").data == first
    Activity.objects.filter(plan=plan, serial="1").update(content="Việc khác")
    assert export(plan, "pdf").data == b"again"


@pytest.mark.parametrize("form", FORMS)
def test_a_plan_of_any_length_costs_few_queries(
    plan: Plan, form: str, django_assert_max_num_queries: Any
):
    fresh = Plan.objects.select_related("issuer__parent__parent").get(pk=plan.pk)
    with django_assert_max_num_queries(5):
        export(fresh, form)
