"""Files of every kind and encoding, good and bad, into blocks of text."""

import unicodedata
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ingest.articles import ImportedArticle, UnreadableFile, read_article
from ingest.articles.article import MAX_BYTES, MAX_REMARKS
from ingest.articles.encodings import decode
from ingest.articles.legacy import TCVN3, from_tcvn3, from_vni

HEADLINE = "Ủy ban nhân dân tỉnh tổ chức đối thoại với thanh niên về chuyển đổi số"
LEAD = "Sáng 12/5, lãnh đạo tỉnh đối thoại với hai trăm đoàn viên, thanh niên các xã, phường."
BODY = (
    "Buổi đối thoại tập trung vào việc sử dụng dịch vụ công trực tuyến, khởi nghiệp ở vùng cao và "
    "kỹ năng an toàn trên không gian mạng; nhiều ý kiến được trả lời ngay tại hội trường."
)
END = (
    "Kết luận buổi đối thoại, lãnh đạo tỉnh giao các sở tiếp thu ý kiến, trả lời bằng văn bản và "
    "công khai trên Cổng thông tin điện tử trước cuối tháng này để thanh niên theo dõi, giám sát./."
)
TEXT = f"{HEADLINE}\n\n{LEAD}\n\n{BODY}\n\n{END}\n\nHoàng Lan\n"

# The tables of the module under test, turned around, would hide a mistake in them: these samples
# were written by hand with the byte charts at hand.
TCVN3_SAMPLE = "Héi nghÞ tæng kÕt c«ng t¸c c¶i c¸ch hµnh chÝnh, ®Èy m¹nh chuyÓn ®æi sè"
VNI_SAMPLE = "Hoäi nghò toång keát coâng taùc caûi caùch haønh chính, ñaåy maïnh chuyeån ñoåi soá"
SAMPLE = "Hội nghị tổng kết công tác cải cách hành chính, đẩy mạnh chuyển đổi số"


def to_tcvn3(text: str) -> bytes:
    letters = {letter: byte for byte, letter in TCVN3.items()}
    return bytes(letters.get(c, letters.get(c.lower(), ord(c))) for c in text)


def to_windows_1258(text: str) -> bytes:
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parts = []
    for char in text:
        marks = unicodedata.normalize("NFD", char)
        base = unicodedata.normalize("NFC", "".join(m for m in marks if m not in tones))
        parts.append(base + "".join(m for m in marks if m in tones))
    return "".join(parts).encode("cp1258")


def refused(data: bytes, name: str = "bai.txt") -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_article(data, name)
    assert name in str(caught.value)
    return caught.value.reason


def test_tcvn3_by_the_chart() -> None:
    assert from_tcvn3(TCVN3_SAMPLE) == SAMPLE
    assert decode(TCVN3_SAMPLE.encode("cp1252"), "a.txt") == (SAMPLE, "TCVN3")


def test_vni_by_the_chart() -> None:
    assert from_vni(VNI_SAMPLE) == SAMPLE
    assert decode(VNI_SAMPLE.encode("cp1252"), "a.txt") == (SAMPLE, "VNI")


def test_windows_1258() -> None:
    assert decode(to_windows_1258(SAMPLE), "a.txt") == (SAMPLE, "Windows-1258")


def test_capitals_that_tcvn3_draws_with_another_font_come_back() -> None:
    assert from_tcvn3("HéI NGHÞ") == "HỘI NGHỊ"
    assert from_tcvn3("Hµ Néi") == "Hà Nội"
    assert from_tcvn3("UBND tØnh") == "UBND tỉnh"
    assert from_tcvn3("Uû ban nh©n d©n") == "Ủy ban nhân dân".replace("Ủy", "Uỷ")


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        unicodedata.normalize("NFD", TEXT).encode(),
        TEXT.replace(" ", "\u00a0").encode(),
        to_windows_1258(TEXT),
        to_tcvn3(TEXT),
        to_tcvn3(TEXT).decode("cp1252").encode(),  # TCVN3 that a program took for Western text
    ],
    ids=[
        "utf8",
        "bom",
        "utf16",
        "utf16le",
        "utf16be",
        "crlf",
        "nfd",
        "nbsp",
        "1258",
        "tcvn3",
        "twice",
    ],
)
def test_every_encoding_gives_the_same_article(data: bytes) -> None:
    article = read_article(data, "bai.txt")
    assert article.headline == HEADLINE
    assert article.sapo == LEAD
    assert article.body == (BODY, END)
    assert article.author == "Hoàng Lan"


def test_a_converted_file_says_so() -> None:
    assert any("TCVN3" in warning for warning in read_article(to_tcvn3(TEXT), "a.txt").warnings)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "bai.txt", "trống"),
        (b" \r\n\t ", "bai.txt", "trống"),
        ("\u200b\u00a0".encode(), "bai.txt", "không có chữ"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "anh.txt", "PNG"),
        (b"%PDF-1.7\n", "van-ban.docx", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "cu.docx", ".doc"),
        (b"{\\rtf1\\ansi}", "bai.txt", "RTF"),
        (bytes(range(256)) * 4, "nhi-phan.txt", "ký tự điều khiển"),
        (TEXT.encode(), "bai.docx", "Word"),
        (TEXT.encode(), "bai.odt", ".docx"),
        (TEXT.encode(), "bai", ".docx"),
        (b"x" * (MAX_BYTES + 1), "to.txt", "10 MB"),
        ("Le préfet a été reçu à l'hôtel".encode("cp1252") * 20, "phap.txt", "dòng 1"),
        (TEXT.encode().replace("đối".encode(), b"\xff\xfe", 1), "hong.txt", "dòng 1, cột"),
        (TEXT.encode("utf-16") + b"\x00\xd8\x00", "hong.txt", "byte"),
        (b"PK\x03\x04" + bytes(100), "hong.docx", "hỏng"),
    ],
)
def test_bad_files_are_refused_by_name_and_reason(data: bytes, name: str, words: str) -> None:
    assert words in refused(data, name)


PARAGRAPH = "Sở Nội vụ tổ chức hội nghị tuyên truyền về công tác cải cách hành chính. "
BOOKS = {
    "lines": ("a\n" * 2001, "sach.txt", "2.000 đoạn"),
    "characters": (PARAGRAPH * 7000, "sach.txt", "500.000 ký tự"),
    "bytes": (PARAGRAPH * 30_000, "sach.txt", "2 MB"),
    "tags": ("<html>" + "<p>a</p>" * 100_000, "sach.html", "mã HTML"),
    "entities": ("<html><p>" + "&amp;" * 100_001, "sach.html", "mã HTML"),
    "breaks": ("<html>" + "a<br>" * 2001, "sach.html", "2.000 đoạn"),
}


@pytest.mark.parametrize("case", BOOKS)
def test_what_is_far_too_long_for_an_article_is_refused(case: str) -> None:
    text, name, words = BOOKS[case]
    assert words in refused(text.encode(), name)


def test_a_word_file_of_too_many_paragraphs_is_refused() -> None:
    document = Document()
    for _number in range(2001):
        document.add_paragraph("Một đoạn")
    assert "2.000 đoạn" in refused(word(document), "sach.docx")


def test_a_word_file_of_endless_markup_is_not_opened() -> None:
    assert "giải nén" in refused(package(word__document_xml=bytes(11 * 1024**2)), "bom.docx")


def test_pictures_inside_a_saved_page_do_not_count_as_text() -> None:
    picture = '<img src="data:image/png;base64,' + "iVBORw0KGgo=" * 400_000 + '">'
    page = f"<html><body><article><h1>Hội nghị cải cách hành chính</h1>{picture}<p>{TEXT}</p>"
    assert "iVBOR" not in str(read_article(page.encode(), "trang.html").as_json())


def test_remarks_end_where_nobody_reads_on() -> None:
    text = "\n".join(f"Đoạn {number}: nộp nộp hồ sơ tại xã." for number in range(300))
    warnings = read_article(text.encode(), "lap.txt").warnings
    assert len(warnings) == MAX_REMARKS + 1
    assert "danh sách" in warnings[-1]


def package(**members: bytes) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


def test_packages_that_are_no_documents_are_refused() -> None:
    assert "ZIP" in refused(package(anh=b"x"), "bai.docx")
    assert "hỏng" in refused(package(word__document_xml=b"<w:document"), "bai.docx")


def test_a_package_that_unpacks_without_end_is_not_opened() -> None:
    bomb = package(word__document_xml=bytes(81 * 1024 * 1024))
    assert len(bomb) < MAX_BYTES
    assert "giải nén" in refused(bomb, "bom.docx")
    assert "giải nén" in refused(package(**{f"m{n}": b"" for n in range(2001)}), "bom.docx")


def word(document: object) -> bytes:
    buffer = BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def test_styles_of_a_word_document_are_hints() -> None:
    document = Document()
    document.add_paragraph("Sở Nội vụ")
    document.add_paragraph(HEADLINE, style="Title")
    document.add_paragraph(LEAD, style="Subtitle")
    document.add_paragraph(BODY)
    document.add_paragraph("Kết quả", style="Heading 2")
    document.add_paragraph("Thanh niên nêu câu hỏi", style="Caption")
    document.add_paragraph(END)
    document.add_paragraph("Hoàng Lan")
    article = read_article(word(document), "bai.docx")
    assert article.headline == HEADLINE
    assert article.sapo == LEAD
    assert article.body == (BODY, "Kết quả", END)
    assert article.captions == ("Thanh niên nêu câu hỏi",)
    assert article.author == "Hoàng Lan"
    assert any("Sở Nội vụ" in warning for warning in article.warnings)


def test_a_bold_first_paragraph_is_the_sapo() -> None:
    document = Document()
    document.add_paragraph().add_run(HEADLINE).bold = True
    document.add_paragraph().add_run(LEAD).bold = True
    document.add_paragraph(BODY)
    document.add_paragraph(END)
    article = read_article(word(document), "bai.docx")
    assert (article.headline, article.sapo, article.body) == (HEADLINE, LEAD, (BODY, END))


def test_tracked_changes_are_taken_as_accepted() -> None:
    document = Document()
    document.add_paragraph(HEADLINE)
    paragraph = document.add_paragraph(BODY)
    for tag, text_tag, text in (("w:del", "w:delText", "bỏ đi"), ("w:ins", "w:t", " Thêm vào.")):
        change, run, content = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
        content.text = text
        content.set(qn("xml:space"), "preserve")
        run.append(content)
        change.append(run)
        paragraph._p.append(change)
    article = read_article(word(document), "bai.docx")
    assert article.body == (BODY + " Thêm vào.",)
    assert any("thay đổi" in warning for warning in article.warnings)


def test_pictures_are_counted_and_tables_kept() -> None:
    picture = BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    document = Document()
    document.add_paragraph(HEADLINE)
    document.add_paragraph(BODY)
    document.add_picture(BytesIO(picture.getvalue()))
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Số hồ sơ"
    table.cell(0, 1).text = "1.250"
    document.add_paragraph(END)
    article = read_article(word(document), "bai.docx")
    assert "Số hồ sơ | 1.250" in article.body
    assert any("1 ảnh" in warning for warning in article.warnings)


def test_a_document_with_200_pictures_is_read() -> None:
    picture = BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    document = Document()
    document.add_paragraph(HEADLINE)
    document.add_paragraph(BODY)
    for number in range(200):
        # Each of its own: a package keeps equal pictures once.
        document.add_picture(BytesIO(picture.getvalue() + bytes(number)))
    article = read_article(word(document), "anh.docx")
    assert article.body == (BODY,)
    assert any("200 ảnh" in warning for warning in article.warnings)


@pytest.mark.parametrize("name", ["co-macro.docm", "co-macro.docx"])
def test_macros_are_neither_run_nor_in_the_way(name: str) -> None:
    document = Document()
    for text in (HEADLINE, BODY, END):
        document.add_paragraph(text)
    article = read_article(with_macros(word(document)), name)
    assert article.body == (BODY, END)
    assert any("macro" in warning for warning in article.warnings)


def with_macros(data: bytes) -> bytes:
    """Return the document as Word saves it with macros."""
    stored = BytesIO()
    with ZipFile(BytesIO(data)) as package, ZipFile(stored, "w", ZIP_DEFLATED) as macros:
        for member in package.namelist():
            content = package.read(member)
            if member == "[Content_Types].xml":
                content = content.replace(
                    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                    b"application/vnd.ms-word.document.macroEnabled.main+xml",
                ).replace(
                    b"</Types>",
                    b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
                    b"</Types>",
                )
            if member == "word/_rels/document.xml.rels":
                content = content.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rIdVba" Target="vbaProject.bin" Type="http://schemas.'
                    b'microsoft.com/office/2006/relationships/vbaProject"/></Relationships>',
                )
            macros.writestr(member, content)
        macros.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub AutoOpen()")
    return stored.getvalue()


def test_word_files_in_legacy_fonts_are_converted() -> None:
    document = Document()
    for text in (HEADLINE, LEAD, BODY, END):
        document.add_paragraph(to_tcvn3(text).decode("cp1252"))
    article = read_article(word(document), "bai.docx")
    assert article.headline == HEADLINE
    assert article.body[-1] == END


PAGE = f"""<!DOCTYPE html>
<html lang="vi"><head><title>Cổng</title><script>var a = "<p>không đọc</p>";</script>
<style>p {{ color: red }}</style></head><body>
<header><a href="/">Trang chủ</a><h1>Cổng</h1></header>
<nav><ul><li>Giới thiệu</li><li>Tin tức</li></ul></nav>
<div class="breadcrumb">Trang chủ › Tin tức</div>
<div class="wrap"><div class="news">
<h1 class="title">{HEADLINE}</h1>
<span class="date">Thứ Ba, 12/05/2026 09:30 (GMT+7)</span>
<div class="share-tools"><a>Facebook</a> <a>Zalo</a></div>
<p class="sapo">{LEAD}</p>
<div class="content-detail"><!-- chú thích -->
<p>{BODY.replace("trực tuyến", "<b>trực&nbsp;tuyến</b>")}</p>
<figure><img src="a.jpg" alt="">
<figcaption>Thanh niên nêu câu hỏi. Ảnh: Minh Đức</figcaption></figure>
<p>{END}</p>
<p style="text-align: right"><strong>Hoàng Lan</strong></p>
</div></div>
<aside><p>Bài đọc nhiều trong tuần này của cổng thông tin.</p></aside>
<div class="related"><h2>Tin liên quan</h2><ul><li>{BODY}</li></ul></div></div>
<footer><p>Bản quyền thuộc về Cổng thông tin điện tử tỉnh,
ghi rõ nguồn khi phát hành lại.</p></footer>
</body></html>"""


@pytest.mark.parametrize("name", ["trang.html", "trang.htm", "trang.txt"])
def test_a_saved_page_gives_its_article_only(name: str) -> None:
    article = read_article(PAGE.encode(), name)
    assert article == ImportedArticle(
        headline=HEADLINE,
        date=article.date,
        sapo=LEAD,
        body=(BODY, END),
        captions=("Thanh niên nêu câu hỏi",),
        credits=("Minh Đức",),
        author="Hoàng Lan",
        unit=None,
        warnings=(),
    )
    assert article.date is not None
    assert article.date.isoformat() == "2026-05-12T09:30:00+07:00"


def test_a_page_without_marks_is_read_like_text() -> None:
    page = (
        "<html><body>" + "".join(f"<p>{line}</p>" for line in TEXT.split("\n")) + "</body></html>"
    )
    article = read_article(page.encode(), "trang.html")
    assert (article.headline, article.body) == (HEADLINE, (BODY, END))


def test_the_head_of_a_page_gives_what_the_page_does_not_show() -> None:
    head = (
        f'<meta property="og:title" content="{HEADLINE}">'
        '<meta property="article:published_time" content="2026-05-12T02:30:00Z">'
    )
    page = (
        f"<html><head>{head}</head><body><article><p>{BODY}</p><p>{END}</p></article></body></html>"
    )
    article = read_article(page.encode(), "trang.html")
    assert article.headline == HEADLINE
    assert article.date is not None
    assert article.date.isoformat() == "2026-05-12T09:30:00+07:00"


def test_endless_nesting_is_refused() -> None:
    assert "HTML" in refused(b"<html>" + b"<div>" * 2000 + b"x", "sau.html")


PIECES = [
    "<p>", "</p>", "<h1>", "<div class=content>", "</div>", "<!--", "<table>", "<![", "&#0;",
    "1/1/0001", HEADLINE, BODY,
]  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.html", "a.docx", "a"]))
def test_any_bytes_give_an_article_or_the_one_error(data: bytes, name: str) -> None:
    try:
        first = read_article(data, name)
    except UnreadableFile:
        return
    assert first == read_article(data, name)


@settings(max_examples=120, deadline=None)
@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(st.sampled_from(TEXT.split("\n")), max_size=12).map("\n".join),
        st.lists(st.sampled_from(PIECES), max_size=20).map("".join),
    ),
    st.sampled_from(["a.txt", "a.html"]),
)
def test_any_text_gives_the_same_article_twice(text: str, name: str) -> None:
    try:
        first = read_article(text.encode(), name)
    except (UnreadableFile, UnicodeEncodeError):
        return
    assert first == read_article(text.encode(), name)
    assert ImportedArticle.from_json(first.as_json()) == first
