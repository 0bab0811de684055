"""Forms of the admin for agencies and for the people who work in them."""

from datetime import date
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.users.forms import UserCreationForm, UserEditForm

from organisations.following import circle
from organisations.models import Organisation, Succession, User


class OrganisationForm(WagtailAdminModelForm):
    """An agency with its names and successors; only groups have members."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = self.fields.get("group_members")
        if members is not None:
            members.queryset = Organisation.objects.exclude(pk=self.instance.pk).exclude(
                kind=Organisation.Kind.GROUP
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        is_group = cleaned.get("kind") == Organisation.Kind.GROUP
        if cleaned.get("group_members") and not is_group:
            self.add_error("group_members", _("Only a group of agencies has members."))
        if not is_group and (self.rows("rules") or self.rows("memberships")):
            raise ValidationError(_("Only a group of agencies has rules and members."))
        self.check_successors(cleaned.get("valid_to"))
        self.check_periods("other_names", _("Two official names are valid on %(day)s."))
        self.check_periods("former_parents", _("Two superior bodies are valid on %(day)s."))
        return cleaned

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return what was entered in the rows of one kind that stay."""
        formset = self.formsets.get(name)
        if formset is None:
            return []
        formset.is_valid()  # fills cleaned_data, which the form is asked for too early
        rows = [getattr(form, "cleaned_data", {}) for form in formset.forms]
        return [row for row in rows if row and not row.get("DELETE")]

    def check_successors(self, last: date | None) -> None:
        """Refuse successors from before the end, and those that lead back here."""
        rows = [row for row in self.rows("succeeded_by") if row.get("new") and row.get("date")]
        own = self.instance.pk
        if any(row["new"].pk == own for row in rows):
            raise ValidationError(_("An organisation cannot succeed itself."))
        ends = [row for row in rows if row.get("kind") != Succession.Kind.SPLIT]
        if last and any(row["date"] <= last for row in ends):
            raise ValidationError(
                _("A successor takes over before the last day, %(day)s.")
                % {"day": date_format(last, "d/m/Y")}
            )
        others = Succession.objects.exclude(old=own).exclude(
            Q(old__valid_to=None) | Q(old__valid_to__gte=F("date")), kind=Succession.Kind.SPLIT
        )
        pairs = list(others.values_list("old", "new"))
        closing = rows if last and rows and rows[0]["date"] > last else ends
        pairs += [(own or 0, row["new"].pk) for row in closing]
        if found := circle(pairs):
            names = Organisation.objects.in_bulk(found)
            path = " → ".join(str(names.get(pk, self.instance.name)) for pk in [*found, found[0]])
            raise ValidationError(_("The successions go round in a circle: %s.") % path)

    def check_periods(self, name: str, message: str) -> None:
        """Refuse two rows that are valid on the same day."""
        rows = [row for row in self.rows(name) if row.get("official", True) and row.get("valid_to")]
        rows.sort(key=lambda row: row["valid_to"])
        for before, after in pairwise(rows):
            if before["valid_to"] == after["valid_to"] or (
                after.get("valid_from") and after["valid_from"] <= before["valid_to"]
            ):
                day = date_format(before["valid_to"], "d/m/Y")
                raise ValidationError(message % {"day": day})


class MembershipFields(forms.ModelForm[User]):
    """Adds to a user form the agencies a person belongs to and the name they write under."""

    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["organisations"]
        assert isinstance(choices, forms.ModelMultipleChoiceField)  # noqa: S101  narrows the type
        today = timezone.localdate()
        choices.label = _("Organisations")
        existing = Organisation.objects.valid_on(today).values("pk")
        own = self.instance.organisations.values("pk") if self.instance.pk else []
        choices.queryset = Organisation.objects.exclude(kind=Organisation.Kind.GROUP).filter(
            Q(pk__in=existing) | Q(pk__in=own)
        )


class PersonCreationForm(MembershipFields, UserCreationForm):
    """A new account."""

    class Meta(UserCreationForm.Meta):
        fields = UserCreationForm.Meta.fields | {"organisations", "pen_name"}


class PersonEditForm(MembershipFields, UserEditForm):
    """An existing account."""

    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields | {"organisations", "pen_name"}
