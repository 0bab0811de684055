"""Reading files: every layout of the plan gives the same rows, every fault its line."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from campaigns.importing.facts import Facts, read_facts
from campaigns.importing.files import read_bytes, read_path
from campaigns.importing.listing import listing
from campaigns.importing.problems import ImportFailedError
from campaigns.importing.rows import MAX_ROWS, read_rows
from campaigns.importing.store import read_draft
from tests.campaigns import files

TODAY = date(2021, 4, 21)
HEAD = "stt\tnoi_dung\tchu_tri\tthoi_gian\n"


def understood(data: bytes) -> list[dict[str, object]]:
    return listing(read_draft(read_bytes(data), Facts(), TODAY))


def refusal(data: bytes) -> str:
    with pytest.raises(ImportFailedError) as caught:
        read_rows(read_bytes(data), 2021)
    return str(caught.value)


def test_three_layouts_one_plan(province: int, tsv: Path):
    rows = files.rows_of(tsv)
    expected = understood(tsv.read_bytes())
    assert len(expected) == 22
    assert understood(files.workbook(rows)) == expected
    assert understood(files.document(rows)) == expected
    assert [entry["warnings"] for entry in expected if entry["serial"] in {"1", "3", "13"}] == [
        [], [], [],
    ]  # fmt: skip


def test_columns_in_another_order(province: int, tsv: Path):
    rows = files.rows_of(tsv)
    order = ["stt", "noi_dung", "thoi_gian", "chu_tri", "phoi_hop", "san_pham", "hinh_thuc",
             "kinh_phi", "dinh_luong", "tinh_chat"]  # fmt: skip
    assert understood(files.workbook(rows, order)) == understood(tsv.read_bytes())


def test_track_changes(tsv: Path):
    data = files.document(files.rows_of(tsv))
    changed = files.track_changes(data, " (thêm)", " (bỏ)")
    note = read_rows(read_bytes(changed), 2021).rows[-1]["note"]
    assert note.endswith(" (thêm)")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_unicode_encodings(db: None, tsv: Path, encoding: str):
    text = tsv.read_text(encoding="utf-8")
    assert understood(text.encode(encoding)) == understood(tsv.read_bytes())


def test_windows_1258_is_converted_and_said(db: None):
    # The letters of this code page are a base and a combining tone.
    data = (HEAD + "1\tHo\u0323p ba\u0301o\tTi\u0309nh \u0111oa\u0300n\tHằng").encode(
        "cp1258", errors="ignore"
    )
    table = read_bytes(data)
    assert table.rows[1].cells[1:3] == ("Họp báo", "Tỉnh đoàn")
    assert "Windows-1258" in table.warnings[0]


def test_tcvn3_is_refused(db: None):
    assert "UTF-8" in refusal((HEAD + "1\tC¶i c¸ch hµnh chÝnh\tSë\tN¨m").encode("latin-1"))


def test_quotes_of_excel_and_of_nobody(db: None):
    plain = HEAD + '1\t"Hỏi" và "đáp"\tSở Nội vụ\tNăm 2021'
    quoted = HEAD + '1\t"""Hỏi"" và ""đáp"""\tSở Nội vụ\tNăm 2021'
    broken = HEAD + '1\t"Hai\ndòng"\tSở Nội vụ\tNăm 2021\n2\tB\tC\t30/2/2021'
    for text in (plain, quoted):
        assert read_rows(read_bytes(text.encode()), 2021).rows[0]["content"] == '"Hỏi" và "đáp"'
    assert refusal(broken.encode()).startswith("Dòng 4:")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stt\tnoi_dung\tthoi_gian\n1\tA\tNăm 2021", "Dòng 1: Thiếu cột “Cơ quan chủ trì”"),
        ("stt\tchu_tri\tthoi_gian\n1\tA\tNăm 2021", "Dòng 1: Thiếu cột “Nội dung công việc”"),
        (HEAD + "1\tA\tB\tTrước 30/2/2021", "Dòng 2: Không có ngày này: “30/2/2021”"),
        (HEAD + "1\tA\tB\tThường xuyên\n2\t\tB\tThường xuyên", "Dòng 3:"),
        (HEAD + "1\tA\tB\tThường xuyên\tthừa", "Dòng 2: Dòng có nhiều ô hơn tiêu đề"),
        (HEAD, "không có nhiệm vụ nào"),
        ("a\tb\n1\t2", "Không có dòng tiêu đề"),
        ("chỉ là chữ", "không có các cột"),
        ("", "Tệp trống"),
        ("%PDF-1.7", "PDF"),
    ],
)
def test_faults_are_named_with_their_line(db: None, text: str, words: str):
    assert words in refusal(text.encode())


def test_all_faults_at_once(db: None):
    text = HEAD + "1\tA\tB\t31/4/2021\n2\tA\tB\tTháng 13/2021\n3\t\tB\tNăm 2021"
    assert [line.split(":")[0] for line in refusal(text.encode()).split("\n")] == [
        "Dòng 2", "Dòng 3", "Dòng 4",
    ]  # fmt: skip


def test_too_many_rows(db: None):
    text = HEAD + "".join(f"{n}\tViệc {n}\tSở Nội vụ\tNăm 2021\n" for n in range(1, 5001))
    assert f"Dòng {MAX_ROWS + 2}:" in refusal(text.encode())
    assert "5.000" in refusal(text.encode())


def test_most_rows_a_plan_may_have(db: None):
    rows = "".join(f"{n}\tViệc {n}\tSở Nội vụ\tNăm 2021\n" for n in range(1, MAX_ROWS + 1))
    assert len(read_rows(read_bytes((HEAD + rows).encode()), 2021).rows) == MAX_ROWS


def test_formulas_are_refused(tsv: Path):
    book = load_workbook(io.BytesIO(files.workbook(files.rows_of(tsv))))
    assert book.active is not None
    book.active["B7"] = "=CONCAT(A1,A2)"
    assert refusal(files.saved(book)).startswith("Dòng 7: ô B7")


def test_macros_passwords_and_old_formats(tsv: Path):
    stream = io.BytesIO(files.workbook(files.rows_of(tsv)))
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
    assert "macro" in refusal(stream.getvalue())
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64)
    assert "mật khẩu" in refusal(ole + "EncryptedPackage".encode("utf-16-le"))
    assert ".docx" in refusal(ole)


def test_damaged_and_foreign_packages(tsv: Path):
    whole = files.document(files.rows_of(tsv))
    assert refusal(whole[: len(whole) // 2])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("readme.txt", "x")
    assert "Word" in refusal(stream.getvalue())
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("word/document.xml", "<không phải xml")
    assert refusal(stream.getvalue())


def test_a_bomb_is_not_opened():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", bytes(101 * 1024 * 1024))
    assert "không được mở" in refusal(stream.getvalue())


def test_not_a_file(tmp_path: Path):
    for path in (tmp_path, tmp_path / "khong-co.tsv"):
        with pytest.raises(ImportFailedError, match="Không có tệp"):
            read_path(path)


def test_the_second_sheet_may_hold_the_table(tsv: Path):
    book = load_workbook(io.BytesIO(files.workbook(files.rows_of(tsv))))
    book.create_sheet("Bìa", 0)["A1"] = "Trang bìa"
    assert len(read_rows(read_bytes(files.saved(book)), 2021).rows) == 22


def test_dates_and_merged_cells_of_excel(db: None):
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["STT", "Nội dung", "Chủ trì", "Thời hạn"])
    sheet.append([1, "Họp báo", "Sở Nội vụ", date(2021, 5, 15)])
    sheet.append([2, "Tọa đàm", None, "Năm 2021"])
    sheet.merge_cells("C2:C3")
    rows = read_rows(read_bytes(files.saved(book)), 2021).rows
    assert rows[0]["deadline_text"] == "15/5/2021"
    assert rows[1]["lead_text"] == "Sở Nội vụ"


def test_headings_and_sub_numbers(db: None):
    text = HEAD + "I\tTuyên truyền\t\t\n1\tBáo chí\t\t\n1.1\tTin\tSở Nội vụ\tNăm 2021\n"
    text += "2\tViệc không người làm\t\t\n(1)\t(2)\t(3)\t(4)\n" + HEAD
    rows = read_rows(read_bytes(text.encode()), 2021).rows
    assert [(row["serial"], row["heading"]) for row in rows] == [
        ("1.1", "Báo chí"), ("2", "Báo chí"),
    ]  # fmt: skip


def test_what_the_document_says_of_itself(tsv: Path):
    facts = read_facts(read_bytes(files.document(files.rows_of(tsv))).preface)
    assert facts == Facts(
        "95/KH-UBND",
        date(2021, 4, 21),
        "Tuyên truyền cải cách hành chính năm 2021 trên địa bàn tỉnh Lạng Sơn",
        "ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN",
    )
    assert facts.plan_year == 2021


def test_an_appendix_says_whose_it_is():
    facts = read_facts(["(Kèm theo Kế hoạch số 266/KH-UBND ngày 16/12/2020 của UBND tỉnh)"])
    assert facts == Facts("266/KH-UBND", date(2020, 12, 16), "", "UBND tỉnh")


def test_a_template_without_number_and_day():
    facts = read_facts(["Số:      /KH-UBND", "Lạng Sơn, ngày     tháng 4 năm 2021"])
    assert facts == Facts()


def test_a_broken_date_in_the_head():
    with pytest.raises(ImportFailedError):
        read_facts(["Lạng Sơn, ngày 30 tháng 2 năm 2021"])


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes):
    for content in (data, b"PK\x03\x04" + data, HEAD.encode() + data):
        try:
            read_rows(read_bytes(content), 2021)
        except ImportFailedError:
            continue
