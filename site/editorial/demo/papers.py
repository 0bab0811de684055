"""Papers attached to the demo's articles, made when they are needed."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from docx import Document

from media.models import Attachment
from organisations.models import User


def paper(entry: dict[str, Any], owner: User) -> Attachment:
    """Return the paper with this title, written now unless it is in the library already."""
    known: Attachment | None = Attachment.objects.filter(title=entry["title"]).first()
    if known is not None:
        return known
    attachment = Attachment(title=entry["title"], uploaded_by_user=owner)
    attachment.file.save(entry["file"], ContentFile(_written(entry["lines"])), save=False)
    attachment._set_document_file_metadata()
    attachment.file.close()
    attachment.save()
    return attachment


def _written(lines: list[str]) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
