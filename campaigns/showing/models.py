"""Addresses of calendars of slots."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.keys import SignedKey
from organisations.models import Organisation


class SlotCalendar(SignedKey):
    """What lets a calendar program read a person's slots, or those of one agency they may see."""

    SALT = "campaigns.slots"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="slot_calendars"
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("agency"),
    )

    class Meta:
        verbose_name = _("calendar address of slots")
        verbose_name_plural = _("calendar addresses of slots")
        ordering: ClassVar[list[str]] = ["pk"]
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(organisation=None), name="slot_calendar_of_person"
            ),
            models.UniqueConstraint(
                fields=["user", "organisation"], name="slot_calendar_of_agency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}" if self.organisation else str(self.user)
