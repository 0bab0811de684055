"""One officer who is called about one version of an urgent announcement."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from channels.models import Channel, Publication


class CallQuerySet(models.QuerySet["Call"]):
    def of_story(self, story: uuid.UUID | str) -> Self:
        return self.filter(story=story)

    def calling(self) -> Self:
        """Still repeated until somebody answers."""
        return self.filter(state=Call.State.CALLING)

    def unanswered(self) -> Self:
        """Called as often as agreed, to no avail: somebody has to reach the officer otherwise."""
        return self.filter(state=Call.State.UNANSWERED)

    def due(self, now: datetime) -> Self:
        """To be called now, and by nobody else at the moment."""
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.calling().filter(free, due_at__lte=now, sent_count__lt=F("most"))

    def over(self, now: datetime) -> Self:
        """Still repeated although the announcement has ended."""
        return self.calling().filter(until__lte=now)

    def used_up(self, now: datetime) -> Self:
        """The last repeat was made and its time for an answer has passed, or none got through."""
        made = Q(sent_count__gte=F("most"), due_at__lte=now)
        return self.calling().filter(made | Q(give_up_at__lte=now))


class Call(models.Model):
    """What is said to whom, how often it was, and what came of it.

    Changed only by ``channels.calling.engine``, by conditional updates: any worker may carry it on.
    """

    class State(models.TextChoices):
        CALLING = "calling", pgettext_lazy("call", "called, no answer yet")
        ACKNOWLEDGED = "acked", pgettext_lazy("call", "acknowledged")
        UNANSWERED = "unanswered", pgettext_lazy("call", "not acknowledged")
        ENDED = "ended", pgettext_lazy("call", "ended")

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="calls")
    story = models.UUIDField(db_index=True)
    contact = models.ForeignKey(
        "organisations.Contact", on_delete=models.PROTECT, related_name="calls"
    )
    # Whose bot writes to the officer's own chat; none: by e-mail only.
    bot = models.ForeignKey(Channel, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CALLING)
    every = models.PositiveSmallIntegerField()  # minutes between two repeats
    most = models.PositiveSmallIntegerField()  # messages in all
    until = models.DateTimeField(null=True)  # the announcement's own end
    give_up_at = models.DateTimeField()
    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    sent_count = models.PositiveSmallIntegerField(default=0)
    last_sent_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)  # why the last message did not get through
    answered_at = models.DateTimeField(null=True)
    # Who noted the answer for the officer, by telephone; none: the officer did.
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reason = models.TextField(blank=True)  # why it ended, or what was said on the telephone
    created_at = models.DateTimeField(default=timezone.now)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call of an officer")
        verbose_name_plural = _("calls of officers")
        ordering: ClassVar[list[str]] = ["-created_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["publication", "contact"], name="call_once"),
            models.CheckConstraint(
                condition=~Q(state="acked") | Q(answered_at__isnull=False),
                name="acknowledged_at_some_time",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(state="calling"), name="call_due"),
            models.Index(
                fields=["created_at"], condition=Q(state="unanswered"), name="call_unanswered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication} → {self.contact}"

    @property
    def pause(self) -> timedelta:
        """The time between two messages."""
        return timedelta(minutes=self.every)
