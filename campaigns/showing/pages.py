"""The admin's pages of slots: a plan's progress, and the board of one agency."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from campaigns.admin.views import crumbs, overview_url
from campaigns.models import Activity, Plan
from campaigns.showing import progress, scope, writing
from campaigns.showing.filters import SlotFilter
from campaigns.showing.naming import Names, Naming
from campaigns.slots import access, figures
from campaigns.slots.models import Slot
from campaigns.slots.status import Status

PER_PAGE = 50


class SlotPage(WagtailAdminTemplateMixin, TemplateView):
    """A page that shows slots, narrowed by the filter above them."""

    request: HttpRequest
    header_icon = "calendar-check"
    without: tuple[str, ...] = ()  # fields of the filter that mean nothing here

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not scope.may_look(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @cached_property
    def filter(self) -> SlotFilter:
        return SlotFilter(self.request.GET, self.request.user, self.without)

    @cached_property
    def names(self) -> Names:
        """Under which names agencies are to stand."""
        return Names.read(self.request.GET.get("names", ""))

    @cached_property
    def naming(self) -> Naming:
        return Naming(self.names, self.today)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return crumbs(("", self.get_page_title()))

    def address(self, **changes: Any) -> str:
        """Return this page's address with what is chosen, changed so; None leaves it out."""
        query = {name: value for name, value in self.request.GET.items() if value}
        query |= changes
        kept = {name: value for name, value in query.items() if value is not None}
        return f"?{urlencode(kept)}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "filter": self.filter,
            "today": self.today,
            "is_own_only": not scope.sees_every_agency(self.request.user),
            "reset_url": self.request.path,
            "names": self.names,
            "names_links": {one.value: self.address(names=one.value, p=None) for one in Names},
        }


class PlanProgress(SlotPage):
    """The activities of one plan with their totals."""

    page_title = _("Progress of the plan")
    template_name = "campaigns/admin/progress.html"
    without = ("year", "plan")

    @cached_property
    def plan(self) -> Plan:
        plans = Plan.objects.select_related("issuer")
        if not self.request.user.has_perm(scope.MAY_PLAN):
            plans = plans.filter(live=True)
        return get_object_or_404(plans, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.plan.label

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        here = ("", self.get_page_title())
        return crumbs((overview_url(self.plan), self.plan.label), here)

    @cached_property
    def filter(self) -> SlotFilter:
        form = SlotFilter(self.request.GET, self.request.user, self.without)
        form.years = [self.plan.year]
        form.naming = self.naming
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slots = self.filter.slots().filter(activity__plan=self.plan)
        is_whole = not self.filter.is_filtering and not self.filter.errors
        parts, total = progress.table(
            self.plan.activities.for_reading(),
            slots,
            self.today,
            self.leads,
            only=self.filter.statuses,
            all_lines=is_whole and scope.sees_every_agency(self.request.user),
        )
        context = super().get_context_data(**kwargs)
        kept = [("names", self.names.value)]
        return context | {"plan": self.plan, "parts": parts, "total": total, "kept": kept}

    def leads(self, activity: Activity) -> str:
        issued = self.plan.issued_on or date(self.plan.year, 1, 1)
        return self.naming.leads(activity, issued)


class Board(SlotPage):
    """The slots of one agency, in the order in which they are due."""

    page_title = _("Slots of an agency")
    template_name = "campaigns/admin/board.html"

    @cached_property
    def filter(self) -> SlotFilter:
        given = self.request.GET.copy()
        user: Any = self.request.user
        is_implied = False
        if not given.get("agency"):
            mine = scope.agencies_for(user).filter(pk__in=user.organisations.values("pk"))
            if (own := mine.first()) is not None:
                given["agency"], is_implied = str(own.pk), True
        form = SlotFilter(given, user)
        form.implied = {"agency"} if is_implied else set()
        form.naming = self.naming
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        agency = self.filter.chosen.get("agency")
        if agency is None:
            return context | {"agency": None, "is_choosing": True}
        self.heading = self.naming.of(agency.pk, self.today)
        found = self.filter.listed(self.today).select_related("activity__plan", "organisation")
        page = Paginator(found.in_order(), PER_PAGE).get_page(self.request.GET.get("p"))
        return context | {
            "agency": agency,
            "heading": self.heading,
            "kept": [("names", self.names.value)],
            "figures": figures.of(self.filter.slots(), self.today, only=self.filter.statuses),
            "rows": [self.row(slot) for slot in page],
            "page": page,
            "next_url": self.address(p=page.number + 1) if page.has_next() else "",
            "previous_url": self.address(p=page.number - 1) if page.has_previous() else "",
        }

    @cached_property
    def may_open(self) -> bool:
        return access.may_see_any(self.request.user)

    def row(self, slot: Slot) -> dict[str, Any]:
        status = slot.status_on(self.today)
        plan = reverse("campaigns_progress", args=[slot.activity.plan_id])
        name = self.naming.of(slot.organisation_id, slot.due)
        is_open = status not in {*Status.completed(), Status.DROPPED}
        return {
            "slot": slot,
            "slot_url": reverse("campaigns_slots:one", args=[slot.pk]) if self.may_open else "",
            "status": status,
            "name": name if name != self.heading else "",
            "url": f"{plan}#activity-{slot.activity_id}",
            "write_url": writing.address(self.request.user, slot.pk) if is_open else "",
        }
