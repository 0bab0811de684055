"""Who sets how long deliveries stay in the outbox."""

from django.db import migrations

from editorial.granting import grant

WANTED = {"Quản trị viên": ["channels.change_archivesettings"]}


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0015_archive"),
        ("editorial", "0018_alarms"),
    ]
    operations = [
        migrations.RunPython(lambda apps, _: grant(apps, WANTED), migrations.RunPython.noop)
    ]
