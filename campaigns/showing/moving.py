"""Moving slots to a later day from the calendar, and taking that back.

A move is an extension: decided by a planner, for a reason, kept for ever. The calendar leads here
by dragging; the form does the same at the keyboard, on a phone and without any script.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from campaigns.models import Activity
from campaigns.showing import scope
from campaigns.showing.filters import due_between
from campaigns.showing.pages import SlotPage
from campaigns.slots import access, deciding
from campaigns.slots.models import Decision, Slot
from campaigns.slots.status import Status
from core.errors import RefusedError

MOST = 400  # slots moved at once; a province has about ninety agencies


class MoveForm(forms.Form):
    """Which slots, to which day, and why."""

    until = forms.DateField(label=gettext_lazy("New last day"), widget=AdminDateInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    slots = forms.ModelMultipleChoiceField(
        Slot.objects.none(),
        label=gettext_lazy("Slots"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one slot.")},
    )

    def __init__(self, rows: Any, day: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        field: Any = self.fields["slots"]
        field.queryset = rows
        field.label_from_instance = lambda slot: f"{slot.organisation}, {slot.label}"

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self.day:
            raise ValidationError(
                _("The new last day must come after the present one, %(day)s.")
                % {"day": f"{self.day:%d/%m/%Y}"}
            )
        return until


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class Move(SlotPage):
    """Moves the open slots of one activity that are due on one day."""

    page_title = gettext_lazy("Move slots to another day")
    template_name = "campaigns/admin/move_slots.html"
    header_icon = "calendar-alt"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(access.MAY_MOVE):
            raise PermissionDenied
        self.activity = get_object_or_404(Activity.objects.select_related("plan"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    @property
    def day(self) -> date:
        return day_of(self.kwargs["day"]) or self.today

    def rows(self) -> Any:
        """The slots that can be moved: not filled, not given up, and due on that day."""
        due = due_between(scope.slots_for(self.request.user), self.day, self.day)
        found = due.filter(activity=self.activity, dropped_at=None)
        wanted = found.in_status(*Status.open(), Status.OVERDUE, today=self.today)
        return wanted.select_related("organisation").in_order()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        to = day_of(request.GET.get("day", ""))
        rows = list(self.rows()[:MOST])
        initial = {"until": to, "slots": [slot.pk for slot in rows]}
        form = MoveForm(self.rows(), self.day, initial=initial)
        if to is not None and to <= self.day:
            messages.warning(request, _("Slots can be put off only, not brought forward."))
        return self.shown(form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MoveForm(self.rows(), self.day, request.POST)
        if not form.is_valid():
            return self.shown(form)
        until, chosen = form.cleaned_data["until"], form.cleaned_data["slots"]
        try:
            made = move(list(chosen), until, form.cleaned_data["reason"], request.user)
        except RefusedError as error:
            form.add_error(None, str(error))
            return self.shown(form)
        words = ngettext(
            "%(n)d slot is now due on %(day)s.", "%(n)d slots are now due on %(day)s.", len(made)
        )
        keys = ",".join(str(decision.pk) for decision in made)
        undo = messages.button(f"{reverse('campaigns_slot_undo')}?decisions={keys}", _("Undo"))
        done = words % {"n": len(made), "day": f"{until:%d/%m/%Y}"}
        messages.success(request, done, buttons=[undo])
        return redirect(f"{reverse('campaigns_slot_calendar')}?day={until.isoformat()}")

    def shown(self, form: MoveForm) -> HttpResponse:
        context = self.get_context_data(form=form)
        context |= {"activity": self.activity, "day": self.day, "has_rows": self.rows().exists()}
        return self.render_to_response(context)


@transaction.atomic
def move(slots: Collection[Slot], until: date, reason: str, user: Any) -> list[Decision]:
    """Put all of them off, or none. Raises ``RefusedError``."""
    if len(slots) > MOST:
        raise RefusedError(_("Move at most %(most)d slots at once.") % {"most": MOST})
    return [deciding.extend(slot, until, reason, user) for slot in slots]


class Undo(SlotPage):
    """Takes a move back, while nothing else was decided of its slots."""

    page_title = gettext_lazy("Undo the move")
    template_name = "campaigns/admin/undo_move.html"
    header_icon = "undo"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(access.MAY_MOVE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def decisions(self) -> list[Decision]:
        asked = (self.request.POST or self.request.GET).get("decisions", "").split(",")[:MOST]
        keys = [int(key) for key in asked if key.isascii() and key.isdecimal() and len(key) < 18]
        rows = Decision.objects.filter(pk__in=keys, kind=Decision.Kind.EXTENDED)
        return list(rows.select_related("slot__organisation", "slot__activity").order_by("pk"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decisions = self.decisions()
        keys = ",".join(str(decision.pk) for decision in decisions)
        return super().get_context_data(**kwargs) | {"decisions": decisions, "keys": keys}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        decisions = self.decisions()
        back = reverse("campaigns_slot_calendar")
        try:
            with transaction.atomic():
                for decision in decisions:
                    deciding.take_back(decision, _("The move is taken back."), request.user)
        except RefusedError as error:
            messages.error(request, str(error))
            return redirect(back)
        words = ngettext(
            "%(n)d slot is due on its former day again.",
            "%(n)d slots are due on their former day again.",
            len(decisions),
        )
        messages.success(request, words % {"n": len(decisions)})
        day = f"?day={decisions[0].old_due.isoformat()}" if decisions else ""
        return redirect(f"{back}{day}")
