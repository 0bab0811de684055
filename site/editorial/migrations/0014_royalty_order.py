from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_over(apps, schema_editor):
    """Give the authors' lines the moment their item was published, where it still stands."""
    lines = apps.get_model("editorial", "RoyaltyLine").objects.filter(role="author")
    pages = apps.get_model("portal", "ArticlePage").objects.filter(pk=OuterRef("article"))
    lines.update(published_at=Subquery(pages.values("first_published_at")[:1]))


class Migration(migrations.Migration):
    dependencies = [("editorial", "0013_recall_notices")]

    operations = [
        migrations.AddField(
            model_name="royaltyline",
            name="published_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
