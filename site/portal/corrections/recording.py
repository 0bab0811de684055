"""Refuses changes to public items that nobody gave a reason for, and records the reasons given.

Called by ``portal.signals`` inside the transaction that publishes or takes back.
"""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Revision

from channels.models import Publication
from core import actor, audit
from core.errors import RefusedError
from portal import gates
from portal.corrections import deciding, recalls
from portal.corrections.forms import Choice
from portal.models import AgreedCorrection, Correction, CorrectionKind, CorrectionMode, StoryPage

VERBS = {
    CorrectionKind.CORRECT: "portal.correct",
    CorrectionKind.WITHDRAW: "portal.withdraw",
    CorrectionKind.RESTORE: "portal.restore",
}


class ReasonNeededError(RefusedError):
    """A public item would change and nobody has said why."""


def gate(attempt: gates.Attempt) -> None:
    """Let no change to a public item pass without a reason. Raises ``ReasonNeededError``."""
    if isinstance(attempt.consent.correction, Choice):
        return
    kind = deciding.needed(attempt.page)
    if kind is None:
        return
    address = reverse("portal_correct", args=[attempt.page.pk])
    words = {
        CorrectionKind.CORRECT: _(
            "“%(title)s” is public already: say why it is corrected and how that is made known, "
            "at %(address)s. Nothing was changed."
        ),
        CorrectionKind.RESTORE: _(
            "“%(title)s” was withdrawn: say why it is published again, at %(address)s. Nothing was "
            "changed."
        ),
    }
    raise ReasonNeededError(words[kind] % {"title": attempt.page.title, "address": address})


def agree(page: StoryPage, revision: Revision) -> None:
    """Keep what the person chose until the clock publishes this version."""
    choice = gates.consent().correction
    if actor.current() is None or not isinstance(choice, Choice):
        return
    agreed = {"mode": choice.mode, "reason": choice.reason, "note": choice.note}
    AgreedCorrection.objects.update_or_create(
        revision=revision, defaults={**agreed, "user": actor.current()}
    )


def before_publishing(page: StoryPage, revision: Revision | None) -> Correction | None:
    """Record the correction, if this is one, so that the story that goes out carries its note."""
    kind = deciding.needed(page)
    if kind is None:
        return None
    choice, user = chosen(revision)
    if choice is None:  # a command, or a change that the software brought
        if kind == CorrectionKind.CORRECT:
            return None
        choice = Choice(reason="")
    changes = [change.field for change in deciding.changes(page)]
    return record(page, kind, choice, user, revision=revision, changes=changes)


def after_publishing(correction: Correction | None) -> None:
    """Note the version that carries the correction, and give out the tasks it brings."""
    if correction is None:
        return
    public = Publication.objects.latest_of(correction.story)
    Correction.objects.filter(pk=correction.pk).update(sequence=public.sequence if public else None)
    recalls.give_out(correction)


def withdrawn(page: StoryPage) -> None:
    """Record a withdrawal. Raises ``ReasonNeededError`` when a person gave no reason.

    Expiry is no withdrawal, and neither is an alias that goes with its original.
    """
    if page.expired or page.alias_of_id:
        return
    choice = gates.consent().correction
    if not isinstance(choice, Choice):
        if actor.current() is None:
            return
        raise ReasonNeededError(
            _(
                "“%(title)s” is public: withdraw it first, with a reason, at %(address)s. Nothing "
                "was changed."
            )
            % {"title": page.title, "address": reverse("portal_withdraw", args=[page.pk])}
        )
    correction = record(page, CorrectionKind.WITHDRAW, choice, actor.current())
    public = deciding.last_public(page)
    if public:
        Correction.objects.filter(pk=correction.pk).update(sequence=public.sequence)
    recalls.give_out(correction)


def chosen(revision: Revision | None) -> tuple[Choice | None, Any]:
    """Return what was chosen for this version and by whom: now, or when it was scheduled."""
    choice = gates.consent().correction
    if isinstance(choice, Choice):
        return choice, actor.current()
    agreed = AgreedCorrection.objects.filter(revision=revision).first()
    if agreed is None or actor.current() is not None:
        return None, actor.current()
    return Choice(agreed.reason, CorrectionMode(agreed.mode), agreed.note), agreed.user


def record(
    page: StoryPage,
    kind: CorrectionKind,
    choice: Choice,
    user: Any,
    *,
    revision: Revision | None = None,
    changes: list[str] | None = None,
) -> Correction:
    """Write the correction and its line in the item's history."""
    correction = Correction.objects.create(
        page_id=page.pk,
        story=page.story,
        title=page.title,
        kind=kind,
        mode=choice.mode,
        reason=choice.reason,
        note=choice.note,
        user=user,
        revision=revision or page.get_latest_revision(),
        changes=changes or [],
    )
    audit.record(
        page,
        VERBS[kind],
        user,
        correction=correction.pk,
        reason=choice.reason,
        note=choice.note,
        mode=str(choice.mode),
    )
    return correction
