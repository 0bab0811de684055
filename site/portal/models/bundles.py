"""Bundles: items that go out together at one instant, or not at all."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy


class BundleState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("bundle", "In preparation")  #: no time yet
    SCHEDULED = "scheduled", pgettext_lazy("bundle", "Scheduled")  #: the clock releases it
    RELEASED = "released", pgettext_lazy("bundle", "Released")
    CANCELLED = "cancelled", pgettext_lazy("bundle", "Cancelled")


class BundleQuerySet(models.QuerySet["Bundle"]):
    def open(self) -> Self:
        return self.filter(state__in=[BundleState.DRAFT, BundleState.SCHEDULED])

    def due(self, now: datetime) -> Self:
        return self.filter(state=BundleState.SCHEDULED, release_at__lte=now)


class Bundle(models.Model):
    """Several items released at one instant or none."""

    name = models.CharField(_("name"), max_length=200)
    note = models.TextField(
        _("note"), blank=True, help_text=_("For colleagues: why these items go out together.")
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=BundleState,
        default=BundleState.DRAFT,
        db_index=True,
        editable=False,
    )
    release_at = models.DateTimeField(_("release at"), null=True, editable=False)
    released_at = models.DateTimeField(_("released at"), null=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("released by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    problem = models.TextField(_("problem"), blank=True, editable=False)
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("release bundle")
        verbose_name_plural = _("release bundles")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        permissions: ClassVar[Any] = [
            ("release_bundle", gettext_noop("Can release, schedule and cancel bundles"))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether its items still wait."""
        return self.state in {BundleState.DRAFT, BundleState.SCHEDULED}


class BundleItemQuerySet(models.QuerySet["BundleItem"]):
    def open(self) -> Self:
        return self.filter(is_open=True)

    def holds(self, page: int | None) -> bool:
        """Whether an open bundle holds the page of this id."""
        return page is not None and self.open().filter(page=page).exists()


class BundleItem(models.Model):
    """One page in a bundle. ``is_open`` follows the bundle, so that the database can keep a page
    from waiting in two bundles at once."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="items")
    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="bundle_items"
    )
    is_open = models.BooleanField(default=True, editable=False)

    objects = BundleItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a bundle")
        verbose_name_plural = _("items of bundles")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["page"], condition=Q(is_open=True), name="page_in_one_open_bundle"
            ),
            models.UniqueConstraint(fields=["bundle", "page"], name="page_once_in_a_bundle"),
        ]

    def __str__(self) -> str:
        return f"{self.bundle}: {self.page_id}"
