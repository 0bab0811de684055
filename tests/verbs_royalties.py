"""Verbs of the permission table: royalties, and what is counted for them.

A sheet is "own" if the person submitted it, else another's.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from editorial.models.royalties import RoyaltyLine, RoyaltySheet, SheetState
from editorial.royalties import actions
from editorial.royalties.actions import Mark
from editorial.royalties.proposing import month_of
from portal.models import ArticlePage, Author, Authorship
from tests.verbs import Actor, opens, verb

MONTH = date(2021, 5, 1)


def marked(actor: Actor, state: SheetState = SheetState.DRAFT, *, own: bool = False) -> Any:
    """Return the sheet of a month in that state, with an item on it."""
    by = actor.user if own and actor.user else actor.other
    published(actor)
    sheet = actions.sheet_of(MONTH, by)
    RoyaltySheet.objects.filter(pk=sheet.pk).update(state=SheetState.DRAFT, made_by=by)
    marks = [Mark(entry, "plain", Decimal(1)) for entry in month_of(MONTH).proposals]
    actions.mark(sheet, marks, by)
    RoyaltySheet.objects.filter(pk=sheet.pk).update(state=state)
    return RoyaltySheet.objects.get(pk=sheet.pk)


def published(actor: Actor) -> ArticlePage:
    page = actor.draft(own=False, live=True)
    author, _made = Author.objects.get_or_create(name="Lan")
    Authorship.objects.create(page=page, author=author)
    moment = datetime(2021, 5, 20, 3, tzinfo=UTC)
    ArticlePage.objects.filter(pk=page.pk).update(first_published_at=moment)
    return page


def came_to(actor: Actor, sheet: RoyaltySheet, do: str, state: SheetState) -> bool:
    actor.post("editorial_royalty_sheet", sheet.pk, verb=do, day="01/06/2021")
    sheet.refresh_from_db()
    reached = sheet.state == state
    RoyaltySheet.objects.all().update(state=SheetState.DRAFT, approved_at=None)
    sheet.payments.all().delete()
    return reached


opens("list the royalty sheets", "editorial_royalties")
opens("look at a royalty sheet", "editorial_royalty_sheet", lambda actor: marked(actor).pk)
opens("export a royalty sheet", "editorial_royalty_export", lambda actor: marked(actor).pk)
opens("read own royalties", "editorial_royalties_mine")
opens("add a unit value", "unitvalue:add")
opens("change a royalty scheme", "royaltyscheme:add")
opens("read the statistics", "editorial_statistics")
opens("export the statistics", "editorial_statistics", export="xlsx")


@verb("mark royalties")
def mark(actor: Actor) -> bool:
    page = published(actor)
    row = f"item-{page.pk}"
    form = {f"{row}-marked": "on", f"{row}-condition": "plain", f"{row}-coefficient": "1"}
    others = {
        f"item-{each.article.pk}-condition": "plain"
        for each in month_of(MONTH).proposals
        if each.article.pk != page.pk
    }
    actor.post("editorial_royalties_mark", 2021, 5, **form, **others)
    return RoyaltyLine.objects.filter(article=page).exists()


@verb("add a royalty line")
def add_line(actor: Actor) -> bool:
    sheet, author = marked(actor), Author.objects.get(name="Lan")
    form = {"author": author.pk, "role": "photo", "title": actor.role, "genre": "photo",
            "published_on": "20/05/2021", "coefficient": "1"}  # fmt: skip
    actor.post("editorial_royalty_add", sheet.pk, **form)
    return RoyaltyLine.objects.filter(title=actor.role).exists()


@verb("take a royalty line off")
def remove_line(actor: Actor) -> bool:
    line = marked(actor).lines.latest("pk")
    actor.post("editorial_royalty_remove", line.pk)
    return not RoyaltyLine.objects.filter(pk=line.pk).exists()


@verb("submit a royalty sheet")
def submit(actor: Actor) -> bool:
    return came_to(actor, marked(actor), "submit", SheetState.SUBMITTED)


@verb("send a royalty sheet back")
def send_back(actor: Actor) -> bool:
    return came_to(actor, marked(actor, SheetState.SUBMITTED), "return", SheetState.DRAFT)


@verb("approve another's royalty sheet")
def approve_other(actor: Actor) -> bool:
    return came_to(actor, marked(actor, SheetState.SUBMITTED), "approve", SheetState.APPROVED)


@verb("approve own royalty sheet")
def approve_own(actor: Actor) -> bool:
    own = marked(actor, SheetState.SUBMITTED, own=True)
    return came_to(actor, own, "approve", SheetState.APPROVED)


@verb("note royalties as paid")
def pay(actor: Actor) -> bool:
    sheet = marked(actor, SheetState.APPROVED)
    RoyaltySheet.objects.filter(pk=sheet.pk).update(approved_at=datetime(2021, 6, 1, tzinfo=UTC))
    return came_to(actor, sheet, "pay", SheetState.PAID)


@verb("correct an approved royalty")
def reverse_line(actor: Actor) -> bool:
    line = marked(actor, SheetState.APPROVED).lines.latest("pk")
    actor.post("editorial_royalty_reverse", line.pk, reason="Chấm nhầm thể loại")
    RoyaltySheet.objects.all().update(state=SheetState.DRAFT)
    return RoyaltyLine.objects.filter(reverses=line).exists()
