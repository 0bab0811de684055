"""What is pasted from Word into an editor comes by here, and goes back as blocks."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ingest.bodies import Part, raw_block
from ingest.clipboard import Pasted, TooMuch, read
from portal.models import ArticlePage


@require_POST
def clean_pasted(request: HttpRequest) -> JsonResponse:
    """``/admin/paste/``: HTML in; what it says out, for the scripts of the editor.

    ``lead`` is rich text to paste at the cursor, ``blocks`` come after it, as the editor of a body
    takes them. ``all`` is everything as rich text, for editors that have no blocks.
    """
    try:
        pasted = read(request.body.decode("utf-8", errors="replace"))
    except TooMuch:
        note = _("This is too much to paste at once. It was pasted as plain text.")
        return JsonResponse({"lead": "", "all": "", "blocks": [], "notes": [note]}, status=413)
    joined = list(in_blocks(pasted.parts))
    lead = joined.pop(0).text if joined and joined[0].kind == "paragraph" else ""
    return JsonResponse(
        {
            "lead": lead,
            "all": "".join(as_text(part) for part in pasted.parts),
            "blocks": [form_state(part) for part in joined],
            "notes": list(notes(pasted)),
        }
    )


def in_blocks(parts: Iterable[Part]) -> Iterator[Part]:
    """Join the paragraphs and lists that follow each other: one block, as if typed."""
    for kind, run in groupby(parts, key=lambda part: part.kind):
        if kind == "paragraph":
            yield Part(kind, "".join(part.text for part in run))
        else:
            yield from run


def form_state(part: Part) -> dict[str, Any]:
    """Return the block as the editor's scripts insert it."""
    stored = raw_block(part)
    if stored is None:
        raise ValueError("Pictures are not pasted")
    block = ArticlePage._meta.get_field("body").stream_block.child_blocks[part.kind]
    value = block.normalize(block.to_python(stored["value"]))
    return {"type": part.kind, "value": block.get_form_state(value)}


def as_text(part: Part) -> str:
    """Return the part as rich text without blocks."""
    if part.kind == "paragraph":
        return part.text
    if part.kind == "table":
        return "".join(f"<p>{escape(' | '.join(row))}</p>" for row in part.rows)
    text = escape(part.text)
    return f"<p><b>{text}</b></p>" if part.kind == "heading" else f"<p>{text}</p>"


def notes(pasted: Pasted) -> Iterator[str]:
    """Say what a person has to do or to look at."""
    if pasted.pictures:
        yield ngettext(
            "%(count)d picture was not taken over: add it in the editor.",
            "%(count)d pictures were not taken over: add them in the editor.",
            pasted.pictures,
        ) % {"count": pasted.pictures}
    if pasted.had_changes:
        yield _("The document has tracked changes; they were taken as accepted.")
