"""Criterion sets as files: a round trip, and every fault named with its line."""

import io

import pytest
from openpyxl import load_workbook

from campaigns.importing.problems import ImportFailedError
from campaigns.scoring import samples
from campaigns.scoring.exchange import SetDraft, export, read_set, store
from campaigns.scoring.files import guarded, unguarded
from campaigns.scoring.models import CriterionSet

HEAD = (
    "Bộ tiêu chí\tThử\nNăm\t2026\n"
    "Mã\tTên lĩnh vực, tiêu chí\tĐiểm tối đa\tThuộc\tCách tính\tQuy tắc\n"
)


def rows(draft: SetDraft) -> list[tuple[object, ...]]:
    """What a set says, without the lines of its file."""
    names = ("parent", "code", "title", "maximum", "method", "rule", "guidance", "evidence_wanted")
    return [tuple(getattr(row, name) for name in names) for row in draft.rows]


@pytest.mark.django_db
@pytest.mark.parametrize("name", [samples.COMMUNE, samples.PROVINCE])
@pytest.mark.parametrize("form", ["xlsx", "tsv"])
def test_a_round_trip_loses_nothing(name: str, form: str) -> None:
    draft = samples.sample(name)
    again = read_set(export(store(draft), form))
    assert again.facts == draft.facts
    assert rows(again) == rows(draft)


@pytest.mark.django_db
def test_texts_with_lines_quotes_and_signs_come_back() -> None:
    made = store(samples.sample(samples.COMMUNE))
    one = made.criteria.get(code="4.1")
    one.title, one.guidance = '=1+1 "tốt"', "Năm 2021.\nBáo cáo\tquý\n'-3"
    one.save()
    for form in ("xlsx", "tsv"):
        found = read_set(export(made, form)).rows[1]
        assert (found.title, found.guidance) == (one.title, one.guidance)
    book = load_workbook(io.BytesIO(export(made, "xlsx")))
    assert not [c for row in book.active.iter_rows() for c in row if c.data_type == "f"]


@pytest.mark.one_database
@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "tự chấm", "'", "", "-", "'a"])
def test_guarding_a_cell_can_be_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "-"))


@pytest.mark.django_db
def test_a_sample_says_so_in_the_file_and_keeps_its_warning() -> None:
    made = store(samples.sample(samples.PROVINCE, 2030))
    content = export(made, "tsv").decode("utf-8-sig")
    assert "Bộ mẫu\tcó, chỉ là mẫu" in content
    assert "cần đối chiếu 892/QĐ-BNV" in content
    assert made.is_sample
    assert not made.is_open
    assert "hạn 31/01/2030" in content


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("1\tA\tmột\t\tnhập điểm\t\n", 4, "một"),
        ("1\tA\t1\t\tluỹ tiến\t\n", 4, "luỹ tiến"),
        ("1\tA\t1\t\ttỷ lệ\tsàn 120%\n", 4, "120"),
        ("1\tA\t1\t\tnhập điểm\t\n1\tB\t1\t\tnhập điểm\t\n", 5, "dòng 4"),
        ("1\tA\t1\t9\tnhập điểm\t\n", 4, "“9”"),
        ("1\tA\t2\t\t\t\n1.1\tB\t1\t1\tnhập điểm\t\n", 4, "cộng lại"),
        ("1\tA\t1\t\t\t\n", 4, "quy tắc"),
        ("1\tA\t1\t\tnhập điểm\t\n1.1\tB\t1\t1\tnhập điểm\t\n", 4, "thành phần"),
        ('1\tA\t1\t\tbậc thang\t"0 - 50 = 0\n60 - = 1"\n', 4, "hở giữa 50 và 60"),
        ("?\tA\t1\t\tnhập điểm\t\n", 4, "Mã"),
        ("1\t\t1\t\tnhập điểm\t\n", 4, "Tên lĩnh vực"),
        ("1\tA\t1\t\t\tsàn 90%\n", 4, "cách tính"),
    ],
)
@pytest.mark.one_database
def test_a_fault_is_named_with_its_line(body: str, line: int, words: str) -> None:
    with pytest.raises(ImportFailedError) as caught:
        read_set((HEAD + body).encode())
    assert [problem.line for problem in caught.value.problems] == [line]
    assert words in str(caught.value.problems[0])


@pytest.mark.one_database
def test_all_faults_are_told_at_once() -> None:
    body = "1\tA\tmột\t\tnhập điểm\t\n2\tB\t1\t\tluỹ tiến\t\n3\tC\t1\t\tnhập điểm\t\n"
    with pytest.raises(ImportFailedError) as caught:
        read_set((HEAD + body).encode())
    assert [problem.line for problem in caught.value.problems] == [4, 5]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "trống"),
        ("Mã\tTên\n".encode(), "tiêu đề"),
        (HEAD.replace("2026", "hai nghìn").encode(), "hai nghìn"),
        (HEAD.replace("Năm\t", "Tháng\t").encode(), "Tháng"),
        (HEAD.replace("Năm\t2026\n", "").encode(), "Năm"),
        (HEAD.encode(), "chưa có tiêu chí"),
        (b"PK\x03\x04rac", "hỏng"),
        (b"x" * (3 * 1024 * 1024), "MB"),
    ],
)
def test_what_is_no_set_is_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(ImportFailedError) as caught:
        read_set(data)
    assert words in str(caught.value)


@pytest.mark.django_db
def test_a_formula_in_a_workbook_is_named_with_its_cell() -> None:
    made = store(samples.sample(samples.COMMUNE))
    book = load_workbook(io.BytesIO(export(made, "xlsx")))
    book.active["D11"] = "=1+1"
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(ImportFailedError, match="D11"):
        read_set(stream.getvalue())
    assert CriterionSet.objects.count() == 1
