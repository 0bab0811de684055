"""Letters of urging: made from what is overdue, worded by people, written by Decree 30/2020."""

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.chasing.dues import Due
from campaigns.chasing.models import UrgedLine, UrgingLetter
from campaigns.exporting import mapping, signing
from campaigns.exporting.files import FORMS, Exported
from campaigns.models import Plan
from core import audit
from core.errors import RefusedError
from core.text import slugify
from media.documents import letters
from media.documents.model import Block, Clause, Document, Number, Paragraph, plain, text
from media.documents.wording import day_words
from organisations.models import Organisation

ANSWER_WITHIN = timedelta(days=10)
PUBLIC_FORMS = ("docx", "pdf")
MENTION = "Danh mục nhiệm vụ đến hạn chưa hoàn thành tại Phụ lục kèm theo"
_NUMBERED = re.compile(r"\d{1,2}[.)]\s+")


@transaction.atomic
def make(
    plan: Plan, found: Collection[Due], today: date, user: Any, *, each: bool = False
) -> list[UrgingLetter]:
    """Make a letter about these things, or one for each agency. Raises ``RefusedError``."""
    if not found:
        raise RefusedError(_("Nothing is overdue any more with the agencies that were chosen."))
    by_agency: dict[int, list[Due]] = {}
    for due in found:
        by_agency.setdefault(due.agency, []).append(due)
    parts = list(by_agency.values()) if each else [list(found)]
    return [_made(plan, part, today, user) for part in parts]


def _made(plan: Plan, found: Sequence[Due], today: date, user: Any) -> UrgingLetter:
    names = dict(
        Organisation.objects.filter(pk__in={due.agency for due in found}).values_list("pk", "name")
    )
    issuer = user.organisations.order_by("name", "pk").first() or plan.issuer
    answer_by = today + ANSWER_WITHIN
    made = UrgingLetter.objects.create(
        plan=plan,
        issuer=issuer,
        subject=letters.URGING_SUBJECT,
        body=first_words(plan, found, issuer, today, answer_by),
        answer_by=answer_by,
        seen_on=today,
        recipients=_("As above;"),
        made_by=user,
    )
    UrgedLine.objects.bulk_create(
        UrgedLine(
            letter=made,
            agency_id=due.agency,
            key=due.key,
            serial=due.serial,
            content=due.title,
            due_day=due.day,
            state=state_of(due, today)[:120],
        )
        for due in sorted(found, key=lambda due: (names[due.agency], due.day, due.key))
    )
    audit.record(plan, "campaigns.urging_made", user, agencies=", ".join(sorted(names.values())))
    return made


def state_of(due: Due, today: date) -> str:
    """Return "quá hạn 5 ngày; đã có 0/1"."""
    words = _("overdue by %(n)d days") % {"n": due.late(today)}
    return f"{words}; {due.state}" if due.state else words


def first_words(
    plan: Plan, found: Sequence[Due], issuer: Organisation, today: date, answer_by: date
) -> str:
    """Return the text the letter begins with, a paragraph on each line."""
    facts = letters.Urging(
        plan=spoken(plan),
        seen_on=today,
        answer_by=answer_by,
        overdue=tuple(letters.Overdue("", due.title, "", "", "") for due in found),
        to=(),
        report_to=issuer.name,
    )
    head = letters.Letterhead(
        mapping.issuer_of(issuer), place_of(issuer, plan), signing.signature_of(plan)
    )
    document = letters.urging(head, Number(None, ""), None, facts)
    return "\n".join(_lines(document.body))


def _lines(blocks: Sequence[Block]) -> list[str]:
    found, number = [], 0
    for block in blocks:
        if isinstance(block, Clause):
            number += 1
            found.append(f"{number}. {plain(block.text)}")
        elif isinstance(block, Paragraph):
            found.append(plain(block.text))
    return found


def spoken(plan: Plan) -> str:
    """Return the plan as a sentence names it."""
    issuer = mapping.issuer_of(plan.issuer).spoken
    if plan.number and plan.issued_on:
        return f"Kế hoạch số {plan.number} {day_words(plan.issued_on)} của {issuer}"
    return f"Kế hoạch {plan.title} của {issuer}"


def blocks_of(body: str) -> tuple[Block, ...]:
    """Return the text as blocks of a document: numbered lines are clauses."""
    blocks: list[Block] = []
    for line in filter(None, (line.strip() for line in body.splitlines())):
        match = _NUMBERED.match(line)
        blocks.append(Clause(text=text(line[match.end() :])) if match else Paragraph(text(line)))
    return tuple(blocks)


def document_of(letter: UrgingLetter) -> Document:
    """Return the letter as a document of the decree, its table in an appendix."""
    items, archive = signing.received(letter.recipients)
    issuer = letter.issuer
    head = letters.Letterhead(
        mapping.issuer_of(issuer),
        place_of(issuer, letter.plan),
        signing.signed_by(issuer, letter.signer_title, letter.signer),
        archive,
    )
    rows = list(letter.lines.select_related("agency").order_by("agency__name", "due_day", "pk"))
    overdue = [
        letters.Overdue(
            str(number), row.content, row.agency.name, f"{row.due_day:%d/%m/%Y}", row.state
        )
        for number, row in enumerate(rows, 1)
    ]
    to = list(dict.fromkeys(row.agency.name for row in rows))
    made = letters.letter(
        head,
        Number.read(letter.number) if letter.number else Number(None, symbol_of(issuer)),
        letter.issued_on,
        letter.subject,
        to,
        with_mention(letter.body),
        items,
    )
    return letters.with_appendices(made, letters.overdue_appendix(overdue))


def with_mention(body: str) -> tuple[Block, ...]:
    """Return the text as blocks; it names the table that goes with it, as the decree wants."""
    blocks = blocks_of(body)
    if "phụ lục" in body.lower():
        return blocks
    return (*blocks, Paragraph(text(MENTION)))


def place_of(issuer: Organisation, plan: Plan) -> str:
    """Return the locality before the date: the issuer's, else that of who issued the plan."""
    found = mapping.place_of(issuer)
    return mapping.place_of(plan.issuer) if found == "…" else found


def symbol_of(issuer: Organisation) -> str:
    """Return the symbol of the issuer's letters until the registry gives one: "SNV-CCHC"."""
    if signing.committee_name(issuer):
        return "UBND-CCHC"
    initials = "".join(word[0] for word in re.findall(r"\w+", issuer.name) if word != "và")
    return f"{initials.upper()}-CCHC"


def export(letter: UrgingLetter, form: str) -> Exported:
    """Return the letter as a file. Raises ``KeyError`` for another form."""
    kind = {one: FORMS[one] for one in PUBLIC_FORMS}[form]
    name = slugify(f"don doc {letter.number.replace('/', ' ') or letter.pk}", limit=80)
    return Exported(f"{name}.{kind.ending}", kind.media_type, kind.write(document_of(letter), []))


@transaction.atomic
def issue(letter: UrgingLetter, user: Any) -> None:
    """Put on record that the letter went out. Raises ``RefusedError``."""
    row = UrgingLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if row.is_issued:
        raise RefusedError(_("The letter is on record as issued already."))
    if not row.number or row.issued_on is None:
        raise RefusedError(_("Enter number and date of the letter first."))
    row.issued_at, row.issued_by = timezone.now(), user
    row.save(update_fields=["issued_at", "issued_by"])
    audit.record(row.plan, "campaigns.urging_issued", user, number=row.number)


@transaction.atomic
def leave_out(letter: UrgingLetter, agency: int, user: Any) -> int:
    """Take an agency off a letter that was not issued. Raises ``RefusedError``."""
    row = UrgingLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if row.is_issued:
        raise RefusedError(_("The letter is issued and does not change."))
    if not row.lines.exclude(agency=agency).exists():
        raise RefusedError(_("It is the only agency of the letter. Delete the letter instead."))
    return row.lines.filter(agency=agency).delete()[0]
