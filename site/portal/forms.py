"""The form items are edited with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from channels.models import Channel
from core.forms import BasePageForm


class StoryPageForm(BasePageForm):
    """Offers the active channels, and the writer's own name for a new item."""

    channels_off = forms.MultipleChoiceField(
        label=_("Channels left out"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("This item is not sent to the channels ticked here."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "channels_off" in self.fields:
            self.fields["channels_off"].choices = self.channel_choices()
        if self.instance.pk is None and "byline" in self.fields:
            self.fields["byline"].initial = getattr(self.for_user, "byline", "")
            # The instance of a new page has an empty byline, which would win over ``initial``.
            self.initial["byline"] = self.instance.byline or self.fields["byline"].initial

    def channel_choices(self) -> list[tuple[str, str]]:
        """Return the active channels, and those left out earlier that are switched off by now."""
        chosen = set(self.instance.channels_off or [])
        channels = Channel.objects.active() | Channel.objects.filter(slug__in=chosen)
        return [(channel.slug, channel.name) for channel in channels]
