"""What a station says it did with an item: checked, stored once, taken back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.feeds.entries import Entry
from channels.feeds.models import StationKey, StationReport
from channels.models import Delivery, State
from channels.signals import station_reported, tell

Kind = StationReport.Kind
CLOCKS_DIFFER = timedelta(minutes=5)
LONGEST_AGO = timedelta(days=366)
MOMENT = "%Y-%m-%dT%H:%M"


class ReportForm(forms.Form):
    """One thing a station did with one of these entries."""

    delivery = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "invalid": gettext_lazy("Choose an item."),
            "required": gettext_lazy("Choose an item."),
        },
    )
    kind = forms.ChoiceField(
        choices=Kind, error_messages={"invalid_choice": gettext_lazy("Choose what was done.")}
    )
    at = forms.DateTimeField(
        label=gettext_lazy("Aired at"),
        required=False,
        input_formats=[MOMENT, f"{MOMENT}:%S", "%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    programme = forms.CharField(
        label=gettext_lazy("Programme"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"list": "programmes", "autocomplete": "off"}),
    )

    def __init__(
        self, key: StationKey, entries: Sequence[Entry], data: Mapping[str, Any] | None = None
    ) -> None:
        self.key = key
        self.entries = {entry.delivery: entry for entry in entries}
        about = data.get("delivery", "") if data is not None else next(iter(self.entries), "")
        super().__init__(data, auto_id=f"item-{about}-%s", initial={"delivery": about})

    def is_about(self, entry: Entry) -> bool:
        """Whether what was sent is about this entry."""
        return str(entry.delivery) == str(self.data.get("delivery", ""))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        entry = self.entries.get(data.get("delivery", 0))
        if entry is None:
            raise forms.ValidationError(
                _("The item is no longer in the list. It may have been corrected: look below.")
            )
        if data.get("kind") == Kind.AIRED:
            self._check_airing(entry, data)
        else:
            data["at"], data["programme"] = timezone.now(), ""
        return data

    def _check_airing(self, entry: Entry, data: dict[str, Any]) -> None:
        at, now = data.get("at"), timezone.now()
        if entry.withdrawn:
            raise forms.ValidationError(
                _("This item was withdrawn. Please do not use it any more.")
            )
        if "at" in self.errors:
            return
        if at is None:
            self.add_error("at", _("Say when it was aired."))
        elif not now - LONGEST_AGO <= at <= now + CLOCKS_DIFFER:
            self.add_error("at", _("Give a moment that has passed, within the last year."))
        else:
            data["at"] = at.replace(second=0)
            began = self._first_given(entry)
            if began is not None and at < began - CLOCKS_DIFFER:
                moment = timezone.localtime(began)
                self.add_error(
                    "at",
                    _("You had the item from %(moment)s on: it cannot have been aired before.")
                    % {"moment": f"{moment:%H:%M %d/%m/%Y}"},
                )

    def _first_given(self, entry: Entry) -> Any:
        rows = Delivery.objects.for_channel(self.key.channel).of_story(entry.story)
        return rows.filter(state=State.DELIVERED).aggregate(first=Min("settled_at"))["first"]


def store(form: ReportForm) -> int | None:
    """Store the report, once however often it is sent. Returns its delivery; ``None``: refused."""
    if not form.is_valid():
        return None
    data = form.cleaned_data
    values = {"key": form.key, "delivery_id": data["delivery"], "kind": data["kind"]}
    standing = StationReport.objects.standing()
    if data["kind"] == Kind.RECEIVED:
        report, _new = standing.get_or_create(**values, defaults={"at": data["at"]})
    else:
        programme = {"programme": data["programme"]}
        report, _new = standing.update_or_create(**values, at=data["at"], defaults=programme)
    tell(station_reported, StationReport, report=report, stands=True)
    return int(data["delivery"])


def take_back(key: StationKey, entries: Sequence[Entry], report: str) -> int | None:
    """Take a mistaken report back; it stays on record. Returns the entry's delivery.

    ``None`` when nothing of the kind was asked for, or it is not this station's to take back.
    """
    stories = {entry.story: entry.delivery for entry in entries}
    if not report.isdecimal():
        return None
    own = StationReport.objects.of_stories(key, list(stories))
    found = own.filter(pk=report).select_related("delivery").first()
    if found is None:
        return None
    StationReport.objects.filter(pk=found.pk).update(taken_back_at=timezone.now())
    tell(station_reported, StationReport, report=found, stands=False)
    return stories[str(found.delivery.story)]
