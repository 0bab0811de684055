"""The page from which the folder is taken, and the folder."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from campaigns.admin.views import crumbs
from campaigns.evidence.models import Fulfilment
from campaigns.inspecting.folder import Folder, chosen
from campaigns.models import Plan
from campaigns.showing import scope
from core import audit
from core.text import slugify
from organisations.models import Organisation

MAY_TAKE = "campaigns.add_evidence"


class FolderForm(forms.Form):
    """Of which plan, agency and time."""

    plan = forms.ModelChoiceField(Plan.objects.none(), label=gettext_lazy("Plan"))
    agency = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Agency"),
        required=False,
        empty_label=gettext_lazy("All agencies"),
    )
    first = forms.DateField(
        label=gettext_lazy("Slots due from"), widget=AdminDateInput, required=False
    )
    last = forms.DateField(
        label=gettext_lazy("Slots due until"), widget=AdminDateInput, required=False
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["plan"].queryset = scope.plans_for(user)
        fields["agency"].queryset = scope.agencies_for(user)
        self.user = user

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", _("The last day is before the first."))
        return data

    def slots(self) -> Any:
        data = self.cleaned_data
        rows = scope.slots_for(self.user).filter(activity__plan=data["plan"])
        if data["agency"]:
            rows = rows.filter(organisation=data["agency"])
        return chosen(rows, data["first"], data["last"])


def folder(request: HttpRequest) -> HttpResponseBase:
    """Ask what the folder is to hold, and give it."""
    user: Any = request.user
    if not user.has_perm(MAY_TAKE):
        raise PermissionDenied
    is_asked = "download" in request.GET
    form = FolderForm(user, request.GET if is_asked else None, initial=request.GET.dict())
    if is_asked and form.is_valid():
        return given(user, form)
    return page(request, form)


def page(request: HttpRequest, form: FolderForm) -> HttpResponse:
    context = {
        "form": form,
        "breadcrumbs_items": crumbs(
            (reverse("campaigns_board"), _("Slots of an agency")), ("", _("Evidence as a folder"))
        ),
        "header_title": _("Evidence as a folder"),
        "header_icon": "folder-inverse",
    }
    return render(request, "campaigns/admin/folder.html", context)


def given(user: Any, form: FolderForm) -> HttpResponseBase:
    """Return the folder as a download that begins at once."""
    plan, slots = form.cleaned_data["plan"], form.slots()
    made = Folder(plan, slots, timezone.now())
    size = Fulfilment.objects.filter(slot__in=slots.order_by().values("pk")).count()
    audit.record(plan, "campaigns.folder_taken", user, size=size)
    response = StreamingHttpResponse(made.pieces(), content_type="application/zip")
    name = slugify(
        f"minh chung {plan.number.replace('/', ' ') or plan.title} {plan.year}", limit=80
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    response["X-Accel-Buffering"] = "no"
    return response
