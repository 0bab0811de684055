"""A migrated database, made once and copied: migrating takes longer than many a test.

The copy lies in ``var/`` (SQLite) or stands beside the test databases as a template (PostgreSQL).
Its name is a digest of every migration and of the versions installed, so a change makes another.
"""

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("VAR_DIR", ROOT / "var")) / "test-databases"
SOURCES = ("campaigns", "channels", "media", "site")
PACKAGES = ("Django", "wagtail", "django-taggit", "django-tasks-db", "procrastinate")


def digest() -> str:
    """Return what a migrated database depends on, as a short name."""
    known = hashlib.sha256()
    for package in PACKAGES:
        known.update(metadata.version(package).encode())
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" in path.parts:
                known.update(path.read_bytes())
    return known.hexdigest()[:16]


@contextmanager
def alone() -> Iterator[None]:
    """Let one worker of the suite in at a time; the next one finds the copy made."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class InMemory:
    """SQLite in memory: filled from a file before Django looks, saved to it afterwards."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        name: Any = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
        self.kept = sqlite3.connect(name, uri=True)  # memory lives as long as somebody is there
        self.file = FOLDER / f"{digest()}.sqlite3"

    def fill(self) -> None:
        if self.file.exists():
            with closing(sqlite3.connect(self.file)) as stored:
                stored.backup(self.kept)

    def save(self) -> None:
        if self.file.exists():
            return
        for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda file: file.stat().st_mtime)[:-3]:
            old.unlink()
        part = self.file.with_suffix(".part")
        with closing(sqlite3.connect(part)) as stored:
            self.kept.backup(stored)
        part.rename(self.file)


class Template:
    """PostgreSQL: a database that the others are copied from."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.name = f"nhipcau_template_{digest()}"

    def fill(self) -> None:
        with self.connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            if cursor.fetchone():
                self.connection.settings_dict["TEST"]["TEMPLATE"] = self.name

    def save(self) -> None:
        settings = self.connection.settings_dict
        if settings["TEST"].get("TEMPLATE") == self.name:
            return
        test_name = settings["NAME"]
        self.connection.close()
        with self.connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(
                r"SELECT datname FROM pg_database WHERE datname LIKE 'nhipcau\_template\_%'"
            )
            for (old,) in cursor.fetchall():
                cursor.execute(f'DROP DATABASE "{old}"')
            cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{test_name}"')


def store() -> "InMemory | Template":
    """Return where copies of the database in use are kept."""
    connection = connections["default"]
    return InMemory(connection) if connection.vendor == "sqlite" else Template(connection)
