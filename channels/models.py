"""Channels, frozen publications, and the outbox."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from channels import quiet, registry
from channels.policies import ChannelQuerySet, Policies
from channels.versions import PublicationQuerySet
from core.crypto import EncryptedTextField
from core.text import fold


class Channel(Policies):
    """One configured destination: this Telegram group, that radio feed."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(
        _("short name for addresses"), max_length=60, unique=True, help_text=_("For example: radio")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=registry.choices)
    owner = models.ForeignKey(
        "organisations.Organisation",
        verbose_name=pgettext_lazy("channel", "owner"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="channels",
    )
    contacts = models.ManyToManyField(
        "organisations.Contact",
        verbose_name=_("whom to call"),
        blank=True,
        related_name="channels",
        help_text=_("Shown where something did not get through."),
    )
    responsible = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible people"),
        blank=True,
        related_name="+",
        help_text=_("Told when the system stops the channel. Nobody chosen: the administrators."),
    )
    options = models.JSONField(_("options"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    secret = EncryptedTextField(_("secret"), blank=True, editable=False)
    takes_sections = models.JSONField(
        _("sections taken"), default=list, blank=True, help_text=_("None chosen: all of them.")
    )
    takes_levels = models.JSONField(
        _("levels taken"), default=list, blank=True, help_text=_("None chosen: all of them.")
    )
    is_test = models.BooleanField(
        _("test target"),
        default=False,
        help_text=_("Gets trial messages of the system, and never an item."),
    )
    resend_urgent = models.BooleanField(
        _("send urgent items again when uncertain"),
        default=False,
        help_text=_("A doubled warning costs less than a lost one."),
    )
    is_active = models.BooleanField(_("on"), default=False)
    hold_until = models.DateTimeField(
        null=True, editable=False, help_text="The receiver asked everybody to wait."
    )
    stopped_at = models.DateTimeField(null=True, editable=False)
    stopped_reason = models.TextField(blank=True, editable=False)
    last_success_at = models.DateTimeField(null=True, editable=False)
    last_failure_at = models.DateTimeField(null=True, editable=False)
    last_failure = models.TextField(blank=True, editable=False)

    objects = ChannelQuerySet.as_manager()

    class Meta(Policies.Meta):
        abstract = False
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def takes(self, *, section: str, level: str) -> bool:
        """Whether a new item of this section and level goes to this channel."""
        if self.is_test:
            return False
        return (not self.takes_sections or section in self.takes_sections) and (
            not self.takes_levels or level in self.takes_levels
        )

    @property
    def is_for_items(self) -> bool:
        """Whether items may go there now: it is on, and no test target."""
        return self.is_active and not self.is_test

    @property
    def is_stopped(self) -> bool:
        """Stopped by the system after a permanent failure; a person starts it again."""
        return self.stopped_at is not None


class Publication(models.Model):
    """One frozen version of a story for the channels. Never changed, except to expire."""

    story = models.UUIDField(_("story"), db_index=True, editable=False)
    sequence = models.PositiveIntegerField(_("version"), editable=False)
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder, editable=False)
    digest = models.CharField(max_length=64, editable=False)  # SHA-256 of what receivers can see
    title = models.CharField(_("headline"), max_length=255, editable=False)
    words = models.TextField(default="", editable=False)  # the headline, folded for finding
    is_canary = models.BooleanField(default=False, editable=False)  # a trial message of our own
    expires_at = models.DateTimeField(_("shown until"), null=True, editable=False)
    # Handed to named receivers only. What goes to everybody afterwards is a version of its own.
    embargo_until = models.DateTimeField(_("not public before"), null=True, editable=False)
    created_at = models.DateTimeField(_("frozen at"), default=timezone.now, editable=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["story", "sequence"], name="publication_version_once")
        ]
        # Headlines are searched in the index: the rows beside them hold whole texts.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["words", "story"], name="publication_words")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.sequence})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.words = fold(self.title)
        super().save(*args, **kwargs)

    def is_over(self, now: datetime) -> bool:
        """Whether the item expired."""
        return self.expires_at is not None and self.expires_at <= now


PRESSING = 10  # the priority of an item of level "priority"; see ``outbox.PRIORITIES``
#: An ordinary item that waited so long while others were sent is as pressing as they are.
PATIENCE = timedelta(minutes=10)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def of_story(self, story: uuid.UUID | str) -> Self:
        return self.filter(story=story)

    def for_channel(self, channel: Channel) -> Self:
        return self.filter(channel=channel)

    def undelivered(self) -> Self:
        """Whatever is not there: read from an index of its own, however much was delivered."""
        return self.exclude(state=State.DELIVERED)

    def unsettled(self) -> Self:
        return self.filter(state__in=State.unsettled())

    def due(self, now: datetime) -> Self:
        """Pending, on a channel that works, with nothing of the same story still ahead of it."""
        ahead = Delivery.objects.filter(
            channel=models.OuterRef("channel"),
            story=models.OuterRef("story"),
            pk__lt=models.OuterRef("pk"),
            state__in=[State.PENDING, State.SENDING, State.UNCERTAIN],
        )
        return (
            self.filter(state=State.PENDING, due_at__lte=now)
            .on_working_channel(now)
            .filter(Q(forced=True) | ~models.Exists(ahead))
        )

    def on_working_channel(self, now: datetime) -> Self:
        """On a channel that takes it now. Withdrawals and exceptions pass in quiet hours."""
        channel = Channel.objects.working(now).filter(pk=models.OuterRef("channel"))
        free = Q(action__in=Action.silent()) | ~Q(quiet_waiver="")
        return self.filter(
            models.Exists(channel), free | ~models.Exists(channel.filter(quiet.holds(now)))
        )

    def passed_over(self, now: datetime) -> Self:
        """Ordinary ones that waited for ``PATIENCE`` on a channel that was free all the time."""
        moment = now - PATIENCE
        channels = Channel.objects.free_since(moment, now)
        waiting = self.filter(state=State.PENDING, priority__lt=PRESSING, due_at__lt=moment)
        return waiting.filter(channel__in=channels)

    def overdue(self, now: datetime) -> Self:
        """Handed to a person or a receiver whose time to answer has passed."""
        return self.undelivered().handed_over().filter(due_at__lte=now)

    def stranded(self, now: datetime) -> Self:
        """Claimed by a worker whose lease ran out."""
        return self.filter(state=State.SENDING, lease_until__lt=now)

    def in_delivery_order(self) -> Self:
        """The order within one channel."""
        return self.order_by("-priority", "due_at", "pk")

    def in_fair_order(self) -> Self:
        """The order among channels that share a rate: who got something longest ago goes first."""
        rested = models.F("channel__last_success_at").asc(nulls_first=True)
        return self.order_by("-priority", rested, "due_at", "pk")

    def handed_over(self) -> Self:
        """Waiting for a person, and not overtaken by something newer of the story."""
        newer = Delivery.objects.filter(
            channel=models.OuterRef("channel"),
            story=models.OuterRef("story"),
            pk__gt=models.OuterRef("pk"),
        ).exclude(state=State.CANCELLED)
        return self.filter(~models.Exists(newer), state=State.AWAITING)

    def needing_a_person(self, now: datetime) -> Self:
        """Failed, uncertain, or handed over and overdue."""
        overdue = Delivery.objects.overdue(now)
        return (
            self.undelivered()
            .filter(channel__is_test=False)
            .filter(Q(state__in=[State.FAILED, State.UNCERTAIN]) | Q(pk__in=overdue.values("pk")))
        )


class State(models.TextChoices):
    #: its turn or next try will come
    PENDING = "pending", pgettext_lazy("delivery state", "Queued")
    SENDING = "sending", pgettext_lazy("delivery state", "Sending")  #: claimed, under a lease
    DELIVERED = "delivered", pgettext_lazy("delivery state", "Delivered")  #: there is a receipt
    FAILED = "failed", pgettext_lazy("delivery state", "Failed")  #: a person must change something
    UNCERTAIN = "uncertain", pgettext_lazy("delivery state", "Uncertain")  #: a person must look
    AWAITING = "awaiting", pgettext_lazy("delivery state", "Awaiting a person")  #: handed over
    CANCELLED = "cancelled", pgettext_lazy("delivery state", "Cancelled")  #: replaced or taken back

    @classmethod
    def unsettled(cls) -> list["State"]:
        """Something will still happen by itself."""
        return [cls.PENDING, cls.SENDING]

    @classmethod
    def open(cls) -> list["State"]:
        """A person or the worker still has something to do."""
        return [cls.PENDING, cls.SENDING, cls.FAILED, cls.UNCERTAIN, cls.AWAITING]


class Action(models.TextChoices):
    PUBLISH = "publish", pgettext_lazy("delivery action", "Publish")
    UPDATE = "update", pgettext_lazy("delivery action", "Correct")
    RETRACT = "retract", pgettext_lazy("delivery action", "Take down")
    END = "end", pgettext_lazy("delivery action", "End")  #: the item stays, its pin does not

    @classmethod
    def silent(cls) -> list["Action"]:
        """What nobody is woken by: it does not wait for quiet hours to end."""
        return [cls.RETRACT, cls.END]


class Delivery(models.Model):
    """One publication on its way to one channel. Only ``channels.delivery`` changes its state."""

    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="deliveries", editable=False
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="deliveries", editable=False
    )
    # Copies of the publication's, so that claiming and ordering read one table.
    story = models.UUIDField(editable=False)
    sequence = models.PositiveIntegerField(editable=False)
    action = models.CharField(_("action"), max_length=10, choices=Action, editable=False)
    payload = models.JSONField(encoder=DjangoJSONEncoder, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.PENDING, editable=False
    )
    priority = models.SmallIntegerField(default=0, editable=False)
    forced = models.BooleanField(default=False, editable=False)
    # Why it does not wait for the end of quiet hours; empty: it does.
    quiet_waiver = models.TextField(default="", blank=True, editable=False)
    due_at = models.DateTimeField(_("due at"), default=timezone.now, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_token = models.UUIDField(null=True, editable=False)
    attempt_count = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)
    receipt = models.JSONField(_("receipt"), null=True, encoder=DjangoJSONEncoder, editable=False)
    settled_at = models.DateTimeField(_("settled at"), null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["publication", "channel", "action"], name="delivery_once"
            ),
            # The database itself keeps one item in flight per channel, whatever the workers do.
            models.UniqueConstraint(
                fields=["channel"], condition=Q(state="sending"), name="one_in_flight_per_channel"
            ),
            models.CheckConstraint(
                condition=~Q(state="sending")
                | Q(lease_until__isnull=False, lease_token__isnull=False),
                name="sending_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(receipt__isnull=False),
                name="delivered_has_a_receipt",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["channel", "-priority", "due_at"],
                condition=Q(state="pending"),
                name="delivery_pending",
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state="sending"), name="delivery_in_flight"
            ),
            models.Index(fields=["channel", "story"], name="delivery_of_story"),
            models.Index(fields=["story"], name="delivery_by_story"),
            models.Index(
                fields=["channel", "-settled_at"],
                condition=Q(state="delivered"),
                name="delivery_delivered",
            ),
            # What is not delivered is little, and is counted and looked at all the time.
            models.Index(
                fields=["channel", "state", "due_at"],
                condition=~Q(state="delivered"),
                name="delivery_open",
            ),
            models.Index(fields=["-created_at"], name="delivery_written"),
        ]

    def __str__(self) -> str:
        return f"{self.publication} → {self.channel}"

    def waits_until(self, now: datetime) -> datetime | None:
        """Return when the quiet hours end that hold it up; ``None`` when none do."""
        if self.state != State.PENDING or self.action in Action.silent() or self.quiet_waiver:
            return None
        return self.channel.silent_until(max(now, self.due_at))


class Attempt(models.Model):
    """One try: when, how long, what came back. No secrets."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="attempts", db_index=False
    )
    action = models.CharField(max_length=10, choices=Action)
    started_at = models.DateTimeField()
    duration = models.DurationField(default=timedelta)
    outcome = models.CharField(max_length=10, choices=State)
    detail = models.TextField(blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering: ClassVar[list[str]] = ["started_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A settlement that is repeated writes no second attempt. Serves the foreign key too.
            models.UniqueConstraint(fields=["delivery", "started_at"], name="attempt_once")
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%d/%m/%Y %H:%M:%S} {self.outcome}"


class Heartbeat(models.Model):
    """When a process that must never stop was last seen at work."""

    name = models.CharField(max_length=60, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


from channels.archive import models as archive_models  # noqa: E402, F401
from channels.calling import models as calling_models  # noqa: E402, F401
from channels.feeds import models as feeds_models  # noqa: E402, F401
from channels.pacing import PaceSlot  # noqa: E402, F401
from channels.sandbox import models as sandbox_models  # noqa: E402, F401
from channels.watching import models as watching_models  # noqa: E402, F401
