"""How officers are called about an urgent announcement. One row; the usual values hold at first."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from channels.calling.engine import Rhythm


@register_setting(icon="warning")
class UrgentSettings(BaseGenericSetting):
    """The rhythm of the repeats, and the bot that writes to officers' own chats."""

    every = models.PositiveSmallIntegerField(
        _("repeated every (minutes)"),
        default=Rhythm().every,
        validators=[MinValueValidator(2), MaxValueValidator(24 * 60)],
    )
    most = models.PositiveSmallIntegerField(
        _("at most so many times"),
        default=Rhythm().most,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("After the last one it stands on the dashboard as not acknowledged."),
    )
    bot = models.ForeignKey(
        "channels.Channel",
        verbose_name=_("bot for officers' own chats"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": "telegram", "retired_at": None},
        help_text=_("A Telegram channel whose bot writes to them. None: officers get e-mail only."),
    )

    panels: ClassVar[list[Panel]] = [FieldPanel("every"), FieldPanel("most"), FieldPanel("bot")]

    class Meta:
        verbose_name = _("urgent announcements")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def rhythm(self) -> Rhythm:
        """How often an officer is called."""
        return Rhythm(self.every, self.most)
