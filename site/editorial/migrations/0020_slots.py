"""Who sees slots, brings evidence, and decides on more time: officers for their own agency."""

from django.db import migrations

from editorial.granting import grant

LOOK = ["campaigns.view_slot", "campaigns.view_evidence"]
ACT = ["campaigns.add_evidence", "campaigns.decide_slot"]
PLAN = [*LOOK, *ACT, "campaigns.change_slot"]
WANTED = {
    "Biên tập viên": LOOK,
    "Ban Biên tập": LOOK,
    "Chuyên viên kế hoạch": PLAN,
    "Công chức đầu mối": ACT,
    "Quản trị viên": PLAN,
}


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_slots_and_evidence"),
        ("editorial", "0019_archive"),
    ]
    operations = [
        migrations.RunPython(lambda apps, _: grant(apps, WANTED), migrations.RunPython.noop)
    ]
