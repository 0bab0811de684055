"""Addresses that let a program read without logging in: signed, and replaced at will."""

import secrets
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _


class SignedKeyQuerySet(models.QuerySet[Any]):
    def of_token(self, token: str) -> Any:
        """Return the key of the token, if its account may log in. Compares in constant time."""
        number = token.partition("-")[0]
        if not (number.isascii() and number.isdecimal()) or len(number) > 18:
            return None
        key = self.select_related("user").filter(pk=int(number), user__is_active=True).first()
        return key if key is not None and constant_time_compare(key.token, token) else None

    def renew(self, user: Any, **which: Any) -> Self | Any:
        """Give the person a new key; the address they had stops working."""
        values = {"nonce": secrets.token_hex(16), "made_at": timezone.now()}
        return self.update_or_create(user=user, **which, defaults=values)[0]


class SignedKey(models.Model):
    """A key of a ``user``. Its token is signed with the key of the installation: nobody makes one
    from the database alone."""

    SALT: ClassVar[str]
    user_id: int

    nonce = models.CharField(max_length=32, editable=False)
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)

    objects = SignedKeyQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def token(self) -> str:
        said = f"{self.pk}:{self.user_id}:{self.nonce}"
        signed = salted_hmac(self.SALT, said, algorithm="sha256")
        return f"{self.pk}-{signed.hexdigest()[:40]}"
