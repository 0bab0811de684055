"""DOCX: structure, page set-up and properties, beyond what the checker looks at."""

import io
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn

from media.documents import word, wording
from media.documents.model import Column, Number, Paragraph, Span, text
from tests.media.documents import samples


@pytest.fixture(scope="module")
def plan() -> object:
    return docx.Document(io.BytesIO(word.write(samples.plan())))


def test_headings_and_title_are_word_styles(plan):
    by_style = {}
    for paragraph in plan.paragraphs:
        by_style.setdefault(paragraph.style.name, []).append(paragraph.text)
    assert by_style["Title"] == ["KẾ HOẠCH"]
    assert by_style["Heading 1"] == ["I. MỤC ĐÍCH, YÊU CẦU", "II. TỔ CHỨC THỰC HIỆN"]
    assert by_style["Heading 2"] == ["1. Mục đích", "2. Yêu cầu"]


def test_properties_name_the_document_and_its_language(plan):
    properties = plan.core_properties
    assert properties.language == "vi-VN"
    assert properties.title.startswith("Kế hoạch 95/KH-UBND Tuyên truyền")
    assert properties.author == "Ủy ban nhân dân tỉnh Lạng Sơn"


def test_the_appendix_lies_on_its_side_and_repeats_its_heading_row(plan):
    first, last = plan.sections
    assert first.page_width < first.page_height
    assert last.page_width > last.page_height
    table = plan.tables[-1]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in table.rows[1:])
    assert [cell.text for cell in table.rows[0].cells][:2] == ["STT", "Nội dung công việc"]


def test_bold_words_inside_a_clause_stay_bold(plan):
    clause = next(p for p in plan.paragraphs if p.text == "1. Sở Nội vụ chủ trì.")
    assert [(run.text, bool(run.bold)) for run in clause.runs] == [
        ("1. ", False), ("Sở Nội vụ", True), (" chủ trì.", False),
    ]  # fmt: skip


def test_the_contact_stands_at_the_foot_of_the_first_page():
    document = docx.Document(io.BytesIO(word.write(samples.urging())))
    assert "điện thoại" in document.sections[0].first_page_footer.paragraphs[0].text


def test_characters_no_file_may_hold_are_left_out():
    body = (Paragraph(text("Trước\x00\x08 sau\ufffe.")), Paragraph((Span("e\u0302\u0301"),)))
    document = docx.Document(io.BytesIO(word.write(samples.plan().with_body(body))))
    words = [paragraph.text for paragraph in document.paragraphs]
    assert "Trước sau." in words
    assert "ế./." in words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2021, 4, 21), "ngày 21 tháng 4 năm 2021"),
        (date(2020, 1, 5), "ngày 05 tháng 01 năm 2020"),
        (date(2020, 2, 29), "ngày 29 tháng 02 năm 2020"),
        (date(2021, 12, 9), "ngày 09 tháng 12 năm 2021"),
    ],
)
def test_days_and_the_first_two_months_take_a_zero(day: date, words: str):
    assert wording.day_words(day) == words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("95/KH-UBND", "95/KH-UBND"),
        ("5/KH-UBND", "05/KH-UBND"),
        ("05 / KH - UBND", "05/KH-UBND"),
        ("132-KH/UBND", "132-KH/UBND"),
        ("95a/KH-UBND", "95a/KH-UBND"),
    ],
)
def test_numbers_below_ten_take_a_zero(written: str, words: str):
    assert wording.number_words(Number.read(written)) == words


def test_a_draft_leaves_number_and_date_open():
    draft = replace(samples.plan(), number=Number(None, "KH-UBND"), issued_on=None, year=2022)
    document = docx.Document(io.BytesIO(word.write(draft)))
    words = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert "Số: \xa0\xa0\xa0\xa0\xa0/KH-UBND" in words
    assert words[-1].endswith("năm 2022")


def test_points_follow_the_vietnamese_alphabet():
    letters = "".join(wording.letter(position) for position in range(1, 24))
    assert letters == "abcdđeghiklmnopqrstuvxy"
    assert wording.letter(24) == "aa"


def test_a_listing_is_written_while_its_rows_are_read():
    read = 0

    def rows():
        nonlocal read
        for read in range(1, 1001):
            yield (str(read), f"<b> & \x0b{read}\nhai")

    pieces = word.write_listing(
        "Mục lục", "Sở Nội vụ", ("Dòng 1",), [Column("STT"), Column("Tên", 3)], rows()
    )
    first = next(pieces)
    assert read < 1000
    listing = docx.Document(io.BytesIO(first + b"".join(pieces)))
    [table] = listing.tables
    assert len(table.rows) == 1001
    assert [cell.text for cell in table.rows[0].cells] == ["STT", "Tên"]
    assert [cell.text for cell in table.rows[1000].cells] == ["1000", "<b> & 1000 hai"]
    assert [each.text for each in listing.paragraphs[:2]] == ["Mục lục", "Dòng 1"]
    assert listing.core_properties.author == "Sở Nội vụ"
