"""Forms of the admin for agencies and for the people who work in them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.users.forms import UserCreationForm, UserEditForm

from organisations.models import Organisation, User


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
        if self.instance.pk and self.succeeds_itself():
            raise ValidationError(_("An organisation cannot succeed itself."))
        return cleaned

    def succeeds_itself(self) -> bool:
        formset = self.formsets.get("succeeded_by")
        if formset is None:
            return False
        formset.is_valid()  # fills cleaned_data, which the form is asked for too early
        rows = [getattr(form, "cleaned_data", {}) for form in formset.forms]
        return any(row.get("new") == self.instance and not row.get("DELETE") for row in rows)


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
