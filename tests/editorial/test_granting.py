"""What migrations grant to the role groups of an installation that was there before."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group

from editorial import roles

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("migration", "codename"),
    [
        ("0016_urgent", "change_urgentsettings"),
        ("0018_alarms", "change_watchsettings"),
        ("0019_archive", "change_archivesettings"),
    ],
)
def test_settings_that_came_later_are_granted_where_the_roles_are_older(
    migration: str, codename: str
) -> None:
    group = Group.objects.get(name=roles.ADMINISTRATOR)
    others = list(Group.objects.exclude(pk=group.pk))
    held = group.permissions.filter(codename=codename)
    group.permissions.remove(*held)
    run = import_module(f"editorial.migrations.{migration}").Migration.operations[-1]
    run.code(apps, None)
    assert held.count() == 1
    assert not [role for role in others if role.permissions.filter(codename=codename)]
