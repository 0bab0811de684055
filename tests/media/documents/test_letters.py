"""The usual kinds of documents say what their facts say, in the decree's order."""

from dataclasses import replace
from datetime import date, datetime

from media.documents import letters, wording
from media.documents.composing import Composed, Line, compose
from media.documents.model import Number, Table, plain
from tests.media.documents import samples


def words(composed: Composed) -> list[str]:
    return [plain(line.text) for line in composed.flow if isinstance(line, Line)]


def test_an_urging_letter_names_plan_days_and_late_activities():
    composed = compose(samples.urging())
    assert composed.number == "Số: 05/SNV-CCHC"
    assert composed.letter_subject == "V/v đôn đốc thực hiện nhiệm vụ"
    assert composed.addressees == (
        "Kính gửi:", "- Các sở, ban, ngành;", "- UBND các huyện, thành phố.",
    )  # fmt: skip
    assert composed.recipients == ("- Như trên;", "- Lưu: VT, CCHC.")
    text = words(composed)
    assert text[0].startswith("Thực hiện Kế hoạch số 95/KH-UBND")
    assert "đến ngày 05 tháng 9 năm 2021 còn 03 nhiệm vụ" in text[1]
    assert "gửi Sở Nội vụ trước ngày 15 tháng 9 năm 2021" in text[3]
    assert text[-1].endswith("./.")
    (table,) = composed.appendices[0].flow
    assert isinstance(table, Table)
    assert table.rows[0] == (
        "5",
        "Tin, phóng sự",
        "Đài PT-TH tỉnh",
        "Hằng tháng",
        "Quá hạn 12 ngày",
    )
    assert composed.appendices[0].reference == (
        "(Kèm theo Công văn số 05/SNV-CCHC ngày 06 tháng 9 năm 2021 của Sở Nội vụ)"
    )


def test_a_report_goes_to_its_superior_and_numbers_its_appendices():
    composed = compose(samples.report())
    assert composed.kind == "BÁO CÁO"
    assert composed.addressees == ("Kính gửi: Ủy ban nhân dân tỉnh",)
    assert [each.label for each in composed.appendices] == ["Phụ lục I", "Phụ lục II"]
    assert "Phần I" in words(composed)
    assert "I. KẾT QUẢ ĐẠT ĐƯỢC" in words(composed)


def test_an_invitation_says_when_and_where():
    text = words(compose(samples.invitation()))
    assert "2. Thời gian: 08 giờ 00 phút, thứ Năm, ngày 15 tháng 10 năm 2026." in text
    assert "3. Địa điểm: Hội trường tầng 2, trụ sở Ủy ban nhân dân tỉnh." in text
    facts = letters.Invitation("Dự họp", ("Sở Tài chính",), datetime(2026, 2, 1, 14, 30), "Phòng 1")
    short = letters.invitation(samples.PROVINCE, Number(7, "GM-UBND"), date(2026, 1, 28), facts)
    assert "2. Thời gian: 14 giờ 30 phút, Chủ nhật, ngày 01 tháng 02 năm 2026." in words(
        compose(short)
    )


def test_an_electronic_appendix_leaves_number_and_day_open():
    plan = samples.plan()
    appendix = replace(plan.appendices[0], is_electronic=True)
    assert wording.reference_words(plan, appendix) == (
        f"(Kèm theo Kế hoạch số {wording.OPEN}/KH-UBND ngày {wording.OPEN} tháng {wording.OPEN} "
        "năm 2021 của Ủy ban nhân dân tỉnh Lạng Sơn)"
    )


def test_headings_are_nested_without_gaps():
    levels = [line.level for line in compose(samples.report()).flow if isinstance(line, Line)]
    above = 1
    for level in filter(None, levels):
        assert level <= above + 1
        above = level
