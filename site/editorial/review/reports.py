"""Urgent publications: the report of all of them, and the page on which one is reviewed."""

from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from editorial.models import Override
from editorial.review.asking import VerdictForm
from editorial.review.fresh import clock_time, name_of
from editorial.review.overriding import MAY_REVIEW, review
from editorial.review.views import AdminPage

MAY_SEE = "editorial.view_override"


class OverrideFilterSet(WagtailFilterSet):
    reviewed = django_filters.BooleanFilter(
        label=gettext_lazy("reviewed"), field_name="reviewed_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Override
        fields: ClassVar[list[str]] = ["reviewed", "verdict"]


def _local(moment: datetime) -> datetime:
    """Return the moment as a spreadsheet takes it: in the office's time, without a zone."""
    return timezone.localtime(moment).replace(tzinfo=None)


class OverridesView(ReportView):
    """Every urgent publication, those nobody has reviewed first."""

    model = Override
    page_title = gettext_lazy("Urgent publications")
    header_icon = "warning"
    index_url_name = "editorial_overrides"
    index_results_url_name = "editorial_overrides_results"
    filterset_class = OverrideFilterSet
    export_filename = "dang-khan"
    list_export: ClassVar[list[str]] = [
        "title", "user", "reason", "at",
        "reviewed_by", "reviewed_at", "get_verdict_display", "note",
    ]  # fmt: skip
    export_headings: ClassVar[dict[str, Any]] = {
        "title": gettext_lazy("Title"),
        "user": gettext_lazy("Published by"),
        "reason": gettext_lazy("Reason"),
        "at": gettext_lazy("Time"),
        "reviewed_by": gettext_lazy("Reviewed by"),
        "reviewed_at": gettext_lazy("Reviewed at"),
        "get_verdict_display": gettext_lazy("Verdict"),
        "note": gettext_lazy("Note"),
    }
    custom_value_preprocess: ClassVar[dict[Any, Any]] = {
        **ReportView.custom_value_preprocess,
        datetime: {ReportView.FORMAT_XLSX: _local, ReportView.FORMAT_CSV: clock_time},
    }
    custom_field_preprocess: ClassVar[dict[str, Any]] = {
        name: dict.fromkeys(ReportView.FORMATS, name_of) for name in ("user",)
    }
    columns: ClassVar[list[Any]] = [
        TitleColumn(
            "title",
            label=gettext_lazy("Item"),
            get_url=lambda row: reverse("editorial_override", args=[row.pk]),
        ),
        Column("user", label=gettext_lazy("Published by"), accessor=lambda row: name_of(row.user)),
        Column("reason", label=gettext_lazy("Reason")),
        DateColumn("at", label=gettext_lazy("Time")),
        Column(
            "verdict",
            label=gettext_lazy("Verdict"),
            accessor=lambda row: row.get_verdict_display() or _("not reviewed yet"),
        ),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(MAY_SEE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> Any:
        newest_open_first = "reviewed_at"
        return Override.objects.select_related("user", "reviewed_by").order_by(
            newest_open_first, "-at"
        )


class OverrideView(AdminPage):
    """One urgent publication: what it was for, and what another approver thinks of it."""

    page_title = gettext_lazy("Urgent publication")
    header_icon = "warning"
    template_name = "editorial/review/override.html"
    override: Override

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(MAY_SEE):
            raise PermissionDenied
        rows = Override.objects.select_related("user", "reviewed_by", "page", "revision")
        self.override = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.override.title

    def may_review(self) -> bool:
        open_to = self.request.user.pk != self.override.user_id and not self.override.reviewed_at
        return open_to and self.request.user.has_perm(MAY_REVIEW)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MAY_REVIEW):
            raise PermissionDenied
        form = VerdictForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        review(self.override, request.user, form.cleaned_data["verdict"], form.cleaned_data["note"])
        messages.success(request, _("Noted."))
        return redirect("editorial_overrides")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.setdefault("form", VerdictForm() if self.may_review() else None)
        return context | {"override": self.override}
