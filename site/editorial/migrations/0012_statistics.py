"""Who reads the statistics."""

from django.db import migrations, models

from editorial.granting import grant

READERS = ("Biên tập viên", "Ban Biên tập", "Chuyên viên kế hoạch", "Quản trị viên")


def give(apps, schema_editor):
    grant(apps, {name: ["editorial.view_statistics"] for name in READERS})


class Migration(migrations.Migration):
    dependencies = [("editorial", "0011_contact_book")]
    operations = [
        migrations.CreateModel(
            name="Statistics",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "statistics",
                "verbose_name_plural": "statistics",
                "managed": False,
                "default_permissions": ("view",),
            },
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
