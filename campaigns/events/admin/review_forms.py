"""What people fill in about campaigns of review."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from campaigns.admin.slot_forms import DocumentField, store_document
from campaigns.events import access
from campaigns.events.admin.pages import SeenForm
from campaigns.events.models import (
    AgencyReview,
    Nomination,
    ReviewCampaign,
    ReviewProduct,
    ReviewStage,
)
from organisations.models import Organisation

MOST_YEARS = 30


class ReviewForm(SeenForm):
    """The facts of a campaign of review; its plan is given."""

    class Meta:
        model = ReviewCampaign
        fields: ClassVar[list[str]] = [
            "kind",
            "title",
            "number",
            "issued_on",
            "document",
            "period_start",
            "period_end",
            "lead",
            "is_illustrative",
        ]
        widgets: ClassVar[dict[str, Any]] = dict.fromkeys(
            ("issued_on", "period_start", "period_end"), AdminDateInput
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        today = timezone.localdate()
        valid = Organisation.objects.valid_on(today).exclude(kind=Organisation.Kind.GROUP)
        fields["lead"].queryset = Organisation.objects.filter(
            Q(pk__in=valid.values("pk")) | Q(pk=self.instance.lead_id)
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        first, last = cleaned.get("period_start"), cleaned.get("period_end")
        if first and last and last < first:
            self.add_error("period_end", _("The last day is before the first."))
        elif first and last and last.year - first.year > MOST_YEARS:
            self.add_error("period_end", _("A review covers at most 30 years."))
        return cleaned


class StageForm(SeenForm):
    class Meta:
        model = ReviewStage
        fields: ClassVar[list[str]] = ["kind", "name", "due_on", "organisation", "event"]
        widgets: ClassVar[dict[str, Any]] = {"due_on": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["organisation"].queryset = access.existing(timezone.localdate())
        fields["event"].queryset = self.instance.campaign.plan.events.order_by("starts_at", "pk")


class ProductForm(SeenForm):
    class Meta:
        model = ReviewProduct
        fields: ClassVar[list[str]] = [
            "kind",
            "title",
            "organisation",
            "due_on",
            "state",
            "document",
        ]
        widgets: ClassVar[dict[str, Any]] = {"due_on": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["organisation"].queryset = access.existing(timezone.localdate())


class NominationForm(SeenForm):
    """A nomination; who serves one agency proposes in its name."""

    class Meta:
        model = Nomination
        fields: ClassVar[list[str]] = [
            "organisation",
            "kind",
            "name",
            "title",
            "achievement",
            "award",
        ]
        widgets: ClassVar[dict[str, Any]] = {"achievement": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, user: Any, only: set[int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        fields: Any = self.fields
        asked = self.instance.campaign.reviews.values("organisation")
        rows = access.existing(timezone.localdate()).filter(pk__in=asked)
        fields["organisation"].queryset = rows if only is None else rows.filter(pk__in=only)
        fields["file"] = DocumentField(label=_("File of the nomination"), required=False)

    def save(self, commit: bool = True) -> Any:
        if file := self.cleaned_data.get("file"):
            self.instance.document = store_document(file, self.instance.name, self.user)
        return super().save(commit)


class OwnReviewForm(SeenForm):
    """An agency's own review, saved as often as one likes before it is submitted."""

    class Meta:
        model = AgencyReview
        fields: ClassVar[list[str]] = ["number", "summary"]
        widgets: ClassVar[dict[str, Any]] = {"summary": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["file"] = DocumentField(label=_("File of the review"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        row = AgencyReview.objects.filter(pk=self.instance.pk).first()
        if row is not None and not row.is_open:
            raise ValidationError(
                _("The review was submitted already. Ask the lead agency to return it.")
            )
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if file := self.cleaned_data.get("file"):
            self.instance.document = store_document(file, str(self.instance)[:255], self.user)
        columns = ["number", "summary", "document"]
        self.instance.save(update_fields=columns)
        return self.instance


class DecideForm(forms.Form):
    """What becomes of a nomination."""

    state = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (one.value, one.label) for one in Nomination.State if one != Nomination.State.PROPOSED
        ],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed for a refusal."),
    )
