from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name=model,
            name=name,
            field=field,
        )
        for model in ("announcementpage", "articlepage")
        for name, field in (
            (
                "variants",
                models.JSONField(
                    blank=True, default=dict, verbose_name="variants for the channels"
                ),
            ),
            ("variant_masters", models.JSONField(blank=True, default=dict, editable=False)),
        )
    ]
