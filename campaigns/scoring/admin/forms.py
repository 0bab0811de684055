"""What people fill in about criteria and scores."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.validators import FileExtensionValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from campaigns.evidence.models import Evidence
from campaigns.scoring.files import tidy
from campaigns.scoring.models import Answer, Assessment, Criterion, CriterionSet
from campaigns.scoring.notation import EXAMPLES, NAMES, read_notation, write_notation
from campaigns.scoring.rules import LABELS, Checklist, Rule, RuleError
from campaigns.scoring.tree import MOST_DEPTH
from campaigns.scoring.values import Value, read_value
from organisations.models import Organisation

SHOWN_EVIDENCE = 200


class Figure(forms.DecimalField):
    """A number as people write it: 0,25 or 0.25."""

    def __init__(self, **kwargs: Any) -> None:
        defaults = {"max_digits": 15, "decimal_places": 6, "min_value": 0, "required": False}
        super().__init__(**defaults | {"localize": True} | kwargs)


class SetForm(forms.ModelForm[CriterionSet]):
    class Meta:
        model = CriterionSet
        fields: ClassVar[list[str]] = [
            "title",
            "number",
            "issued_on",
            "issuer",
            "year",
            "is_sample",
            "note",
        ]
        widgets: ClassVar[dict[str, Any]] = {"issued_on": AdminDateInput}


class CriterionForm(forms.ModelForm[Criterion]):
    """A criterion; its rule is written in the notation of files."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Way of scoring"),
        required=False,
        help_text=gettext_lazy("Leave empty for an area or criterion that is scored by its parts."),
    )
    details = forms.CharField(
        label=gettext_lazy("Scoring rule"), required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    class Meta:
        model = Criterion
        fields: ClassVar[list[str]] = [
            "parent",
            "code",
            "title",
            "maximum",
            "method",
            "kind",
            "details",
            "guidance",
            "evidence_wanted",
        ]
        localized_fields = ("maximum",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        criteria = self.instance.criteria_set.criteria.filter(depth__lt=MOST_DEPTH)
        self.fields["parent"].queryset = criteria.exclude(pk=self.instance.pk).order_by("position")  # type: ignore[attr-defined]
        choices = [("", "—"), *LABELS.items()]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        examples = [f"{NAMES[kind]}: {text}" for kind, text in EXAMPLES.items() if text]
        self.fields["details"].help_text = _(
            "Items and bands one on each line. It is written so: %(examples)s"
        ) % {"examples": " · ".join(examples)}
        if self.instance.rule:
            rule = self.instance.reading()
            self.initial.update(kind=rule.kind, details=write_notation(rule))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("title", "guidance", "evidence_wanted"):
            cleaned[name] = tidy(cleaned.get(name) or "")
        self.instance.rule = None
        kind, maximum = cleaned.get("kind"), cleaned.get("maximum")
        if kind and maximum:
            try:
                self.instance.rule = read_notation(kind, cleaned["details"], maximum).stored()
            except RuleError as error:
                self.add_error("details", str(error))
        elif cleaned.get("details") and not kind:
            self.add_error("kind", _("There is a rule, but no way of scoring."))
        parent = cleaned.get("parent")
        if parent and self.instance.pk and is_within(parent, self.instance):
            self.add_error("parent", _("A criterion cannot be a part of itself."))
        return cleaned


def is_within(one: Criterion, whole: Criterion) -> bool:
    """Whether a criterion is another one or lies below it."""
    step: Criterion | None = one
    while step is not None:
        if step.pk == whole.pk:
            return True
        step = step.parent
    return False


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A criterion set as .xlsx or .tsv, as the export writes it."),
        validators=[FileExtensionValidator(["xlsx", "tsv", "txt"])],
    )


class BeginForm(forms.Form):
    """Which agency is scored by which set."""

    criteria_set = forms.ModelChoiceField(
        CriterionSet.objects.filter(opened_at__isnull=False), label=gettext_lazy("Criterion set")
    )
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Agency"))

    def __init__(self, *args: Any, user: Any, may_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Q() if may_all else Q(pk__in=user.organisations.values("pk"))
        existing = Organisation.objects.valid_on(timezone.localdate()).filter(mine)
        self.fields["organisation"].queryset = existing.exclude(  # type: ignore[attr-defined]
            kind=Organisation.Kind.GROUP
        )


FIELDS: Mapping[str, Mapping[str, Any]] = {
    "proportional": {
        "done": lambda: Figure(label=_("Amount done")),
        "planned": lambda: Figure(label=_("Planned"), min_value=None),
    },
    "ladder": {"number": lambda: Figure(label=_("Figure"))},
    "late": {
        "late": lambda: forms.IntegerField(label=_("Late"), min_value=0, required=False),
        "missing": lambda: forms.IntegerField(label=_("Missing"), min_value=0, required=False),
    },
    "given": {"points": lambda: Figure(label=_("Points"), decimal_places=2)},
    "deadline": {
        "day": lambda: forms.DateField(label=_("Done on"), required=False, widget=AdminDateInput),
        "undone": lambda: forms.BooleanField(label=_("Not done"), required=False),
    },
}


class ValueForm(forms.Form):
    """The figures of one criterion. All empty: nothing is known."""

    def __init__(self, rule: Rule, data: Any, value: Value | None, prefix: str) -> None:
        super().__init__(data, prefix=prefix, initial=as_initial(value))
        self.rule = rule
        if isinstance(rule, Checklist):
            choices = [(item.code, f"{item.label} ({item.points})") for item in rule.items]
            self.fields["codes"] = forms.MultipleChoiceField(
                label=_("What is there"),
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields["none"] = forms.BooleanField(label=_("None of them"), required=False)
        for name, make in FIELDS.get(rule.kind, {}).items():
            self.fields[name] = make()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.value: Value | None = None
        if not self.errors:
            try:
                self.value = read_value(self.rule, stored_of(self.rule, cleaned))
            except RuleError as error:
                self.add_error(None, str(error))
        return cleaned


def as_initial(value: Value | None) -> dict[str, Any]:
    if value is None:
        return {}
    initial = value.model_dump()
    if "day" in initial:
        initial["undone"] = initial["day"] is None
    if "codes" in initial:
        initial["none"] = not initial["codes"]
    return initial


def stored_of(rule: Rule, cleaned: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the figures as a JSON column holds them; ``None`` when all fields are empty."""
    marks = {"none", "undone"}
    given = {
        name: value
        for name, value in cleaned.items()
        if name not in marks and value not in (None, "", [])
    }
    if rule.kind == "deadline" and cleaned.get("undone"):
        if given:
            raise RuleError(_("Either enter the day or say that it is not done."))
        return {"day": None}
    if rule.kind == "checklist" and cleaned.get("none"):
        if given:
            raise RuleError(_("Either tick items or say that there are none."))
        return {"codes": []}
    if rule.kind == "proportional" and len(given) == 1:
        raise RuleError(_("Enter both: how much was done, and of how much."))
    if rule.kind == "proportional" and given and not given["planned"]:
        raise RuleError(_("Nothing was planned: a share cannot be worked out."))
    return given or None


class AnswerForm(forms.Form):
    """What goes with the figures. ``seen``: the revision of the answer on this page."""

    points = Figure(
        label=gettext_lazy("Self-score, if it differs from the rule's"),
        decimal_places=2,
        help_text=gettext_lazy("Leave empty to take the points that the rule gives."),
    )
    explanation = forms.CharField(
        label=gettext_lazy("Explanation"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Also say here which evidence is missing, and why."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class VerifyForm(forms.Form):
    """The Department's points; its fields stand beside the agency's own of the same names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "verify_%s"} | kwargs)

    points = Figure(label=gettext_lazy("Verified points"), decimal_places=2, required=True)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ProofForm(forms.Form):
    """A link, a file, or pieces of evidence that are recorded already."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=255, required=False)
    url = forms.URLField(
        label=gettext_lazy("Link"), max_length=500, required=False, assume_scheme="https"
    )
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    evidence = forms.ModelMultipleChoiceField(
        Evidence.objects.none(),
        label=gettext_lazy("Evidence documents recorded this year"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    prefix = "proof"

    def __init__(self, *args: Any, assessment: Assessment, answer: Answer | None) -> None:
        super().__init__(*args)
        found = Evidence.objects.standing().filter(
            organisation=assessment.organisation_id, dated__year=assessment.year
        )
        if answer is not None and answer.pk:
            found = found.exclude(proofs__answer=answer)
        keys = list(found.order_by("-dated", "-pk").values_list("pk", flat=True)[:SHOWN_EVIDENCE])
        choice = Evidence.objects.filter(pk__in=keys).order_by("-dated", "-pk")
        self.fields["evidence"].queryset = choice  # type: ignore[attr-defined]
        if not keys:
            del self.fields["evidence"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("url", "file", "evidence")):
            self.add_error(None, _("Enter a link, choose a file or tick what is recorded."))
        return cleaned


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What the agency has to correct"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
