"""What people fill in about royalties."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.models.royalties import Condition, RoyaltyLine
from editorial.royalties.actions import Mark
from editorial.royalties.proposing import Proposal
from editorial.royalties.reckoning import MOST_BONUS

REMUNERATED = (
    RoyaltyLine.Role.PHOTO,
    RoyaltyLine.Role.EDITOR,
    RoyaltyLine.Role.TECHNICIAN,
)


class MarkForm(forms.Form):
    """One item of the month: tick it, and say what it is worth within the scheme."""

    marked = forms.BooleanField(label=gettext_lazy("mark"), required=False, initial=True)
    condition = forms.ChoiceField(label=gettext_lazy("condition"), choices=Condition)
    coefficient = forms.DecimalField(
        label=gettext_lazy("coefficient"),
        max_digits=6,
        decimal_places=2,
        min_value=0,
        required=False,
        localize=True,  # people write 1,5
    )
    bonus = forms.IntegerField(
        label=gettext_lazy("bonus (%)"),
        min_value=0,
        max_value=MOST_BONUS,
        required=False,
        initial=0,
    )
    bonus_reason = forms.CharField(
        label=gettext_lazy("reason of the bonus"), max_length=200, required=False
    )

    def __init__(self, data: Any = None, *, proposal: Proposal) -> None:
        initial = {"condition": proposal.condition, "coefficient": proposal.coefficient}
        super().__init__(data, initial=initial, prefix=f"item-{proposal.article.pk}")
        self.proposal = proposal
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {proposal.article.title}"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("marked"):
            return data
        coefficient = data.get("coefficient")
        if coefficient is None and "coefficient" not in self.errors:
            self.add_error("coefficient", _("Enter the coefficient, or do not mark the item."))
        elif coefficient is not None:
            self._refuse_outside(coefficient, data.get("condition", ""))
        if data.get("bonus") and not data.get("bonus_reason"):
            self.add_error("bonus_reason", _("Say what the bonus is for."))
        return data

    def _refuse_outside(self, coefficient: Any, condition: str) -> None:
        lowest, highest = self.proposal.limits(condition)
        if coefficient < lowest or (highest is not None and coefficient > highest):
            words = _("The scheme allows %(lowest)s to %(highest)s here.")
            limits = {
                "lowest": number_format(lowest),
                "highest": number_format(highest) if highest is not None else "…",
            }
            self.add_error("coefficient", words % limits)

    def mark(self) -> Mark | None:
        """Return the decision; ``None`` when the item is left for later."""
        data = self.cleaned_data
        if not data["marked"]:
            return None
        return Mark(
            proposal=self.proposal,
            condition=data["condition"],
            coefficient=data["coefficient"],
            bonus=data.get("bonus") or 0,
            bonus_reason=data.get("bonus_reason", ""),
        )


class LineForm(forms.ModelForm[RoyaltyLine]):
    """A line that is no author's share: a photograph, the remuneration of an editor."""

    role = forms.ChoiceField(
        label=gettext_lazy("part"), choices=[(role, role.label) for role in REMUNERATED]
    )
    published_on = forms.DateField(label=gettext_lazy("published on"))

    class Meta:
        model = RoyaltyLine
        fields: ClassVar[list[str]] = [
            "author", "role", "title", "genre", "published_on", "coefficient", "reason",
        ]  # fmt: skip


class PayForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("day of payment"), initial=timezone.localdate)


class ReverseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("reason"), min_length=10, max_length=300, widget=forms.Textarea
    )
