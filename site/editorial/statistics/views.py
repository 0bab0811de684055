"""The screen of statistics, and its workbook."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.review.views import AdminPage
from editorial.statistics import counting, periods
from editorial.statistics.workbook import workbook
from portal.models import SectionPage

MAY_SEE = "editorial.view_statistics"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WantedForm(forms.Form):
    """A period by name, or two days; a section."""

    period = forms.ChoiceField(label=gettext_lazy("period"), required=False)
    first = forms.DateField(label=gettext_lazy("from"), required=False)
    last = forms.DateField(label=gettext_lazy("to"), required=False)
    section = forms.ModelChoiceField(
        SectionPage.objects.all(),
        label=gettext_lazy("section"),
        required=False,
        empty_label=gettext_lazy("all sections"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = periods.usual(timezone.localdate())
        choices = [(key, label) for key, label, _days in self.usual]
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [*choices, ("days", _("the days below"))]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if data.get("period") == "days" and not self.errors:
            if not first or not last:
                self.add_error("first", _("Enter the first and the last day."))
            elif last < first:
                self.add_error("last", _("The last day is before the first."))
        return data

    def wanted(self) -> counting.Wanted:
        """Return what to count; this month as long as nothing valid was chosen."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        if data.get("period") == "days":
            period = periods.Period(data["first"], data["last"])
        else:
            named = {key: days for key, _label, days in self.usual}
            period = named.get(data.get("period", ""), named["month"])
        return counting.Wanted(period, data.get("section"))


class StatisticsView(AdminPage):
    """How many items there were, by what reports ask for."""

    page_title = gettext_lazy("Statistics of items")
    header_icon = "order"
    template_name = "editorial/statistics/statistics.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(MAY_SEE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WantedForm(request.GET or None)
        wanted = form.wanted()
        tables = counting.tables(wanted)
        if request.GET.get("export") == "xlsx":
            response = HttpResponse(workbook(tables, str(wanted.period)), content_type=XLSX)
            name = f"thong-ke-{wanted.period.first:%Y%m%d}-{wanted.period.last:%Y%m%d}.xlsx"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
        query = request.GET.copy()
        query["export"] = "xlsx"
        context = self.get_context_data(
            form=form, wanted=wanted, tables=tables, export=query.urlencode()
        )
        return self.render_to_response(context)
