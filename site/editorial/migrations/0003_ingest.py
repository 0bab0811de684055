"""Who adopts items of others, who keeps the sources, and who says what was carried."""

from django.db import migrations

from editorial.granting import grant

INBOX = ["ingest.view_inboxitem", "ingest.change_inboxitem", "ingest.view_source"]
PICK_UPS = ["ingest.view_pickup", "ingest.change_pickup"]
SOURCES = [
    *(f"ingest.{verb}_source" for verb in ("add", "change", "delete")),
    *(f"ingest.{verb}_mutedtitle" for verb in ("add", "view", "delete")),
]


def give(apps, schema_editor):
    keepers = [*INBOX, *PICK_UPS, *SOURCES]
    grant(
        apps,
        {
            "Phóng viên": [*INBOX, "ingest.view_pickup"],
            "Biên tập viên": keepers,
            "Ban Biên tập": keepers,
            "Quản trị viên": keepers,
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0002_recalls"),
        ("ingest", "0002_sources_and_inbox"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
