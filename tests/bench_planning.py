#!/usr/bin/env python
"""What the pages of a province's year cost: seconds, seconds of processor, queries. Prints JSON.

    python tests/bench_planning.py [--only WORD]

On a new SQLite file, or on the PostgreSQL server named by PROCESS_DATABASE_URL. Medians; the first
visit, which fills caches, is not counted.
"""

import argparse
import contextlib
import io
import itertools
import json
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.faults import processes

TURNS = 5
PAGE, QUERIES = 0.5, 30
ROWS = 500  # of a file that is brought in


@dataclass(frozen=True)
class Cost:
    """One thing done: medians in seconds, the queries it asked, and what was promised."""

    what: str
    seconds: float
    processor: float
    queries: int
    limit: float
    most_queries: int | None = None

    @property
    def holds(self) -> bool:
        fits = self.most_queries is None or self.queries <= self.most_queries
        return self.seconds <= self.limit and fits


def cost(
    what: str, do: Callable[[], Any], limit: float = PAGE, most_queries: int | None = QUERIES
) -> Cost:
    from django.db import connection  # noqa: PLC0415 - needs Django set up
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection):
        do()  # fills caches
    with CaptureQueriesContext(connection) as asked:
        do()
    queries = len(asked)  # now: later requests empty the log
    taken, spent = [], []
    for _turn in range(TURNS):
        began, busy = time.perf_counter(), time.process_time()
        do()
        taken.append(time.perf_counter() - began)
        spent.append(time.process_time() - busy)
    return Cost(
        what,
        round(statistics.median(taken), 4),
        round(statistics.median(spent), 4),
        queries,
        limit,
        most_queries,
    )


def addresses(year: Any) -> dict[str, str]:
    """Return the pages that were promised, by what they are called; an asterisk is public."""
    from django.urls import reverse  # noqa: PLC0415

    from campaigns.slots.models import Slot  # noqa: PLC0415

    slots, agency = reverse("campaigns_slot_calendar"), year.agencies[-1].pk
    timeline, progress = (
        reverse("campaigns_slot_timeline"),
        reverse("campaigns_progress", args=[year.plan.pk]),
    )
    activity = year.activities[0].pk
    return {
        "* plan": year.plan.get_absolute_url(),
        "* list of plans": reverse("plans:list"),
        "* items of the plan": reverse("plans:items", args=[year.plan.slug]),
        "plan": reverse("campaigns_plans:inspect", args=[year.plan.pk]),
        "plan, its texts": reverse("campaigns_plans:edit", args=[year.plan.pk]),
        "progress of the plan": progress,
        "progress of the plan, overdue only": f"{progress}?status=overdue",
        "calendar, a month": f"{slots}?view=month",
        "calendar, agenda": f"{slots}?view=agenda&day={year.plan.year}-01-01",
        "timeline by group": timeline,
        "timeline by agency": f"{timeline}?by=agency",
        "dashboard": reverse("campaigns_slot_dashboard"),
        "dashboard, completed on time only": (
            f"{reverse('campaigns_slot_dashboard')}?status=done-on-time"
        ),
        "board of an agency": f"{reverse('campaigns_board')}?agency={agency}",
        "slots of an activity": reverse("campaigns_slots:of_activity", args=[activity]),
        "one slot": reverse("campaigns_slots:one", args=[Slot.objects.latest("pk").pk]),
    }


def pages(year: Any) -> Iterator[Cost]:
    from django.test import Client  # noqa: PLC0415

    from organisations.models import User  # noqa: PLC0415

    client, reader = Client(), Client()
    client.force_login(User.objects.create_superuser("bench-planning", "", "x"))

    def get(by: Client, address: str) -> None:
        answer = by.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    for what, address in addresses(year).items():
        by = reader if what.startswith("*") else client
        yield cost(what, partial(get, by, address))
    yield from scoring(client)
    yield from reports(year, client)


def scoring(client: Any) -> Iterator[Cost]:
    """The pages of a set of criteria by which every commune scores itself."""
    from tests.planted_scores import plant  # noqa: PLC0415

    for what, address in scoring_addresses(plant()).items():
        yield cost(what, partial(client.get, address))


def scoring_addresses(one: Any) -> dict[str, str]:
    """Return the pages of scoring, for one of the assessments."""
    from django.urls import reverse  # noqa: PLC0415

    return {
        "scoring": reverse("campaigns_scoring"),
        "set of criteria": reverse("campaigns_scoring_set", args=[one.criteria_set_id]),
        "comparison of agencies": reverse("campaigns_scoring_compare", args=[one.criteria_set_id]),
        "assessment": reverse("campaigns_scoring_assessment", args=[one.pk]),
    }


def reports(year: Any, client: Any) -> Iterator[Cost]:
    """The pages and documents of periodic reports, counted from all there is."""
    from django.utils import timezone  # noqa: PLC0415

    from campaigns.reporting.documents import export  # noqa: PLC0415
    from tests.planted_reports import plant  # noqa: PLC0415

    planted = plant(year)
    for what, address in report_addresses(planted).items():
        yield cost(what, partial(client.get, address))
    today = timezone.localdate()
    for form in ("docx", "pdf"):
        make = partial(export, planted.province, form, today)
        yield cost(f"report of the province as {form}", make, 3, most_queries=None)


def report_addresses(planted: Any) -> dict[str, str]:
    from django.urls import reverse  # noqa: PLC0415

    return {
        "periods of reports": reverse("campaigns_reporting"),
        "report of an agency": reverse("campaigns_report", args=[planted.one.pk]),
        "report of the province": reverse("campaigns_report", args=[planted.province.pk]),
        "table of a period": reverse("campaigns_reporting_table", args=[planted.period.pk]),
    }


def files(year: Any) -> Iterator[Cost]:
    """The plan as a document, and a plan of 500 rows brought in."""
    from campaigns.exporting.files import FORMS  # noqa: PLC0415
    from campaigns.exporting.mapping import document_of  # noqa: PLC0415

    rows = list(year.plan.activities.order_by("position", "pk"))
    document = document_of(year.plan, rows)
    for name, limit in (("pdf", 0.2), ("docx", 0.5)):
        form = FORMS[name]
        make = partial(form.write, document, rows)
        yield cost(f"plan as {name}", make, limit, most_queries=None)
    yield cost(f"import of {ROWS} rows", importing(), 5, most_queries=None)


def importing() -> Callable[[], Any]:
    """Return what brings a plan of 500 rows in, another one each time."""
    from datetime import date  # noqa: PLC0415

    from openpyxl import Workbook  # noqa: PLC0415

    from campaigns.importing.facts import Facts  # noqa: PLC0415
    from campaigns.importing.files import read_bytes  # noqa: PLC0415
    from campaigns.importing.store import read_draft, store  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    sheet.append(["STT", "Nội dung", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian thực hiện"])
    for number in range(ROWS):
        sheet.append([
            number + 1, f"Tuyên truyền nội dung {number + 1}", f"Sở số {number % 20 + 1:02}",
            "Các sở, ban, ngành", ("Hằng tháng", "Trước 15/5/2026", "Quý II - Quý III")[number % 3],
        ])  # fmt: skip
    file = io.BytesIO()
    book.save(file)
    day, turn = date(2026, 1, 5), iter(range(100))

    def bring() -> None:
        facts = Facts(f"{900 + next(turn)}/KH-UBND", day, "Kế hoạch lớn", "nam-ubnd", 2026)
        store(read_draft(read_bytes(file.getvalue()), facts, day))

    return bring


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="a word in the name of what is measured")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    with (
        tempfile.TemporaryDirectory(prefix="nhipcau-bench-") as folder,
        processes.database(folder) as url,
    ):
        processes.set_up(**processes.environment(folder, url, 9))
        from django.db import connection, connections, transaction  # noqa: PLC0415

        from core import memory  # noqa: PLC0415
        from tests import planted_year  # noqa: PLC0415

        memory.settle()  # as a web process does
        with transaction.atomic():
            year = planted_year.plant()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        found = []
        for one in itertools.chain(pages(year), files(year)):
            if options.only in one.what:
                found.append(asdict(one))
                print(
                    f"{one.what:<40} {one.seconds * 1000:6.0f} ms {one.processor * 1000:6.0f} ms"
                    f" {one.queries:4} {'' if one.holds else 'MISSED'}",
                    file=sys.stderr,
                    flush=True,
                )
        print(json.dumps({"database": connection.vendor, "costs": found}))
        with contextlib.suppress(Exception):
            connections.close_all()


if __name__ == "__main__":
    main()
