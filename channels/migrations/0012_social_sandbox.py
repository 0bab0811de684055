"""The look-alikes of Zalo and Facebook for the demo, tests and rehearsals."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import channels.sandbox.social.models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0011_attempt_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="SandboxAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("service", models.CharField(max_length=10)),
                ("number", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=255)),
                ("app_id", models.CharField(blank=True, max_length=40)),
                ("app_secret", models.CharField(blank=True, max_length=255)),
                ("token", models.CharField(blank=True, max_length=255)),
                ("token_until", models.DateTimeField(null=True)),
                ("earlier", models.JSONField(default=dict)),
                ("refresh_token", models.CharField(blank=True, max_length=255)),
                ("groups", models.JSONField(default=dict)),
                ("broadcasts_left", models.PositiveIntegerField(default=4)),
                ("faults", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["service", "name", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service", "number"), name="sandbox_account_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SandboxPost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=10)),
                (
                    "number",
                    models.CharField(
                        default=channels.sandbox.social.models.fresh_number, max_length=60
                    ),
                ),
                ("group", models.CharField(blank=True, max_length=60)),
                ("token", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(blank=True, max_length=255)),
                ("text", models.TextField(blank=True)),
                ("content", models.JSONField(default=dict)),
                ("picture", models.FileField(blank=True, upload_to="sandbox/")),
                ("picture_address", models.CharField(blank=True, max_length=500)),
                ("link", models.CharField(blank=True, max_length=500)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("edited_at", models.DateTimeField(null=True)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="posts",
                        to="channels.sandboxaccount",
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "number"), name="sandbox_post_once")
                ],
            },
        ),
    ]
