#!/usr/bin/env python
"""A province's year: 90 agencies, 25 activities, 15,000 slots, 20,000 pieces of evidence.

DATABASE_URL=… python tests/planted_year.py      fills a database, to look at it

Written in bulk and from a seed, so that it takes seconds and comes out the same each time.
"""

import os
import random
import sys
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

BATCH = 2000
DEPARTMENTS, COMMUNES = 20, 65
HEADINGS = (
    "Chỉ đạo, điều hành",
    "Báo chí",
    "Truyền thanh cơ sở",
    "Trực quan",
    "Hội nghị, cuộc thi",
)
FORMS = ("Tin, bài", "Chuyên mục", "Bản tin truyền thanh", "Tờ gấp, pano", "Hội nghị, tập huấn")
PROOFS = ("delivery", "pick-up", "aired")
KEPT = 0.08  # of the year's slots, how many wait for nothing: their work is not there


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    communes: int = COMMUNES
    activities: int = 25
    slots: int = 15_000
    evidence: int = 20_000
    articles: int = 2_000


@dataclass
class Year:
    """What was planted."""

    plan: Any
    activities: list[Any]
    agencies: list[Any]


def plant(size: Size | None = None, today: date | None = None, seed: int = 95) -> Year:
    """Write a year, that of ``today``, into the database."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django set up

    size, chance = size or Size(), random.Random(seed)
    day = today or timezone.localdate()
    agencies = province(size.communes)
    plan, activities = plan_of(agencies, size.activities, day.year)
    slots = slots_of(activities, agencies, size.slots, day.year, chance)
    decided(slots, day, chance)
    prove(slots, size.evidence, day, chance)
    write(activities, size.articles, day)
    return Year(plan, activities, agencies)


def province(communes: int = COMMUNES) -> list[Any]:
    """Write the agencies and three groups of them; return those that deliver."""
    from organisations.models import GroupRule, Organisation  # noqa: PLC0415

    kinds, levels = Organisation.Kind, Organisation.Level
    head = Organisation.objects.create(
        code="nam-ubnd", name="UBND tỉnh Quê Hương", kind=kinds.PEOPLES_COMMITTEE
    )
    beneath = [
        ("nam-so", "Sở số", DEPARTMENTS, kinds.DEPARTMENT, levels.PROVINCE),
        ("nam-dai", "Đài, báo số", 1, kinds.PRESS, levels.PROVINCE),
        ("nam-xa", "UBND xã số", communes, kinds.PEOPLES_COMMITTEE, levels.COMMUNE),
    ]
    rows = Organisation.objects.bulk_create(
        Organisation(
            code=f"{code}-{number:02}", name=f"{name} {number:02}", kind=kind, level=level,
            parent=head,
        )
        for code, name, many, kind, level in beneath
        for number in range(1, many + 1)
    )  # fmt: skip
    groups = {
        "Các sở, ban, ngành": kinds.DEPARTMENT,
        "UBND các xã, phường": kinds.PEOPLES_COMMITTEE,
    }
    for number, (name, kind) in enumerate(groups.items()):
        group = Organisation.objects.create(code=f"nam-nhom-{number}", name=name, kind=kinds.GROUP)
        level = levels.COMMUNE if kind == kinds.PEOPLES_COMMITTEE else levels.PROVINCE
        GroupRule.objects.create(group=group, level=level, kind=kind, parent=head)
    everybody = Organisation.objects.create(
        code="nam-nhom-9", name="Các cơ quan, địa phương", kind=kinds.GROUP
    )
    GroupRule.objects.create(group=everybody, parent=head)
    return list(rows)


def plan_of(agencies: list[Any], activities: int, year: int) -> tuple[Any, list[Any]]:
    """Write a public plan with its lines, led by all."""
    from campaigns.models import Activity, Plan  # noqa: PLC0415
    from organisations.models import Organisation  # noqa: PLC0415

    everybody = Organisation.objects.get(code="nam-nhom-9")
    plan = Plan.objects.create(
        number="15/KH-UBND", title=f"Tuyên truyền cải cách hành chính năm {year}", year=year,
        issuer=agencies[0].parent, issued_on=date(year, 1, 5), live=True,
    )  # fmt: skip
    plan.save_revision().publish()
    per = -(-activities // len(HEADINGS))
    rows = Activity.objects.bulk_create(
        Activity(
            plan=plan, position=number + 1, serial=str(number + 1),
            heading=HEADINGS[number // per], form=FORMS[number // per],
            content=f"Nhiệm vụ {number + 1}: tuyên truyền về cải cách hành chính tới người dân",
            lead_text=everybody.name, deadline_text="Hằng tháng", recurrence="monthly",
            quantity_text="1 sản phẩm/tháng", target=1, per="month", unit="sản phẩm",
            budget_planned=10_000_000, budget_spent=4_000_000, is_checked=True,
        )
        for number in range(activities)
    )  # fmt: skip
    through = Activity.leads.through
    through.objects.bulk_create(
        through(activity_id=row.pk, organisation_id=everybody.pk) for row in rows
    )
    return plan, list(rows)


def slots_of(
    activities: list[Any], agencies: list[Any], number: int, year: int, chance: random.Random
) -> list[Any]:
    """Write so many slots, spread over lines, agencies and months."""
    from campaigns.slots.models import Slot  # noqa: PLC0415

    made = []
    every = [(row, month, who) for month in range(1, 13) for row in activities for who in agencies]
    # A line asks for something of an agency in seven months of twelve, and not in the same ones.
    for row, month, who in chance.sample(every, min(number, len(every))):
        last = month_end(year, month)
        target = chance.choice((1, 1, 1, 1, 2))
        made.append(
            Slot(
                activity=row, organisation=who, period="month", period_start=date(year, month, 1),
                opens_on=date(year, month, 1), due_on=last, target=target,
            )
        )  # fmt: skip
    return list(Slot.objects.bulk_create(made, batch_size=BATCH))


def month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def decided(slots: list[Any], today: date, chance: random.Random) -> None:
    """Put off one slot in fifty, and give up one in a hundred, as people decide."""
    from django.utils import timezone  # noqa: PLC0415

    from campaigns.slots.models import Decision, Slot  # noqa: PLC0415

    past = [slot for slot in slots if slot.due_on <= today]
    put_off = chance.sample(past, len(past) // 50)
    given_up = chance.sample(past, len(past) // 100)
    decisions = []
    for slot in put_off:
        slot.extended_to = slot.due_on + timedelta(days=20)
        days = {"old_due": slot.due_on, "new_due": slot.extended_to}
        decisions.append(Decision(slot=slot, kind="extended", reason="Mưa lũ.", **days))
    for slot in given_up:
        slot.dropped_at = timezone.now()
        decisions.append(
            Decision(slot=slot, kind="dropped", old_due=slot.due_on, reason="Không còn cần.")
        )
    Slot.objects.bulk_update(put_off + given_up, ["extended_to", "dropped_at"], batch_size=500)
    Decision.objects.bulk_create(decisions, batch_size=BATCH)


def prove(slots: list[Any], number: int, today: date, chance: random.Random) -> None:
    """Write so many pieces of evidence: items with their receipts, files, links; some withdrawn.

    What is open or late stays without, a part is there late or in part, some serves two slots.
    """
    from campaigns.evidence.models import Evidence, Fulfilment  # noqa: PLC0415

    worked = [slot for slot in slots if slot.opens_on <= today and chance.random() > KEPT]
    pieces: list[tuple[Any, Any]] = []
    served = 0
    chance.shuffle(worked)
    while len(pieces) < number and worked:
        slot = worked[served % len(worked)]
        served += 1
        until = min(today, slot.due_on + timedelta(days=chance.choice((0, 0, 0, 0, 15))))
        day = slot.opens_on + timedelta(days=chance.randrange((until - slot.opens_on).days + 1))
        is_withdrawn = chance.random() < 0.03
        story = uuid.UUID(int=chance.getrandbits(128)) if chance.random() < 0.7 else None
        kinds = (
            ("article", *chance.sample(PROOFS, chance.choice((0, 0, 1, 2)))) if story else ("link",)
        )
        for kind in kinds[: number - len(pieces)]:
            pieces.append((slot, evidence(slot, kind, day, story, len(pieces), is_withdrawn)))
    made = Evidence.objects.bulk_create([piece for _slot, piece in pieces], batch_size=BATCH)
    links = {
        (slot.pk, piece.pk): chance.choice((1, 1, 2)) if piece.story is None else 1
        for (slot, _piece), piece in zip(pieces, made, strict=True)
    }
    for piece in chance.sample(made, len(made) // 20):  # serves another slot as well
        links.setdefault((chance.choice(worked).pk, piece.pk), 1)
    rows = [Fulfilment(slot_id=one, evidence_id=two, amount=n) for (one, two), n in links.items()]
    Fulfilment.objects.bulk_create(rows, batch_size=BATCH)


def evidence(
    slot: Any, kind: str, day: date, story: uuid.UUID | None, number: int, is_withdrawn: bool
) -> Any:
    from django.utils import timezone  # noqa: PLC0415

    from campaigns.evidence.models import Evidence  # noqa: PLC0415

    return Evidence(
        kind=kind, title=f"Tài liệu kiểm chứng {number}", dated=day, story=story,
        url=f"https://vi-du.example/{number}", activity_id=slot.activity_id,
        organisation_id=slot.organisation_id,
        source_key=None if kind == "link" else f"nam:{number}",
        withdrawn_at=timezone.now() if is_withdrawn else None,
        withdrawn_reason="Đăng nhầm." if is_withdrawn else "",
    )  # fmt: skip


def write(activities: list[Any], number: int, today: date) -> None:
    """Write so many published articles, each for one of the lines."""
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415
    from wagtail.models import Locale, Page  # noqa: PLC0415

    from portal.models import ArticlePage  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    if not number:
        return
    section, parent = factories.first_section(), factories.site_tree().news
    parent.refresh_from_db()
    kind, locale = ContentType.objects.get_for_model(ArticlePage), Locale.get_default()
    start = datetime.combine(date(today.year, 1, 1), time(8), timezone.get_current_timezone())
    days = max((today - start.date()).days, 1)
    articles = []
    for at in range(number):
        place = parent.numchild + at + 1
        slug, listed = f"nam-{at}", start + timedelta(days=at * days // number)
        articles.append(
            ArticlePage(
                title=f"Tin về nhiệm vụ, số {at}", draft_title=f"Tin về nhiệm vụ, số {at}",
                slug=slug, url_path=f"{parent.url_path}{slug}/", depth=parent.depth + 1,
                path=ArticlePage._get_path(parent.path, parent.depth + 1, place),
                content_type=kind, locale=locale, live=True, translation_key=uuid.uuid4(),
                first_published_at=listed, last_published_at=listed, listed_at=listed,
                summary="Tóm tắt.", section=section, activity=activities[at % len(activities)],
            )
        )  # fmt: skip
    names = [field.attname for field in Page._meta.local_concrete_fields if field.attname != "id"]
    pages = Page.objects.bulk_create(
        (Page(**{name: getattr(one, name) for name in names}) for one in articles),
        batch_size=500,
    )
    for one, page in zip(articles, pages, strict=True):
        one.pk = one.page_ptr_id = page.pk
        one.save_base(raw=True, force_insert=False)
    Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild + number)


def main() -> None:
    root = Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(root / "site"), str(root)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        plant()


if __name__ == "__main__":
    main()
