"""Items of sources, waiting for somebody to adopt or ignore them, and what others took from us."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ingest.feeds.parsed import MAX_ADDRESS, MAX_KEY, MAX_NAME, MAX_TITLE
from ingest.models.sources import Source

KEPT = timedelta(days=90)  # after an item was last seen in its feed


class InboxState(models.TextChoices):
    NEW = "new", _("waiting")
    ADOPTED = "adopted", _("adopted")
    IGNORED = "ignored", _("ignored")
    MUTED = "muted", _("muted")
    CARRIED = "carried", _("taken from us")  # one of our own items, see PickUp


class InboxItemQuerySet(models.QuerySet["InboxItem"]):
    def stale(self, now: datetime) -> "InboxItemQuerySet":
        """Items nobody adopted that left their feed long ago."""
        return self.exclude(state=InboxState.ADOPTED).filter(seen_at__lt=now - KEPT)


class InboxItem(models.Model):
    """One entry of a source's feed, as it was last seen. Text is NFC, HTML is sanitised."""

    State = InboxState

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="items"
    )
    key = models.CharField(max_length=MAX_KEY, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    title = models.CharField(_("title"), max_length=MAX_TITLE)
    address = models.CharField(_("address"), max_length=MAX_ADDRESS, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    html = models.TextField(_("text"), blank=True)
    author = models.CharField(_("author"), max_length=MAX_NAME, blank=True)
    pictures = models.JSONField(_("pictures"), default=list)
    published = models.DateTimeField(pgettext_lazy("the day", "published"), null=True)
    fetched_at = models.DateTimeField(_("came in"))
    listed_at = models.DateTimeField(_("listed under"), db_index=True)
    seen_at = models.DateTimeField(_("last seen in the feed"), db_index=True)
    changed_at = models.DateTimeField(_("changed by the source"), null=True)
    folded = models.TextField(editable=False)  # title and summary, for the search
    state = models.CharField(
        _("state"), max_length=10, choices=InboxState, default=InboxState.NEW, db_index=True
    )
    group = models.UUIDField(_("group"), default=uuid4, db_index=True, editable=False)
    article = models.ForeignKey(
        "portal.ArticlePage",
        verbose_name=_("draft"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="adopted_from",
    )

    objects = InboxItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("inbox item")
        verbose_name_plural = _("inbox items")
        ordering: ClassVar[list[str]] = ["-listed_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "key"], name="inbox_item_once")
        ]

    def __str__(self) -> str:
        return self.title


class MutedTitle(models.Model):
    """Words that keep an item out of the inbox when its title holds them in this order."""

    words = models.CharField(_("words in the title"), max_length=200)
    folded = models.CharField(max_length=250, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("muted by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("muted at"), auto_now_add=True)

    class Meta:
        verbose_name = _("muted title")
        verbose_name_plural = _("muted titles")
        ordering: ClassVar[list[str]] = ["words", "pk"]

    def __str__(self) -> str:
        return self.words


class PickUp(models.Model):
    """One of our items as somebody else carried it. Kept when the inbox item is long gone."""

    class State(models.TextChoices):
        OPEN = "open", _("to check")
        CONFIRMED = "confirmed", _("confirmed")
        REJECTED = "rejected", _("not ours")

    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("our item"),
        on_delete=models.CASCADE,
        related_name="pick_ups",
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    source_name = models.CharField(_("name of the source"), max_length=200)
    item = models.OneToOneField(
        InboxItem, on_delete=models.SET_NULL, null=True, related_name="pick_up"
    )
    title = models.CharField(_("title"), max_length=MAX_TITLE)
    address = models.CharField(_("address"), max_length=MAX_ADDRESS, blank=True)
    published = models.DateTimeField(_("carried on"))
    likeness = models.FloatField(_("likeness"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("pick-up")
        verbose_name_plural = _("pick-ups")
        ordering: ClassVar[list[str]] = ["-published", "-pk"]

    def __str__(self) -> str:
        return f"{self.source_name}: {self.title}"

    @property
    def is_link(self) -> bool:
        """Whether it links to our item, which leaves no doubt."""
        return self.likeness >= 1
