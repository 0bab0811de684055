"""The verbs of scoring. Each takes who does it, checks the state under a lock, and is logged."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.evidence import locking
from campaigns.scoring.models import Answer, Assessment, Criterion, CriterionSet, Entry
from campaigns.scoring.points import score
from campaigns.scoring.tree import set_faults
from campaigns.scoring.values import Entered, Value
from core.audit import record
from core.errors import RefusedError
from organisations.models import Organisation


class ConflictError(RefusedError):
    """Somebody else changed the answer since it was read; ``answer`` is what it says now."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(_("Somebody else changed this answer while you were writing."))
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Said:
    """What an agency says of a criterion. Without ``points``, those the rule gives."""

    value: Value | None
    expected: Value | None = None
    points: Decimal | None = None
    explanation: str = ""


def open_set(criteria_set: CriterionSet, user: Any) -> None:
    """Let agencies be scored by it. Raises ``RefusedError`` while the tree has faults."""
    faults = set_faults(list(criteria_set.criteria.all()))
    if faults:
        raise RefusedError(
            _("The set cannot be opened yet: %(code)s %(fault)s")
            % {"code": faults[0][0], "fault": faults[0][1]}
        )
    criteria_set.opened_at = timezone.now()
    criteria_set.save(update_fields=["opened_at"])
    record(criteria_set, "campaigns.scoring_opened", user)


def close_set(criteria_set: CriterionSet, user: Any) -> None:
    """Work on the set again. Raises ``RefusedError`` when somebody is already scored by it."""
    if criteria_set.assessments.exists():
        raise RefusedError(_("Agencies are already scored by this set: it does not change."))
    criteria_set.opened_at = None
    criteria_set.save(update_fields=["opened_at"])
    record(criteria_set, "campaigns.scoring_closed", user)


def require_unopened(criteria_set: CriterionSet) -> None:
    """Raise ``RefusedError`` for a set that agencies may be scored by."""
    if CriterionSet.objects.filter(pk=criteria_set.pk, opened_at__isnull=False).exists():
        raise RefusedError(_("The set is open for scoring: close it before changing it."))


def begin(criteria_set: CriterionSet, organisation: Organisation, user: Any) -> Assessment:
    """Return the agency's assessment by this set, made now unless it is there."""
    if not criteria_set.is_open:
        raise RefusedError(_("The set is not open for scoring yet."))
    try:
        with transaction.atomic():
            made, is_new = Assessment.objects.get_or_create(
                criteria_set=criteria_set,
                organisation=organisation,
                defaults={"year": criteria_set.year},
            )
    except IntegrityError:
        return Assessment.objects.get(criteria_set=criteria_set, organisation=organisation)
    if is_new:
        record(made, "campaigns.scoring_begun", user)
    return made


def held(assessment: Assessment) -> Assessment:
    """Return the assessment with its row locked, so that nobody submits it meanwhile."""
    return Assessment.objects.select_for_update().get(pk=assessment.pk)


def require_answerable(assessment: Assessment) -> None:
    if not assessment.is_answerable:
        raise RefusedError(
            _("The scores were submitted and are locked. Ask the Department to send them back.")
        )


def seen_answer(assessment: Assessment, criterion: Criterion, seen: int) -> Answer:
    """Return the answer to write into. Raises ``ConflictError`` if it is not the one seen."""
    if criterion.criteria_set_id != assessment.criteria_set_id or not criterion.is_scored:
        raise RefusedError(_("This criterion is not scored in this assessment."))
    answer = assessment.answers.select_for_update(of=("self",)).filter(criterion=criterion).first()
    if answer is None:
        answer = Answer(assessment=assessment, criterion=criterion)
    if answer.revision != seen:
        raise ConflictError(answer)
    return answer


@transaction.atomic
def say(assessment: Assessment, criterion: Criterion, said: Said, seen: int, user: Any) -> Answer:
    """Write what the agency says. ``seen``: the revision that the person read, 0 for none.

    Raises ``RefusedError``: locked, a survey, or points that differ from the rule's without an
    explanation; ``ConflictError`` when somebody else was quicker.
    """
    row = held(assessment)
    require_answerable(row)
    if criterion.method == Criterion.Method.SURVEY:
        raise RefusedError(_("The points of a survey are entered by the Department."))
    answer = seen_answer(row, criterion, seen)
    points = claimed(criterion, said)
    answer.value = said.value.stored() if said.value else None
    answer.expected = said.expected.stored() if said.expected else None
    answer.self_points, answer.explanation = points, said.explanation
    # What was found before holds for what was said before.
    answer.verified_points, answer.verified_reason = None, ""
    return kept(answer, said.explanation, user)


def claimed(criterion: Criterion, said: Said) -> Decimal | None:
    """Return the self-score. Raises ``RefusedError`` for one that cannot be or is not explained."""
    result = score(criterion.reading(), said.value)
    if said.points is None:
        return result.points if result.is_known else None
    if not 0 <= said.points <= criterion.maximum:
        raise RefusedError(_("The points must lie between 0 and the maximum."))
    if said.points != result.points and not said.explanation.strip():
        raise RefusedError(_("Say why the points are not those of the rule."))
    return said.points


def kept(answer: Answer, text: str, user: Any) -> Answer:
    """Save the answer as a new revision with its entry of history."""
    answer.revision += 1
    answer.save()
    Entry.objects.create(
        answer=answer,
        value=answer.value,
        self_points=answer.self_points,
        verified_points=answer.verified_points,
        text=text,
        made_by=user,
    )
    return answer


@transaction.atomic
def submit(assessment: Assessment, user: Any) -> None:
    """Hand the scores in: from now on they and their evidence are locked."""
    row = held(assessment)
    require_answerable(row)
    missing = unanswered(row)
    if missing:
        raise RefusedError(
            _("Not scored yet: %(codes)s.") % {"codes": ", ".join(one.code for one in missing)}
        )
    row.state, row.submitted_by, row.submitted_at = row.State.SUBMITTED, user, timezone.now()
    row.returned_reason = ""
    row.save()
    used = row.answers.filter(proofs__evidence__isnull=False)
    locking.lock(list(used.values_list("proofs__evidence", flat=True)), row.holder, str(row))
    record(row, "campaigns.scoring_submitted", user)


def unanswered(assessment: Assessment) -> list[Criterion]:
    """Return the criteria the agency has not scored itself by, without those of surveys."""
    answered = assessment.answers.filter(self_points__isnull=False).values("criterion")
    own = Criterion.objects.filter(
        criteria_set=assessment.criteria_set_id, rule__isnull=False, method=Criterion.Method.SELF
    )
    return list(own.exclude(pk__in=answered).order_by("position", "pk"))


@transaction.atomic
def send_back(assessment: Assessment, reason: str, user: Any) -> None:
    """Let the agency correct what it submitted; the reason is for them."""
    row = held(assessment)
    if row.state != row.State.SUBMITTED:
        raise RefusedError(_("Only what was submitted can be sent back."))
    if not reason.strip():
        raise RefusedError(_("Say what the agency has to correct."))
    row.state, row.returned_reason = row.State.RETURNED, reason.strip()
    row.save()
    locking.unlock(row.holder)
    record(row, "campaigns.scoring_returned", user, reason=row.returned_reason)


@transaction.atomic
def verify(
    assessment: Assessment,
    criterion: Criterion,
    points: Decimal,
    reason: str,
    seen: int,
    user: Any,
) -> Answer:
    """Enter the Department's points. Different from the agency's own, they need a reason."""
    row = held(assessment)
    require_verifiable(row, user)
    answer = seen_answer(row, criterion, seen)
    if not 0 <= points <= criterion.maximum:
        raise RefusedError(_("The points must lie between 0 and the maximum."))
    is_survey = criterion.method == Criterion.Method.SURVEY
    if points != answer.self_points and not is_survey and not reason.strip():
        raise RefusedError(_("Say why the points differ from the agency's own."))
    answer.verified_points, answer.verified_reason = points, reason.strip()
    if is_survey:
        answer.value = Entered(points=points).stored()
    return kept(answer, answer.verified_reason, user)


def require_verifiable(assessment: Assessment, user: Any) -> None:
    if assessment.state != assessment.State.SUBMITTED:
        raise RefusedError(_("Only what was submitted can be verified."))
    if assessment.submitted_by_id == user.pk:
        raise RefusedError(_("Who submitted the scores does not verify them."))


@transaction.atomic
def finish(assessment: Assessment, user: Any) -> None:
    """Close the verification: what was not looked at keeps the agency's own points."""
    row = held(assessment)
    require_verifiable(row, user)
    surveys = Criterion.objects.filter(
        criteria_set=row.criteria_set_id, rule__isnull=False, method=Criterion.Method.SURVEY
    )
    known = row.answers.filter(verified_points__isnull=False).values("criterion")
    missing = list(surveys.exclude(pk__in=known).order_by("position", "pk"))
    if missing:
        codes = ", ".join(one.code for one in missing)
        raise RefusedError(_("Points of surveys are missing: %(codes)s.") % {"codes": codes})
    for answer in row.answers.select_for_update().filter(verified_points=None).order_by("pk"):
        answer.verified_points = answer.self_points
        kept(answer, "", user)
    row.state, row.verified_by, row.verified_at = row.State.VERIFIED, user, timezone.now()
    row.save()
    record(row, "campaigns.scoring_verified", user)
