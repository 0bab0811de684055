"""Who chases agencies, and who hears of what they leave overdue: the planners."""

from django.db import migrations, models

from editorial.granting import grant

CHASE = [
    "campaigns.chase",
    "campaigns.change_chasingsettings",
    "campaigns.view_officeday",
    "campaigns.add_officeday",
    "campaigns.change_officeday",
    "campaigns.delete_officeday",
]
WANTED = {
    "Chuyên viên kế hoạch": [*CHASE, "campaigns.hear_escalation"],
    "Quản trị viên": CHASE,
}


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0005_chasing"),
        ("editorial", "0021_scoring"),
    ]
    operations = [
        migrations.AlterField(
            model_name="notice",
            name="verb",
            field=models.CharField(
                verbose_name="what",
                max_length=12,
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
                    ("due", "tasks of the plans"),
                ],
            ),
        ),
        migrations.RunPython(lambda apps, _: grant(apps, WANTED), migrations.RunPython.noop),
    ]
