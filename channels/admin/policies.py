"""The part of a channel's form that says when it is tried, and whom to tell when it stops."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from channels import quiet
from channels.contract import Adapter
from channels.models import Channel
from organisations.models import User

HOURS = ("quiet_from", "quiet_until")
RETRY = ("retry_tries", "retry_first", "retry_longest", "open_after")
POLICIES = (*HOURS, *RETRY)


def insiders(channel: Channel) -> QuerySet[User]:
    """Return who can be responsible: whoever may log in to the admin, and those chosen before."""
    can = Q(is_superuser=True) | Q(groups__permissions__codename="access_admin")
    own = Q(pk__in=channel.responsible.values("pk")) if channel.pk else Q(pk=None)
    found: QuerySet[User] = User.objects.filter(can & Q(is_active=True) | own).distinct()
    return found.order_by("last_name", "first_name", "pk")


class PoliciesForm(forms.ModelForm[Channel]):
    """Its fields, and what must hold between them. ``adapter`` is set by the form itself."""

    adapter: type[Adapter]

    def offer_people(self) -> None:
        choices = self.fields["responsible"]
        assert isinstance(choices, forms.ModelMultipleChoiceField)  # noqa: S101 - narrows the type
        choices.queryset = insiders(self.instance)
        choices.required = False

    def add_policies(self) -> None:
        """Prepare the fields; a kind that sends nothing has none of them."""
        if self.adapter.pulls:
            for name in POLICIES:
                del self.fields[name]
            return
        for name in HOURS:
            self.fields[name].widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        for name in RETRY:
            self.fields[name].required = False  # empty: the usual value
        self.fields["quiet_days"] = forms.TypedMultipleChoiceField(
            label=_("Days on which they begin"),
            choices=[(number, capfirst(name)) for number, name in WEEKDAYS.items()],
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=_("None chosen: every day."),
            initial=quiet.weekdays(self.instance.quiet_days),
        )
        if self.instance.pk is None and self.adapter.quiet_hours:
            self.initial |= dict(zip(HOURS, self.adapter.quiet_hours, strict=True))

    def clean_policies(self, data: dict[str, Any]) -> None:
        """Fill in what was left empty, and refuse what would never send anything."""
        if self.adapter.pulls:
            return
        data["quiet_days"] = quiet.mask(data.get("quiet_days") or range(7))
        for name in RETRY:
            if data.get(name) is None and name not in self.errors:
                data[name] = getattr(Channel(), name)
        if not any(name in self.errors for name in HOURS):
            self._check_hours(data["quiet_from"], data["quiet_until"], data["quiet_days"])
        first, longest = data.get("retry_first"), data.get("retry_longest")
        if first and longest and first > longest * 60:
            self.add_error("retry_longest", _("The longest wait is shorter than the first one."))

    def _check_hours(self, start: Any, until: Any, days: int) -> None:
        if (start is None) != (until is None):
            missing = "quiet_from" if start is None else "quiet_until"
            self.add_error(missing, _("Enter when quiet hours begin and when they end."))
        elif start is not None and quiet.Window(start, until, days).never_ends:
            self.add_error("quiet_until", _("Nothing would ever be sent. Shorten them."))
