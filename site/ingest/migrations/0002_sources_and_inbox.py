import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ingest", "0001_initial"),
        ("organisations", "0001_initial"),
        ("portal", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InboxItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=500)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("address", models.CharField(blank=True, max_length=1000, verbose_name="address")),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                ("html", models.TextField(blank=True, verbose_name="text")),
                ("author", models.CharField(blank=True, max_length=200, verbose_name="author")),
                ("pictures", models.JSONField(default=list, verbose_name="pictures")),
                ("published", models.DateTimeField(null=True, verbose_name="published")),
                ("fetched_at", models.DateTimeField(verbose_name="came in")),
                ("listed_at", models.DateTimeField(db_index=True, verbose_name="listed under")),
                (
                    "seen_at",
                    models.DateTimeField(db_index=True, verbose_name="last seen in the feed"),
                ),
                (
                    "changed_at",
                    models.DateTimeField(null=True, verbose_name="changed by the source"),
                ),
                ("folded", models.TextField(editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "waiting"),
                            ("adopted", "adopted"),
                            ("ignored", "ignored"),
                            ("muted", "muted"),
                            ("carried", "taken from us"),
                        ],
                        db_index=True,
                        default="new",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "group",
                    models.UUIDField(
                        db_index=True, default=uuid.uuid4, editable=False, verbose_name="group"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="adopted_from",
                        to="portal.articlepage",
                        verbose_name="draft",
                    ),
                ),
            ],
            options={
                "verbose_name": "inbox item",
                "verbose_name_plural": "inbox items",
                "ordering": ["-listed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="MutedTitle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.CharField(max_length=200, verbose_name="words in the title")),
                ("folded", models.CharField(editable=False, max_length=250, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="muted at")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="muted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "muted title",
                "verbose_name_plural": "muted titles",
                "ordering": ["words"],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Shown to readers as the source of adopted items.",
                        max_length=200,
                        verbose_name="name",
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        help_text="RSS or Atom.",
                        max_length=1000,
                        unique=True,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="address of the feed",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("agency", "agency"), ("press", "press")],
                        default="agency",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "interval",
                    models.PositiveSmallIntegerField(
                        default=15,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="minutes between two polls",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="on")),
                (
                    "muted_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="New items are kept out of the inbox until then.",
                        null=True,
                        verbose_name="muted until",
                    ),
                ),
                ("etag", models.CharField(blank=True, editable=False, max_length=500)),
                ("last_modified", models.CharField(blank=True, editable=False, max_length=100)),
                (
                    "next_poll_at",
                    models.DateTimeField(
                        db_index=True,
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="next poll",
                    ),
                ),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                (
                    "failures",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="failures in a row"
                    ),
                ),
                (
                    "last_polled_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last poll"),
                ),
                (
                    "last_ok_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last success"),
                ),
                (
                    "last_error",
                    models.TextField(blank=True, editable=False, verbose_name="what is wrong"),
                ),
                (
                    "item_count",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="items so far"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="agency",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="portal.sectionpage",
                        verbose_name="section of adopted items",
                    ),
                ),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="PickUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source_name",
                    models.CharField(max_length=200, verbose_name="name of the source"),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("address", models.CharField(blank=True, max_length=1000, verbose_name="address")),
                ("published", models.DateTimeField(verbose_name="carried on")),
                ("likeness", models.FloatField(verbose_name="likeness")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to check"),
                            ("confirmed", "confirmed"),
                            ("rejected", "not ours"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pick_up",
                        to="ingest.inboxitem",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pick_ups",
                        to=settings.WAGTAIL_PAGE_MODEL,
                        verbose_name="our item",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="ingest.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "pick-up",
                "verbose_name_plural": "pick-ups",
                "ordering": ["-published", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="inboxitem",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="ingest.source",
                verbose_name="source",
            ),
        ),
        migrations.AddConstraint(
            model_name="inboxitem",
            constraint=models.UniqueConstraint(fields=("source", "key"), name="inbox_item_once"),
        ),
    ]
