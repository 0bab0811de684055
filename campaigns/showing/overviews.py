"""The admin's pages that show many slots at once: calendar, timeline, dashboard."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.events import selectors
from campaigns.showing import charts, days, timeline
from campaigns.showing.filters import due_between
from campaigns.showing.pages import PER_PAGE, SlotPage
from campaigns.slots import access

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)  # the years plans may have
ROWS = 100  # of a timeline on one page
EVENTS = 20  # of an agenda


class Calendar(SlotPage):
    """Slots by the day they are due: a month, a week, or a list from a day on."""

    page_title = gettext_lazy("Calendar of slots")
    template_name = "campaigns/admin/slot_calendar.html"
    without = ("year", "month")

    @cached_property
    def view(self) -> str:
        asked = self.request.GET.get("view", "")
        return asked if asked in days.VIEWS else "month"

    @cached_property
    def anchor(self) -> date:
        """The day asked for; today, where that is none."""
        try:
            asked = date.fromisoformat(self.request.GET.get("day", ""))
        except ValueError:
            return self.today
        return min(max(asked, EARLIEST), LATEST)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context |= {"view": self.view, "anchor": self.anchor, "links": self.links()}
        context["may_move"] = self.request.user.has_perm(access.MAY_MOVE)
        context["kept"] = [("view", self.view), ("day", self.anchor.isoformat())]
        if self.view == "agenda":
            return context | self.agenda(self.filter.listed(self.today))
        weeks, is_whole = days.weeks(
            self.filter.slots(), self.view, self.anchor, self.today, self.filter.statuses
        )
        happening = selectors.by_day(
            self.request.user, weeks[0][0].date, weeks[-1][-1].date, self.events_wanted()
        )
        for day in (day for week in weeks for day in week):
            day.events.extend(happening.get(day.date, ()))
        return context | {"weeks": weeks, "is_whole": is_whole}

    def events_wanted(self) -> dict[str, Any] | None:
        """Return what is chosen, as far as it speaks of events; ``None``: of slots only."""
        chosen = self.filter.chosen
        if self.filter.errors or {"status", "form"} & set(chosen):
            return None
        named = {"plan": chosen.get("plan"), "host": chosen.get("agency")}
        return {name: value for name, value in named.items() if value is not None}

    def agenda(self, slots: Any) -> dict[str, Any]:
        coming = due_between(slots, self.anchor, LATEST).in_order()
        chosen = coming.select_related("activity__plan", "organisation")
        page = Paginator(chosen, PER_PAGE).get_page(self.request.GET.get("p"))
        return {
            "rows": [(slot, slot.status_on(self.today)) for slot in page],
            "events": selectors.from_day(
                self.request.user, self.anchor, EVENTS, self.events_wanted()
            ),
            "page": page,
            "next_url": self.address(p=page.number + 1) if page.has_next() else "",
            "previous_url": self.address(p=page.number - 1) if page.has_previous() else "",
        }

    def links(self) -> dict[str, str]:
        before, after = (days.step(self.view, self.anchor, forward) for forward in (False, True))
        views = {view: self.address(view=view, p=None) for view in days.VIEWS}
        return views | {
            "previous": self.address(day=before.isoformat(), p=None),
            "next": self.address(day=after.isoformat(), p=None),
            "today": self.address(day=None, p=None),
        }


class Timeline(SlotPage):
    """A year by group of activities or by agency, with a line where today is."""

    page_title = gettext_lazy("Timeline of slots")
    template_name = "campaigns/admin/slot_timeline.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("by", "")
        by = asked if asked in timeline.COLUMNS else "group"
        year = self.filter.year_shown
        found = timeline.rows(self.filter.slots(), by, year, self.naming, self.filter.statuses)
        page = Paginator(found, ROWS).get_page(self.request.GET.get("p"))
        rows = list(page)
        top = (page.start_index() - 1) * timeline.HEIGHT if rows else 0
        height = timeline.TOP + len(rows) * timeline.HEIGHT
        context = super().get_context_data(**kwargs)
        return context | {
            "by": by,
            "year": str(year),
            "kept": [("by", by), ("names", self.names.value)],
            "links": {one: self.address(by=one, p=None) for one in timeline.COLUMNS},
            "rows": rows,
            "months": [
                (number, str(timeline.LABEL + (number - 1) * timeline.MONTH + 4))
                for number in range(1, 13)
            ],
            "view_box": f"0 {top} {timeline.WIDTH} {height}",
            "top": str(top + 14),
            "today_x": f"{timeline.at(self.today, year):.1f}" if self.today.year == year else "",
            "today_from": str(top),
            "today_to": str(top + height),
            "page": page,
            "next_url": self.address(p=page.number + 1) if page.has_next() else "",
            "previous_url": self.address(p=page.number - 1) if page.has_previous() else "",
        }


class Dashboard(SlotPage):
    """How far the year is, by group, agency, form and month."""

    page_title = gettext_lazy("Completion of slots")
    template_name = "campaigns/admin/slot_dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found, total = charts.charts(self.filter.slots(), self.naming, self.filter.statuses)
        titles = {
            "group": _("Completion by group of activities"),
            "agency": _("Completion by agency"),
            "form": _("Completion by form of outreach"),
            "month": _("Completion by month"),
        }
        context = super().get_context_data(**kwargs)
        return context | {
            "kept": [("names", self.names.value)],
            "charts": [(titles[key], chart) for key, chart in found.items()],
            "total": total,
            "width": str(charts.WIDTH),
            "label_x": str(charts.LABEL - 8),
            "bar_x": str(charts.LABEL),
            "bar_width": str(charts.BAR),
            "number_x": str(charts.LABEL + charts.BAR + 8),
        }
