"""Workers as processes: killed at random, cut off, misled by their clock, several at once.

Smaller than what is promised; the whole is ``kill_workers.py`` without options.
"""

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


def test_kills_cuts_jumps_and_corrections_lose_nothing_and_double_nothing() -> None:
    options = ("--items", "1000", "--kills", "8", "--cuts", "3", "--corrections", "5")
    figures = run(*options, "--jumps", "2", "--workers", "2")
    assert figures["did"] == {"kill": 8, "cut": 3, "correct": 5, "jump": 2}
    assert set(figures["states"]) <= {"delivered", "cancelled", "awaiting"}


def test_four_workers_share_the_work_safely() -> None:
    options = ("--items", "500", "--kills", "0", "--cuts", "0", "--corrections", "0")
    figures = run(*options, "--workers", "4")
    assert figures["states"] == {"delivered": 500}
    assert figures["arrived"] == 500
