"""The list of what waits, and the page on which one item is read and decided."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from core.errors import RefusedError
from editorial.review import queue
from editorial.review.asking import ApprovalForm, CorrectingForm, OverrideForm, ReturnForm
from editorial.review.item import URGENT, Desk
from editorial.review.states import state_of
from portal.corrections.forms import CorrectionForm
from portal.models import StoryPage

URGENT_ID = "urgent_%s"  # this form stands beside the other one, with fields of the same names


class AdminPage(WagtailAdminTemplateMixin, TemplateView):
    """A page of the admin with its usual frame."""

    request: HttpRequest

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*super().get_breadcrumbs_items(), here]


class QueueView(AdminPage):
    """What waits for the person at the screen."""

    page_title = gettext_lazy("To do")
    header_icon = "tasks"
    template_name = "editorial/review/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        now = timezone.now()
        return context | {
            "now": now,
            "steps": queue.waiting_for(self.request.user, now),
            "mine": queue.of_mine(self.request.user, now),
        }


class ItemView(AdminPage):
    """One item: read it, then approve it, send it back or, on the board, publish it urgently."""

    header_icon = "doc-full"
    template_name = "editorial/review/item.html"
    desk: Desk

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        page = get_object_or_404(Page, pk=kwargs["pk"]).specific
        if not isinstance(page, StoryPage):
            raise PermissionDenied
        self.desk = Desk(page, request.user)
        if not self.desk.may_look():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.desk.version.title)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        if action == URGENT:
            return self.override(request)
        form_class = ReturnForm if action == "reject" else self.form_class()
        form = form_class(request.POST)
        if not form.is_valid():
            return self.again(form=form)
        try:
            self.desk.act(action, request.POST.get("step", ""), form.cleaned_data)
        except RefusedError as refusal:
            return self.again(str(refusal), form=form)
        return self.done(_("Sent back.") if action == "reject" else _("Done."))

    def override(self, request: HttpRequest) -> HttpResponse:
        form = OverrideForm(request.POST, auto_id=URGENT_ID)
        correction = (
            CorrectionForm(request.POST, auto_id=URGENT_ID) if self.desk.is_correction() else None
        )
        if not form.is_valid() or (correction and not correction.is_valid()):
            return self.again(override_form=form, correction_form=correction)
        try:
            self.desk.override(form, correction)
        except RefusedError as refusal:
            return self.again(str(refusal), override_form=form, correction_form=correction)
        return self.done(_("Published. Another member of the board reviews it afterwards."))

    def done(self, message: str) -> HttpResponse:
        messages.success(self.request, f"“{self.desk.version.title}”: {message}")
        return redirect("editorial_review")

    def again(self, problem: str = "", **forms: Form | None) -> HttpResponse:
        """Show the page once more, with what was written and what stood in the way."""
        # What the refused attempt did to these objects was undone in the database only.
        self.desk = Desk(Page.objects.get(pk=self.desk.page.pk).specific, self.request.user)
        return self.render_to_response(self.get_context_data(problem=problem, **forms))

    def form_class(self) -> type[Form]:
        return CorrectingForm if "correct" in self.desk.actions() else ApprovalForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        desk = self.desk
        actions = desk.actions()
        override = desk.may_override()
        context.setdefault("form", self.form_class()() if actions else None)
        context.setdefault("override_form", OverrideForm(auto_id=URGENT_ID) if override else None)
        if override and desk.is_correction():
            context.setdefault("correction_form", CorrectionForm(auto_id=URGENT_ID))
        return context | {
            "desk": desk,
            "page": desk.page,
            "version": desk.version,
            "remarks": desk.remarks(),
            "why_not": desk.why_not(),
            "state": state_of(desk.page),
            "actions": actions,
            "deadline": desk.task.deadline(desk.step.started_at) if has_deadline(desk) else None,
            "now": timezone.now(),
        }


def has_deadline(desk: Desk) -> bool:
    return bool(getattr(desk.task, "hours", None))
