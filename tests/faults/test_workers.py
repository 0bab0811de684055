"""Workers as processes: killed at random, and several at once."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.processes

SCRIPT = Path(__file__).with_name("kill_workers.py")


def run(*options: str) -> dict[str, Any]:
    """Run the script in a process of its own and return its figures."""
    command = [sys.executable, str(SCRIPT), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(figures)
    return figures


def test_ten_kills_lose_nothing_and_double_nothing() -> None:
    figures = run("--items", "200", "--kills", "10")
    assert (figures["lost"], figures["doubled"], figures["kills"]) == (0, 0, 10)


def test_four_workers_share_the_work_safely() -> None:
    figures = run("--items", "100", "--kills", "0", "--workers", "4")
    assert figures["states"] == {"delivered": 100}
    assert figures["arrived"] == 100
