"""Who reads and who keeps the contact book."""

from django.db import migrations

from editorial.granting import grant

VIEW = ["organisations.view_contact"]
KEEP = ["organisations.add_contact", "organisations.change_contact"]
ROLES = {
    "Phóng viên": VIEW,
    "Biên tập viên": [*VIEW, *KEEP],
    "Ban Biên tập": [*VIEW, *KEEP],
    "Chuyên viên kế hoạch": [*VIEW, *KEEP],
    "Công chức đầu mối": VIEW,
    "Quản trị viên": [*VIEW, *KEEP, "organisations.delete_contact"],
}


def give(apps, schema_editor):
    grant(apps, ROLES)


class Migration(migrations.Migration):
    dependencies = [("editorial", "0010_royalty_rates"), ("organisations", "0002_contact")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
