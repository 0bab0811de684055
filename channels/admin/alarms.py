"""The list of alarms: what is open now, and what was."""

from typing import Any, ClassVar

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views.reports import ReportView

from channels.admin.report import may_see
from channels.watching.models import Alarm
from core.ordering import OneOrder


class AlarmFilterSet(WagtailFilterSet):
    open = django_filters.BooleanFilter(
        label=_("Still open"), field_name="closed_at", lookup_expr="isnull"
    )

    class Meta:
        model = Alarm
        fields: ClassVar[list[str]] = []


class AlarmsView(OneOrder, ReportView):
    """Reads only. Whoever may see deliveries may see it."""

    model = Alarm
    page_title = _("Alarms")
    header_icon = "warning"
    index_url_name = "channels_alarms"
    index_results_url_name = "channels_alarms_results"
    results_template_name = "channels/admin/alarms_results.html"
    filterset_class = AlarmFilterSet
    default_ordering = "-opened_at"
    export_filename = "alarms"
    list_export: ClassVar[list[str]] = ["text", "opened_at", "closed_at", "told_at", "told_count"]
    export_headings: ClassVar[dict[str, Any]] = {
        "text": _("Alarm"),
        "opened_at": _("Since"),
        "closed_at": _("Over at"),
        "told_at": _("Last told"),
        "told_count": _("Told"),
    }
    columns: ClassVar[list[Any]] = [
        Column("text", label=_("Alarm"), classname="nc-wide"),
        DateColumn("opened_at", label=_("Since"), sort_key="opened_at"),
        DateColumn("closed_at", label=_("Over at"), sort_key="closed_at"),
        DateColumn("told_at", label=_("Last told"), sort_key="told_at"),
        NumberColumn("told_count", label=_("Told")),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet[Alarm]:
        return Alarm.objects.all()
