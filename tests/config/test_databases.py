from config.databases import tuned


def test_what_the_address_names_stays_and_ours_is_added() -> None:
    address = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"sslmode": "require"}}
    assert tuned(address)["OPTIONS"] == {"options": "-c jit=off", "sslmode": "require"}
    assert address["OPTIONS"] == {"sslmode": "require"}
    own = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"options": "-c jit=on"}}
    assert tuned(own)["OPTIONS"] == {"options": "-c jit=on"}


def test_sqlite_writers_queue_and_others_are_left_alone() -> None:
    sqlite = tuned({"ENGINE": "django.db.backends.sqlite3"})["OPTIONS"]
    assert (sqlite["transaction_mode"], "WAL" in sqlite["init_command"]) == ("IMMEDIATE", True)
    assert tuned({"ENGINE": "other"})["OPTIONS"] == {}
