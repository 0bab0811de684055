"""How we want to be connected to the database, whatever ``DATABASE_URL`` says beside."""

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    # WAL, so that readers never wait; IMMEDIATE, so that two writers queue at BEGIN instead of
    # failing in the middle.
    "django.db.backends.sqlite3": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
    # Our queries end in milliseconds; compiling one that looks dear takes a hundred of them.
    "django.db.backends.postgresql": {"options": "-c jit=off"},
}


def tuned(database: dict[str, Any]) -> dict[str, Any]:
    """Return the entry of ``DATABASES`` with our options. What the address names itself stays."""
    ours = OPTIONS.get(database["ENGINE"], {})
    return database | {"OPTIONS": ours | database.get("OPTIONS", {})}
