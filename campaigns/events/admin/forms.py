"""What people fill in about events."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from campaigns.admin.slot_forms import DocumentField, store_document, store_photo
from campaigns.events import access, agenda, changing
from campaigns.events.admin.pages import SeenForm, renewed
from campaigns.events.changing import Held
from campaigns.events.models import Event, EventTask, Guest, Paper, Site
from campaigns.events.models.event import MOST_PEOPLE
from campaigns.slots.models import Slot
from core.text import legal_xml
from media.forms import PictureField, limits, upload_errors
from media.models import Attachment
from organisations.models import Organisation

LONGEST = timedelta(days=31)


class EventForm(SeenForm):
    """The facts of an event; its plan is given."""

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = [
            "kind",
            "name",
            "starts_at",
            "ends_at",
            "venue",
            "format",
            "host",
            "chair",
            "expected",
            "activity",
            "slot",
            "needs_article",
            "signer",
            "signer_title",
            "note",
            "is_illustrative",
        ]
        widgets: ClassVar[dict[str, Any]] = {
            "starts_at": AdminDateTimeInput,
            "ends_at": AdminDateTimeInput,
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        plan = self.instance.plan
        today = timezone.localdate()
        hosts = Organisation.objects.exclude(kind=Organisation.Kind.GROUP)
        existing = Q(pk__in=Organisation.objects.valid_on(today).values("pk"))
        fields["host"].queryset = hosts.filter(existing | Q(pk=self.instance.host_id))
        fields["activity"].queryset = plan.activities.order_by("position", "pk")
        fields["slot"].queryset = self.slots()
        # A new time of an event that is prepared is a decision with a reason.
        if self.instance.pk is not None:
            del fields["starts_at"]

    def slots(self) -> Any:
        """Return the slots of the activity and the host that are chosen."""
        chosen = [self.data.get(name) for name in ("activity", "host")]
        if not self.is_bound:
            chosen = [
                self.initial.get("activity") or self.instance.activity_id,
                self.initial.get("host") or self.instance.host_id,
            ]
        if not all(str(one or "").isdigit() for one in chosen):
            return Slot.objects.none()
        rows = Slot.objects.expected().filter(activity=chosen[0], organisation=chosen[1])
        return rows.select_related("organisation").in_order()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        first = cleaned.get("starts_at") or self.instance.starts_at
        last = cleaned.get("ends_at")
        if first and last:
            if last <= first:
                self.add_error("ends_at", _("The end must come after the beginning."))
            elif last - first > LONGEST:
                self.add_error("ends_at", _("An event lasts at most 31 days."))
            elif last < self.latest_item(last):
                self.add_error("ends_at", _("The agenda lasts longer. Shorten it first."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit)
        changing.keep_in_line(saved)
        return saved

    def latest_item(self, default: Any) -> Any:
        """Return when the last item of the programme ends."""
        if self.instance.pk is None:
            return default
        last = self.instance.agenda.order_by("-ends_at").values_list("ends_at", flat=True).first()
        return last or default


class PostponeForm(forms.Form):
    """Another beginning, and why."""

    starts_at = forms.DateTimeField(label=gettext_lazy("New beginning"), widget=AdminDateTimeInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )


class HeldForm(forms.Form):
    """How many came, and what shows it."""

    attended = forms.IntegerField(
        label=gettext_lazy("Delegates who came"), min_value=1, max_value=MOST_PEOPLE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"] = DocumentField(label=_("Minutes"), required=False)
        photo = PictureField(label=pgettext_lazy("evidence", "Photo"), required=False)
        photo.error_messages.update(upload_errors())
        photo.help_text = _("%(formats)s; at most %(size)s.") % limits()
        self.fields["photo"] = photo

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        wrong = {"minutes", "photo"} & set(self.errors)
        if not wrong and not cleaned.get("minutes") and not cleaned.get("photo"):
            raise ValidationError(_("Add the minutes or a photo: the record needs one of them."))
        return cleaned

    def held(self, event: Event, user: Any) -> Held:
        """Store the uploads and return what was told."""
        data = self.cleaned_data
        minutes = photo = None
        if data["minutes"]:
            minutes = store_document(data["minutes"], f"Biên bản: {event.name}", user)
        if data["photo"]:
            photo = store_photo(data["photo"], event.name, user)
        return Held(data["attended"], minutes, photo)


class ConclusionsForm(SeenForm):
    class Meta:
        model = Event
        fields: ClassVar[list[str]] = ["conclusions"]
        widgets: ClassVar[dict[str, Any]] = {"conclusions": forms.Textarea(attrs={"rows": 8})}


class AgenciesForm(forms.Form):
    """Agencies and groups, of which each member is meant."""

    groups = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Groups of agencies"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Each agency that belongs to the group on that day."),
    )
    agencies = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Single agencies"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        valid = Organisation.objects.valid_on(day)
        groups = valid.filter(kind=Organisation.Kind.GROUP)
        fields["groups"].queryset = groups.order_by("name", "pk")
        fields["agencies"].queryset = access.existing(day)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["groups"] and not cleaned["agencies"]:
            raise ValidationError(_("Choose at least one agency or group."))
        return cleaned

    @property
    def chosen(self) -> list[Organisation]:
        return [*self.cleaned_data["groups"], *self.cleaned_data["agencies"]]


class SiteForm(SeenForm):
    """One connected site: what its own agency knows of it."""

    class Meta:
        model = Site
        fields: ClassVar[list[str]] = [
            "place",
            "contact",
            "expected",
            "attended",
            "is_tested",
            "note",
        ]


class GuestForm(SeenForm):
    """One guest. Who serves one agency enters guests of that agency only."""

    class Meta:
        model = Guest
        fields: ClassVar[list[str]] = [
            "name",
            "title",
            "organisation",
            "agency_text",
            "site",
            "answer",
        ]

    def __init__(self, *args: Any, only: set[int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        event = self.instance.event
        fields["organisation"].queryset = access.existing(event.day)
        fields["site"].queryset = event.sites.select_related("organisation").order_by(
            "organisation__name", "pk"
        )
        fields["agency_text"].help_text = _("Only for an agency that is not on record.")
        if only is not None:
            fields["organisation"].queryset = access.existing(event.day).filter(pk__in=only)
            fields["organisation"].required = True
            if len(only) == 1:
                self.initial["organisation"] = self.initial.get("organisation") or min(only)
            fields["site"].queryset = fields["site"].queryset.filter(organisation__in=only)
            del fields["agency_text"]

    def save(self, commit: bool = True) -> Any:
        if self.instance.pk is None:
            last = self.instance.event.guests.order_by("-position").first()
            self.instance.position = last.position + 1 if last else 1
        return super().save(commit)


class PaperForm(SeenForm):
    """A paper, and who prepares it; the file may come from the library."""

    class Meta:
        model = Paper
        fields: ClassVar[list[str]] = ["title", "organisation", "due_on", "document"]
        widgets: ClassVar[dict[str, Any]] = {"due_on": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["organisation"].queryset = access.existing(self.instance.event.day)

    def save(self, commit: bool = True) -> Any:
        if "document" in self.changed_data:
            has_file = self.instance.document_id is not None
            self.instance.submitted_at = timezone.now() if has_file else None
            self.instance.accepted_at = None
        return super().save(commit)


class TaskForm(SeenForm):
    class Meta:
        model = EventTask
        fields: ClassVar[list[str]] = ["content", "organisation", "due_on", "note"]
        widgets: ClassVar[dict[str, Any]] = {"due_on": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["organisation"].queryset = access.existing(self.instance.event.day)


class FileForm(forms.Form):
    """A file that an agency hands in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = DocumentField(label=_("File"))

    def stored(self, title: str, user: Any) -> Attachment:
        return store_document(self.cleaned_data["file"], title, user)


class AgendaForm(forms.Form):
    """The whole programme as a text. ``seen``: what it said when the form was opened."""

    text = forms.CharField(
        label=pgettext_lazy("event", "Agenda"),
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy(
            "One item on each line: 07:30 - 08:00 | content | who presents. A line with a day "
            "(Ngày 15/10/2026) begins that day. Write // before an item that takes place at the "
            "same time as another."
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        now = agenda.write(event.agenda.all(), event)
        self.initial = {"text": now, "seen": now}
        self.theirs: list[tuple[str, str]] = []
        self.items: tuple[agenda.Item, ...] = ()

    def clean_text(self) -> str:
        text = legal_xml(self.cleaned_data["text"])
        reading = agenda.read(text, self.event)
        if reading.problems:
            raise ValidationError([str(one) for one in reading.problems])
        self.items = reading.items
        return text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        Event.objects.select_for_update(of=("self",)).get(pk=self.event.pk)
        now = agenda.write(self.event.agenda.all(), self.event)
        if cleaned.get("seen", "").split() != now.split():
            self.theirs = [(pgettext("event", "Agenda"), now)]
            self.data = renewed(self.data, "seen", now)
            raise ValidationError(
                _(
                    "Somebody else changed this while you were writing. Nothing of yours is lost: "
                    "it stands below, not saved yet. Save again to put it in place of theirs."
                )
            )
        return cleaned

    def save(self) -> None:
        agenda.store(self.event, self.items)


class ListForm(forms.Form):
    """A list of guests, pasted or as a file."""

    text = forms.CharField(
        label=gettext_lazy("List of guests"),
        required=False,
        max_length=500_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy(
            "Paste the rows of a table: full name, position, agency, connected site. Columns are "
            "parted by tabs, as a spreadsheet copies them, or by | or ;."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        help_text=gettext_lazy("An Excel workbook (.xlsx) or a text file with tabs."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("file") and not cleaned.get("text", "").strip():
            raise ValidationError(_("Paste a list or choose a file."))
        return cleaned
