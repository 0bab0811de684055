"""Notices of channels that stopped and calls in vain; who sets how officers are called."""

from django.db import migrations, models

from editorial.granting import grant


def give(apps, schema_editor):
    grant(apps, {"Quản trị viên": ["portal.change_urgentsettings"]})


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0015_total_order"),
        ("portal", "0010_urgent"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="verb",
            field=models.CharField(
                choices=[
                    ("submitted", "waits for you"),
                    ("returned", "sent back"),
                    ("approved", "approved"),
                    ("published", "published"),
                    ("overdue", "overdue"),
                    ("override", "published urgently"),
                    ("missed", "missed its time"),
                    ("failed", "could not be delivered"),
                    ("withdrawn", "withdrawn"),
                    ("recall", "copies to see to"),
                    ("channel", "channel stopped"),
                    ("call", "not acknowledged"),
                ],
                max_length=12,
                verbose_name="what",
            ),
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
