"""Errors block publishing, warnings ask. Drafts are never asked about."""

from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from wagtail.models import PageLogEntry

from core import audit
from core.errors import RefusedError
from editorial.checks.finding import Finding
from editorial.checks.looking import Findings, findings, parted
from portal.gates import Attempt
from portal.models import StoryPage

ACCEPT = "editorial.accept_warnings"
PUBLISH, SUBMIT = "publish", "submit"  # who submits accepts for themselves, not for the board


class NotReadyError(RefusedError):
    """Something in the text blocks publishing, or has to be accepted first."""

    def __init__(self, page: StoryPage, found: Findings, *, submitting: bool = False) -> None:
        self.found, self.page, self.submitting = found, page, submitting
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """Return everything in one line, for lists and for programs."""
        listed = "; ".join(
            f"{finding.place}: {finding.message}" if finding.place else finding.message
            for finding in (self.found.errors or self.found.warnings)
        )
        words = {"title": self.page.title, "findings": listed}
        if self.found.errors:
            return _("“%(title)s” cannot be published yet. %(findings)s") % words
        return _("“%(title)s” has warnings that nobody has accepted. %(findings)s") % words

    def shown(self, form: str = "") -> str:
        context = {"found": self.found, "form": form, "submitting": self.submitting}
        return render_to_string("editorial/checks/refusal.html", context)


def before_publishing(attempt: Attempt) -> None:
    """Refuse errors, and warnings that nobody has accepted. Raises ``NotReadyError``."""
    if not attempt.page.alias_of_id:  # it says what its original says
        ask(attempt, PUBLISH)


def before_submitting(attempt: Attempt) -> None:
    """Ask the author as well: they know best what was meant. Raises ``NotReadyError``."""
    ask(attempt, SUBMIT)


def ask(attempt: Attempt, stage: str) -> None:
    found = parted(findings(attempt.page))
    if found.errors:
        raise NotReadyError(attempt.page, found, submitting=stage == SUBMIT)
    if not found.warnings:
        return
    known = accepted(attempt.page, stage)
    new = [finding for finding in found.warnings if finding.key not in known]
    if not new:
        return
    if not attempt.consent.warnings_accepted:
        raise NotReadyError(attempt.page, parted(new), submitting=stage == SUBMIT)
    if attempt.page.pk:
        record(attempt.page, attempt.user, new, stage)


def accepted(page: StoryPage, stage: str) -> set[str]:
    """Return the keys of the warnings that were accepted for texts of this page."""
    if not page.pk:
        return set()
    entries = PageLogEntry.objects.filter(page=page.pk, action=ACCEPT)
    logged = [data for data in entries.values_list("data", flat=True) if data]
    return {key for data in logged if data.get("stage") == stage for key in data.get("keys", ())}


def record(page: StoryPage, user: Any, new: Iterable[Finding], stage: str) -> None:
    """Note in the item's history who published in spite of which warnings."""
    new = list(new)
    audit.record(
        page,
        ACCEPT,
        user,
        stage=stage,
        codes=sorted({finding.code for finding in new}),
        messages=[finding.message for finding in new],
        keys=[finding.key for finding in new],
    )
