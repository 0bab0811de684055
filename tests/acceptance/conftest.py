"""The demo as a newcomer starts it, and browsers to use it with."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PASSWORD = "nhipcau-demo"


@dataclass(frozen=True)
class Site:
    """The running demo."""

    url: str
    output: list[str]  # what the terminal shows


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start ``manage.py run`` in an empty place and wait for the addresses it prints."""
    port = free_port()
    environment = os.environ | {
        "VAR_DIR": str(tmp_path_factory.mktemp("var")),
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PYTHONUNBUFFERED": "1",
    }
    environment.pop("DATABASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    output: list[str] = []
    for line in process.stdout:
        output.append(line)
        if "Ctrl+C" in line:
            break
    else:
        pytest.fail("The demo did not start:\n" + "".join(output))
    # Somebody must go on reading, or the processes stop when the pipe is full.
    threading.Thread(target=output.extend, args=(process.stdout,), daemon=True).start()
    yield Site(f"http://127.0.0.1:{port}", output)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    process.wait(timeout=30)
    process.stdout.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


Login = Callable[[str], Page]


@pytest.fixture
def log_in(site: Site, browser: Browser) -> Iterator[Login]:
    """Give a function that returns a window in which somebody is logged in; "" for a reader."""
    windows = []

    def window(username: str) -> Page:
        context = browser.new_context(
            base_url=site.url, locale="vi-VN", viewport={"width": 1280, "height": 1000}
        )
        windows.append(context)
        page = context.new_page()
        if username:
            page.goto("/admin/login/")
            page.fill("input[name=username]", username)
            page.fill("input[name=password]", PASSWORD)
            page.click("button[type=submit]")
            page.wait_for_url(re.compile(r"/admin/$"))
        return page

    yield window
    for context in windows:
        context.close()


SERIOUS = {"serious", "critical"}


# Half faded in, a text has half its contrast.
AT_REST = """() => Promise.all(document.getAnimations()
  .filter(moving => moving.effect.getComputedTiming().iterations !== Infinity)
  .map(moving => moving.finished.catch(() => null)))"""


def barriers(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical on the page, one line for each rule."""
    page.evaluate(AT_REST)
    violations = Axe().run(page).response["violations"]
    return [
        f"{page.url} {found['id']} ({found['impact']}): "
        + "; ".join(node["html"][:160] for node in found["nodes"][:3])
        for found in violations
        if found["impact"] in SERIOUS
    ]
