"""Editors prepare bundles and make stations' addresses; the board releases what was prepared."""

from django.db import migrations

from editorial.granting import grant

PREPARE = [
    *(f"portal.{verb}_bundle" for verb in ("add", "change", "view")),
    *(f"channels.{verb}_stationkey" for verb in ("add", "change", "view")),
]
RELEASE = [*PREPARE, "portal.release_bundle"]
WANTED = {
    "Biên tập viên": PREPARE,
    "Ban Biên tập": RELEASE,
    "Quản trị viên": RELEASE,
}


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0002_embargo_and_stations"),
        ("editorial", "0005_two_steps"),
        ("portal", "0005_embargo_and_bundles"),
    ]
    operations = [
        migrations.RunPython(lambda apps, _: grant(apps, WANTED), migrations.RunPython.noop)
    ]
