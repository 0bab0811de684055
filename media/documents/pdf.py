"""Writing a document as PDF with typst: tagged, PDF/UA-1 (ISO 14289-1), fonts embedded."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import typst

from media.documents import layout, measuring, wording
from media.documents.composing import Composed, Flow, Line, compose
from media.documents.model import Document, GroupRow, Table

TEMPLATE = layout.FOLDER / "typst" / "document.typ"


class WritingError(Exception):
    """The typesetter refused the document; the message is its own."""


@cache
def fonts() -> typst.Fonts:
    """Return our own fonts only: the result is the same on every machine."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(layout.FONTS)],
    )


def write(document: Document) -> bytes:
    """Return the document as a PDF/UA-1 file. Raises ``WritingError``.

    Characters outside the font are written as "□".
    """
    data = _supported(described(compose(document)))
    compiler = typst.Compiler(root=str(TEMPLATE.parent), font_paths=fonts())
    try:
        written = compiler.compile(
            input=str(TEMPLATE),
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        raise WritingError(str(error)) from error
    if not isinstance(written, bytes):
        raise WritingError("the typesetter gave no PDF")
    return written


def _supported(value: Any) -> Any:
    if isinstance(value, str):
        return measuring.supported(value)
    if isinstance(value, dict):
        return {key: _supported(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_supported(each) for each in value]
    return value


def described(composed: Composed) -> dict[str, Any]:
    """Return what the template is told: the lines, and the lengths in millimetres."""
    look = {
        role: {"size": each.size, "bold": each.bold, "italic": each.italic}
        for role, each in layout.elements().items()
    }
    left = layout.text_width_mm() * layout.LEFT_SHARE
    motto = layout.elements()["tieu_ngu"]
    colon = measuring.width_mm("Kính gửi", layout.elements()["noi_dung"].size)
    names = (
        "title", "author", "superior", "issuer", "number", "date", "kind", "subject", "urgency",
        "addressees", "authority", "signer", "recipients", "contact",
    )  # fmt: skip
    return {
        **{name: getattr(composed, name) for name in names},
        "letter-subject": composed.letter_subject,
        "look": look,
        "margins": dict(layout.MARGINS_MM),
        "indent": layout.INDENT_CM,
        "gap": layout.GAP_PT,
        "table-size": layout.TABLE_PT,
        "signature": layout.SIGNATURE_MM,
        "left": left,
        "nation": wording.NATION,
        "motto": wording.MOTTO,
        "motto-rule": measuring.width_mm(wording.MOTTO, motto.size, bold=motto.bold),
        "issuer-rule": measuring.rule_mm("co_quan_ban_hanh", composed.issuer, left),
        "subject-rule": measuring.rule_mm("trich_yeu", (composed.subject,), layout.text_width_mm()),
        "box": {
            "width": layout.BOX_MM.get(composed.urgency, 0),
            "height": layout.BOX_HEIGHT_MM,
        },
        "to": layout.TO_MM,
        "to-items": layout.TO_MM + colon,
        "flow": flow(composed.flow),
        "appendices": [
            {
                "label": each.label,
                "title": each.title,
                "reference": each.reference,
                "landscape": each.landscape,
                "flow": flow(each.flow),
            }
            for each in composed.appendices
        ],
    }


def flow(items: Sequence[Flow]) -> list[dict[str, Any]]:
    return [line(each) if isinstance(each, Line) else table(each) for each in items]


def line(content: Line) -> dict[str, Any]:
    return {
        "role": content.role,
        "level": content.level,
        "spans": [
            {"text": span.text, "bold": span.bold, "italic": span.italic} for span in content.text
        ],
    }


def table(content: Table) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {"group": row.title, "number": row.number}
        if isinstance(row, GroupRow)
        else {"cells": [measuring.breakable(words) for words in row]}
        for row in content.rows
    ]
    columns = [
        {"heading": column.heading, "share": column.share, "align": column.align.value}
        for column in content.columns
    ]
    return {"title": content.title, "columns": columns, "rows": rows}
