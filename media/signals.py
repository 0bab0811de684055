"""Nothing that is in use is deleted, whichever way."""

from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext as _

from core.errors import RefusedError
from media.models import Picture
from media.replacing import is_used


@receiver(pre_delete, sender=Picture)
def keep_used(sender: Any, instance: Picture, **kwargs: Any) -> None:
    """Raise ``RefusedError`` for a picture that something shows."""
    if is_used(instance):
        message = _("“%(title)s” is in use. Use another picture instead first, then delete it.")
        raise RefusedError(message % {"title": instance.title})
