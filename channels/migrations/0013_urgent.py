"""Calls of officers about urgent announcements."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0012_social_sandbox"),
        ("organisations", "0004_urgent"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("story", models.UUIDField(db_index=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("calling", "called, no answer yet"),
                            ("acked", "acknowledged"),
                            ("unanswered", "not acknowledged"),
                            ("ended", "ended"),
                        ],
                        default="calling",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("every", models.PositiveSmallIntegerField()),
                ("most", models.PositiveSmallIntegerField()),
                ("until", models.DateTimeField(null=True)),
                ("give_up_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("lease_until", models.DateTimeField(null=True)),
                ("lease_token", models.UUIDField(null=True)),
                ("sent_count", models.PositiveSmallIntegerField(default=0)),
                ("last_sent_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "bot",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="channels.channel",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="organisations.contact",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="channels.publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "call of an officer",
                "verbose_name_plural": "calls of officers",
                "ordering": ["-created_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "calling")), fields=["due_at"], name="call_due"
                    ),
                    models.Index(
                        condition=models.Q(("state", "unanswered")),
                        fields=["created_at"],
                        name="call_unanswered",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("publication", "contact"), name="call_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "acked"), _negated=True),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="acknowledged_at_some_time",
                    ),
                ],
            },
        ),
    ]
