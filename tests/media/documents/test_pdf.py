"""PDF: valid PDF/UA-1 by an outside validator, whatever the text."""

import page
import pytest

from media.documents import measuring, pdf
from media.documents.model import Clause, Paragraph, Point, Section, text
from tests.media.documents import samples

VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"


def validated(data: bytes) -> page.ValidationReport:
    return page.validate_pdf_bytes(data, profile="ua1")


@pytest.mark.parametrize("name", samples.ALL)
def test_our_documents_are_pdf_ua(name: str):
    report = validated(pdf.write(samples.ALL[name]()))
    assert [(each.rule_id, each.message) for each in report.failures] == []
    assert report.is_compliant
    assert report.rules.total > 100


def test_a_broken_pdf_is_not_passed():
    data = pdf.write(samples.invitation())
    assert not validated(data.replace(b"/Marked true", b"/Marked null")).is_compliant


def test_every_vietnamese_letter_can_be_drawn():
    assert measuring.supported(VIETNAMESE + VIETNAMESE.upper()) == VIETNAMESE + VIETNAMESE.upper()


def test_what_the_font_lacks_is_shown_as_a_box_and_markup_is_text():
    words = "#eval(sys) $x$ @nhãn *đậm* `mã` \\ // ❤ 漢字 \u200b"
    body = (Section(words, (Clause(words, blocks=(Point(text(words)),)),)), Paragraph(text(words)))
    report = validated(pdf.write(samples.plan().with_body(body)))
    assert report.is_compliant
    assert measuring.supported("a❤b") == "a□b"


def test_a_thousand_rows_take_many_pages():
    table = samples.TABLE
    rows = tuple((str(n), "Nội dung " * 20, "Cơ quan", "Hằng tháng") for n in range(1000))
    long = type(table)(table.columns, rows)
    report = validated(pdf.write(samples.plan().with_body((long,))))
    assert report.is_compliant
    assert report.document.page_count > 20


def test_long_addresses_may_be_broken_in_cells():
    assert measuring.breakable("xem (baolangson.vn/xa-hoi) nhé 15/5/2021") == (
        "xem (baolangson.\u200bvn/\u200bxa-\u200bhoi) nhé 15/5/2021"
    )
