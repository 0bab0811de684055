"""The screen that follows a correction to every place, and the tasks about copies on paper."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Collection

from core.errors import RefusedError
from media.models import Picture
from portal.corrections import recalls, ripple
from portal.corrections.forms import CopyForm, DoneForm
from portal.corrections.views import ItemView
from portal.deliveries import story_page
from portal.models import Correction, RecallTask, StoryPage


def may_follow(page: StoryPage, user: Any) -> bool:
    """Whether the person may see where the item went and record copies: they may edit it."""
    return bool(page.permissions_for_user(user).can_edit())


def list_context(page: StoryPage, request: HttpRequest) -> dict[str, Any]:
    """Return what the refreshed part of the screen shows."""
    corrections = list(
        Correction.objects.of_story(page.story).newest_first().select_related("user")
    )
    wanted = request.GET.get("correction", "")
    chosen = next((row for row in corrections if str(row.pk) == wanted), None)
    correction = chosen or (corrections[0] if corrections else None)
    places = ripple.places(page, correction)
    waiting = sum(place.is_open for place in places)
    can_act = page.permissions_for_user(request.user).can_settle_deliveries()
    address = reverse("portal_ripple_list", args=[page.pk])
    return {
        "item": page,
        "corrections": corrections,
        "correction": correction,
        "is_last": bool(corrections) and correction == corrections[0],
        "places": places,
        "waiting": waiting,
        "settled": len(places) - waiting,
        "can_act": can_act,
        "moving": any(place.tone == ripple.Tone.MOVING for place in places),
        "list_url": f"{address}?correction={chosen.pk}" if chosen else address,
    }


class RippleView(ItemView):
    """``/admin/pages/<id>/ripple/``: every place the item went; copies are recorded here."""

    template_name = "portal/admin/corrections/ripple.html"
    page_title = gettext_lazy("Ripple")
    header_icon = "site"

    def may(self, user: Any) -> bool:
        return may_follow(self.page, user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", CopyForm())
        return super().get_context_data(**kwargs, **list_context(self.page, self.request))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Record a copy."""
        form = CopyForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        recalls.record_copy(form.save(commit=False), self.page, request.user)
        messages.success(request, _("The copy is on record."))
        return redirect("portal_ripple", self.page.pk)


def ripple_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The list alone, for refreshing it."""
    page = story_page(pk)
    if not may_follow(page, request.user):
        raise PermissionDenied
    template = "portal/admin/corrections/ripple_list.html"
    return render(request, template, list_context(page, request))


def may_see_recalls(user: Any) -> bool:
    return bool(user.has_perm("portal.view_recalltask"))


class RecallsView(WagtailAdminTemplateMixin, TemplateView):
    """``/admin/recalls/``: what this person, or their agency, has to do about copies."""

    template_name = "portal/admin/corrections/recalls.html"
    page_title = gettext_lazy("Recalls")
    header_icon = "rotate"
    shown_done = 50

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see_recalls(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        related = ("copy__organisation", "copy__holder", "correction", "done_by")
        mine = RecallTask.objects.of(self.request.user).select_related(*related).distinct()
        done = mine.exclude(done_at=None).order_by("-done_at", "-pk")[: self.shown_done]
        return super().get_context_data(**kwargs, waiting=mine.open(), done=done)


class RecallView(WagtailAdminTemplateMixin, TemplateView):
    """``/admin/recalls/<id>/``: one task, and the form that marks it as done."""

    template_name = "portal/admin/corrections/recall.html"
    page_title = gettext_lazy("Recall")
    header_icon = "rotate"

    @cached_property
    def task(self) -> RecallTask:
        rows = RecallTask.objects.select_related("copy__page", "correction", "photo", "done_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see_recalls(request.user) or not recalls.may_finish(self.task, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        recall_list = {"url": reverse("portal_recalls"), "label": _("Recalls")}
        return [*self.breadcrumbs_items, recall_list, {"url": "", "label": self.task.copy.place}]

    def get_page_subtitle(self) -> str:
        return str(self.task.copy)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", DoneForm() if self.task.is_open else None)
        return super().get_context_data(**kwargs, task=self.task)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = DoneForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        task = self.task
        task.note = form.cleaned_data["note"]
        if form.cleaned_data["photo"]:
            task.photo = keep_photo(task, form.cleaned_data["photo"], request.user)
        try:
            recalls.finish(task, request.user)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("Done. Thank you."))
        return redirect("portal_recalls")


def keep_photo(task: RecallTask, file: Any, user: Any) -> Picture:
    """Store the photo that proves what was done, described by what it shows."""
    return Picture.objects.create(
        title=f"{task.copy}"[:255],
        description=f"{task.copy}: {task.get_todo_display()}"[:255],
        file=file,
        collection=Collection.get_first_root_node(),
        uploaded_by_user=user,
        credit=str(user),
    )
