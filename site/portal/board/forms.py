"""What to show on the board: the same filter for the screen, the export and verbs on many."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.models import Channel, State
from channels.registry import choices
from portal.board.matrix import Place, Wanted

FILTERS = ("q", "state", "kind", "channel", "since", "until")


def day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class WantedForm(forms.Form):
    """Nothing is required; what makes no sense is left out."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    channel = forms.ModelChoiceField(
        Channel.objects.filter(is_test=False).defer("secret"),
        label=gettext_lazy("Channel"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("All channels"),
    )
    since = day(gettext_lazy("Since"))
    until = day(gettext_lazy("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            ("", _("All states")),
            ("problem", _("Needs a person")),
            ("failing", _("Failed or in doubt")),
            ("overdue", _("Handed over, not confirmed in time")),
            ("untaken", _("Due, not taken by a worker")),
            *State.choices,
        ]
        self.fields["kind"].choices = [("", _("All kinds")), *choices()]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return what was asked for."""
        self.is_valid()
        found = self.cleaned_data
        last = found.get("until")
        return Wanted(
            words=found.get("q", ""),
            state=found.get("state", ""),
            kind=found.get("kind", ""),
            channel=found.get("channel"),
            since=midnight(found.get("since")),
            until=midnight(last + timedelta(days=1)) if last else None,
        )


def midnight(date: Any) -> datetime | None:
    return timezone.make_aware(datetime.combine(date, time.min)) if date else None


def place(query: Any) -> Place:
    """Return where in the board a request wants to be; what is no number is left out."""
    before, after, columns = (number(query.get(name)) for name in ("before", "after", "columns"))
    return Place(before, after, columns or 0)


def number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None
