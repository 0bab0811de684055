"""The text for reading aloud becomes the radio variant, in the pages and in all their versions."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MODELS = ("articlepage", "announcementpage")
BATCH = 200


def radio_variant(text: str) -> dict[str, Any]:
    """Nobody knows which version of the master it was written from, hence the empty digest."""
    return {"radio": {"texts": {"text": text}, "based_on": ""}}


def move_into_variants(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for model in MODELS:
        pages = apps.get_model("portal", model).objects
        for page in pages.exclude(radio_text="").only("pk", "radio_text").iterator(BATCH):
            pages.filter(pk=page.pk).update(variants=radio_variant(page.radio_text))
    for revision in revisions(apps).only("pk", "content").iterator(BATCH):
        convert(revision)


def convert(revision: Any) -> None:
    text = revision.content.pop("radio_text", "")
    if text.strip():
        revision.content["variants"] = radio_variant(text)
    revision.save(update_fields=["content"])


def move_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for model in MODELS:
        pages = apps.get_model("portal", model).objects
        for page in pages.exclude(variants={}).only("pk", "variants").iterator(BATCH):
            pages.filter(pk=page.pk).update(radio_text=radio_text(page.variants))
    for revision in revisions(apps).only("pk", "content").iterator(BATCH):
        revision.content["radio_text"] = radio_text(revision.content.pop("variants", {}))
        revision.save(update_fields=["content"])


def radio_text(variants: dict[str, Any]) -> str:
    texts = variants.get("radio", {}).get("texts", {})
    return str(texts.get("text", ""))


def revisions(apps: Apps) -> Any:
    types = apps.get_model("contenttypes", "ContentType").objects.filter(
        app_label="portal", model__in=MODELS
    )
    return apps.get_model("wagtailcore", "Revision").objects.filter(content_type__in=types)


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_variants")]

    operations = [migrations.RunPython(move_into_variants, move_back)]
