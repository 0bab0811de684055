"""Gives the role groups permissions, for migrations."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes


def grant(apps: Any, wanted: Mapping[str, Iterable[str]]) -> None:
    """Add permissions, written ``app.codename``, to the groups of these names.

    Django makes permissions only after all migrations; those needed are made now. Raises
    ``LookupError`` for one that does not exist.
    """
    for label in sorted({code.partition(".")[0] for codes in wanted.values() for code in codes}):
        config = installed.get_app_config(label)
        create_contenttypes(config, verbosity=0)
        create_permissions(config, verbosity=0)
    Group = apps.get_model("auth", "Group")
    for name, codes in wanted.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, code) for code in codes))


def permission(apps: Any, dotted: str) -> Any:
    """Return the permission ``app.codename``. Raises ``LookupError``."""
    label, codename = dotted.split(".")
    found = (
        apps.get_model("auth", "Permission")
        .objects.filter(content_type__app_label=label, codename=codename)
        .first()
    )
    if found is None:
        raise LookupError(f"There is no permission {dotted}")
    return found
