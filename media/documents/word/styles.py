"""The styles of a DOCX by role: built-in ones for headings and body, ours for the rest."""

from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from media.documents.layout import GAP_PT, INDENT_CM, elements
from media.documents.word.xml import fonts, node, points, run_format, twips

BODY = "BodyText"
FRAME = "ND30Frame"  # empty paragraphs that carry a rule or a break
TABLE = "ND30Table"
PAGE_NUMBER = "Header"


@dataclass(frozen=True, slots=True)
class Form:
    """How a role's paragraphs stand; the letters come from the decree's table."""

    style: str
    align: str = "center"
    before: float = 0
    after: float = 0
    indent: bool = False
    keep: bool = False
    name: str = ""
    element: str = ""


# Role of a line → its style. Headings share "Heading n", set up for sections and clauses.
FORMS: dict[str, Form] = {
    "quoc_hieu": Form("ND30Nation", name="ND30 Quốc hiệu"),
    "tieu_ngu": Form("ND30Motto", name="ND30 Tiêu ngữ"),
    "co_quan_chu_quan": Form("ND30Superior", name="ND30 Cơ quan chủ quản"),
    "co_quan_ban_hanh": Form("ND30Issuer", name="ND30 Cơ quan ban hành"),
    "so_ky_hieu": Form("ND30Number", before=6, name="ND30 Số, ký hiệu"),
    "dia_danh_thoi_gian": Form("ND30Date", before=6, name="ND30 Địa danh, thời gian"),
    "trich_yeu_cong_van": Form("ND30About", before=6, name="ND30 Trích yếu công văn"),
    "khan": Form("ND30Urgency", before=6, name="ND30 Mức độ khẩn", element="ten_loai"),
    "ten_loai": Form("Title", before=12, keep=True),
    "trich_yeu": Form("Subtitle", keep=True),
    "kinh_gui": Form("ND30To", "left", before=6, name="ND30 Kính gửi", element="noi_dung"),
    "can_cu": Form("ND30Basis", "both", 0, GAP_PT, True, name="ND30 Căn cứ"),
    "noi_dung": Form(BODY, "both", 0, GAP_PT, True),
    "phan": Form("ND30Part", before=6, keep=True, name="ND30 Phần", element="muc_la_ma"),
    "quyen_han_chuc_vu": Form("ND30Authority", name="ND30 Quyền hạn, chức vụ", keep=True),
    "ho_ten": Form("ND30Signer", name="ND30 Họ tên"),
    "noi_nhan_label": Form("ND30Recipients", "left", name="ND30 Nơi nhận", keep=True),
    "noi_nhan_items": Form("ND30Recipient", "left", name="ND30 Nơi nhận, dòng"),
    "phu_luc_label": Form("ND30Appendix", keep=True, name="ND30 Phụ lục"),
    "phu_luc_title": Form("ND30AppendixTitle", keep=True, name="ND30 Tên phụ lục"),
    "phu_luc_chi_dan": Form("ND30Reference", after=6, name="ND30 Chỉ dẫn kèm theo"),
}
# Roles without a style of their own stand as the body does; clauses and points only differ in
# what is written before them.
AS_BODY = ("khoan", "diem", "gach_dau_dong")
HEADING_ROLES = ("phan_tieu_de", "muc_la_ma", "khoan_co_tieu_de")


def style_of(role: str, level: int = 0) -> str:
    """Return the id of a role's style; headings of level 2 are Word's first below the title."""
    if level:
        return f"Heading{level - 1}"
    return FORMS[role].style if role in FORMS else BODY


def set_up(document: Any) -> None:
    """Make the document's defaults and styles those of the decree."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for part in list(defaults):
        defaults.remove(part)
    language = node("w:lang", val="vi-VN", eastAsia="vi-VN")
    size = elements()["noi_dung"].size
    letters = node("w:rPr", fonts(), *run_format(size), language)
    defaults.append(node("w:rPrDefault", letters))
    defaults.append(node("w:pPrDefault", node("w:pPr")))
    redefine(document, "Normal", Form("Normal", "left"), size, bold=False, italic=False)
    for role, form in FORMS.items():
        element = elements()[form.element or role]
        redefine(document, form.name, form, element.size, bold=element.bold, italic=element.italic)
    for level in range(1, 6):
        heading = Form(f"Heading{level}", "both", 0, GAP_PT, True, keep=True)
        redefine(document, "", heading, size, bold=True, italic=False, level=level)
    for name, style, size in (("ND30 Khung", FRAME, 1), ("ND30 Bảng", TABLE, 11)):
        redefine(document, name, Form(style, "left"), size, bold=False, italic=False)
    number = Form(PAGE_NUMBER, "center")
    redefine(document, "", number, elements()["noi_dung"].size, bold=False, italic=False)


def redefine(
    document: Any, name: str, form: Form, size: float, *, bold: bool, italic: bool, level: int = 0
) -> None:
    """Give a style its formats, replacing what the template had; make it if it is not there."""
    style = next((each for each in document.styles if each.style_id == form.style), None)
    if style is None:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), form.style)
        style.base_style = document.styles["Normal"]
        style.quick_style = True
    element = style.element
    for tag in ("w:pPr", "w:rPr"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    paragraph = [
        node("w:keepNext") if form.keep else None,
        node(
            "w:spacing",
            before=points(form.before),
            after=points(form.after),
            line="240",
            lineRule="auto",
        ),
        node("w:ind", left="0", firstLine=twips(INDENT_CM * 10) if form.indent else "0"),
        node("w:jc", val=form.align),
        node("w:outlineLvl", val=level - 1) if level else None,
    ]
    element.append(node("w:pPr", *paragraph))
    letters = list(run_format(size, bold=bold, italic=italic))
    black = node("w:color", val="000000")
    place = next((i for i, each in enumerate(letters) if each.tag == qn("w:sz")), len(letters))
    element.append(node("w:rPr", fonts(), *letters[:place], black, *letters[place:]))
