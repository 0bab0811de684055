"""Who runs events and reviews, who serves the own agency, who looks."""

from django.db import migrations

from editorial.granting import grant

LOOK = ["campaigns.view_event", "campaigns.view_reviewcampaign"]
SERVE = [*LOOK, "campaigns.serve_event", "campaigns.answer_review"]
RUN = [
    *SERVE,
    *(f"campaigns.{verb}_event" for verb in ("add", "change", "delete")),
    *(f"campaigns.{verb}_reviewcampaign" for verb in ("add", "change", "delete")),
]
WANTED = {
    "Chuyên viên kế hoạch": RUN,
    "Quản trị viên": RUN,
    "Công chức đầu mối": SERVE,
    "Phóng viên": LOOK,
    "Biên tập viên": LOOK,
    "Ban Biên tập": LOOK,
}


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0006_events"),
        ("editorial", "0022_chasing"),
    ]
    operations = [
        migrations.RunPython(lambda apps, _: grant(apps, WANTED), migrations.RunPython.noop)
    ]
