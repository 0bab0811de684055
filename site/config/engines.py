"""Who works off the outbox: one worker by itself, or a pool of them over procrastinate."""

from environs import EnvError

from config.env import choice

POSTGRESQL = "django.db.backends.postgresql"

#: For each engine, what carries out Wagtail's own background tasks.
TASKS = {
    "outbox": "django_tasks_db.DatabaseBackend",
    "procrastinate": "config.pool.background.PoolBackend",
}


def chosen(database: str) -> str:
    """Return the engine of the environment, given the database's. Raises ``EnvError``."""
    engine = choice("ENGINE", "outbox", list(TASKS))
    if engine == "procrastinate" and database != POSTGRESQL:
        raise EnvError(
            'Environment variable "ENGINE": procrastinate needs PostgreSQL (DATABASE_URL)'
        )
    return engine


def apps(database: str) -> list[str]:
    """Return what is installed besides. The pool's tables are there whatever engine is chosen.

    Changing over then takes no migration.
    """
    return ["procrastinate.contrib.django"] if database == POSTGRESQL else []
