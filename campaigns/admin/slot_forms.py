"""Forms about slots: evidence, more time, not carried out."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.widgets import AdminDateInput
from wagtail.documents.fields import WagtailDocumentField
from wagtail.models import Collection

from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.slots.models import Slot
from campaigns.slots.status import Status
from media.forms import PictureField, limits, too_large, upload_errors
from media.models import Attachment, Picture

COLLECTION = "Tài liệu kiểm chứng"
Kind = Evidence.Kind


class DocumentField(WagtailDocumentField):
    """A document under the rules of the library: its kinds, its size."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            validators=[FileExtensionValidator(settings.WAGTAILDOCS_EXTENSIONS)], **kwargs
        )
        size = filesizeformat(settings.WAGTAILDOCS_MAX_UPLOAD_SIZE)
        self.help_text = _("At most %(size)s.") % {"size": size}
        self.error_messages["file_too_large"] = too_large(size)


class EvidenceForm(forms.Form):
    """One piece of evidence for a slot: a document, a photo, or a link."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    dated = forms.DateField(
        label=gettext_lazy("Date"),
        widget=AdminDateInput,
        help_text=gettext_lazy("The day on which it was published, held or taken."),
    )
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Where a photo was taken; a photo needs it."),
    )
    amount = forms.IntegerField(
        label=gettext_lazy("Quantity"),
        min_value=1,
        max_value=1_000_000_000,
        initial=1,
        help_text=gettext_lazy("In the unit of the activity: articles, copies, times."),
    )
    url = forms.URLField(
        label=pgettext_lazy("evidence", "Link"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"] = DocumentField(label=_("Document"), required=False)
        photo = PictureField(label=pgettext_lazy("evidence", "Photo"), required=False)
        photo.error_messages.update(upload_errors())
        photo.help_text = _("%(formats)s; at most %(size)s.") % limits()
        self.fields["photo"] = photo

    def clean_dated(self) -> Any:
        day = self.cleaned_data["dated"]
        if day > timezone.localdate():
            raise ValidationError(_("Evidence cannot be of a day to come."))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        sources = [data.get(name) for name in ("document", "photo", "url")]
        wrong = {"document", "photo", "url"} & set(self.errors)
        if not wrong and sum(map(bool, sources)) != 1:
            raise ValidationError(_("Give one of the three: a document, a photo or a link."))
        if data.get("photo") and not data.get("place"):
            self.add_error("place", _("Say where the photo was taken."))
        return data

    @transaction.atomic
    def save(self, slot: Slot, user: Any) -> Evidence:
        """Store the upload, the evidence and that it serves the slot."""
        data = self.cleaned_data
        evidence = Evidence(
            kind=Kind.FILE if data["document"] else Kind.PHOTO if data["photo"] else Kind.LINK,
            activity_id=slot.activity_id,
            organisation_id=slot.organisation_id,
            added_by=user,
            **{name: data[name] for name in ("title", "dated", "place", "url", "note")},
        )
        if data["document"]:
            evidence.document = store_document(data["document"], data["title"], user)
        elif data["photo"]:
            evidence.picture = store_photo(data["photo"], data["title"], user)
        evidence.full_clean()
        evidence.save()
        Fulfilment.objects.create(
            slot=slot, evidence=evidence, amount=data["amount"], added_by=user
        )
        return evidence


def collection() -> Collection:
    """Return the collection that evidence is kept in, apart from the newsroom's own files."""
    root = Collection.get_first_root_node()
    found: Collection | None = root.get_children().filter(name=COLLECTION).first()
    return found or root.add_child(name=COLLECTION)


def store_document(file: Any, title: str, user: Any) -> Attachment:
    made = Attachment(title=title[:255], file=file, uploaded_by_user=user, collection=collection())
    made.is_kept_private = True
    made._set_document_file_metadata()
    made.save()
    return made


def store_photo(file: Any, title: str, user: Any) -> Picture:
    made = Picture(
        title=title[:255],
        description=title[:255],
        file=file,
        rights="own",
        uploaded_by_user=user,
        collection=collection(),
    )
    made.is_kept_private = True
    made._set_image_file_metadata()
    made.save()
    return made


class ReasonForm(forms.Form):
    """Why. ``seen``: the last decision about the slot that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )


class ExtensionForm(ReasonForm):
    """A new last day, and why."""

    until = forms.DateField(label=gettext_lazy("New last day"), widget=AdminDateInput)
    field_order = ("until", "reason", "seen")

    def __init__(self, slot: Slot, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slot = slot

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until <= self.slot.due:
            raise ValidationError(
                _("The new last day must come after the present one, %(day)s.")
                % {"day": f"{self.slot.due:%d/%m/%Y}"}
            )
        return until


class PlaceForm(forms.Form):
    """Slots that a piece of evidence serves, of its activity."""

    slots = forms.ModelMultipleChoiceField(
        Slot.objects.none(),
        label=gettext_lazy("Slots"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one slot.")},
    )

    def __init__(self, evidence: Evidence, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Slot.objects.expected().filter(activity=evidence.activity_id)
        field: Any = self.fields["slots"]
        field.queryset = rows.select_related("organisation").in_order()


class SlotFilter(forms.Form):
    """What of an activity's slots to show."""

    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=[("", gettext_lazy("All")), *Status.choices],
        required=False,
    )
    agency = forms.CharField(label=gettext_lazy("Agency"), max_length=100, required=False)
