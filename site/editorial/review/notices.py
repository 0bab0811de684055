"""A person's notices: the list, opening one, and the bell in the menu."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from editorial.models import Notice
from editorial.review.views import AdminPage

PER_PAGE = 50
SHOWN_AT_HOME = 5


class NoticesView(AdminPage):
    """Everything the person was told, newest first."""

    page_title = gettext_lazy("Notices")
    header_icon = "bell"
    template_name = "editorial/review/notices.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        mine = Notice.objects.of(self.request.user)
        page = Paginator(mine, PER_PAGE).get_page(self.request.GET.get("p"))
        return context | {"notices": page, "unread": mine.unread().count()}


def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to what a notice is about, and note that it was read."""
    notice = get_object_or_404(Notice.objects.of(request.user), pk=pk)
    Notice.objects.filter(pk=notice.pk).mark_read(timezone.now())
    inside = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if inside else "editorial_notices")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    count = Notice.objects.of(request.user).mark_read(timezone.now())
    words = ngettext("%(count)d notice marked as read.", "%(count)d notices marked as read.", count)
    messages.success(request, words % {"count": count} if count else _("There was nothing new."))
    return redirect("editorial_notices")


class Bell(MenuItem):
    """The way to the notices, with the number of those not yet read."""

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        unread = Notice.objects.of(request.user).unread().count()
        if unread:
            component.label = f"{component.label} ({unread})"
        return component


def bell() -> Bell:
    return Bell(
        gettext_lazy("Notices"),
        reverse("editorial_notices"),
        name="notices",
        icon_name="bell",
        order=5,
    )


class NoticesPanel(Component):
    """The newest notices, on the admin's first page; nothing when all are read."""

    order = 10
    template_name = "editorial/review/notices_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        unread = Notice.objects.of(parent_context["request"].user).unread()
        notices = list(unread[: SHOWN_AT_HOME + 1])
        return {"notices": notices[:SHOWN_AT_HOME], "more": len(notices) > SHOWN_AT_HOME}
