"""The verbs of amendments: open, change a row, drop, issue. Each is checked under a lock."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Activity, AmendedRow, Amendment, Plan, PlanVersion
from campaigns.plans.four_eyes import why_not
from campaigns.plans.snapshots import AGENCIES, Snapshot, apply, changed, rows_of, snapshot
from campaigns.slots import planning
from core import audit
from core.errors import RefusedError

Kind = AmendedRow.Kind


class ConflictError(RefusedError):
    """Somebody else changed the row in this amendment; ``row`` is what it says now."""

    def __init__(self, row: AmendedRow) -> None:
        super().__init__(_("Somebody else changed this activity while you were writing."))
        self.row = row


def open_amendment(plan: Plan) -> Amendment | None:
    """Return the amendment that is worked on, or ``None``."""
    return plan.amendments.open().first()


@transaction.atomic
def begin(plan: Plan, amendment: Amendment, user: Any) -> Amendment:
    """Open an amendment, which comes unsaved. Raises ``RefusedError`` for a draft or a second one.

    The plan as it stands becomes its first version, if it has none yet.
    """
    row = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if not row.live:
        raise RefusedError(_("Only an issued plan is amended; a draft is simply edited."))
    if row.withdrawn_on is not None:
        raise RefusedError(_("This plan is withdrawn already."))
    if open_amendment(row) is not None:
        raise RefusedError(_("An amendment of this plan is open already."))
    if not row.versions.exists():
        keep(row, None)
    amendment.plan, amendment.opened_by = row, user
    amendment.save()
    audit.record(row, "campaigns.amendment_opened", user, reason=amendment.reason)
    return amendment


def keep(plan: Plan, amendment: Amendment | None) -> PlanVersion:
    """Keep the plan as it is public now as its next version."""
    last = plan.versions.aggregate(last=Max("ordinal"))["last"]
    return PlanVersion.objects.create(
        plan=plan,
        ordinal=0 if last is None else last + 1,
        amendment=amendment,
        content=Plan.objects.get(pk=plan.pk).serializable_data(),
        rows=rows_of(plan),
    )


def held(amendment: Amendment) -> Amendment:
    """Return the amendment with its row locked. Raises ``RefusedError`` unless it is open."""
    row = Amendment.objects.select_for_update(of=("self",)).select_related("plan")
    found = row.get(pk=amendment.pk)
    if not found.is_open:
        raise RefusedError(_("This amendment is closed: it was issued or dropped."))
    return found


@transaction.atomic
def propose(
    amendment: Amendment,
    activity: Activity | None,
    after: Snapshot,
    user: Any,
    *,
    row: AmendedRow | None = None,
    seen: int | None = None,
) -> AmendedRow | None:
    """Write how a row shall be; ``activity`` is ``None`` for an added one, ``row`` its proposal.

    Returns ``None`` where nothing differs from the plan. Raises ``RefusedError``, and
    ``ConflictError`` if the proposal is another one than the ``seen`` edition.
    """
    amendment = held(amendment)
    if activity is not None:
        row = amendment.rows.filter(activity=activity).first()
    if row is not None:
        row = amendment.rows.select_for_update().get(pk=row.pk)
    if seen is not None and (row.edition if row else 0) != seen:
        raise ConflictError(row or AmendedRow(amendment=amendment, activity=activity))
    before = snapshot(activity) if activity is not None else {}
    _changed_by(amendment, user)
    if activity is not None and not changed(before, after):
        amendment.rows.filter(activity=activity).delete()
        return None
    row = row or AmendedRow(amendment=amendment, activity=activity, edition=0)
    row.kind = Kind.ADDED if activity is None else Kind.CHANGED
    row.before, row.after, row.edition = before, after, row.edition + 1
    row.save()
    return row


@transaction.atomic
def take_out(amendment: Amendment, activity: Activity, user: Any) -> None:
    """Write that a row shall go."""
    amendment = held(amendment)
    amendment.rows.update_or_create(
        activity=activity,
        defaults={"kind": Kind.REMOVED, "before": snapshot(activity), "after": {}},
    )
    _changed_by(amendment, user)


@transaction.atomic
def leave(amendment: Amendment, row: AmendedRow, user: Any) -> None:
    """Leave a row as the plan has it after all."""
    amendment = held(amendment)
    amendment.rows.filter(pk=row.pk).delete()
    _changed_by(amendment, user)


def _changed_by(amendment: Amendment, user: Any) -> None:
    Amendment.objects.filter(pk=amendment.pk).update(changed_by=user)


@transaction.atomic
def drop(amendment: Amendment, user: Any) -> None:
    """Give an amendment up. What was written in the plan's draft stays there."""
    amendment = held(amendment)
    Amendment.objects.filter(pk=amendment.pk).update(dropped_at=timezone.now())
    audit.record(amendment.plan, "campaigns.amendment_dropped", user, number=amendment.number)


def obstacles(amendment: Amendment, user: Any) -> Iterator[str]:
    """Yield what stands in the way of issuing it."""
    if not amendment.number or not amendment.issued_on:
        yield _("Give the number and the date of the amending document first.")
    plan = amendment.plan
    if not amendment.rows.exists() and not plan.has_unpublished_changes:
        yield _("The amendment changes nothing yet.")
    if user is not None and amendment.changed_by_id == user.pk:
        yield _("You changed a row of this amendment last. Somebody else has to issue it.")
    if plan.has_unpublished_changes and (reason := why_not(plan, user, plan.latest_revision)):
        yield reason


def overtaken(amendment: Amendment) -> list[AmendedRow]:
    """Return the proposals whose fields were changed in the plan since they were written."""
    found = []
    rows = amendment.rows.select_related("activity").prefetch_related("activity__leads")
    for row in rows.prefetch_related("activity__partners").order_by("pk"):
        if row.activity is None or row.kind != Kind.CHANGED:
            continue
        proposed = set(changed(row.before, row.after))
        if proposed & set(changed(row.before, snapshot(row.activity))):
            found.append(row)
    return found


@transaction.atomic
def issue(amendment: Amendment, user: Any, *, accept: bool = False) -> planning.Changes:
    """Let the amendment count: rows, texts and slots. Returns what changed of the slots.

    Raises ``RefusedError`` for what ``obstacles`` names, and, unless accepted, when a row was
    changed in the plan meanwhile.
    """
    amendment = held(amendment)
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=amendment.plan_id)
    if reason := next(obstacles(amendment, user), ""):
        raise RefusedError(reason)
    if (later := overtaken(amendment)) and not accept:
        raise RefusedError(
            _("Changed in the plan meanwhile, look at them again: %(rows)s.")
            % {"rows": "; ".join(map(str, later))}
        )
    now = timezone.now()
    Amendment.objects.filter(pk=amendment.pk).update(issued_at=now, issued_by=user)
    apply_rows(amendment)
    if plan.has_unpublished_changes and plan.latest_revision is not None:
        plan.latest_revision.publish(user=user, skip_permission_checks=True)
    changes = planning.generate_plan(plan)
    amendment.issued_at, amendment.issued_by = now, user
    keep(plan, amendment)
    audit.record(plan, "campaigns.amendment_issued", user, number=amendment.number)
    return changes


def apply_rows(amendment: Amendment) -> None:
    """Bring the rows of the plan in line with the amendment. Rows keep their identity."""
    last = amendment.plan.activities.aggregate(last=Max("position"))["last"] or 0
    for row in amendment.rows.select_related("activity").order_by("pk"):
        if row.kind == Kind.REMOVED and row.activity is not None:
            row.activity.removed_by = amendment
            row.activity.save()
            continue
        if row.activity is None:
            last += 1
            row.activity = Activity(plan=amendment.plan, position=last)
        names = changed(row.before, row.after)
        apply(row.after, row.activity, [name for name in names if name not in AGENCIES])
        row.activity.edition += 1
        row.activity.save()
        for name in set(AGENCIES) & set(names):
            getattr(row.activity, name).set(row.after[name])


def preview(amendment: Amendment, most: int) -> list[planning.Part]:
    """Return what issuing would change of the slots, in words. Nothing stays changed."""
    with transaction.atomic():
        apply_rows(amendment)
        changes = planning.compare(Activity.objects.filter(plan=amendment.plan_id))
        parts = planning.described(changes, most)
        transaction.set_rollback(True)
    return parts
