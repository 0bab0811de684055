"""The checker: every rule is kept by our documents and caught where it is broken."""

import io
import random
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsmap, qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from media.documents.checking import package, reading
from media.documents.checking.package import UnreadableError
from media.documents.checking.report import Status, check, rules
from tests.media.documents import breaking, samples

GOOD_PLAN = samples.written("plan")
NAMESPACE = nsmap["w"]


def broken(data: bytes) -> set[str]:
    return {verdict.rule.id for verdict in check(data).broken}


@pytest.mark.parametrize("name", samples.ALL)
def test_our_documents_break_nothing(name: str):
    report = check(samples.written(name))
    assert [each for verdict in report.broken for each in verdict.broken] == []
    assert len(report.kept) > 50


def test_every_rule_is_kept_by_one_of_our_documents():
    reports = [check(samples.written(name)) for name in samples.ALL]
    assert {v.rule.id for report in reports for v in report.kept} == set(rules())


def test_every_rule_has_a_document_that_breaks_it():
    assert {fault.rule for fault in breaking.FAULTS} == set(rules())
    assert len(breaking.FAULTS) >= 30


@pytest.mark.parametrize("fault", breaking.FAULTS, ids=lambda fault: fault.rule)
def test_a_fault_is_caught_and_nothing_else_is_blamed(fault: breaking.Fault):
    found = broken(fault.document())
    assert fault.rule in found
    assert found <= {fault.rule, *fault.also}


def packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


GOOD = "word/document.xml"
HOSTILE = {
    "empty": (b" ", "rỗng"),
    "large": (b"PK" + b"x" * package.MAX_BYTES, "lớn hơn"),
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "định dạng cũ"),
    "password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "mật khẩu",
    ),
    "pdf": (b"%PDF-1.7", "không phải tệp Word"),
    "broken zip": (b"PK\x03\x04 nothing", "hỏng"),
    "other zip": (packed({"xl/workbook.xml": b"<a/>"}), "không phải tệp Word"),
    "bomb": (packed({GOOD: b" " * (package.MAX_XML + 1)}), "quá lớn"),
    "many": (packed({f"{n}": b"" for n in range(package.MAX_PARTS + 1)} | {GOOD: b""}), "quá lớn"),
    "macros": (packed({GOOD: b"<a/>", "word/vbaProject.bin": b"x"}), "macro"),
    "not xml": (packed({GOOD: b"<a"}), "hỏng"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_must_not_be_opened_is_refused_with_its_reason(name: str):
    data, reason = HOSTILE[name]
    with pytest.raises(UnreadableError, match=reason):
        check(data)


def test_entities_are_not_expanded_and_nothing_is_fetched():
    good = samples.written("plan")
    bomb = b'<!DOCTYPE a [<!ENTITY x "yyyyyyyyyy"><!ENTITY z SYSTEM "file:///etc/passwd">]>'
    parts = {}
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    body = parts[GOOD].replace("Căn cứ Luật Báo chí".encode(), "&x;&z; Căn cứ".encode())
    parts[GOOD] = body.replace(b"?>", b"?>" + bomb, 1)
    report = check(packed(parts))
    found = str(report.as_data())
    assert "yyyyy" not in found
    assert "root:" not in found


def test_a_document_of_another_kind_is_read_without_an_error():
    document = docx.Document()
    document.add_heading("Ghi chép", 1)
    document.add_paragraph("Không phải văn bản hành chính.")
    stream = io.BytesIO()
    document.save(stream)
    report = check(stream.getvalue())
    assert {"nation.text", "number.form", "date.form", "page.font"} <= {
        verdict.rule.id for verdict in report.broken
    }


def test_numbers_word_writes_by_itself_are_read():
    """Word's letters know no đ: its fifth point is e), the decree's is đ)."""
    document = breaking.opened(samples.written("plan"))
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "77")
    level = OxmlElement("w:lvl")
    level.set(qn("w:ilvl"), "0")
    for tag, value in (("start", "1"), ("numFmt", "lowerLetter"), ("lvlText", "%1)")):
        child = OxmlElement(f"w:{tag}")
        child.set(qn("w:val"), value)
        level.append(child)
    abstract.append(level)
    numbering.insert(0, abstract)
    num = OxmlElement("w:num")
    num.set(qn("w:numId"), "77")
    reference = OxmlElement("w:abstractNumId")
    reference.set(qn("w:val"), "77")
    num.append(reference)
    numbering.append(num)
    for index in range(1, 11):
        number_it(document, f"Nội dung thứ {index};")
    wrong = {v.rule.id: v for v in check(breaking.saved(document)).broken}
    assert set(wrong) == {"point.order"}
    first = wrong["point.order"].broken[0]
    assert (first.found, first.wanted) == ("e)", "đ)")


def number_it(document: object, words: str) -> None:
    """Let Word number the paragraph that holds these words."""
    paragraph = next(p for p in breaking.paragraphs(document) if p.text.endswith(words))
    for run in paragraph.runs:
        run.text = ""
    paragraph.runs[0].text = words
    settings = OxmlElement("w:numPr")
    for tag, value in (("ilvl", "0"), ("numId", "77")):
        child = OxmlElement(f"w:{tag}")
        child.set(qn("w:val"), value)
        settings.append(child)
    paragraph._p.get_or_add_pPr().append(settings)


LINES = {
    "underscores": "<w:p xmlns:w='{w}'><w:pPr><w:jc w:val='center'/></w:pPr><w:r><w:rPr>"
    "<w:sz w:val='24'/></w:rPr><w:t>_______</w:t></w:r></w:p>",
    "VML": "<w:p xmlns:w='{w}' xmlns:v='urn:schemas-microsoft-com:vml'><w:r><w:pict>"
    "<v:line from='10pt,2pt' to='52pt,2pt'/></w:pict></w:r></w:p>",
    "drawing": "<w:p xmlns:w='{w}' xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/"
    "wordprocessingDrawing'><w:r><w:drawing><wp:anchor><wp:extent cx='540000' cy='0'/>"
    "</wp:anchor></w:drawing></w:r></w:p>",
}


@pytest.mark.parametrize("kind", LINES)
def test_rules_are_measured_however_they_are_drawn(kind: str):
    document = breaking.opened(samples.written("plan"))
    old = breaking.find(document, "TỈNH LẠNG SƠN")._p.getnext()
    old.addprevious(parse_xml(LINES[kind].format(w=NAMESPACE)))
    old.getparent().remove(old)
    assert broken(breaking.saved(document)) == set()


def test_the_report_as_data_names_rule_source_and_status():
    fault = next(each for each in breaking.FAULTS if each.rule == "number.zero")
    rows = {row["rule"]: row for row in check(fault.document()).as_data()}
    row = rows["number.zero"]
    assert row["status"] == Status.BROKEN.value == "broken"
    assert row["source"] == "Phụ lục I, Phần I, II.3.c, Nghị định số 30/2020/NĐ-CP"
    assert row["broken"] == [{"where": "Đoạn 7: “Số: 5/SNV-CCHC”", "found": "5", "wanted": "05"}]
    assert rows["point.order"]["status"] == "not applicable"


def test_names_broken_inside_a_paragraph_are_lines():
    """Nation and motto, or the issuer's lines, are often one paragraph with line breaks."""
    document = breaking.opened(samples.written("plan"))
    for upper, lower in (("ỦY BAN NHÂN DÂN", "TỈNH LẠNG SƠN"), ("TM. ỦY BAN", "KT. CHỦ TỊCH")):
        above, below = breaking.find(document, upper), breaking.find(document, lower)
        above.runs[-1].add_break()
        above._p.append(below.runs[0]._r)
        below._p.getparent().remove(below._p)
    assert broken(breaking.saved(document)) == set()


VALUES = st.sampled_from(["", "-1", "0", "nan", "inf", "1e9", "99999999999", "x", "true", "\u0301"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), value=VALUES, is_removed=st.booleans())
def test_no_document_breaks_the_checker(seed: int, value: str, is_removed: bool):
    """Attributes with wild values, elements that are missing: a report, or a reason."""
    choose = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(GOOD_PLAN)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = choose.choice(["word/document.xml", "word/styles.xml", "word/numbering.xml"])
    root = parse_xml(parts[name])
    elements = [each for each in root.iter() if each.getparent() is not None]
    for element in choose.sample(elements, min(12, len(elements))):
        if is_removed and element.getparent() is not None:
            element.getparent().remove(element)
        elif element.attrib:
            element.set(choose.choice(list(element.attrib)), value)
    parts[name] = etree.tostring(root)
    try:
        count = len(check(packed(parts)).verdicts)
    except UnreadableError:
        return
    assert count == len(rules())


def changed(name: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD_PLAN)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    assert old in parts[name]
    parts[name] = parts[name].replace(old, new)
    return packed(parts)


def test_parts_of_a_wrong_type_are_refused():
    with pytest.raises(UnreadableError, match="hỏng"):
        check(changed("[Content_Types].xml", b"wordprocessingml.styles", b"wordprocessingml.x"))


def test_a_document_without_page_settings_breaks_those_rules():
    document = breaking.opened(GOOD_PLAN)
    for settings_of_page in list(document.element.body.iter(qn("w:sectPr"))):
        settings_of_page.getparent().remove(settings_of_page)
    assert {"page.size", "page.margin_left"} <= broken(breaking.saved(document))


def test_a_document_without_end_is_given_up():
    paragraph = b"<w:p><w:r><w:t>x</w:t></w:r></w:p>"
    many = changed(GOOD, b"<w:sectPr", paragraph * (reading.MAX_LINES + 1) + b"<w:sectPr")
    with pytest.raises(UnreadableError, match="quá dài"):
        check(many)


@pytest.mark.parametrize(
    ("sample", "rules_broken"),
    [
        ("invitation", set()),
        ("plan", {"number_of_page.shown"}),  # with more than a page holds
    ],
)
def test_a_single_page_needs_no_number(sample: str, rules_broken: set[str]):
    document = breaking.opened(samples.written(sample))
    if rules_broken:
        breaking.find(document, "Nâng cao").runs[0].text = samples.LONG * 10
    field = next(document.sections[0].header.paragraphs[0]._p.iter(qn("w:fldSimple")))
    field.getparent().remove(field)
    assert broken(breaking.saved(document)) == rules_broken
