"""Secrets at rest."""

import pytest
from cryptography.fernet import Fernet
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from channels.models import Channel
from core.crypto import Undecipherable, decrypt, encrypt
from tests import factories

TOKEN = "123456:bí-mật"


def test_a_secret_comes_back() -> None:
    assert decrypt(encrypt(TOKEN)) == TOKEN
    assert encrypt("") == decrypt("") == ""


def test_a_new_key_still_reads_what_the_old_one_wrote(settings: LazySettings) -> None:
    stored = encrypt(TOKEN)
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert decrypt(stored) == TOKEN


def test_a_lost_key_is_told_apart_from_an_empty_secret(settings: LazySettings) -> None:
    stored = encrypt(TOKEN)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(Undecipherable):
        decrypt(stored)


def test_without_a_key_nothing_is_stored(settings: LazySettings) -> None:
    settings.FIELD_KEYS = []
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        encrypt(TOKEN)


def test_the_database_never_sees_the_text(db: None) -> None:
    channel = factories.channel(secret=encrypt(TOKEN))
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM channels_channel WHERE id = %s", [channel.pk])
        assert TOKEN not in cursor.fetchone()[0]
    assert TOKEN not in repr(Channel.objects.values().get())


def test_the_field_refuses_a_text_that_was_not_encrypted(db: None) -> None:
    with pytest.raises(ValueError, match="encrypt"):
        factories.channel(secret=TOKEN)
