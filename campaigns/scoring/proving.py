"""Evidence documents of an answer: added and taken away while the scores are open."""

from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.evidence.models import Evidence
from campaigns.scoring.actions import held, require_answerable
from campaigns.scoring.models import Answer, Assessment, Criterion, Proof
from core.errors import RefusedError
from media.models import Attachment


@transaction.atomic
def add(
    assessment: Assessment,
    criterion: Criterion,
    user: Any,
    *,
    title: str = "",
    url: str = "",
    file: "File[bytes] | None" = None,
    evidence: Evidence | None = None,
) -> Proof:
    """Add a link, a file or a piece of evidence to the agency's answer to a criterion.

    Raises ``RefusedError``: locked, or a file that documents may not be.
    """
    row = held(assessment)
    require_answerable(row)
    answer, _made = Answer.objects.get_or_create(assessment=row, criterion=criterion)
    document = None if file is None else attachment(file, title, user)
    if evidence is not None:
        there = answer.proofs.filter(evidence=evidence).first()
        if there is not None:
            return there
    return Proof.objects.create(
        answer=answer,
        title=(title or named(url, document, evidence))[:300],
        url=url,
        document=document,
        evidence=evidence,
        added_by=user,
    )


def named(url: str, document: Attachment | None, evidence: Evidence | None) -> str:
    if document is not None:
        return str(document.title)
    return evidence.title if evidence is not None else url


def attachment(file: "File[bytes]", title: str, user: Any) -> Attachment:
    """Return the file as a document of the house. Raises ``RefusedError``."""
    name = PurePath(file.name or "").name
    made = Attachment(title=(title or name)[:255], file=file, uploaded_by_user=user)
    made.is_kept_private = True
    try:
        made.full_clean()
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages)) from error
    if not file.size:
        raise RefusedError(_("The file is empty."))
    made.save()
    return made


@transaction.atomic
def remove(proof: Proof) -> None:
    """Take an evidence document off an answer; a file of its own stays among the documents."""
    row = held(proof.answer.assessment)
    require_answerable(row)
    proof.delete()
