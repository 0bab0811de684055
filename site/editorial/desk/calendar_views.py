"""The calendar in the admin, and the form that moves something to another time."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput
from wagtail.models import Page

from channels.models import Channel
from core.errors import RefusedError
from editorial.desk import grid, moving
from editorial.desk.entries import Kind, Reader, Wanted
from editorial.review.views import AdminPage
from organisations.models import Organisation
from portal import timing
from portal.bundles.actions import RELEASE
from portal.models import Bundle, SectionPage, StoryPage


class FilterForm(forms.Form):
    """What to show. Nothing chosen shows everything."""

    kind = forms.MultipleChoiceField(
        label=gettext_lazy("State"),
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    section = forms.ModelChoiceField(
        label=gettext_lazy("Section"),
        queryset=SectionPage.objects.order_by("title"),
        required=False,
    )
    channel = forms.ModelChoiceField(
        label=gettext_lazy("Channel"),
        queryset=Channel.objects.for_items(),
        required=False,
        to_field_name="slug",
    )
    agency = forms.ModelChoiceField(
        label=gettext_lazy("Agency"),
        queryset=Organisation.objects.filter(led_activities__plan__live=True).distinct(),
        required=False,
    )
    mine = forms.BooleanField(label=gettext_lazy("Only mine"), required=False)

    def wanted(self) -> Wanted:
        """Return what is asked for; choices that do not exist restrict nothing."""
        self.is_valid()
        data = self.cleaned_data
        section, channel = data.get("section"), data.get("channel")
        return Wanted(
            kinds=tuple(data.get("kind") or ()),
            section=section.pk if section else None,
            channel=channel.slug if channel else "",
            agency=data.get("agency"),
            mine=bool(data.get("mine")),
        )


class CalendarView(AdminPage):
    """A month or a week, as a table that becomes a list on a narrow screen."""

    page_title = gettext_lazy("Calendar")
    header_icon = "calendar"
    template_name = "editorial/desk/calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        asked = self.request.GET
        today = timezone.localdate()
        span = grid.span_of(asked.get("view", ""), asked.get("day", ""), today)
        form = FilterForm(asked)
        wanted = form.wanted()
        entries = Reader(self.request.user, span.first, span.last, wanted).entries()
        return context | {
            "span": span,
            "heading": heading(span),
            "weeks": grid.rows(span, entries, today),
            "is_empty": not entries,
            "form": form,
            "is_filtering": wanted != Wanted(),
            "links": self.links(span, today),
        }

    def links(self, span: grid.Span, today: date) -> dict[str, str]:
        """Return the addresses of the neighbours, with the same filters."""
        days = {
            "previous": (span.view, span.previous),
            "next": (span.view, span.next),
            "today": (span.view, today),
            "month": (grid.MONTH, span.anchor),
            "week": (grid.WEEK, span.anchor),
        }
        return {name: self.address(view, day) for name, (view, day) in days.items()}

    def address(self, view: str, day: date) -> str:
        query = self.request.GET.copy()
        query["view"], query["day"] = view, day.isoformat()
        return f"{reverse('editorial_calendar')}?{query.urlencode()}"


def heading(span: grid.Span) -> str:
    if span.view == grid.MONTH:
        return _("Month %(month)s/%(year)s") % {
            "month": span.anchor.month,
            "year": span.anchor.year,
        }
    first, last = (date_format(day, "d/m/Y") for day in (span.first, span.last))
    return _("Week from %(first)s to %(last)s") % {"first": first, "last": last}


class MoveForm(forms.Form):
    """The new day and time."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=AdminDateInput())
    time = forms.TimeField(label=gettext_lazy("Time"), widget=AdminTimeInput())
    seen = forms.CharField(widget=forms.HiddenInput(), max_length=40)

    def moment(self) -> datetime:
        """Return the chosen moment, in the province's time."""
        data = self.cleaned_data
        return timezone.make_aware(datetime.combine(data["day"], data["time"]))


class MoveView(AdminPage):
    """Moves one thing: works at the keyboard, on a phone and without any script."""

    page_title = gettext_lazy("Move to another time")
    header_icon = "calendar-alt"
    template_name = "editorial/desk/move.html"

    def title(self) -> str:
        raise NotImplementedError

    def current(self) -> datetime | None:
        """Return when it goes out as things stand."""
        raise NotImplementedError

    def move(self, moment: datetime, seen: str) -> None:
        """Move it. Raises ``RefusedError``."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        current = self.current()
        if current is None:
            messages.error(request, self.gone())
            return redirect("editorial_calendar")
        return self.shown(MoveForm(initial=self.initial(current)))

    def gone(self) -> str:
        return _("“%(item)s” has no time any more. Nothing was changed.") % {"item": self.title()}

    def initial(self, current: datetime) -> dict[str, Any]:
        """Return the time it has, on the day it was dragged to."""
        local = timezone.localtime(current)
        try:
            day = date.fromisoformat(self.request.GET.get("day", ""))
        except ValueError:
            day = local.date()
        at = time(local.hour, local.minute)
        return {"day": day, "time": at, "seen": current.isoformat()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MoveForm(request.POST)
        if not form.is_valid():
            return self.shown(form)
        moment = form.moment()
        try:
            self.move(moment, form.cleaned_data["seen"])
        except RefusedError as refusal:
            return self.shown(form, str(refusal))
        words = _("“%(item)s” goes out at %(moment)s.")
        messages.success(request, words % {"item": self.title(), "moment": timing.in_words(moment)})
        day = timezone.localtime(moment).date().isoformat()
        return redirect(f"{reverse('editorial_calendar')}?day={day}")

    def shown(self, form: MoveForm, problem: str = "") -> HttpResponse:
        current = self.current()
        context = self.get_context_data(form=form, problem=problem)
        context |= {
            "title": self.title(),
            "current": timing.in_words(current) if current else "",
            "media": context.get("media", forms.Media()) + form.media,
        }
        return self.render_to_response(context)


class MovePageView(MoveView):
    """Moves an approved article or announcement."""

    item: StoryPage

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        item = get_object_or_404(Page, pk=kwargs["pk"]).specific
        if not isinstance(item, StoryPage) or not moving.may_move(item, request.user):
            raise PermissionDenied
        self.item = item
        return super().dispatch(request, *args, **kwargs)

    def title(self) -> str:
        return str(self.item.get_admin_display_title())

    def current(self) -> datetime | None:
        revision = moving.waiting_version(self.item)
        return revision.approved_go_live_at if revision else None

    def gone(self) -> str:
        return moving.gone(self.item)

    def move(self, moment: datetime, seen: str) -> None:
        moving.move_page(self.item, moment, seen, self.request.user)


class MoveBundleView(MoveView):
    """Moves a bundle with all that is in it."""

    bundle: Bundle

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(RELEASE):
            raise PermissionDenied
        self.bundle = get_object_or_404(Bundle, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def title(self) -> str:
        return self.bundle.name

    def current(self) -> datetime | None:
        return (
            Bundle.objects.open()
            .filter(pk=self.bundle.pk)
            .values_list("release_at", flat=True)
            .first()
        )

    def move(self, moment: datetime, seen: str) -> None:
        moving.move_bundle(self.bundle, moment, seen, self.request.user)
