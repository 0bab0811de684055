"""A report as a document by Decree 30/2020, and its tables as a workbook. Words are Vietnamese."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpResponse
from django.utils import timezone

from campaigns.exporting.files import FORMS, Exported, response_of
from campaigns.exporting.mapping import issuer_of, numbered, place_of
from campaigns.exporting.signing import received, signed_by
from campaigns.models import Plan
from campaigns.reporting import actions, lines
from campaigns.reporting.counting import count
from campaigns.reporting.figures import Change, Line
from campaigns.reporting.lines import LineRow
from campaigns.reporting.models import Report, ReportingPeriod
from campaigns.reporting.rollup import AgencyRow, table
from campaigns.reporting.rollup import Table as Roll
from core.text import slugify
from media.documents import letters, pdf, sheets, word
from media.documents.letters import Letterhead, ReportSection
from media.documents.model import Align, Column, Document, GroupRow, Recipients, Table
from media.documents.wording import day_words, roman
from organisations.history import History
from organisations.models import Organisation

SUBJECT = "Kết quả tuyên truyền cải cách hành chính {period}"
TOTALS = {
    "expected": "Số kỳ đến hạn",
    "done": "Số kỳ đã hoàn thành",
    "on-time": "Trong đó: hoàn thành đúng hạn",
    "late": "Hoàn thành sau hạn",
    "overdue": "Quá hạn, chưa hoàn thành",
    "open": "Còn trong hạn",
    "dropped": "Không thực hiện",
    "outputs": "Số sản phẩm đã thực hiện",
}
KINDS = {
    "article": "Tin, bài đã đăng",
    "delivery": "Lượt phát hành trên các kênh",
    "pick-up": "Lượt đài, báo nhận tin",
    "aired": "Lượt phát sóng đã xác nhận",
    "event": "Hội nghị, sự kiện",
    "file": "Văn bản, tài liệu",
    "photo": "Ảnh",
    "link": "Liên kết",
}
#: Parts of the text: title, fields.
PARTS = (
    ("Tồn tại, hạn chế và nguyên nhân", ("difficulties", "causes")),
    ("Đề xuất, kiến nghị", ("proposals",)),
    ("Nhiệm vụ trọng tâm kỳ tới", ("next_tasks",)),
)
NUMBER = Align.RIGHT
UNKNOWN = "…"  # the place of an agency under no committee


@dataclass(frozen=True, slots=True)
class Content:
    """What a report is made of, read once for all forms of file."""

    report: Report
    issuer: Organisation
    today: date
    rows: list[LineRow]
    totals: list[tuple[str, Change, Change]]
    kinds: list[tuple[str, Change, Change]]
    roll: Roll | None  # of the province's report


def content_of(report: Report, today: date) -> Content:
    """Read everything a report says: a fixed number of queries."""
    history = History.load()
    counted = count(report.period, today) if report.is_roll_up else None
    if counted is not None and report.figures is None:
        figures = counted.of()
    else:
        figures = actions.figures_of(report, today, history)
    compared = lines.Compared(report, figures, today, history)
    return Content(
        report,
        issuer_as(report, history, today),
        today,
        lines.rows_of(report, figures),
        compared.totals(),
        compared.kinds(),
        table(report.period, today, report.agencies, counted=counted) if counted else None,
    )


def issuer_as(report: Report, history: History, today: date) -> Organisation:
    """Return the agency with its name and superior body as they were, or as they are."""
    day = report.period.last if report.agencies == Report.Agencies.THEN else today
    then = history.then(report.organisation_id, day)
    issuer = copy.copy(then.organisation)
    issuer.name, issuer.short_name, issuer.parent = then.name, then.short_name, then.parent
    return issuer


def document_of(content: Content) -> Document:
    """Return the report as a document of the decree."""
    report, issuer = content.report, content.issuer
    items, archive = received(report.recipients)
    head = Letterhead(
        issuer_of(issuer),
        place_for(content),
        signed_by(issuer, report.signer_title, report.signer),
        archive,
    )
    number = numbered(report.number, issuer, "BC")
    made = letters.report(head, number, report.issued_on, facts_of(content))
    return replace(made, recipients=Recipients(items, archive), year=report.period.last.year)


def place_for(content: Content) -> str:
    """Return the place before the date: an agency under no committee writes where its plan does."""
    places = [content.issuer, *(row.activity.plan.issuer for row in content.rows)]
    return next((place for one in places if (place := place_of(one)) != UNKNOWN), UNKNOWN)


def period_words(period: ReportingPeriod) -> str:
    """Return "quý I năm 2026"."""
    names = {"q1": "quý I ", "h1": "6 tháng đầu ", "q3": "quý III ", "y": ""}
    return f"{names[period.code]}năm {period.year}"


def facts_of(content: Content) -> letters.Report:
    report = content.report
    subject = SUBJECT.format(period=period_words(report.period))
    to = tuple(line.strip(" -–;.") for line in report.addressees.splitlines() if line.strip())
    appendices = [("Kết quả thực hiện từng nhiệm vụ", lines_table(content))]
    if content.roll is not None:
        appendices.append(("Tình hình báo cáo của các cơ quan, đơn vị", roll_table(content.roll)))
    return letters.Report(
        subject,
        to,
        opening_of(content),
        sections_of(content),
        f"Trên đây là Báo cáo {subject[0].lower()}{subject[1:]}",
        tuple(appendices),
    )


def opening_of(content: Content) -> str:
    period = content.report.period
    plans = list({row.activity.plan_id: row.activity.plan for row in content.rows}.values())
    own = [plan for plan in plans if plan.parent_id is None] or plans
    named = "; ".join(plan_words(plan) for plan in own)
    start = f"Thực hiện {named}, " if named else ""
    return (
        f"{start}{issuer_of(content.issuer).spoken} báo cáo kết quả "
        f"{period_words(period)} (số liệu từ {day_words(period.first)} đến "
        f"{day_words(period.last)}) như sau:"
    )


def plan_words(plan: Plan) -> str:
    issued = f" {day_words(plan.issued_on)}" if plan.issued_on else ""
    number = f" số {plan.number}" if plan.number else ""
    title = plan.title.strip(" .")
    if title[1:2].islower():
        title = title[0].lower() + title[1:]
    return f"Kế hoạch{number}{issued} về {title}"


def sections_of(content: Content) -> tuple[ReportSection, ...]:
    """Return the parts that say something; the figures come first."""
    report = content.report
    results = (
        summary_of(content),
        *paragraphs(report.results),
        "Số liệu chi tiết từng nhiệm vụ tại Phụ lục kèm theo Báo cáo này.",
    )
    found = [ReportSection("Kết quả thực hiện", results, (totals_table(content),))]
    for title, names in PARTS:
        told = tuple(line for name in names for line in paragraphs(getattr(report, name)))
        if told:
            found.append(ReportSection(title, told))
    return tuple(found)


def paragraphs(written: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in written.splitlines() if line.strip())


def summary_of(content: Content) -> str:
    """Return the figures in one paragraph."""
    now = {name: change.now for name, change, _year in content.totals}
    if not now["expected"] and not now["outputs"]:
        return "Trong kỳ không có nhiệm vụ đến hạn và chưa có sản phẩm nào được ghi nhận."
    share = f"{now['done'] / now['expected']:.1%}".replace(".", ",") if now["expected"] else "0%"
    text = (
        f"Trong kỳ có {shown(now['expected'])} kỳ thực hiện đến hạn; đã hoàn thành "
        f"{shown(now['done'])} kỳ ({share}), trong đó {shown(now['on-time'])} kỳ đúng hạn; "
        f"quá hạn {shown(now['overdue'])} kỳ; đã thực hiện {shown(now['outputs'])} sản phẩm."
    )
    planned, spent = money_of(content.rows)
    if planned is not None or spent is not None:
        text += f" Kinh phí dự toán {shown(planned or 0)} đồng, đã chi {shown(spent or 0)} đồng."
    return text


def money_of(rows: Sequence[LineRow]) -> tuple[int | None, int | None]:
    """Return the money planned and spent over all lines, as far as it is known."""
    planned = [row.planned for row in rows if row.planned is not None]
    spent = [row.spent for row in rows if row.spent is not None]
    return (sum(planned) if planned else None), (sum(spent) if spent else None)


def shown(number: int | None) -> str:
    """Return a number as it is written: 20.000; nothing for what is not known."""
    return "" if number is None else f"{number:,}".replace(",", ".")


def totals_table(content: Content) -> Table:
    columns = (
        Column("STT", 0.6, Align.CENTER),
        Column("Chỉ tiêu", 4),
        Column("Kỳ này", 1.2, NUMBER),
        Column("So với kỳ trước", 1.5, NUMBER),
        Column("So với cùng kỳ năm trước", 1.7, NUMBER),
    )
    named = [(TOTALS[name], before, year) for name, before, year in content.totals]
    named += [(KINDS.get(name, name), before, year) for name, before, year in content.kinds]
    rows = tuple(
        (str(number), label, shown(before.now), sign(before), sign(year))
        for number, (label, before, year) in enumerate(named, start=1)
    )
    return Table(columns, rows, summary="Số liệu chung của kỳ báo cáo")


def sign(change: Change) -> str:
    return "–" if change.difference is None else change.signed


def lines_table(content: Content) -> Table:
    """Return the lines of the plans with their figures and money, each plan below its number."""
    columns = (
        Column("STT", 0.6, Align.CENTER),
        Column("Nội dung công việc", 4),
        Column("Đến hạn", 0.8, NUMBER),
        Column("Hoàn thành", 0.9, NUMBER),
        Column("Đúng hạn", 0.8, NUMBER),
        Column("Quá hạn", 0.8, NUMBER),
        Column("Sản phẩm", 1.4, NUMBER),
        Column("Dự toán (đồng)", 1.3, NUMBER),
        Column("Đã chi (đồng)", 1.3, NUMBER),
    )
    rows: list[tuple[str, ...] | GroupRow] = []
    plans = list({row.activity.plan_id: row.activity.plan for row in content.rows}.values())
    for number, plan in enumerate(plans, start=1):
        if len(plans) > 1:
            rows.append(GroupRow(roman(number), f"{plan.label}, năm {plan.year}"))
        rows += [line_cells(row) for row in content.rows if row.activity.plan_id == plan.pk]
    return Table(columns, tuple(rows), summary="Kết quả từng nhiệm vụ trong kỳ báo cáo")


def line_cells(row: LineRow) -> tuple[str, ...]:
    line, unit = row.line, row.activity.unit
    outputs = f"{shown(line.outputs)} {unit}".strip() if line.outputs else "0"
    figures = (line.expected, line.done, line.on_time, line.overdue)
    money = (shown(row.planned), shown(row.spent))
    return (row.activity.serial, row.activity.content, *map(shown, figures), outputs, *money)


def roll_table(roll: Roll) -> Table:
    """Return who reported when, with each agency's figures."""
    columns = (
        Column("STT", 0.6, Align.CENTER),
        Column("Cơ quan, đơn vị", 3.4),
        Column("Ngày gửi báo cáo", 1.2, Align.CENTER),
        Column("Tình trạng", 1.8),
        Column("Đến hạn", 0.8, NUMBER),
        Column("Hoàn thành", 0.9, NUMBER),
        Column("Đúng hạn", 0.8, NUMBER),
        Column("Quá hạn", 0.8, NUMBER),
        Column("Sản phẩm", 1, NUMBER),
    )
    rows = tuple(agency_cells(number, row) for number, row in enumerate(roll.rows, start=1))
    return Table(columns, rows, summary="Các cơ quan đã gửi và chưa gửi báo cáo")


STANDING = {
    "on-time": "Đúng hạn",
    "late": "Gửi chậm",
    "returned": "Trả lại, chưa gửi lại",
    "missing": "Chưa gửi",
    "awaited": "Chưa đến hạn",
}


def agency_cells(number: int, row: AgencyRow) -> tuple[str, ...]:
    whole = row.whole
    figures = (whole.expected, whole.done, whole.on_time, whole.overdue, whole.outputs)
    sent = row.report and row.report.first_submitted_at
    when = f"{timezone.localtime(sent):%d/%m/%Y}" if sent else ""
    return (str(number), row.row.name, when, STANDING[row.standing], *map(shown, figures))


def export(report: Report, form: str, today: date) -> Exported:
    """Return the report as a file. Raises ``KeyError`` for another form."""
    content = content_of(report, today)
    document = document_of(content)
    kind = FORMS[form]
    if form == "xlsx":
        data = workbook(content, document)
    else:
        data = {"docx": word.write, "pdf": pdf.write}[form](document)
    name = slugify(f"bao cao {content.issuer.name} {period_words(report.period)}", limit=80)
    return Exported(f"{name}.{kind.ending}", kind.media_type, data)


def workbook(content: Content, document: Document) -> bytes:
    above = ("BÁO CÁO", f"{document.subject}: {content.issuer.name}")
    found = [
        sheets.Sheet("Số liệu chung", above, totals_table(content)),
        sheets.Sheet("Từng nhiệm vụ", above, lines_table(content)),
    ]
    if content.roll is not None:
        found.append(sheets.Sheet("Các cơ quan", above, roll_table(content.roll)))
        found.append(sheets.Sheet("Cơ quan × nhiệm vụ", above, cross_table(content.roll)))
    return sheets.write(found, title=document.subject, author=content.issuer.name)


def cross_table(roll: Roll) -> Table:
    """Return agency × line: completed of due."""
    heads = [
        Column(one.serial or str(at), 0.6, Align.CENTER)
        for at, one in enumerate(roll.activities, start=1)
    ]
    columns = (Column("Cơ quan, đơn vị", 4), Column("Cộng", 0.8, Align.CENTER), *heads)
    rows = [
        (row.row.name, of(row.whole), *(of(cell) if cell else "" for cell in row.cells))
        for row in roll.rows
    ]
    rows.append(("Cộng", of(roll.whole), *map(of, roll.sums)))
    return Table(columns, tuple(rows), summary="Hoàn thành trên đến hạn, theo cơ quan và nhiệm vụ")


def of(line: Line) -> str:
    """Return "3/4"; what has nothing due shows its products."""
    if line.expected:
        return f"{line.done}/{line.expected}"
    return f"+{line.outputs}" if line.outputs else ""


def table_file(period: ReportingPeriod, roll: Roll) -> Exported:
    """Return the table of agencies as a workbook."""
    words = period_words(period)
    above = ("TÌNH HÌNH BÁO CÁO", f"Kỳ báo cáo: {words}")
    found = [
        sheets.Sheet("Các cơ quan", above, roll_table(roll)),
        sheets.Sheet("Cơ quan × nhiệm vụ", above, cross_table(roll)),
    ]
    data = sheets.write(found, title=f"Tình hình báo cáo {words}", author="")
    name = slugify(f"tinh hinh bao cao {words}", limit=80)
    return Exported(f"{name}.xlsx", FORMS["xlsx"].media_type, data)


def download(exported: Exported) -> HttpResponse:
    """Return the file as a download."""
    return response_of(exported)
