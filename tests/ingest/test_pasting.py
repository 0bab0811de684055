"""A text pasted from Word becomes clean blocks."""

import json
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import clipboard
from ingest.clipboard import TooMuch, read
from tests.ingest.word import MARKED, word

As = Callable[[str], Client]


def said(html: str) -> list[tuple[str, object]]:
    return [(part.kind, part.rows or part.text) for part in read(word(html)).parts]


def listed(text: str, marker: str, level: int = 1, number: int = 0, tag: str = "p") -> str:
    """Return an item of a list as Word writes it: a paragraph with its mark as text."""
    return (
        f"<{tag} class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l{number} "
        f"level{level} lfo1'><![if !supportLists]><span style='font-family:Symbol'><span "
        f"style='mso-list:Ignore'>{marker}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;"
        f"&nbsp; </span></span></span><![endif]>{text}<o:p></o:p></{tag}>"
    )


def test_a_whole_document() -> None:
    pasted = read(MARKED)
    assert [part.kind for part in pasted.parts] == [
        "heading", "paragraph", "heading", "paragraph", "paragraph", "table", "quote", "paragraph",
    ]  # fmt: skip
    assert (pasted.pictures, pasted.had_changes) == (1, True)
    whole = " ".join(part.text for part in pasted.parts)
    for trace in ("mso", "Mso", "style=", "class=", "o:p", "file:", "\xa0", "supportLists"):
        assert trace not in whole
    assert "Kiểm tra lại số liệu" not in whole


@pytest.mark.parametrize(
    ("html", "parts"),
    [
        # Smart quotes, hard spaces and empty paragraphs.
        (
            "<p class=MsoNormal>“Vì&nbsp;&nbsp;dân” – ‘gần dân’…<o:p></o:p></p>"
            "<p class=MsoNormal><o:p>&nbsp;</o:p></p>",
            [("paragraph", "<p>“Vì dân” – ‘gần dân’…</p>")],
        ),
        # Tracked changes: as accepted. A reader's remark is no text.
        (
            "<p>Đã <ins cite='mailto:A' datetime='x'>nhận</ins><del cite='mailto:A'>trả</del> "
            "hồ sơ<span class=MsoCommentReference><a class=msocomanchor href='#_msocom_1'>[A1]</a>"
            "</span>.</p><div style='mso-element:comment-list'><div style='mso-element:comment'>"
            "<p class=MsoCommentText>Xem lại</p></div></div>",
            [("paragraph", "<p>Đã nhận hồ sơ.</p>")],
        ),
        # Bold and italic, however they are set, and where they only seem to be.
        (
            "<p><b style='mso-bidi-font-weight:normal'>A</b> <span style='font-weight:700'>B</span>"
            " <b style='font-weight: normal'>C</b> <span style='font-style:italic'>D</span> "
            "m<span style='vertical-align:super'>2</span></p>",
            [("paragraph", "<p><b>A</b> <b>B</b> C <i>D</i> m<sup>2</sup></p>")],
        ),
        # Google Docs wraps all in a <b> that is not bold.
        (
            "<b style='font-weight:normal' id='docs-internal-guid-1'><p>A</p><h2>B</h2></b>",
            [("paragraph", "<p>A</p>"), ("heading", "B")],
        ),
        # Bullets within bullets.
        (
            listed("A", "·") + listed("A1", "o", 2) + listed("B", "·"),
            [("paragraph", "<ul><li>A<ul><li>A1</li></ul></li><li>B</li></ul>")],
        ),
        ("<ul><li>A</li><ul><li>A1</li></ul></ul>",
         [("paragraph", "<ul><li>A<ul><li>A1</li></ul></li></ul>")]),
        # Numbers are a list if they count from 1; anything else is said as it stands.
        (
            listed("A", "1.") + listed("B", "2."),
            [("paragraph", "<ol><li>A</li><li>B</li></ol>")],
        ),
        (
            listed("A", "I.") + "<p>Lời</p>" + listed("B", "II."),
            [("paragraph", "<p>I. A</p>"), ("paragraph", "<p>Lời</p>"),
             ("paragraph", "<p>II. B</p>")],
        ),
        (
            listed("A", "a)", 1, 1) + listed("B", "b)", 1, 1),
            [("paragraph", "<p>a) A</p>"), ("paragraph", "<p>b) B</p>")],
        ),
        (listed("A", "3."), [("paragraph", "<p>3. A</p>")]),
        (listed("KẾT QUẢ", "II.", tag="h1"), [("heading", "II. KẾT QUẢ")]),
        # Headings by level or by style.
        (
            "<h1>A</h1><h5>B</h5><p class=MsoTitle>C</p><p class=MsoIntenseQuote>D</p>",
            [("heading", "A"), ("heading", "B"), ("heading", "C"), ("quote", "D")],
        ),
        # Cells that span others.
        (
            "<table><tr><td><p>Xã</p></td><td colspan=2><p>Hồ sơ</p></td></tr>"
            "<tr><td rowspan=2>Bình An</td><td>Tháng 10</td><td>12</td></tr>"
            "<tr><td>Tháng 11</td><td>15</td></tr></table>",
            [("table", (("Xã", "Hồ sơ", ""), ("Bình An", "Tháng 10", "12"),
                        ("", "Tháng 11", "15")))],
        ),
        # Links out are kept; into the document and to the writer's machine they are not.
        (
            "<p><a href='https://a.vn/x'>A</a> <a href='file:///C:/b.docx'>B</a> "
            "<a href='#_ftn1'>[1]</a> <a href='javascript:x()'>C</a></p>",
            [("paragraph", '<p><a href="https://a.vn/x">A</a> B [1] C</p>')],
        ),
        ("<p>A<span style='display:none'>ẩn</span><script>b()</script></p>",
         [("paragraph", "<p>A</p>")]),
    ],
)  # fmt: skip
def test_parts(html: str, parts: list[tuple[str, object]]) -> None:
    assert said(html) == parts


def test_letters_are_composed() -> None:
    assert said("<p>Cải cách</p>") == [("paragraph", "<p>Cải cách</p>")]


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clipboard, "MOST_MARKUP", 10)
    with pytest.raises(TooMuch):
        read("<p>mười một</p>")


WORDS = st.text(alphabet="ab &;<>'\"ơ", max_size=12)
PIECES = st.one_of(
    WORDS,
    st.sampled_from(["<p>", "</p>", "<b>", "</i>", "<ul>", "<li>", "</ul>", "<table><tr><td>",
                     "<td colspan=99999999 rowspan=7>", "<h1>", "<![if !x]>", "<!--", "<del>"]),
    st.builds(listed, WORDS, st.sampled_from(["·", "1.", "2.", "a)", "9"]), st.integers(0, 12)),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=14))
def test_nothing_makes_it_raise(pieces: list[str]) -> None:
    for part in read("".join(pieces)).parts:
        assert part.kind in {"paragraph", "heading", "quote", "table"}


def test_deep_nesting_keeps_its_text() -> None:
    whole = "".join(unescape(part.text) for part in read("<div>" * 3000 + "sâu").parts)
    assert "sâu" in whole


@pytest.mark.django_db
def test_the_editor_gets_blocks_and_what_to_look_at(as_person: As) -> None:
    answer = as_person("reporter").post(reverse("ingest_paste"), MARKED, "text/html; charset=utf-8")
    got = answer.json()
    assert got["lead"] == ""
    assert [block["type"] for block in got["blocks"]] == [
        "heading", "paragraph", "heading", "paragraph", "table", "quote", "paragraph",
    ]  # fmt: skip
    texts = [block["text"] for block in json.loads(got["blocks"][3]["value"])["blocks"]]
    assert texts[:2] == ["Tiếp nhận trực tuyến", "qua Cổng dịch vụ công"]
    assert got["blocks"][4]["value"]["rows"][0]["values"][1] == "Tháng 10"
    assert "<p><b>I. KẾT QUẢ</b></p>" in got["all"]
    assert "Có 1 ảnh" in got["notes"][0]
    assert len(got["notes"]) == 2


@pytest.mark.django_db
def test_too_much_says_so(as_person: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clipboard, "MOST_MARKUP", 10)
    answer = as_person("reporter").post(reverse("ingest_paste"), MARKED, "text/html; charset=utf-8")
    assert answer.status_code == 413
    assert answer.json()["notes"]
