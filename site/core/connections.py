"""Database connections of processes that run for months."""

from django.db import connection


def reconnect_if_broken() -> None:
    """Let the next query of this thread open a new connection if the present one is broken.

    Does nothing inside a transaction, which could not go on over another connection.
    """
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
