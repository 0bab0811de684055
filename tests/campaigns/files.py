"""The same plan in other layouts: what Word and Excel make of it in real offices."""

import csv
import io
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook

HEADERS = {
    "stt": "STT",
    "noi_dung": "Nội dung công việc",
    "hinh_thuc": "Hình thức",
    "chu_tri": "Cơ quan chủ trì",
    "phoi_hop": "Cơ quan phối hợp",
    "thoi_gian": "Thời gian thực hiện/hoàn thành",
    "dinh_luong": "Định lượng",
    "san_pham": "Sản phẩm, kết quả",
    "kinh_phi": "Kinh phí",
    "tinh_chat": "Ghi chú",
}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def workbook(rows: list[dict[str, str]], columns: list[str] | None = None) -> bytes:
    """Excel: a title, a header, a merged row for each group, numbers as numbers."""
    columns = columns or list(HEADERS)
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["PHỤ LỤC"])
    sheet.append(["(Kèm theo Kế hoạch số 95/KH-UBND ngày 21/4/2021 của UBND tỉnh Lạng Sơn)"])
    sheet.append([])
    sheet.append([HEADERS[name] for name in columns])
    heading = ""
    for row in rows:
        if row["nhom"] != heading:
            heading = row["nhom"]
            sheet.append([heading])
            sheet.merge_cells(
                start_row=sheet.max_row, end_row=sheet.max_row, start_column=1,
                end_column=len(columns),
            )  # fmt: skip
        sheet.append([float(row[n]) if n == "stt" else row[n] for n in columns])
    return saved(book)


def document(rows: list[dict[str, str]], *, with_head: bool = True) -> bytes:
    """Word: the head of the document, a header of two rows, groups numbered in Roman."""
    document = Document()
    if with_head:
        head = document.add_table(1, 2)
        head.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nTỈNH LẠNG SƠN\nSố: 95/\nKH-UBND"
        head.cell(0, 1).text = (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
            "Lạng Sơn, ngày 21 tháng 4 năm 2021"
        )
        for text in (
            "KẾ HOẠCH",
            "Tuyên truyền cải cách hành chính năm 2021",
            "trên địa bàn tỉnh Lạng Sơn",
            "Thực hiện Quyết định số 1/QĐ-TTg ngày 01/01/2020, Ủy ban nhân dân tỉnh ban hành:",
        ):
            document.add_paragraph(text)
    columns = list(HEADERS)
    table = document.add_table(2, len(columns))
    for index, name in enumerate(columns):
        upper, lower = table.cell(0, index), table.cell(1, index)
        if name in {"chu_tri", "phoi_hop"}:
            lower.text = {"chu_tri": "Chủ trì", "phoi_hop": "Phối hợp"}[name]
        else:
            upper.merge(lower).text = HEADERS[name]
    table.cell(0, columns.index("chu_tri")).merge(
        table.cell(0, columns.index("phoi_hop"))
    ).text = "Cơ quan thực hiện"
    fill(table, rows, columns)
    return saved(document)


def fill(table: Any, rows: list[dict[str, str]], columns: list[str]) -> None:
    heading, number = "", 0
    for row in rows:
        if row["nhom"] != heading:
            heading, number = row["nhom"], number + 1
            cells = table.add_row().cells
            cells[0].text = ("I" * number)[:20]
            cells[1].merge(cells[-1]).text = heading
        cells = table.add_row().cells
        for index, name in enumerate(columns):
            text = row[name]
            if name == "stt" and len(text) == 2:
                text = f"{text[0]}\n{text[1]}"
            cells[index].text = text.replace("20.000", "20.\n000")


def track_changes(data: bytes, inserted: str, deleted: str) -> bytes:
    """Put an insertion and a deletion under track changes into the last cell of the last row."""
    document = Document(io.BytesIO(data))
    paragraph = document.tables[-1].rows[-1].cells[-1].paragraphs[0]._p
    for tag, text_tag, text in (("w:ins", "w:t", inserted), ("w:del", "w:delText", deleted)):
        change, run, node = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
        node.text = text
        node.set(qn("xml:space"), "preserve")
        run.append(node)
        change.append(run)
        paragraph.append(change)
    return saved(document)


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
