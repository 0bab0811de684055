"""Who keeps the templates and the authors, and who reads the system log."""

from django.db import migrations

from editorial.granting import grant

AUTHORS = [f"portal.{verb}_author" for verb in ("add", "change", "view")]
TEMPLATES = [f"editorial.{verb}_itemtemplate" for verb in ("add", "change", "delete", "view")]
WANTED = {
    "Phóng viên": ["editorial.view_itemtemplate"],
    "Biên tập viên": [*AUTHORS, *TEMPLATES],
    "Ban Biên tập": [*AUTHORS, *TEMPLATES, "editorial.read_systemlog"],
    "Quản trị viên": [
        *AUTHORS,
        "portal.delete_author",
        *TEMPLATES,
        "editorial.read_systemlog",
    ],
}


class Migration(migrations.Migration):
    dependencies = [("editorial", "0007_desk"), ("portal", "0007_authors")]
    operations = [
        migrations.RunPython(lambda apps, _: grant(apps, WANTED), migrations.RunPython.noop)
    ]
