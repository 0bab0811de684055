from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0003_radio_text_to_variants")]

    operations = [
        migrations.RemoveField(model_name=model, name="radio_text")
        for model in ("announcementpage", "articlepage")
    ]
