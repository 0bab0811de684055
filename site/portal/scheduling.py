"""The part of an item's form that says when it goes out."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import BasePageForm
from portal import embargo, timing

TIMES = ("go_live_at", "embargo_until")


class SchedulingForm(BasePageForm):
    """Keeps the times of an item in order: its own, its embargo, and the bundle it waits for."""

    early_channels = forms.MultipleChoiceField(
        label=gettext_lazy("Stations that get it before"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "At their own feed addresses, marked with the moment; nobody else sees it."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.instance
        if "early_channels" in self.fields:
            chosen = set(item.early_channels or ())
            self.fields["early_channels"].choices = embargo.choices(item.every_channel, chosen)
        if item.go_live_at is not None and item.go_live_at >= timing.FAR:
            self.fields.pop("go_live_at", None)  # a bundle decides

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        self._follow_embargo(data)
        for name in TIMES:
            self._refuse_past(name, data.get(name))
        return data

    def _follow_embargo(self, data: dict[str, Any]) -> None:
        """Move the time along that was shown because of the embargo, and that nobody chose."""
        was = self.initial.get("embargo_until")
        moved = not timing.same_minute(data.get("embargo_until"), was)
        if moved and was and timing.same_minute(data.get("go_live_at"), was):
            data["go_live_at"] = data.get("embargo_until")

    def _refuse_past(self, name: str, moment: Any) -> None:
        newly = moment and not timing.same_minute(moment, self.initial.get(name))
        if newly and moment <= timezone.now():
            words = _("%(moment)s is past. Choose a later time, or leave this empty.")
            self.add_error(name, words % {"moment": timing.in_words(moment)})

    def _post_clean(self) -> None:
        super()._post_clean()
        # The editor points to the dialog when one of Wagtail's own two fields is wrong.
        hidden = {"embargo_until", "early_channels"} & self.errors.keys()
        if hidden and "go_live_at" in self.fields and "go_live_at" not in self.errors:
            self.add_error("go_live_at", _("See what is marked below."))
