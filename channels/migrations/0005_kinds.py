"""The kinds ``hand`` and ``file`` bear the names that documents and commands use."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NAMES = {"carried": "hand", "drop": "file"}


def rename(apps: StateApps, names: dict[str, str]) -> None:
    channel = apps.get_model("channels", "Channel")
    for old, new in names.items():
        channel.objects.filter(kind=old).update(kind=new)


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rename(apps, NAMES)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rename(apps, {new: old for old, new in NAMES.items()})


class Migration(migrations.Migration):
    dependencies = [("channels", "0004_station_reports")]
    operations = [migrations.RunPython(forwards, backwards)]
