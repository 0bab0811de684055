"""Quiet hours, retries and the breaker of each channel, and whom to tell when one stops."""

import django.core.validators
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0006_total_order"),
        ("organisations", "0002_contact"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="broken_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="channel",
            name="failures",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="channel",
            name="open_after",
            field=models.PositiveSmallIntegerField(
                default=5,
                help_text="After so many failures in a row nothing is sent until the receiver answers again.",
                validators=[
                    django.core.validators.MinValueValidator(2),
                    django.core.validators.MaxValueValidator(50),
                ],
                verbose_name="rest after failures",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="probe_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="channel",
            name="probes",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="channel",
            name="quiet_days",
            field=models.PositiveSmallIntegerField(default=127, editable=False),
        ),
        migrations.AddField(
            model_name="channel",
            name="quiet_from",
            field=models.TimeField(
                blank=True,
                help_text="Both empty: no quiet hours.",
                null=True,
                verbose_name="quiet from",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="quiet_until",
            field=models.TimeField(
                blank=True,
                help_text="May lie on the next day.",
                null=True,
                verbose_name="quiet until",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="responsible",
            field=models.ManyToManyField(
                blank=True,
                help_text="Told when the system stops the channel. Nobody chosen: the administrators.",
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="responsible people",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="retry_first",
            field=models.PositiveIntegerField(
                default=5,
                help_text="After the first failure; the waits grow from there.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(3600),
                ],
                verbose_name="first wait (seconds)",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="retry_longest",
            field=models.PositiveIntegerField(
                default=120,
                help_text="No wait between two tries is longer, unless the receiver itself asks for it.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1440),
                ],
                verbose_name="longest wait (minutes)",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="retry_tries",
            field=models.PositiveSmallIntegerField(
                default=8,
                help_text="How often an item is tried in all while the receiver cannot be reached.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(20),
                ],
                verbose_name="tries",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="works_since",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="delivery",
            name="quiet_waiver",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from", None), ("quiet_until", None)),
                    models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                    _connector="OR",
                ),
                name="quiet_hours_begin_and_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("broken_at", None), ("probe_at", None)),
                    models.Q(("broken_at__isnull", False), ("probe_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_broken_channel_is_probed",
            ),
        ),
    ]
