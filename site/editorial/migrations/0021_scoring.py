"""Who keeps the criterion sets, who scores the own agency, who verifies."""

from django.db import migrations

from editorial.granting import grant

SETS = [f"campaigns.{verb}_criterionset" for verb in ("view", "add", "change", "delete")]
KEEPING = [*SETS, "campaigns.answer_assessment", "campaigns.verify_assessment"]
WANTED = {
    "Chuyên viên kế hoạch": KEEPING,
    "Quản trị viên": KEEPING,
    "Công chức đầu mối": ["campaigns.view_criterionset", "campaigns.answer_assessment"],
}


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0004_scoring"),
        ("editorial", "0020_slots"),
    ]
    operations = [
        migrations.RunPython(lambda apps, _: grant(apps, WANTED), migrations.RunPython.noop)
    ]
