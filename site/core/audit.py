"""Who did what: one line per verb, in Wagtail's own log."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from wagtail.log_actions import get_active_log_context, log, registry
from wagtail.models import Page


def record(
    instance: models.Model, verb: str, user: AbstractBaseUser | None = None, /, **data: Any
) -> None:
    """Log ``verb``, registered through ``register_log_actions``, on ``instance``. No secrets."""
    log(instance=instance, action=verb, user=user, data=data or None)


def record_all(
    entries: Sequence[tuple[models.Model, dict[str, Any]]],
    verb: str,
    user: AbstractBaseUser | None = None,
) -> None:
    """Log ``verb`` on many instances of one model, each with its data, in one statement.

    What ``record`` writes, without asking the database once for every line.
    Raises ``ValueError`` for a verb that is not registered.
    """
    if not entries:
        return
    if not registry.action_exists(verb):
        raise ValueError(f"{verb} is not a registered log action")
    model: Any = registry.get_log_model_for_instance(entries[0][0])
    context, now = get_active_log_context(), timezone.now()
    model.objects.bulk_create(
        model(
            **_of(instance, model),
            action=verb,
            timestamp=now,
            data=data,
            user=user or context.user,
            uuid=context.uuid,
        )
        for instance, data in entries
    )


def _of(instance: models.Model, model: Any) -> dict[str, Any]:
    """Return what says which instance an entry is about."""
    content_type = ContentType.objects.get_for_model(instance, for_concrete_model=False)
    label = model.objects.get_instance_title(instance)
    whom = {"page": instance} if isinstance(instance, Page) else {"object_id": str(instance.pk)}
    return {"content_type": content_type, "label": label, **whom}
