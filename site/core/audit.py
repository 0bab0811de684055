"""Who did what: one line per verb, in Wagtail's own log."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from wagtail.log_actions import log


def record(
    instance: models.Model, verb: str, user: AbstractBaseUser | None = None, /, **data: Any
) -> None:
    """Log ``verb``, registered through ``register_log_actions``, on ``instance``. No secrets."""
    log(instance=instance, action=verb, user=user, data=data or None)
