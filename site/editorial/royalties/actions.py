"""The verbs on royalties: mark a month, submit, approve, pay, correct. Each is one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import RefusedError
from editorial.models.royalties import (
    Quota,
    RoyaltyLine,
    RoyaltyPayment,
    RoyaltySheet,
    SheetState,
    TaxRule,
    UnitValue,
)
from editorial.royalties import reckoning
from editorial.royalties.proposing import Proposal
from organisations.models import User
from portal.models import Author

AUTHOR = RoyaltyLine.Role.AUTHOR
REVERSAL = RoyaltyLine.Role.REVERSAL


@dataclass(frozen=True, slots=True)
class Mark:
    """What the office pays for one item, as decided by a person."""

    proposal: Proposal
    condition: str
    coefficient: Decimal
    bonus: int = 0
    bonus_reason: str = ""


def sheet_of(month: date, user: User) -> RoyaltySheet:
    """Return the month's sheet, made now if need be."""
    sheet, _made = RoyaltySheet.objects.get_or_create(
        month=month.replace(day=1), defaults={"made_by": user}
    )
    return sheet


@transaction.atomic
def mark(sheet: RoyaltySheet, marks: Iterable[Mark], user: User) -> int:
    """Write the lines of the items marked. Returns how many. Raises ``RefusedError``."""
    sheet = locked(sheet, SheetState.DRAFT)
    lines = [line for entry in marks for line in lines_of(sheet, entry)]
    for line in lines:
        line.save()
    apply_quotas(sheet)
    if lines:
        audit.record(sheet, "editorial.royalties_marked", user, lines=len(lines))
    return len(lines)


def lines_of(sheet: RoyaltySheet, entry: Mark) -> list[RoyaltyLine]:
    """Return one line for each author of the item; together they are the whole royalty."""
    item = entry.proposal
    total = reckoning.royalty(
        entry.coefficient,
        item.unit_value,
        scheme_percent=item.scheme_percent,
        bonus=Decimal(entry.bonus),
    )
    parts = reckoning.split(total, [share for _author, share in item.authors])
    return [
        RoyaltyLine(
            sheet=sheet,
            article=item.article,
            story=item.article.story,
            title=item.article.title,
            genre=item.article.genre,
            condition=entry.condition,
            published_on=item.published_on,
            published_at=item.article.first_published_at,
            author=author,
            coefficient=entry.coefficient,
            unit_value=item.unit_value,
            scheme_percent=item.scheme_percent,
            share=share,
            bonus=entry.bonus,
            bonus_reason=entry.bonus_reason,
            full_amount=part,
            amount=part,
        )
        for (author, share), part in zip(item.authors, parts, strict=True)
    ]


@transaction.atomic
def add(sheet: RoyaltySheet, line: RoyaltyLine, user: User) -> RoyaltyLine:
    """Add a line that is no author's share: a photograph, an editor's remuneration."""
    line.sheet = locked(sheet, SheetState.DRAFT)
    value = UnitValue.objects.on(line.published_on)
    if value is None:
        raise RefusedError(no_unit_value(line.published_on))
    line.unit_value = value.value
    line.full_amount = reckoning.royalty(line.coefficient, line.unit_value)
    line.amount = line.full_amount
    line.save()
    apply_quotas(sheet)
    audit.record(sheet, "editorial.royalty_added", user, author=str(line.author), title=line.title)
    return line


@transaction.atomic
def remove(line: RoyaltyLine, user: User) -> None:
    """Take a line off a sheet in preparation: the item can be marked anew."""
    sheet = locked(line.sheet, SheetState.DRAFT)
    audit.record(
        sheet, "editorial.royalty_removed", user, author=str(line.author), title=line.title
    )
    line.delete()
    apply_quotas(sheet)


@transaction.atomic
def reverse(line: RoyaltyLine, reason: str, user: User) -> RoyaltyLine:
    """Correct a line of an approved sheet by an opposite one on this month's."""
    if not line.sheet.is_closed:
        raise RefusedError(_("This sheet is not approved yet: remove the line instead."))
    if RoyaltyLine.objects.filter(reverses=line).exists() or line.role == REVERSAL:
        raise RefusedError(_("This line has been corrected already."))
    sheet = locked(sheet_of(timezone.localdate(), user), SheetState.DRAFT)
    names = (
        "article", "story", "title", "genre", "condition", "published_on", "published_at",
        "author", "coefficient", "unit_value", "scheme_percent", "share", "bonus",
    )  # fmt: skip
    opposite = RoyaltyLine(
        **{name: getattr(line, name) for name in names},
        sheet=sheet,
        role=REVERSAL,
        full_amount=-line.amount,
        amount=-line.amount,
        reverses=line,
        reason=reason,
    )
    opposite.save()
    audit.record(sheet, "editorial.royalty_reversed", user, title=line.title, reason=reason)
    return opposite


def submit(sheet: RoyaltySheet, user: User) -> None:
    """Hand the month over for approval."""
    _move(sheet, SheetState.DRAFT, SheetState.SUBMITTED, "editorial.royalties_submitted", user)


def send_back(sheet: RoyaltySheet, user: User) -> None:
    """Let the month be worked on again."""
    _move(sheet, SheetState.SUBMITTED, SheetState.DRAFT, "editorial.royalties_returned", user)


@transaction.atomic
def _move(
    sheet: RoyaltySheet, before: SheetState, after: SheetState, verb: str, user: User
) -> None:
    sheet = locked(sheet, before)
    if after == SheetState.SUBMITTED and not sheet.lines.exists():
        raise RefusedError(_("There is nothing on this sheet yet."))
    sheet.state = after
    sheet.made_by = user if after == SheetState.SUBMITTED else sheet.made_by
    sheet.save(update_fields=["state", "made_by"])
    audit.record(sheet, verb, user)


@transaction.atomic
def approve(sheet: RoyaltySheet, user: User) -> None:
    """Close the month; from now on nothing of it changes. Raises ``RefusedError``."""
    sheet = locked(sheet, SheetState.SUBMITTED)
    if sheet.made_by_id == user.pk:
        raise RefusedError(_("You submitted this sheet. Somebody else has to approve it."))
    if sheet.lines.filter(author__user=user).exists():
        raise RefusedError(_("You are paid by this sheet. Somebody else has to approve it."))
    day = timezone.localdate()
    rule = TaxRule.objects.on(day)
    for author, gross in totals(sheet):
        RoyaltyPayment.objects.create(
            sheet=sheet, author=author, gross=gross, tax=tax_of(author, gross, rule)
        )
    sheet.state, sheet.approved_by, sheet.approved_at = SheetState.APPROVED, user, timezone.now()
    sheet.save(update_fields=["state", "approved_by", "approved_at"])
    audit.record(sheet, "editorial.royalties_approved", user)


@transaction.atomic
def pay(sheet: RoyaltySheet, day: date, user: User) -> None:
    """Note when the month was paid out."""
    sheet = locked(sheet, SheetState.APPROVED)
    approved = timezone.localdate(sheet.approved_at) if sheet.approved_at else day
    if not approved <= day <= timezone.localdate():
        raise RefusedError(_("The day of payment lies between the approval and today."))
    sheet.state, sheet.paid_on = SheetState.PAID, day
    sheet.save(update_fields=["state", "paid_on"])
    audit.record(sheet, "editorial.royalties_paid", user, day=day.isoformat())


def tax_of(author: Author, gross: int, rule: TaxRule | None) -> int:
    """Return the tax held back: from outside contributors only."""
    if rule is None or not author.is_external:
        return 0
    return reckoning.withheld(gross, threshold=rule.threshold, percent=rule.percent)


def totals(sheet: RoyaltySheet) -> list[tuple[Author, int]]:
    """Return each author's sum on the sheet, by name."""
    sums = dict(
        sheet.lines.order_by().values("author").annotate(sum=Sum("amount")).values_list(
            "author", "sum"
        )
    )  # fmt: skip
    return [(author, sums[author.pk]) for author in Author.objects.filter(pk__in=sums)]


def apply_quotas(sheet: RoyaltySheet) -> None:
    """Leave unpaid, of each salaried author's lines, what the quota of the month takes up.

    What was published first counts first, in whatever order the month was marked; of items
    published at one instant, the one written first.
    """
    rows: dict[int, list[RoyaltyLine]] = {}
    for line in in_order_of_publication(sheet):
        rows.setdefault(line.author_id, []).append(line)
    for author, lines in rows.items():
        quota = Quota.objects.filter(author=author, effective_from__lte=sheet.month)
        current = quota.order_by("-effective_from").first()
        dues = [
            reckoning.Due(line.coefficient * line.share / reckoning.WHOLE, line.full_amount)
            for line in lines
        ]
        paid = reckoning.above_quota(dues, current.monthly if current else Decimal(0))
        for line, amount in zip(lines, paid, strict=True):
            if line.amount != amount:
                line.amount = amount
                line.save(update_fields=["amount"])


def in_order_of_publication(sheet: RoyaltySheet) -> QuerySet[RoyaltyLine]:
    """Return the authors' lines of the sheet, the oldest item first: a total order."""
    written = F("article").asc(nulls_last=True)
    return sheet.lines.filter(role=AUTHOR).order_by("published_on", "published_at", written, "pk")


def locked(sheet: RoyaltySheet, wanted: SheetState) -> RoyaltySheet:
    """Return the sheet, held to the end of the transaction. Raises ``RefusedError``."""
    held = RoyaltySheet.objects.select_for_update().get(pk=sheet.pk)
    if held.state != wanted:
        message = _("The sheet of %(month)s is %(state)s by now. Nothing was changed.")
        raise RefusedError(message % {"month": held, "state": held.get_state_display()})
    return held


def no_unit_value(day: date) -> str:
    """Say what is missing before anything can be reckoned for that day."""
    message = _("No unit value is in force on %(day)s. Enter one under “Unit values”.")
    return message % {"day": f"{day:%d/%m/%Y}"}


def mine(user: Any) -> Any:
    """Return the lines of the person, of months that were submitted, the newest first."""
    return (
        RoyaltyLine.objects.filter(author__user=user)
        .exclude(sheet__state=SheetState.DRAFT)
        .select_related("sheet", "author")
        .order_by("-sheet__month", "published_on", "pk")
    )
