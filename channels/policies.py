"""What each channel is treated by: its quiet hours, its retries, and when it is left alone."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels import quiet, registry, retry
from core.errors import RefusedError

if TYPE_CHECKING:
    from channels.models import Channel  # noqa: F401 - named in a string


class ChannelQuerySet(models.QuerySet["Channel"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def for_items(self) -> Self:
        """Switched on, and no test target: what items may go to."""
        return self.active().filter(is_test=False)

    def in_use(self) -> Self:
        """Switched on or off, but not retired: what people choose among."""
        return self.filter(retired_at=None)

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def working(self, now: datetime) -> Self:
        """Switched on, not stopped, not asked to wait, and not known to be dead.

        A dead one whose receiver cannot be asked lets an item through when its pause is over.
        """
        held = Q(hold_until__gt=now)
        asked = Q(probe_at__gt=now) | Q(kind__in=registry.probing())
        dead = Q(broken_at__isnull=False) & asked
        return self.active().filter(stopped_at=None).exclude(held).exclude(dead)

    def free_since(self, moment: datetime, now: datetime) -> Self:
        """Working now, and with nothing in the way of items since the moment."""
        free = self.working(now).filter(works_since__lte=moment).exclude(hold_until__gt=moment)
        return free.exclude(quiet.holds(moment)).exclude(quiet.holds(now))

    def to_probe(self, now: datetime) -> Self:
        """Dead ones whose receiver is to be asked again now."""
        asked = self.active().filter(stopped_at=None, probe_at__lte=now)
        return asked.exclude(broken_at=None).filter(kind__in=registry.probing())


class Policies(models.Model):
    """Columns of a channel that say when it is tried, and what became of that lately."""

    quiet_from = models.TimeField(
        _("quiet from"), null=True, blank=True, help_text=_("Both empty: no quiet hours.")
    )
    quiet_until = models.TimeField(
        _("quiet until"), null=True, blank=True, help_text=_("May lie on the next day.")
    )
    quiet_days = models.PositiveSmallIntegerField(default=quiet.EVERY_DAY, editable=False)
    retry_tries = models.PositiveSmallIntegerField(
        _("tries"),
        default=retry.DEFAULT.tries,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("How often an item is tried in all while the receiver cannot be reached."),
    )
    retry_first = models.PositiveIntegerField(
        _("first wait (seconds)"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(3600)],
        help_text=_("After the first failure; the waits grow from there."),
    )
    retry_longest = models.PositiveIntegerField(
        _("longest wait (minutes)"),
        default=120,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 60)],
        help_text=_("No wait between two tries is longer, unless the receiver itself asks for it."),
    )
    open_after = models.PositiveSmallIntegerField(
        _("rest after failures"),
        default=5,
        validators=[MinValueValidator(2), MaxValueValidator(50)],
        help_text=_(
            "After so many failures in a row nothing is sent until the receiver answers again."
        ),
    )
    failures = models.PositiveIntegerField(default=0, editable=False)  # in a row
    broken_at = models.DateTimeField(null=True, editable=False)  # left alone since
    probe_at = models.DateTimeField(null=True, editable=False)  # when it is asked again
    probes = models.PositiveIntegerField(default=0, editable=False)  # since ``broken_at``
    works_since = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)  # out of use; its history stays

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
            models.CheckConstraint(
                condition=Q(broken_at=None, probe_at=None)
                | Q(broken_at__isnull=False, probe_at__isnull=False),
                name="a_broken_channel_is_probed",
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(is_active=False), name="a_retired_channel_is_off"
            ),
        ]

    @property
    def quiet_hours(self) -> quiet.Window | None:
        """The quiet hours; ``None`` when there are none."""
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return quiet.Window(self.quiet_from, self.quiet_until, self.quiet_days)

    def silent_until(self, moment: datetime) -> datetime | None:
        """Return when the quiet hours that hold at the moment end; ``None`` when none do."""
        return self.quiet_hours.silent_until(moment) if self.quiet_hours else None

    @property
    def retry_policy(self) -> retry.Policy:
        """How stubbornly this channel is tried."""
        return retry.Policy(
            self.retry_tries,
            timedelta(seconds=self.retry_first),
            timedelta(minutes=self.retry_longest),
        )

    @property
    def is_broken(self) -> bool:
        """Left alone because it did not answer; the system asks it again by itself."""
        return self.broken_at is not None

    @property
    def is_retired(self) -> bool:
        """Out of use; what it did stays on record, and it can be brought back."""
        return self.retired_at is not None

    @property
    def has_history(self) -> bool:
        """Whether anything was ever to go there: that is proof of what was published."""
        return bool(self.deliveries.exists() or self.archived.exists())  # type: ignore[attr-defined]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete a channel that has no history. Raises ``RefusedError`` for others."""
        if self.has_history:
            raise RefusedError(
                _("“%(channel)s” has a history, which is proof: retire it instead of deleting it.")
                % {"channel": self}
            )
        return super().delete(*args, **kwargs)
