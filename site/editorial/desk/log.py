"""The log of the whole system: who did what to which object, when."""

from datetime import datetime
from operator import itemgetter
from typing import Any, ClassVar

import django_filters
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import IntegerField, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import ContentTypeFilter, MultipleUserFilter
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports.audit_logging import LogEntriesView, SiteHistoryReportFilterSet
from wagtail.log_actions import registry
from wagtail.models import PageLogEntry

from core.finding import alike

MAY_READ = "editorial.read_systemlog"


def logged(name: str) -> set[Any]:
    """Return the values that the column has anywhere in the log."""
    found: set[Any] = set()
    for model in registry.get_log_entry_models():
        found.update(model.objects.order_by().values_list(name, flat=True).distinct())
    return found - {None}


class LogFilterSet(SiteHistoryReportFilterSet):
    """Wagtail's filters, offering what is in the whole log, in the order of the alphabet."""

    label = django_filters.CharFilter(label=_("Object"), method="filter_label")
    object_type = ContentTypeFilter(
        label=_("Kind"),
        method="filter_object_type",
        queryset=lambda request: ContentType.objects.filter(pk__in=logged("content_type")).order_by(
            "model"
        ),
    )
    user = MultipleUserFilter(label=_("Person"))
    is_commenting_action = None

    def filter_label(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Find objects by words of their name, with or without diacritics."""
        labels = queryset.model.objects.order_by().values_list("label", flat=True).distinct()
        return queryset.filter(label__in=alike(labels, value))

    def get_action_choices(self) -> list[tuple[str, Any]]:
        known = dict(registry.get_choices())
        named = [(verb, str(known[verb])) for verb in logged("action") if verb in known]
        return sorted(named, key=itemgetter(1))

    def get_users_queryset(self) -> QuerySet[Any]:
        people = get_user_model().objects.filter(pk__in=logged("user"))
        return people.order_by("last_name", "first_name", "username")

    class Meta:
        model = PageLogEntry
        fields: ClassVar[list[str]] = []


def in_office_time(moment: datetime) -> datetime:
    """Return the moment as a spreadsheet takes it: in the office's time, without a zone."""
    return timezone.localtime(moment).replace(tzinfo=None)


def in_words(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "H:i d/m/Y")


class SystemLogView(LogEntriesView):
    """Wagtail's site history without its limits: the reader sees the log of everything."""

    page_title = _("System log")
    results_template_name = "editorial/desk/log_results.html"
    filterset_class = LogFilterSet
    index_url_name = "editorial_log"
    index_results_url_name = "editorial_log_results"
    export_headings: ClassVar[dict[str, Any]] = {
        **LogEntriesView.export_headings,
        "message": _("What was done"),
        "comment": pgettext_lazy("review", "Comment"),
    }
    list_export: ClassVar[list[str]] = [
        "timestamp", "user_display_name", "action", "message", "comment",
        "content_type", "object_id", "label",
    ]  # fmt: skip
    custom_value_preprocess: ClassVar[dict[Any, Any]] = {
        **LogEntriesView.custom_value_preprocess,
        datetime: {
            LogEntriesView.FORMAT_XLSX: in_office_time,
            LogEntriesView.FORMAT_CSV: in_words,
        },
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(MAY_READ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_filename(self) -> str:
        return f"nhat-ky-he-thong-{timezone.localdate():%Y-%m-%d}"

    def get_filtered_queryset(self) -> Any:
        """Return (model, id) of the entries of all logs, as Wagtail's own view does."""
        self.log_models = list(registry.get_log_entry_models())
        parts = [
            self.filter_queryset(
                model.objects.values("pk", "timestamp").annotate(
                    log_model_index=Value(number, output_field=IntegerField())
                )
            ).order_by()
            for number, model in enumerate(self.log_models)
        ]
        return parts[0].union(*parts[1:], all=True).order_by("-timestamp", "-pk")


class LogMenuItem(MenuItem):
    """Among the reports, for those who may read it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(MAY_READ))


def log_item() -> MenuItem:
    return LogMenuItem(
        _("System log"),
        reverse("editorial_log"),
        name="system-log",
        icon_name="history",
        order=1000,
    )
