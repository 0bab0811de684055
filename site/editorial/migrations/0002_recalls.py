"""Who sees tasks about physical copies: everybody their own, the newsroom all of them."""

from django.db import migrations

from editorial.granting import grant

OWN = ["portal.view_recalltask"]
ALL = [*OWN, "portal.change_recalltask"]
WANTED = {
    "Phóng viên": OWN,
    "Biên tập viên": ALL,
    "Ban Biên tập": ALL,
    "Chuyên viên kế hoạch": OWN,
    "Công chức đầu mối": OWN,
    "Quản trị viên": ALL,
}


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0001_roles"),
        ("portal", "0006_corrections"),
    ]
    operations = [
        migrations.RunPython(lambda apps, _: grant(apps, WANTED), migrations.RunPython.noop)
    ]
