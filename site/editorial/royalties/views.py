"""The screens of royalties."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View

from editorial.models.royalties import (
    RoyaltyLine,
    RoyaltyScheme,
    RoyaltySheet,
    SheetState,
    TaxRule,
    UnitValue,
)
from editorial.review.views import AdminPage
from editorial.royalties import actions
from editorial.royalties.forms import LineForm, MarkForm, PayForm, ReverseForm
from editorial.royalties.proposing import Month, bounds, month_of
from editorial.royalties.words import in_words
from editorial.royalties.workbook import file_name, workbook
from portal.models import ArticlePage, PortalSettings

VIEW = "editorial.view_royaltysheet"
MARK = "editorial.mark_royalties"
APPROVE = "editorial.approve_royalties"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONTHS_SHOWN = 24


class Screen(AdminPage):
    """A screen for those who hold the permission."""

    header_icon = "tag"
    permission = VIEW

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class SheetsView(Screen):
    """The months, the newest first, and those with items nobody has marked yet."""

    page_title = gettext_lazy("Royalties")
    template_name = "editorial/royalties/sheets.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        sheets = RoyaltySheet.objects.annotate(
            people=Count("lines__author", distinct=True), sum=Sum("lines__amount")
        )[:MONTHS_SHOWN]
        month = timezone.localdate().replace(day=1)
        return context | {
            "sheets": sheets,
            "month": month,
            "months": recent_months(month, 3),
            "may_mark": self.request.user.has_perm(MARK),
            "may_keep": self.request.user.has_perm("editorial.change_royaltyscheme"),
        }


def recent_months(month: date, count: int) -> list[date]:
    """Return this month and those before it."""
    months = [month]
    while len(months) < count:
        before = months[-1]
        months.append(date(before.year - (before.month == 1), (before.month - 2) % 12 + 1, 1))
    return months


class MarkView(Screen):
    """Every item of a month that nobody has marked yet, with what the scheme proposes."""

    permission = MARK
    template_name = "editorial/royalties/mark.html"
    month: date

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            self.month = date(kwargs["year"], kwargs["month"], 1)
        except ValueError as error:
            raise Http404 from error
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _("Mark royalties of %(month)s") % {"month": f"{self.month:%m/%Y}"}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        found = month_of(self.month)
        forms = self.forms(found, request.POST)
        valid = [form.is_valid() for form in forms]  # every row says what is wrong with it
        if not all(valid):
            messages.error(request, _("Nothing was saved yet: see the rows marked in red."))
            return self.render_to_response(self.get_context_data(found=found, forms=forms))
        marks = [mark for form in forms if (mark := form.mark())]
        sheet = actions.sheet_of(self.month, request.user)  # type: ignore[arg-type]
        actions.mark(sheet, marks, request.user)  # type: ignore[arg-type]
        message = ngettext("%(count)d item marked.", "%(count)d items marked.", len(marks))
        messages.success(request, message % {"count": len(marks)})
        return redirect("editorial_royalty_sheet", sheet.pk)

    def forms(self, found: Month, data: Any = None) -> list[MarkForm]:
        return [MarkForm(data, proposal=proposal) for proposal in found.proposals]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        found = kwargs.get("found") or month_of(self.month)
        return context | {
            "month": self.month,
            "found": found,
            "forms": kwargs.get("forms") or self.forms(found),
            "scheme": RoyaltyScheme.objects.on(self.month),
            "unit_value": UnitValue.objects.on(self.month),
        }


class SheetView(Screen):
    """One month: its lines by author, and what may be done with it now."""

    template_name = "editorial/royalties/sheet.html"
    sheet: RoyaltySheet

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.sheet = get_object_or_404(RoyaltySheet, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _("Royalties of %(month)s") % {"month": self.sheet}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        verb = request.POST.get("verb", "")
        if verb not in VERBS:
            raise PermissionDenied
        permission, act = VERBS[verb]
        if not request.user.has_perm(permission):
            raise PermissionDenied
        if verb == "pay":
            return self.pay(request)
        act(self.sheet, request.user)
        messages.success(request, _("Done."))
        return redirect("editorial_royalty_sheet", self.sheet.pk)

    def pay(self, request: HttpRequest) -> HttpResponse:
        form = PayForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(pay_form=form))
        actions.pay(self.sheet, form.cleaned_data["day"], request.user)  # type: ignore[arg-type]
        messages.success(request, _("Noted as paid."))
        return redirect("editorial_royalty_sheet", self.sheet.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        people = by_author(self.sheet)
        total = sum(person["gross"] - person["tax"] for person in people)
        user = self.request.user
        return context | {
            "sheet": self.sheet,
            "people": people,
            "total": total,
            "words": in_words(total),
            "may_mark": user.has_perm(MARK),
            "may_approve": user.has_perm(APPROVE) and self.sheet.made_by_id != user.pk,
            "may_pay": user.has_perm(APPROVE),
            "pay_form": kwargs.get("pay_form") or PayForm(),
            "states": SheetState,
        }


VERBS: dict[str, tuple[str, Any]] = {
    "submit": (MARK, actions.submit),
    "return": (APPROVE, actions.send_back),
    "approve": (APPROVE, actions.approve),
    "pay": (APPROVE, actions.pay),
}


def by_author(sheet: RoyaltySheet) -> list[dict[str, Any]]:
    """Return each author's lines with their sum and the tax: as approved, else as it would be."""
    frozen = {payment.author_id: payment for payment in sheet.payments.all()}
    rule = TaxRule.objects.on(timezone.localdate())
    lines: dict[Any, list[RoyaltyLine]] = {}
    for line in sheet.lines.select_related("author__organisation", "article"):
        lines.setdefault(line.author, []).append(line)
    people = []
    for author, rows in lines.items():
        gross = sum(row.amount for row in rows)
        payment = frozen.get(author.pk)
        tax = payment.tax if payment else actions.tax_of(author, gross, rule)
        people.append(
            {"author": author, "lines": rows, "gross": gross, "tax": tax, "net": gross - tax}
        )
    return people


class LineView(Screen):
    """Adds a line that is no author's share."""

    permission = MARK
    page_title = gettext_lazy("Add a line")
    template_name = "editorial/royalties/form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        sheet = get_object_or_404(RoyaltySheet, pk=self.kwargs["pk"])
        back = reverse("editorial_royalty_sheet", args=[sheet.pk])
        form = kwargs.get("form") or LineForm(initial={"published_on": sheet.month})
        return context | {"form": form, "back": back, "button": _("Add")}

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        sheet = get_object_or_404(RoyaltySheet, pk=pk)
        form = LineForm(request.POST, instance=RoyaltyLine(sheet=sheet))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        actions.add(sheet, form.save(commit=False), request.user)  # type: ignore[arg-type]
        return redirect("editorial_royalty_sheet", pk)


class RemoveView(View):
    """Takes a line off a sheet in preparation."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(MARK):
            raise PermissionDenied
        line = get_object_or_404(RoyaltyLine, pk=pk)
        actions.remove(line, request.user)  # type: ignore[arg-type]
        messages.success(request, _("Removed. The item can be marked anew."))
        return redirect("editorial_royalty_sheet", line.sheet_id)


class ReverseView(Screen):
    """Corrects a line of an approved sheet."""

    permission = APPROVE
    page_title = gettext_lazy("Correct a royalty")
    template_name = "editorial/royalties/form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        line = get_object_or_404(RoyaltyLine, pk=self.kwargs["pk"])
        return context | {
            "form": kwargs.get("form") or ReverseForm(),
            "line": line,
            "back": reverse("editorial_royalty_sheet", args=[line.sheet_id]),
            "button": _("Write the opposite line"),
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ReverseForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        line = get_object_or_404(RoyaltyLine, pk=pk)
        opposite = actions.reverse(line, form.cleaned_data["reason"], request.user)  # type: ignore[arg-type]
        return redirect("editorial_royalty_sheet", opposite.sheet_id)


class ExportView(View):
    """The month as a workbook to print and sign."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        sheet = get_object_or_404(RoyaltySheet, pk=pk)
        scheme = RoyaltyScheme.objects.on(sheet.month)
        value = UnitValue.objects.on(sheet.month)
        bases = [record.basis for record in (scheme, value) if record is not None and record.basis]
        office = PortalSettings.load(request_or_site=request).agency
        content = workbook(sheet, office, bases)
        response = HttpResponse(content, content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{file_name(sheet)}"'
        return response


class MineView(AdminPage):
    """What the person at the screen is paid."""

    page_title = gettext_lazy("My royalties")
    header_icon = "tag"
    template_name = "editorial/royalties/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"lines": actions.mine(self.request.user)[:200]}


def unmarked(month: date) -> int:
    """Return how many articles of the month nobody has marked."""
    start, end = bounds(month)
    marked = RoyaltyLine.objects.filter(role=RoyaltyLine.Role.AUTHOR).values("story")
    articles = ArticlePage.objects.filter(
        first_published_at__gte=start, first_published_at__lt=end, alias_of=None
    )
    return articles.exclude(story__in=marked).count()
