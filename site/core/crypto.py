"""Secrets at rest: a text field that is stored encrypted (Fernet, AES-128-CBC with HMAC)."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from core.redaction import hide


class Undecipherable(Exception):
    """A stored secret was written with a key that is not in ``FIELD_KEYS``."""


def box() -> MultiFernet:
    """Return the cipher of ``settings.FIELD_KEYS``, newest key first."""
    if not settings.FIELD_KEYS:
        raise ImproperlyConfigured("FIELD_KEYS is empty: secrets cannot be stored.")
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def encrypt(text: str) -> str:
    return box().encrypt(text.encode()).decode() if text else ""


def decrypt(stored: str) -> str:
    """Return the text. Raises ``Undecipherable``."""
    if not stored:
        return ""
    try:
        text = box().decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise Undecipherable("Stored with a key that is not in FIELD_KEYS") from error
    hide(text)  # from here on it must not turn up in a log
    return text


class EncryptedTextField(models.TextField[str, str]):
    """Keeps cipher text in the attribute too, so that no secret meets a log or a page by chance.

    Read it with ``core.crypto.decrypt`` where it is used; write it with ``encrypt``.
    """

    def get_prep_value(self, value: Any) -> Any:
        if value and not str(value).startswith("gAAAA"):
            raise ValueError("Assign core.crypto.encrypt(text), not the text itself.")
        return super().get_prep_value(value)
