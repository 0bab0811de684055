#!/usr/bin/env python
"""The measurements the project promises, each beside a named baseline. Writes var/bench.md.

    make bench

Times on a shared machine wander: look at the ratios and the medians. Real processes throughout:
``make run`` in a fresh clone, the default single worker, the Telegram sandbox over HTTP.
"""

import contextlib
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
from tests.all import Unavailable, postgresql  # noqa: E402
from tests.faults.processes import TOKEN, environment, free_port  # noqa: E402

SAMPLES = 20
ITEMS = 50


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    figure: str
    limit: str
    baseline: str


def seconds(function: Callable[[], Any]) -> float:
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


@contextlib.contextmanager
def demo(*command: str, cwd: Path, **values: str) -> Iterator[float]:
    """Start the demo and give the seconds until it printed its addresses."""
    settings = os.environ | {"PYTHONUNBUFFERED": "1", **values}
    settings.pop("DJANGO_SETTINGS_MODULE", None)
    settings.pop("DATABASE_URL", None)
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if "Ctrl+C" in line:
            break
    else:
        raise SystemExit("The demo did not start:\n" + "".join(seen))
    try:
        yield time.perf_counter() - began
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate()


def starting() -> Iterator[Row]:
    """``make run`` in a fresh clone: the first time, packages already downloaded, and again."""
    with tempfile.TemporaryDirectory(prefix="nhipcau-clone-") as folder:
        clone = Path(folder) / "nhipcau"
        subprocess.run(["/usr/bin/env", "git", "clone", "-q", str(ROOT), str(clone)], check=True)
        for what, limit in (("make run, first time", "90 s"), ("make run, again", "8 s")):
            port = str(free_port())
            with demo("make", "run", f"PORT={port}", cwd=clone, PORT=port) as took:
                yield Row(what, f"{took:.1f} s", limit, "–")
        shutil.rmtree(clone / "var")


def publishing(folder: str, port: int) -> Iterator[Row]:
    """From the commit of a publication to the message in the group, by the default worker."""
    os.environ |= environment(folder, f"sqlite:///{folder}/nhipcau.sqlite3", port)
    import django  # noqa: PLC0415 - needs the environment above

    django.setup()
    values = {"VAR_DIR": folder, "PORT": str(port)}
    with demo(sys.executable, "manage.py", "run", cwd=ROOT, **values):
        delays = arrivals()
    yield Row(
        f"publish → sandbox message, median of {SAMPLES}",
        f"{statistics.median(delays):.2f} s (slowest {max(delays):.2f} s)",
        "1 s",
        "–",
    )
    yield from costs()
    yield from polling()
    yield from boards()
    yield from documents()


def arrivals() -> list[float]:
    """Publish articles one by one and return the seconds until each message was taken."""
    from channels.models import Channel  # noqa: PLC0415
    from channels.sandbox import seed  # noqa: PLC0415
    from channels.sandbox.models import SandboxMessage  # noqa: PLC0415
    from core.crypto import encrypt  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    seed(7, "Bench", TOKEN)
    factories.channel("bench", "telegram", options={"chat_id": 7}, secret=encrypt(TOKEN))
    Channel.objects.exclude(slug="bench").filter(kind="telegram").update(is_active=False)
    delays = []
    for number in range(SAMPLES):
        page = factories.article(title=f"Đo thời gian {number}", slug=f"do-{number}")
        publish(page)
        began = time.perf_counter()
        while not SandboxMessage.objects.filter(text__contains=page.title).exists():
            time.sleep(0.005)
        delays.append(time.perf_counter() - began)
        time.sleep(1.1)  # the chat's own rate: one message a second
    return delays


def publish(page: Any) -> None:
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        page.get_latest_revision().publish()


def costs() -> Iterator[Row]:
    """What an item costs beside a plain page of the same site, and a feed beside its bare query."""
    from django.test import Client  # noqa: PLC0415

    from channels.models import Delivery  # noqa: PLC0415
    from portal.models import SectionPage  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    articles = [factories.article(slug=f"gia-{number}") for number in range(10)]
    item = statistics.median(seconds(lambda page=page: publish(page)) for page in articles)
    sections = [
        factories.tree.section(factories.site_tree(), f"Mục {number}") for number in range(10)
    ]
    for section in sections:
        section.save_revision()
    plain = statistics.median(seconds(lambda page=page: publish(page)) for page in sections)
    yield Row(
        "publish an article to six channels",
        f"{item * 1000:.0f} ms",
        "–",
        f"{item / plain:.1f} × a page without channels ({plain * 1000:.0f} ms)",
    )
    client = Client()
    feed = statistics.median(seconds(lambda: client.get("/feeds/bao-chi.xml")) for _ in range(20))
    query = statistics.median(
        seconds(lambda: list(Delivery.objects.filter(channel__slug="bao-chi")[:ITEMS]))
        for _ in range(20)
    )
    yield Row("feed with its items", f"{feed * 1000:.0f} ms", "–", f"{feed / query:.1f} × its rows")
    yield editing(articles[0])
    section_page = SectionPage.objects.first()
    assert section_page is not None
    article = statistics.median(seconds(lambda: client.get("/tin-tuc/do-0/")) for _ in range(20))
    health = statistics.median(seconds(lambda: client.get("/healthz")) for _ in range(20))
    yield Row("article page", f"{article * 1000:.0f} ms", "–", f"{article / health:.0f} × /healthz")


def delivering() -> Iterator[Row]:
    """What the engine promises, on SQLite and on PostgreSQL if it is there."""
    with contextlib.ExitStack() as held:
        servers = {"SQLite": {"PROCESS_DATABASE_URL": ""}}
        with contextlib.suppress(Unavailable):
            servers["PostgreSQL"] = {"PROCESS_DATABASE_URL": held.enter_context(postgresql())}
        for name, values in servers.items():
            yield from rates(name, values)
            yield from amid_many(name, values)
            yield from planning(name, values)


def rates(name: str, values: dict[str, str]) -> Iterator[Row]:
    """Rate and cost of deliveries by real workers."""
    one = delivered(values)
    least = "150/s" if name == "SQLite" else "500/s, 1.5 s"
    yield Row(
        f"web hooks that answer in 30 ms, one worker, {name}",
        f"{one['rate']:.0f}/s, {one['cpu']:.2f} s of processor for 1,000",
        least,
        f"a million squares: {one['yardstick']:.2f} s of processor",
    )
    two = delivered(values, "--workers", "2")
    yield Row(
        f"the same with two workers, {name}",
        f"{two['rate']:.0f}/s",
        "1.6 ×" if name == "PostgreSQL" else "–",
        f"{two['rate'] / one['rate']:.2f} × one",
    )
    alone = delivered(values, "--targets", "540")
    beside = delivered(values, "--hanging", "60")
    yield Row(
        f"median delay of 540 targets beside 60 that hang, {name}",
        f"{beside['delay']:.2f} s",
        "1.2 ×",
        f"{beside['delay'] / alone['delay']:.2f} × without them ({alone['delay']:.2f} s)",
    )


def telegram() -> Iterator[Row]:
    """One item to 600 groups of one bot, against the stand-in with Telegram's own limits."""
    command = [sys.executable, str(ROOT / "tests/bench_telegram.py")]
    # A missed number is a figure of the table, not the end of the measurements.
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    what, early = f"{found['messages']} groups of one bot", found["calls_while_told_to_wait"]
    yield Row(f"{what}: share of 30/s", f"{found['share']:.1%}", "≥ 95 %", "Telegram's limit")
    yield Row(f"{what}: calls while told to wait", str(early), "0", "–")


def delivered(values: dict[str, str], *options: str) -> dict[str, Any]:
    """Run ``bench_delivery.py`` with 600 targets and return its figures."""
    return told("bench_delivery.py", values, "--targets", "600", "--items", "10", *options)


def told(script: str, values: dict[str, str], *options: str) -> dict[str, Any]:
    """Run a measurement in a process of its own and return the figures that it prints."""
    settings = os.environ | values
    settings.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, str(ROOT / "tests" / script), *options]
    done = subprocess.run(command, env=settings, check=True, capture_output=True, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def amid_many(name: str, values: dict[str, str]) -> Iterator[Row]:
    """What an item to a thousand targets costs, and the worker's looks beside a million rows."""
    found = told("bench_publishing.py", values)
    for step, more in found["more"].items():
        limit = "500 ms" if step == "publish" else "–"
        baseline = f"more than to none ({found['none'][step] * 1000:.0f} ms)"
        yield Row(f"{step} to 1,000 targets, {name}", f"{more * 1000:.0f} ms", limit, baseline)
    looks = told("bench_millions.py", values)
    for what in ("next due", "sweep", "figures for Prometheus"):
        limit = "–" if what.startswith("figures") else "20 ms"
        yield Row(f"1,000,000 delivered: {what}, {name}", f"{looks[what]:.1f} ms", limit, "–")


def planning(name: str, values: dict[str, str]) -> Iterator[Row]:
    """What the pages of a province's year cost."""
    for one in told("bench_planning.py", values)["costs"]:
        most = one["most_queries"]
        queries = f", {one['queries']} queries" if most else ""
        yield Row(
            f"a province's year: {one['what']}, {name}",
            f"{one['seconds'] * 1000:.0f} ms{queries}",
            f"{one['limit'] * 1000:.0f} ms" + (f", {most} queries" if most else ""),
            f"{one['processor'] * 1000:.0f} ms of processor",
        )


def polling() -> Iterator[Row]:
    """How long sources of news take when a tenth of them hangs."""
    from tests.bench_polling import measured  # noqa: PLC0415

    for what, healthy, hanging in measured():
        baseline = f"{hanging / healthy:.2f} × none hanging ({healthy:.1f} s)"
        yield Row(what, f"{hanging:.1f} s", "2 ×", baseline)


def boards() -> Iterator[Row]:
    """The board with 100,000 deliveries."""
    from tests.bench_board import measured  # noqa: PLC0415

    for what, took in measured():
        limit = "–" if what.endswith("all") else "500 ms"
        yield Row(f"100,000 deliveries: {what}", f"{took * 1000:.0f} ms", limit, "–")


def documents() -> Iterator[Row]:
    """A plan as a document in each form, and its check."""
    from tests.bench_documents import rows  # noqa: PLC0415

    for line in rows():
        yield Row(*line)


def editing(page: Any) -> Row:
    """The editor of an item with all variants, beside Wagtail's own editor of the same fields."""
    from django.test import Client  # noqa: PLC0415

    from organisations.models import User  # noqa: PLC0415
    from portal.variants.kinds import KINDS  # noqa: PLC0415
    from tests.plain_editor import plain_editor  # noqa: PLC0415

    page.variants = {
        kind.key: {"texts": dict.fromkeys(kind.names, "Viết tay."), "based_on": "trước"}
        for kind in KINDS.values()
    }
    page.save_revision()
    client, address = Client(), f"/admin/pages/{page.pk}/edit/"
    client.force_login(User.objects.get(username="bientap"))

    samples = []
    for _ in range(SAMPLES):  # in turn, so that whatever else runs slows both alike
        took = seconds(lambda: client.get(address))
        with plain_editor():
            samples.append((took, seconds(lambda: client.get(address))))
    ours, plain = (statistics.median(column) for column in zip(*samples, strict=True))
    return Row(
        "open an item with all variants in the editor",
        f"{ours * 1000:.0f} ms",
        "1.5 ×",
        f"{ours / plain:.2f} × Wagtail's own editor of the same fields ({plain * 1000:.0f} ms)",
    )


def table(rows: list[Row]) -> str:
    lines = [
        f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}",
        "",
        "| measured | figure | limit | against |",
        "|---|---|---|---|",
        *(f"| {row.what} | {row.figure} | {row.limit} | {row.baseline} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    rows = [*starting(), *delivering(), *telegram()]
    with tempfile.TemporaryDirectory(prefix="nhipcau-bench-") as folder:
        rows += publishing(folder, free_port())
    (ROOT / "var").mkdir(exist_ok=True)
    (ROOT / "var/bench.md").write_text(table(rows))
    print(table(rows))


if __name__ == "__main__":
    main()
