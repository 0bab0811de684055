"""Who keeps reporting periods, writes and takes in reports, and answers plans with own ones."""

from django.db import migrations

from editorial.granting import grant

PERIODS = [f"campaigns.{verb}_reportingperiod" for verb in ("view", "add", "change", "delete")]
WRITING = ["campaigns.write_report", "campaigns.write_ownplan"]
KEEPING = [*PERIODS, *WRITING, "campaigns.accept_report", "campaigns.accept_ownplan"]
WANTED = {
    "Chuyên viên kế hoạch": KEEPING,
    "Quản trị viên": KEEPING,
    "Công chức đầu mối": ["campaigns.view_reportingperiod", *WRITING],
}


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0007_reporting"),
        ("editorial", "0023_events"),
    ]
    operations = [
        migrations.RunPython(lambda apps, _: grant(apps, WANTED), migrations.RunPython.noop)
    ]
