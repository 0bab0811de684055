"""Whoever answers for items, for the channels or for a plan may rehearse."""

from django.db import migrations

from editorial.granting import grant

REHEARSE = [f"portal.{verb}_rehearsal" for verb in ("add", "view", "delete")]
WANTED = {
    "Biên tập viên": REHEARSE,
    "Ban Biên tập": REHEARSE,
    "Chuyên viên kế hoạch": REHEARSE,
    "Quản trị viên": REHEARSE,
}


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0016_urgent"),
        ("portal", "0011_rehearsals"),
    ]
    operations = [
        migrations.RunPython(lambda apps, _: grant(apps, WANTED), migrations.RunPython.noop)
    ]
