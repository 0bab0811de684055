#!/usr/bin/env python
"""How long a plan takes as a document, beside an empty document by the same library.

make bench                                          among the other measurements
DATABASE_URL=… python tests/bench_documents.py      alone, on a database that may be filled
"""

import io
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

TURNS = 9
LIMITS = {"pdf": 0.2, "docx": 0.5, "xlsx": 0.5, "tsv": 0.1, "check": 0.5}


def timed(function: Callable[[], Any]) -> tuple[float, float]:
    """Return the seconds of the first turn, and the median of those after it.

    The typesetter remembers what it has set in this process, so the first turn is the honest one.
    """
    taken = []
    for _turn in range(TURNS + 1):
        began = time.perf_counter()
        function()
        taken.append(time.perf_counter() - began)
    return taken[0], statistics.median(taken[1:])


def measured() -> Iterator[tuple[str, tuple[float, float], float, float]]:
    """Yield what was made, the seconds it took, the limit, and an empty document's seconds."""
    import docx  # noqa: PLC0415 - needs Django set up
    from openpyxl import Workbook  # noqa: PLC0415

    from campaigns import demo  # noqa: PLC0415
    from campaigns.exporting.files import FORMS  # noqa: PLC0415
    from campaigns.exporting.mapping import document_of  # noqa: PLC0415
    from media.documents.checking.report import check  # noqa: PLC0415
    from organisations import demo as agencies  # noqa: PLC0415

    agencies.load()
    plan = demo.load_first(demo.DATA)
    activities = list(plan.activities.order_by("position", "pk"))
    document = document_of(plan, activities)
    empty = {
        "docx": timed(lambda: docx.Document().save(io.BytesIO()))[1],
        "xlsx": timed(lambda: Workbook().save(io.BytesIO()))[1],
    }
    for name, form in FORMS.items():
        took = timed(lambda form=form: form.write(document, activities))
        yield f"plan of {len(activities)} rows as {name}", took, LIMITS[name], empty.get(name, 0)
    written = FORMS["docx"].write(document, activities)
    yield "check of that plan as docx", timed(lambda: check(written)), LIMITS["check"], 0


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield the lines of the table: what, figure, limit, baseline."""
    for what, (first, again), limit, empty in measured():
        figure = f"first {first * 1000:.0f} ms, then {again * 1000:.0f} ms"
        base = f"empty file {empty * 1000:.0f} ms" if empty else "–"
        yield what, figure, f"{limit * 1000:.0f} ms", base


def main() -> None:
    root = Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(root / "site"), str(root)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    for line in rows():
        print("\t".join(line))


if __name__ == "__main__":
    main()
