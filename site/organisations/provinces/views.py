"""Choosing a province, looking at what would be added and changed, and bringing it in."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from organisations.provinces.catalogue import provinces
from organisations.provinces.comparing import Comparison, Verdict, compare
from organisations.provinces.storing import ChangedMeanwhileError, bring_in
from organisations.reorganising.doing import ImpossibleError
from organisations.views import MAY, crumbs

SALT = "organisations.provinces"


class ProvinceForm(forms.Form):
    """Which province, and from when its communes have the names of the list."""

    province = forms.ChoiceField(label=gettext_lazy("Province"))
    renamed_on = forms.DateField(
        label=gettext_lazy("New names are valid from"),
        required=False,
        widget=AdminDateInput,
        help_text=gettext_lazy(
            "For communes on record that the list names otherwise. Without a day they keep their "
            "name."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["province"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  narrows the type
        field.choices = [(unit.code, f"{unit.code} · {unit.name}") for unit in provinces()]

    def clean_renamed_on(self) -> date | None:
        """Return the day; a name changes at once or not at all."""
        day: date | None = self.cleaned_data["renamed_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("The day has not come yet."))
        return day


@permission_required(MAY, raise_exception=True)
def choose(request: HttpRequest) -> HttpResponse:
    """Ask for a province, show what would be done, and do it after a person has said yes."""
    if request.method == "POST" and "seen" in request.POST:
        return confirm(request)
    form = ProvinceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        found = compare(values["province"])
        context = review(found, values["renamed_on"])
        return render(request, "organisations/province_review.html", context)
    context = {
        "form": form,
        "breadcrumbs_items": crumbs(("", _("Communes of a province"))),
        "header_title": _("Bring in the communes of a province"),
        "header_icon": "download",
    }
    return render(request, "organisations/province.html", context)


def review(found: Comparison, renamed_on: date | None) -> dict[str, Any]:
    """Return what would be added and changed."""
    seen = {
        "province": found.province.unit.code,
        "renamed_on": renamed_on.isoformat() if renamed_on else "",
        "fingerprint": found.fingerprint,
    }
    unclear = {unit.code for unit in found.unclear}
    return {
        "found": found,
        "added": [one for one in found.of(Verdict.ADD) if one.unit.code not in unclear],
        "adopted": found.of(Verdict.ADOPT),
        "renamed": found.of(Verdict.RENAME),
        "same": found.of(Verdict.SAME),
        "renamed_on": renamed_on,
        "seen": signing.dumps(seen, salt=SALT),
        "breadcrumbs_items": crumbs(
            (reverse("organisations_provinces"), _("Communes of a province")), ("", _("Review"))
        ),
        "header_title": _("Review before saving"),
        "header_icon": "download",
    }


def confirm(request: HttpRequest) -> HttpResponse:
    """Bring in what a person has reviewed. It comes back signed, so nobody else wrote it."""
    try:
        seen = signing.loads(request.POST["seen"], salt=SALT, max_age=24 * 3600)
    except signing.BadSignature as error:
        raise PermissionDenied from error
    day = date.fromisoformat(seen["renamed_on"]) if seen["renamed_on"] else None
    try:
        found = bring_in(
            seen["province"], renamed_on=day, seen=seen["fingerprint"], user=request.user
        )
    except ChangedMeanwhileError:
        messages.warning(request, _("The agencies were changed meanwhile. Please look again."))
        return redirect("organisations_provinces")
    except ImpossibleError as error:
        messages.error(request, _("Nothing was saved.") + " " + " ".join(error.problems))
        return redirect("organisations_provinces")
    count = len(found.of(Verdict.ADD)) - len(found.unclear)
    said = ngettext(
        "%(province)s: %(count)d agency was added.",
        "%(province)s: %(count)d agencies were added.",
        count,
    )
    messages.success(request, said % {"province": found.province.unit.name, "count": count})
    return redirect("organisations:list")
