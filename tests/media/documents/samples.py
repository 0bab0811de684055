"""Documents of every kind, with all elements in use somewhere."""

from dataclasses import replace
from datetime import date, datetime
from functools import cache

from media.documents import letters, word
from media.documents.model import (
    Align,
    Appendix,
    Clause,
    Column,
    Dash,
    Document,
    GroupRow,
    Issuer,
    Number,
    Paragraph,
    Part,
    Point,
    Section,
    Signature,
    Span,
    Table,
    Urgency,
    text,
)

PROVINCE = letters.Letterhead(
    Issuer(("Ủy ban nhân dân", "tỉnh Lạng Sơn"), in_text="Ủy ban nhân dân tỉnh Lạng Sơn"),
    "Lạng Sơn",
    Signature(("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"), "Nguyễn Văn A"),
    "VT, THNC",
)
DEPARTMENT = letters.Letterhead(
    Issuer(("Sở Nội vụ",), ("UBND tỉnh Lạng Sơn",)),
    "Lạng Sơn",
    Signature(("Giám đốc",), "Trần Thị B"),
    "VT, CCHC",
    "Số 2 đường Hoàng Văn Thụ, phường Lương Văn Tri, tỉnh Lạng Sơn; điện thoại: (0205) 3.812.345",
)
COLUMNS = (
    Column("STT", 0.5, Align.CENTER),
    Column("Nội dung công việc", 3),
    Column("Cơ quan chủ trì", 2),
    Column("Thời gian thực hiện", 1.2),
)
TABLE = Table(
    COLUMNS,
    (
        GroupRow("I", "Chỉ đạo, điều hành"),
        ("1", "Ban hành kế hoạch", "Các sở, ban, ngành", "Trước 15/5/2021"),
        GroupRow("II", "Phát thanh - Truyền hình"),
        *(
            (str(n), f"Chuyên mục số {n}\ndòng thứ hai", "Đài PT-TH", "Hằng tháng")
            for n in range(2, 40)
        ),
    ),
)  # fmt: skip
LONG = "Nâng cao nhận thức, trách nhiệm của cán bộ, công chức, viên chức và Nhân dân. " * 5


def plan() -> Document:
    """A plan with bases, sections, clauses, ten points, and a landscape appendix."""
    points = tuple(Point(text(f"Nội dung thứ {n};")) for n in range(1, 11))
    body = (
        Paragraph(text("Ủy ban nhân dân tỉnh ban hành Kế hoạch tuyên truyền như sau:")),
        Section(
            "Mục đích, yêu cầu",
            (
                Clause("Mục đích", blocks=(Paragraph(text(LONG)), *points)),
                Clause("Yêu cầu", blocks=(Dash(text("Kịp thời, chính xác.")),)),
            ),
        ),
        Section(
            "Tổ chức thực hiện",
            (
                Clause(text=(Span("Sở Nội vụ", bold=True), Span(" chủ trì."))),
                Clause(text=text("Phân công cụ thể tại Phụ lục kèm theo Kế hoạch này.")),
            ),
        ),
        Paragraph(text("Trên đây là Kế hoạch tuyên truyền năm 2021.")),
    )
    made = letters.titled(
        PROVINCE,
        letters.kind_of("Kế hoạch"),
        Number.read("95/KH-UBND"),
        date(2021, 4, 21),
        "Tuyên truyền cải cách hành chính năm 2021 trên địa bàn tỉnh Lạng Sơn",
        body,
        ("Bộ Nội vụ", "Thường trực Tỉnh ủy", "Các sở, ban, ngành"),
    )
    made = replace(
        made, bases=("Căn cứ Luật Tổ chức chính quyền địa phương", "Căn cứ Luật Báo chí;")
    )
    appendix = Appendix("Bảng phân công nhiệm vụ", (TABLE,), landscape=True)
    return letters.with_appendices(made, appendix)


def urging() -> Document:
    """An urgent letter of a department to several agencies."""
    overdue = letters.Overdue(
        "5", "Tin, phóng sự", "Đài PT-TH tỉnh", "Hằng tháng", "Quá hạn 12 ngày"
    )
    facts = letters.Urging(
        "Kế hoạch số 95/KH-UBND ngày 21 tháng 4 năm 2021 của Ủy ban nhân dân tỉnh Lạng Sơn",
        date(2021, 9, 5),
        date(2021, 9, 15),
        (overdue,) * 3,
        ("Các sở, ban, ngành", "UBND các huyện, thành phố"),
        "Sở Nội vụ",
    )
    made = letters.urging(DEPARTMENT, Number.read("5/SNV-CCHC"), date(2021, 9, 6), facts)
    return replace(made, urgency=Urgency.EXPRESS)


def report() -> Document:
    """A report to one superior body, in parts, with two appendices."""
    facts = letters.Report(
        "Kết quả tuyên truyền cải cách hành chính quý I năm 2022",
        ("Ủy ban nhân dân tỉnh",),
        "Thực hiện chế độ báo cáo định kỳ, Sở Nội vụ báo cáo như sau:",
        (
            letters.ReportSection("Kết quả đạt được", (LONG,), (TABLE,)),
            letters.ReportSection(
                "Khó khăn, vướng mắc", ("Không có (xem Phụ lục I, Phụ lục II).",)
            ),
        ),
        "Sở Nội vụ trân trọng báo cáo.",
        (("Số liệu tin, bài", TABLE), ("Số liệu sự kiện", TABLE)),
    )
    made = letters.report(DEPARTMENT, Number.read("12/BC-SNV"), date(2022, 2, 9), facts)
    return made.with_body((Part("Tình hình", made.body[:3]), *made.body[3:]))


def invitation() -> Document:
    """An invitation without a number or a date yet."""
    facts = letters.Invitation(
        "Dự Hội nghị tổng kết công tác cải cách hành chính năm 2026",
        ("Lãnh đạo các sở, ban, ngành", "Lãnh đạo UBND các xã, phường"),
        datetime(2026, 10, 15, 8, 0),
        "Hội trường tầng 2, trụ sở Ủy ban nhân dân tỉnh",
        "Đồng chí Chủ tịch Ủy ban nhân dân tỉnh",
        ("Khai mạc", "Báo cáo tổng kết"),
        ("Đề nghị đại biểu đến đúng giờ.",),
    )
    made = letters.invitation(PROVINCE, Number(None, "GM-UBND"), None, facts)
    return replace(made, year=2026)


ALL = {"plan": plan, "urging": urging, "report": report, "invitation": invitation}


@cache
def written(name: str) -> bytes:
    """Return a sample as DOCX, written once."""
    return word.write(ALL[name]())
