"""Several worker processes on PostgreSQL: they share, are killed, replaced and changed over."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(
        not os.environ.get("PROCESS_DATABASE_URL"), reason="the pool needs PostgreSQL"
    ),
    pytest.mark.xdist_group("worker-pool"),  # one process plays all scenes
]
SCRIPT = Path(__file__).with_name("pool.py")


@pytest.fixture(scope="module")
def scenes() -> dict[str, dict[str, Any]]:
    """What came of each scene, all played on one stage."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {scene["scene"]: scene for scene in told}


def went_well(scene: dict[str, Any]) -> bool:
    return (scene["lost"], scene["doubled"], scene["disordered"]) == (0, 0, 0)


def test_three_workers_deliver_every_item_once(scenes: dict[str, Any]) -> None:
    scene = scenes["sharing"]
    assert went_well(scene)
    assert scene["states"] == {"delivered": 60}
    assert scene["present"] == 3


def test_a_killed_worker_loses_and_doubles_nothing(scenes: dict[str, Any]) -> None:
    scene = scenes["killing"]
    assert went_well(scene)
    assert 1 <= scene["states"].get("uncertain", 0) <= 6  # what it had in flight


def test_a_rolling_restart_leaves_no_doubt_about_anything(scenes: dict[str, Any]) -> None:
    scene = scenes["rolling"]
    assert went_well(scene)
    assert set(scene["states"]) == {"delivered"}
    assert scene["ended"] == [0, 0]


def test_wagtails_own_tasks_are_done_by_the_pool(scenes: dict[str, Any]) -> None:
    scene = scenes["indexing"]
    assert scene["asked"] > 0
    assert scene["indexed"] == 1
    assert scene["left"] == 0  # none failed either


def test_changing_the_engine_with_work_waiting_loses_nothing(scenes: dict[str, Any]) -> None:
    scene = scenes["changing"]
    assert went_well(scene)
    assert set(scene["states"]) == {"delivered"}
    assert scene["tasks"] == {"outbox": 1, "procrastinate": 1}
