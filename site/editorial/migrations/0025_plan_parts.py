"""Who keeps the list of legal bases, and who locks a plan: planners. The others look."""

from django.db import migrations

from editorial.granting import grant

LOOK = ["campaigns.view_legalbasis"]
BASES = [f"campaigns.{verb}_legalbasis" for verb in ("view", "add", "change", "delete")]
KEEPING = [*BASES, "campaigns.lock_plan", "campaigns.unlock_plan"]
WANTED = {
    "Biên tập viên": LOOK,
    # Approving publishes; without "change" the board opens only what waits for it.
    "Ban Biên tập": [
        *LOOK,
        "campaigns.lock_plan",
        "campaigns.unlock_plan",
        "campaigns.publish_plan",
    ],
    "Công chức đầu mối": LOOK,
    "Chuyên viên kế hoạch": KEEPING,
    "Quản trị viên": KEEPING,
}


def make_lock_permissions(apps):
    """Wagtail adds these itself, but only after all migrations."""
    content_type = apps.get_model("contenttypes", "ContentType").objects.get(
        app_label="campaigns", model="plan"
    )
    for verb in ("lock", "unlock"):
        apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{verb}_plan",
            defaults={"name": f"Can {verb} plan"},
        )


def give(apps, schema_editor):
    make_lock_permissions(apps)
    grant(apps, WANTED)


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0009_plan_parts"),
        ("editorial", "0024_reporting"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
