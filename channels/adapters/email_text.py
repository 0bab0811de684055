"""What a mail to a press desk says, as plain text and as HTML. Pure.

Marks are Vietnamese whatever the language of the house: newsrooms look for them literally.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape

import nh3
from django.utils import timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from channels.adapters.email_files import Attached
from channels.adapters.feed_contents import as_html, for_newspapers, paragraphs, written
from channels.adapters.shared_correcting import note
from channels.contract import Story

CORRECTED = "[ĐÍNH CHÍNH]"
CHANGED = "[CẬP NHẬT]"
RELEASED = "[ĐƯỢC ĐĂNG]"
WITHDRAWN = "[ĐÃ GỠ] đề nghị không sử dụng"
RELEASED_LINE = "Tin, bài dưới đây đã hết thời hạn chờ, nay được đăng, phát."
WITHDRAWN_LINE = "Tin, bài dưới đây đã được gỡ. Đề nghị không sử dụng."
SUBJECT_LIMIT = 200

# What a mail shows of an item. Nothing that is fetched from elsewhere when the mail is opened.
_TAGS = {
    "p", "br", "h2", "h3", "h4", "h5", "ul", "ol", "li", "blockquote", "strong", "b", "em", "i",
    "u", "sub", "sup", "a", "hr", "table", "caption", "thead", "tbody", "tr", "th", "td",
    "figure", "figcaption", "dl", "dt", "dd",
}  # fmt: skip
_PICTURE = re.compile(r'<img((?: [\w-]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Written:
    """A mail's words."""

    subject: str
    text: str
    html: str


def clean(text: str) -> str:
    """Return the text without control characters and lone surrogates, which mail cannot hold."""
    kept = (
        char for char in text.replace("\r\n", "\n").replace("\r", "\n")
        if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}
    )  # fmt: skip
    return "".join(kept)


def subject(*parts: str) -> str:
    """Return a subject: one line, whatever the parts hold, and not longer than people read."""
    line = clean(" ".join(" ".join(part.split()) for part in parts if part.strip()))
    line = " ".join(line.split())
    return line if len(line) <= SUBJECT_LIMIT else f"{line[: SUBJECT_LIMIT - 1].rstrip()}…"


def embargo_mark(until: datetime) -> str:
    """Return the moment before which nobody may print it, dated as Decree 30/2020 has it."""
    at = timezone.localtime(until)
    month = f"{at.month:02d}" if at.month < 3 else str(at.month)
    return f"CHƯA ĐĂNG TRƯỚC {at:%H:%M} {at.day:02d}/{month}/{at.year}"


def compose(story: Story, prefix: str, files: Sequence[Attached]) -> Written:
    """Return what a desk gets of the story; the HTML always, for who wants it."""
    said = for_newspapers(story)
    mark = embargo_mark(story.embargo) if story.embargo else ""
    alert = _alert(story)
    head = [f"{mark}." if mark else "", alert, note(story)]
    body = written(story, "press", "text") or story.text
    foot = closing(story, files)
    lead = [] if said.text == body else paragraphs(said.text)
    title = " ".join(said.title.split())
    blocks = [*filter(None, head), title, *lead, *paragraphs(body), "\n".join(["--", *foot])]
    html = "".join([
        as_html([part for part in head if part]),
        format_html("<h1>{}</h1>", title),
        format_html_join("", "<p><strong>{}</strong></p>", ((part,) for part in lead)),
        without_pictures(said.html, story.language),
        "<hr>",
        as_html(foot),
    ])  # fmt: skip
    marks = [f"[{mark}]" if mark else "", CORRECTED if story.correction else ""]
    return Written(
        subject=subject(*marks, prefix, f"{alert}: {title}" if alert else title),
        text=clean("\n\n".join(blocks)) + "\n",
        html=clean(page(html, story.language)),
    )


def closing(story: Story, files: Sequence[Attached]) -> list[str]:
    """Return the lines at the end: files, who signed, whom to ask, where it stands."""
    with translation.override(story.language):
        lines = [one.line() for one in files]
        if story.author:
            lines.append(_("Author: %s") % story.author)
        if story.unit:
            lines.append(pgettext("mail", "From: %s") % story.unit)
        if story.contact:
            lines.append(pgettext("mail", "Contact: %s") % story.contact)
        if story.address:
            lines.append(_("On the portal: %s") % story.address)
    return [" ".join(line.split()) for line in lines]


def released(said: Written, language: str) -> Written:
    """Return the mail that says an embargo is over; no HTML stays none."""
    inner = said.html.partition("<body>")[2].rpartition("</body>")[0]
    html = page(as_html([RELEASED_LINE]) + inner, language) if said.html else ""
    return Written(subject(RELEASED, said.subject), f"{RELEASED_LINE}\n\n{said.text}", html)


def withdrawal(title: str, language: str, *, with_html: bool) -> Written:
    """Return the request not to use an item: its title and none of its contents."""
    html = page(as_html([WITHDRAWN_LINE, title]), language) if with_html else ""
    text = f"{WITHDRAWN_LINE}\n\n{title}\n"
    return Written(subject(f"{WITHDRAWN}:", title), text, html)


def page(body: str, language: str) -> str:
    """Return a whole HTML document with nothing to fetch."""
    start = format_html('<!doctype html><html lang="{}"><head>', language)
    return f'{start}<meta charset="utf-8"></head><body>{body}</body></html>'


def without_pictures(html: str, language: str) -> str:
    """Return HTML of plain elements only, pictures as links: a mail must not call home."""
    plain = nh3.clean(
        html,
        tags=_TAGS | {"img"},
        attributes={"a": {"href"}, "img": {"src", "alt"}, "th": {"colspan", "rowspan"},
                    "td": {"colspan", "rowspan"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )  # fmt: skip
    with translation.override(language):
        label = pgettext("mail", "Picture")
    return _PICTURE.sub(lambda found: _link(found[1], label), plain)


def _link(attributes: str, label: str) -> str:
    given = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
    words = f"{label}: {given['alt']}" if given.get("alt") else label
    if not given.get("src"):
        return ""
    return str(format_html('<a href="{}">[{}]</a>', given["src"], words))


def _alert(story: Story) -> str:
    with translation.override(story.language):
        return {
            "urgent": pgettext("level of an announcement", "URGENT"),
            "priority": pgettext("level of an announcement", "IMPORTANT"),
        }.get(story.level, "")
