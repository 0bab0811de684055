"""Screens of what waits for a person: the list, and one task with its pack and its form."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from channels.delivery import NotAllowed
from channels.models import Delivery, State
from portal import dashboard
from portal.carrying import tasks
from portal.carrying.forms import ProofForm


class Screen(WagtailAdminTemplateMixin, TemplateView):
    """For those who may see deliveries."""

    header_icon = "clipboard-list"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not dashboard.may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class TasksView(Screen):
    """``/admin/carrying/``: everything that was handed over and not confirmed yet."""

    template_name = "portal/admin/carrying/list.html"
    page_title = gettext_lazy("To be done by hand")
    shown = 25

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = tasks.open_rows()
        part = Paginator(rows, self.shown).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            **kwargs,
            part=part,
            tasks=tasks.as_tasks(part.object_list),
            overdue=rows.filter(due_at__lte=timezone.now()).count(),
        )


class TaskView(Screen):
    """``/admin/carrying/<id>/``: the pack, and the form that says what came of it."""

    template_name = "portal/admin/carrying/task.html"
    page_title = gettext_lazy("Task by hand")

    @cached_property
    def row(self) -> Delivery:
        return get_object_or_404(tasks.all_rows(), pk=self.kwargs["pk"])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        listed = {"url": reverse("portal_carrying"), "label": TasksView.page_title}
        return [*self.breadcrumbs_items, listed, {"url": "", "label": self.row.channel.name}]

    def get_page_subtitle(self) -> str:
        return str(self.row.publication.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_open = tasks.open_rows().filter(pk=self.row.pk).exists()
        may = is_open and tasks.may_finish(self.row, self.request.user)
        kwargs.setdefault("form", ProofForm() if may else None)
        return super().get_context_data(
            **kwargs,
            task=tasks.as_tasks([self.row])[0],
            item=tasks.page_of(self.row),
            is_open=is_open,
            overtaken=not is_open and self.row.state == State.AWAITING,
            photo=tasks.photo_of(self.row),
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not tasks.may_finish(self.row, request.user):
            raise PermissionDenied
        form = ProofForm(request.POST, request.FILES, gives_up="give_up" in request.POST)
        if form.is_valid():
            try:
                self.settle(form)
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Recorded. Thank you."))
                return redirect("portal_carrying")
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def settle(self, form: ProofForm) -> None:
        """Do what the form says. Raises ``NotAllowed``."""
        data, user = form.cleaned_data, self.request.user
        if form.gives_up:
            tasks.give_up(self.row, user, data["note"])
        else:
            proof = {name: data[name] for name in ("note", "address", "photo")}
            tasks.finish(self.row, user, **proof)
