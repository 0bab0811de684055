"""A plan as a file of one of four forms, made once for the same content."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType

from django.core.cache import cache
from django.http import HttpResponse

from campaigns.exporting.mapping import document_of
from campaigns.exporting.table import assignment, tabbed
from campaigns.models import Activity, Plan
from core.text import slugify
from media.documents import pdf, sheets, word
from media.documents.composing import compose
from media.documents.model import Document

KEPT = 60 * 60  # seconds in the cache: readers ask for the same file again and again
MAX_KEPT = 2_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Form:
    """A form of file: its ending, its media type, and what makes its bytes."""

    ending: str
    media_type: str
    write: Callable[[Document, list[Activity]], bytes]


def as_docx(document: Document, activities: list[Activity]) -> bytes:
    return word.write(document)


def as_pdf(document: Document, activities: list[Activity]) -> bytes:
    return pdf.write(document)


def as_xlsx(document: Document, activities: list[Activity]) -> bytes:
    composed = compose(document)
    above: tuple[str, ...] = ("PHỤ LỤC",)
    if activities and composed.appendices:
        above = (composed.appendices[0].title, composed.appendices[0].reference)
    sheet = sheets.Sheet("Phân công", above, assignment(activities, keep_empty=True))
    return sheets.write([sheet], title=composed.title, author=composed.author)


def as_tsv(document: Document, activities: list[Activity]) -> bytes:
    return tabbed(activities).encode()


OFFICE = "application/vnd.openxmlformats-officedocument"
FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "docx": Form("docx", f"{OFFICE}.wordprocessingml.document", as_docx),
        "pdf": Form("pdf", "application/pdf", as_pdf),
        "xlsx": Form("xlsx", f"{OFFICE}.spreadsheetml.sheet", as_xlsx),
        "tsv": Form("tsv", "text/tab-separated-values; charset=utf-8", as_tsv),
    }
)


PUBLIC_FORMS = ("pdf", "docx", "xlsx")


@dataclass(frozen=True, slots=True)
class Exported:
    """A file: its name, media type and bytes."""

    name: str
    media_type: str
    data: bytes


def export(plan: Plan, form: str, activities: list[Activity] | None = None) -> Exported:
    """Return the plan in that form. Raises ``KeyError`` for another form.

    The texts are those of the plan given; the activities are those of now, unless given.
    """
    kind = FORMS[form]
    if activities is None:
        now = plan.activities.in_force().order_by("position", "pk") if plan.pk else []
        activities = list(now)
    document = document_of(plan, activities)
    rows = tabbed(activities)
    digest = sha256(repr((form, document, rows)).encode()).hexdigest()
    key = f"campaigns.exporting:{digest}"
    data = cache.get(key)
    if data is None:
        data = kind.write(document, activities)
        if len(data) <= MAX_KEPT:
            cache.set(key, data, KEPT)
    name = slugify(f"ke hoach {plan.number.replace('/', ' ') or plan.title} {plan.year}", limit=80)
    return Exported(f"{name}.{kind.ending}", kind.media_type, data)


def response_of(exported: Exported) -> HttpResponse:
    """Return the file as a download."""
    response = HttpResponse(exported.data, content_type=exported.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{exported.name}"'
    return response
