"""Where officers have a chat with our bot."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_total_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="telegram",
            field=models.CharField(
                blank=True,
                help_text="For urgent announcements: the number of their chat with our bot, which they have to start once.",
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[1-9]\\d{3,18}$", "Enter the chat's number, digits only."
                    )
                ],
                verbose_name="own Telegram chat",
            ),
        ),
    ]
