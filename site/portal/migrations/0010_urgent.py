"""Why an announcement is urgent, and which officers must know."""

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0013_urgent"),
        ("organisations", "0004_urgent"),
        ("portal", "0009_total_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="announcementpage",
            name="officers",
            field=modelcluster.fields.ParentalManyToManyField(
                blank=True,
                help_text="For urgent ones: each gets the text with a link to acknowledge, again and again until they do. Listed are contacts in use with an e-mail address or a chat of their own.",
                related_name="+",
                to="organisations.contact",
                verbose_name="officers who must know",
            ),
        ),
        migrations.AddField(
            model_name="announcementpage",
            name="urgent_reason",
            field=models.TextField(
                blank=True,
                help_text="For urgent ones: it goes out in quiet hours as well, and this is kept with it. Readers do not see it.",
                verbose_name="why it is urgent",
            ),
        ),
        migrations.CreateModel(
            name="UrgentSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "every",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="repeated every (minutes)",
                    ),
                ),
                (
                    "most",
                    models.PositiveSmallIntegerField(
                        default=6,
                        help_text="After the last one it stands on the dashboard as not acknowledged.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="at most so many times",
                    ),
                ),
                (
                    "bot",
                    models.ForeignKey(
                        blank=True,
                        help_text="A Telegram channel whose bot writes to them. None: officers get e-mail only.",
                        limit_choices_to={"kind": "telegram"},
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="channels.channel",
                        verbose_name="bot for officers' own chats",
                    ),
                ),
            ],
            options={
                "verbose_name": "urgent announcements",
            },
        ),
    ]
