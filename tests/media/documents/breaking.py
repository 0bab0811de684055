"""Documents with one fault each, made from good ones: a fault for every rule of the decree."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from tests.media.documents import samples

Break = Callable[[Any], None]


@dataclass(frozen=True)
class Fault:
    """What is done to which sample, the rule it breaks, and the rules that fall with it."""

    rule: str
    sample: str
    break_: Break
    also: set[str] = field(default_factory=set)

    def document(self) -> bytes:
        document = opened(samples.written(self.sample))
        self.break_(document)
        return saved(document)


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def paragraphs(document: Any) -> Iterator[Paragraph]:
    for element in document.element.body.iter(qn("w:p")):
        yield Paragraph(element, document)


def find(document: Any, start: str) -> Paragraph:
    """Return the first paragraph that begins with these words."""
    return next(p for p in paragraphs(document) if p.text.startswith(start))


def say(start: str, words: str) -> Break:
    """Replace the words of the paragraph that begins so."""

    def break_(document: Any) -> None:
        runs = find(document, start).runs
        runs[0].text = words
        for run in runs[1:]:
            run.text = ""

    return break_


def letters(start: str, **look: Any) -> Break:
    """Change size, bold, italic, font or colour of the paragraph that begins so."""

    def break_(document: Any) -> None:
        for run in find(document, start).runs:
            for name, value in look.items():
                if name == "colour":
                    run.font.color.rgb = value
                else:
                    setattr(run.font, name, value)

    return break_


def lines(start: str, **form: Any) -> Break:
    """Change alignment, indents or spacing of the paragraph that begins so."""

    def break_(document: Any) -> None:
        for name, value in form.items():
            setattr(find(document, start).paragraph_format, name, value)

    return break_


def section(index: int, **values: Any) -> Break:
    def break_(document: Any) -> None:
        for name, value in values.items():
            setattr(document.sections[index], name, value)

    return break_


def drop(start: str) -> Break:
    def break_(document: Any) -> None:
        element = find(document, start)._p
        element.getparent().remove(element)

    return break_


def drop_rule_after(start: str) -> Break:
    def break_(document: Any) -> None:
        element = find(document, start)._p.getnext()
        assert element.find(qn("w:pPr")).find(qn("w:pBdr")) is not None
        element.getparent().remove(element)

    return break_


def stretch_rule_after(start: str) -> Break:
    """Let the rule below run through the whole column."""

    def break_(document: Any) -> None:
        indent = find(document, start)._p.getnext().find(qn("w:pPr")).find(qn("w:ind"))
        indent.set(qn("w:left"), "0")
        indent.set(qn("w:right"), "0")

    return break_


def in_header(change: Callable[[Paragraph], None]) -> Break:
    def break_(document: Any) -> None:
        change(document.sections[0].header.paragraphs[0])

    return break_


def enlarge(paragraph: Paragraph) -> None:
    for run in paragraph._p.iter(qn("w:r")):
        form = OxmlElement("w:rPr")
        size = OxmlElement("w:sz")
        size.set(qn("w:val"), "20")
        form.append(size)
        run.insert(0, form)


def number_pages(**values: str) -> Break:
    """Change how the pages of every section count."""

    def break_(document: Any) -> None:
        for each in document.element.body.iter(qn("w:pgNumType")):
            for name, value in values.items():
                each.set(qn(f"w:{name}"), value)

    return break_


def appendix_goes_on(document: Any) -> None:
    document.sections[-1]._sectPr.find(qn("w:pgNumType")).attrib.pop(qn("w:start"))


def second_row(document: Any) -> None:
    """Put the date into a row of its own."""
    element = find(document, "Lạng Sơn, ngày")._p
    row = element.getparent().getparent()
    new = OxmlElement("w:tr")
    row.addnext(new)
    new.append(element.getparent())
    empty = OxmlElement("w:tc")
    empty.append(OxmlElement("w:p"))
    row.append(empty)
    first = OxmlElement("w:tc")
    first.append(OxmlElement("w:p"))
    new.insert(0, first)


def signature_below(document: Any) -> None:
    """Put the signature into a row below the recipients."""
    cell = find(document, "TM. ")._p.getparent()
    row = cell.getparent()
    new = OxmlElement("w:tr")
    row.addnext(new)
    first = OxmlElement("w:tc")
    first.append(OxmlElement("w:p"))
    new.append(first)
    new.append(cell)


def unboxed(document: Any) -> None:
    form = find(document, "HỎA TỐC")._p.find(qn("w:pPr"))
    form.remove(form.find(qn("w:pBdr")))


def landscape(document: Any) -> None:
    """Turn a document without tables on its side: the tables of head and ending go as well."""
    document.sections[0].page_width, document.sections[0].page_height = Mm(297), Mm(210)
    for table in list(document.element.body.iter(qn("w:tbl"))):
        for paragraph in list(table.iter(qn("w:p"))):
            table.addprevious(paragraph)
        table.getparent().remove(table)


RIGHT, LEFT = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
CENTER = WD_ALIGN_PARAGRAPH.CENTER
NATION, MOTTO = "CỘNG HÒA", "Độc lập"
SUBJECT = "Tuyên truyền cải cách"
FIRST = "Ủy ban nhân dân tỉnh ban hành"

FAULTS = [
    Fault("page.size", "plan", section(0, page_height=Mm(279), page_width=Mm(216)), {
        "subject.rule",
    }),
    Fault("page.orientation", "invitation", landscape, {
        "date.place", "authority.place", "issuer.rule", "subject.rule", "motto.rule", "issuer.caps",
        "issuer.size", "issuer.style", "issuer.place", "superior.size", "superior.style",
        "signer.look", "authority.look", "recipients.marks", "signer.present",
    }),
    Fault("page.margin_top", "plan", section(0, top_margin=Mm(30))),
    Fault("page.margin_bottom", "plan", section(1, bottom_margin=Mm(10))),
    Fault("page.margin_left", "plan", section(0, left_margin=Mm(25)), {"subject.rule"}),
    Fault("page.margin_right", "plan", section(0, right_margin=Mm(25)), {"subject.rule"}),
    Fault("page.font", "plan", letters(FIRST, name="Arial")),
    Fault("page.encoding", "plan", letters(FIRST, name=".VnTime")),
    Fault("page.colour", "plan", letters(FIRST, colour=RGBColor(0, 0, 0xFF))),
    Fault("number_of_page.shown", "plan", in_header(
        lambda p: setattr(p.paragraph_format, "alignment", RIGHT)
    )),
    Fault("number_of_page.first_hidden", "plan", section(
        0, different_first_page_header_footer=False
    )),
    Fault("number_of_page.look", "plan", in_header(enlarge)),
    Fault("number_of_page.numerals", "plan", number_pages(fmt="lowerRoman")),
    Fault("nation.text", "plan", say(NATION, "Cộng hòa xã hội chủ nghĩa Việt Nam")),
    Fault("nation.size", "plan", letters(NATION, size=Pt(14))),
    Fault("nation.style", "plan", letters(NATION, bold=False)),
    Fault("motto.text", "plan", say(MOTTO, "Độc lập-Tự do-Hạnh phúc"), {"motto.rule"}),
    Fault("motto.size", "plan", letters(MOTTO, size=Pt(12)), {"motto.rule"}),
    Fault("motto.style", "plan", letters(MOTTO, italic=True)),
    Fault("motto.place", "plan", lines(MOTTO, alignment=LEFT)),
    Fault("motto.rule", "plan", drop_rule_after(MOTTO)),
    Fault("motto.spacing", "plan", lines(MOTTO, space_before=Pt(12))),
    Fault("superior.size", "urging", letters("UBND TỈNH", size=Pt(14))),
    Fault("superior.style", "urging", letters("UBND TỈNH", bold=True)),
    Fault("issuer.caps", "plan", say("TỈNH LẠNG SƠN", "Tỉnh Lạng Sơn")),
    Fault("issuer.size", "plan", letters("TỈNH LẠNG SƠN", size=Pt(14))),
    Fault("issuer.style", "urging", letters("SỞ NỘI VỤ", bold=False)),
    Fault("issuer.rule", "plan", stretch_rule_after("TỈNH LẠNG SƠN")),
    Fault("issuer.place", "plan", lines("TỈNH LẠNG SƠN", alignment=LEFT)),
    Fault("number.form", "plan", say("Số:", "Số 95/ KH - UBND"), {"symbol.kind"}),
    Fault("number.zero", "urging", say("Số:", "Số: 5/SNV-CCHC")),
    Fault("number.look", "plan", letters("Số:", size=Pt(12))),
    Fault("date.form", "plan", say("Lạng Sơn,", "lạng sơn ngày 21 tháng 4 năm 2021")),
    Fault("date.zero", "plan", say("Lạng Sơn,", "Lạng Sơn, ngày 1 tháng 04 năm 2021")),
    Fault("date.real", "plan", say("Lạng Sơn,", "Lạng Sơn, ngày 30 tháng 02 năm 2021")),
    Fault("date.size", "plan", letters("Lạng Sơn,", size=Pt(12))),
    Fault("date.style", "plan", letters("Lạng Sơn,", italic=False)),
    Fault("date.place", "plan", second_row),
    Fault("kind.caps", "plan", say("KẾ HOẠCH", "Kế hoạch")),
    Fault("kind.look", "plan", letters("KẾ HOẠCH", size=Pt(16))),
    Fault("kind.place", "plan", lines("KẾ HOẠCH", alignment=LEFT)),
    Fault("subject.look", "plan", letters(SUBJECT, bold=False)),
    Fault("subject.place", "plan", lines(SUBJECT, alignment=LEFT)),
    Fault("subject.rule", "plan", stretch_rule_after(SUBJECT)),
    Fault("letter.subject", "urging", letters("V/v", italic=True)),
    Fault("letter.gap", "urging", lines("V/v", space_before=Pt(0))),
    Fault("symbol.kind", "plan", say("Số:", "Số: 95/BC-UBND")),
    Fault("bases.look", "plan", letters("Căn cứ", italic=False)),
    Fault("bases.marks", "plan", say("Căn cứ", "Căn cứ Luật Tổ chức chính quyền địa phương.")),
    Fault("body.size", "plan", letters(FIRST, size=Pt(12))),
    Fault("body.upright", "plan", letters(FIRST, italic=True)),
    Fault("body.justified", "plan", lines(FIRST, alignment=LEFT)),
    Fault("body.indent", "plan", lines(FIRST, first_line_indent=Cm(0))),
    Fault("body.gaps", "plan", lines("a) Nội dung", space_after=Pt(0))),
    Fault("body.line", "plan", lines(FIRST, line_spacing=2.0)),
    Fault("section.look", "plan", say("I. ", "I. Mục đích, yêu cầu")),
    Fault("section.order", "plan", say("II. ", "III. TỔ CHỨC THỰC HIỆN")),
    Fault("part.look", "report", letters("Phần I", italic=True)),
    Fault("clause.look", "plan", letters("1. Mục đích", bold=False)),
    Fault("clause.order", "plan", say("2. Yêu cầu", "3. Yêu cầu")),
    Fault("point.order", "plan", say("đ) ", "e) Nội dung thứ 5;")),
    Fault("closing.mark", "plan", say("Trên đây", "Trên đây là Kế hoạch tuyên truyền năm 2021.")),
    Fault("authority.form", "plan", say("KT. CHỦ TỊCH", "KT CHỦ TỊCH")),
    Fault("authority.look", "plan", letters("PHÓ CHỦ TỊCH", bold=False)),
    Fault("authority.place", "plan", signature_below),
    Fault("signer.present", "plan", drop("Nguyễn Văn A")),
    Fault("signer.look", "plan", letters("Nguyễn Văn A", bold=False)),
    Fault("signer.title", "plan", say("Nguyễn Văn A", "TS. Nguyễn Văn A")),
    Fault("recipients.label", "plan", letters("Nơi nhận", size=Pt(14))),
    Fault("recipients.size", "plan", letters("- Bộ Nội vụ", size=Pt(13))),
    Fault("recipients.marks", "plan", say("- Bộ Nội vụ", "Bộ Nội vụ")),
    Fault("recipients.archive", "plan", say("- Lưu", "- Lưu VT.")),
    Fault("recipients.as_above", "report", drop("- Như trên")),
    Fault("addressees.look", "urging", letters("Kính gửi", bold=True)),
    Fault("addressees.marks", "urging", say("- Các sở, ban, ngành;", "- Các sở, ban, ngành,")),
    Fault("urgency.look", "urging", unboxed),
    Fault("appendix.mention", "plan", say("2. Phân công", "2. Phân công cụ thể như sau.")),
    Fault("appendix.numbers", "report", say("Phụ lục II", "Phụ lục 2")),
    Fault("appendix.label", "plan", say("Phụ lục", "PHỤ LỤC")),
    Fault("appendix.title", "plan", letters("BẢNG PHÂN CÔNG", bold=False)),
    Fault("appendix.reference", "plan", letters("(Kèm theo", italic=False)),
    Fault("appendix.pages", "plan", appendix_goes_on),
]  # fmt: skip
