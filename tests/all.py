#!/usr/bin/env python
"""Everything that must hold: style, types, layers, texts, and the tests on both databases.

    python tests/all.py [--only PART …] [--keep-going]

Missing system packages (packages.txt) are installed when this runs as root; otherwise the command
that does it is printed. Under CI=true a part that cannot run fails the whole; elsewhere it is left
out with a notice. Exit status 0 only when every part that ran passed.
"""

import argparse
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CI = os.environ.get("CI", "").lower() in {"1", "true"}
# Debian's package: the program in it.
PACKAGES = {"chromium": "chromium", "postgresql": "initdb", "mosquitto": "mosquitto"}
PYTEST = [str(BIN / "pytest"), "-q", "-n", "2", "--dist", "loadgroup", "--durations", "5"]
IN_MEMORY = "sqlite://:memory:"
# Where tests of these kinds are: nothing else need be read to run them (test_architecture checks).
IN_BROWSER = ["tests/acceptance"]
STARTING_PROCESSES = ["tests/config", "tests/faults"]
SOURCES = ["manage.py", "campaigns", "channels", "media", "site", "tests"]


def find(program: str) -> Path | None:
    """Return where a program is, PostgreSQL's own folder included."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / program).exists():
            return folder / program
    found = shutil.which(program)
    return Path(found) if found else None


def install_packages() -> None:
    """Install what is missing, or say how."""
    missing = [package for package, program in PACKAGES.items() if not find(program)]
    if not missing:
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        print(f"Missing system packages. This installs them: sudo {' '.join(command)}")
        return
    print(f"Installing {', '.join(missing)} …", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-qq"], [*command, "-qq"]):
        subprocess.run(step, env=environment, check=False, stdout=subprocess.DEVNULL)


def run(*command: str, output: IO[str] | None = None, **environment: str) -> bool:
    """Run a command in the project's root and say whether it succeeded."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": IN_MEMORY,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]),
        "PYTHONDONTWRITEBYTECODE": "",  # a dozen processes start: let them compile once
        **environment,
    }
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | settings, check=False, stdout=output, stderr=output
    )
    return done.returncode == 0


def lint() -> bool:
    python = sys.executable
    checks = (
        (str(BIN / "ruff"), "check", *SOURCES),
        (str(BIN / "ruff"), "format", "--check", *SOURCES),
        (str(BIN / "djlint"), "templates", "--lint", "--quiet"),
        (str(BIN / "mypy"),),
        (str(BIN / "lint-imports"),),
        (python, "manage.py", "messages", "--check"),
        (python, "manage.py", "makemigrations", "--check", "--dry-run"),
        (python, "manage.py", "check", "--fail-level", "WARNING"),
    )
    results = [run(*command) for command in checks]  # all of them, even after a failure
    return all(results)


def on_sqlite() -> bool:
    return run(*PYTEST, "-m", "not browser and not processes", DATABASE_URL=IN_MEMORY)


def on_postgresql() -> bool:
    with postgresql() as url:
        selected = ("-m", "not browser and not processes", "--with-database")
        return run(*PYTEST, *selected, DATABASE_URL=url)


def with_processes() -> bool:
    """Worker processes that are killed, on both databases, one after the other.

    They mostly wait, for each other and for the rates of the receivers: two tests at a time, while
    other parts run. What they say is kept until they are done.
    """
    command = [str(BIN / "pytest"), "-q", "-n", "2", "-m", "processes", *STARTING_PROCESSES]
    with postgresql() as url, tempfile.TemporaryFile("w+") as said:
        results = [
            run(*command, output=said),
            run(*command, output=said, PROCESS_DATABASE_URL=url),
        ]
        said.seek(0)
        print(f"\n== processes\n{said.read()}", flush=True)
        return all(results)


def in_browser() -> bool:
    chromium = find("chromium")
    if chromium is None:
        raise Unavailable("chromium")
    return run(str(BIN / "pytest"), "-q", "-m", "browser", *IN_BROWSER, CHROMIUM=str(chromium))


class Unavailable(Exception):
    """A part cannot run here."""


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """Give the address of a PostgreSQL server: the named one, or a private one for this run."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    initdb, control = find("initdb"), find("pg_ctl")
    if initdb is None or control is None:
        raise Unavailable("postgresql")
    with tempfile.TemporaryDirectory(prefix="nhipcau-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o777)
        data, port = f"{folder}/data", free_port()
        # The server refuses to run as root.
        who: dict[str, str] = {"user": "postgres", "group": "postgres"} if not os.geteuid() else {}
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        start = [str(control), "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start"]
        create = [str(initdb), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        for command in (create, start):
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, **who)  # type: ignore[call-overload]
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            stop = [str(control), "-D", data, "-m", "immediate", "stop"]
            subprocess.run(stop, cwd=folder, check=False, stdout=subprocess.DEVNULL, **who)  # type: ignore[call-overload]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PARTS: dict[str, Callable[[], bool]] = {
    "lint": lint,
    "sqlite": on_sqlite,
    "processes": with_processes,
    "postgresql": on_postgresql,
    "browser": in_browser,
}


def timed(name: str) -> str:
    """Run a part and return how it ended and how long it took."""
    began = time.monotonic()
    if name != "processes":  # they speak when they are done
        print(f"\n== {name}", flush=True)
    try:
        outcome = "passed" if PARTS[name]() else "FAILED"
    except Unavailable as lacking:
        outcome = f"{'FAILED' if CI else 'left out'}: {lacking} is not installed"
    return f"{outcome} ({time.monotonic() - began:.0f} s)"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    install_packages()
    run(sys.executable, "manage.py", "messages", "--compile")
    running: dict[str, Future[str]] = {}
    with ThreadPoolExecutor() as pool:
        for name in options.only:
            running[name] = pool.submit(timed, name)
            if name != "processes":  # they mostly wait, and what follows may run beside them
                running[name].result()
    results = {name: part.result() for name, part in running.items()}
    print("\n" + "\n".join(f"{name:<11}{outcome}" for name, outcome in results.items()))
    return int(any(outcome.startswith("FAILED") for outcome in results.values()))


if __name__ == "__main__":
    sys.exit(main())
