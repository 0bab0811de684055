"""Who sets whom alarms go to, and how often receivers are asked and trial messages sent."""

from django.db import migrations

from editorial.granting import grant

WANTED = {"Quản trị viên": ["channels.change_watchsettings"]}


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0010_watching"),
        ("editorial", "0017_rehearsals"),
    ]
    operations = [
        migrations.RunPython(lambda apps, _: grant(apps, WANTED), migrations.RunPython.noop)
    ]
