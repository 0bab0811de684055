"""The report of everything that has a time: what goes out when, and what is taken off when."""

from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page, Revision
from wagtail.permission_policies.pages import PagePermissionPolicy

from core.ordering import OneOrder
from portal import publishing, timing
from portal.models.bundles import Bundle

policy = PagePermissionPolicy()


def may_see(user: Any) -> bool:
    """Whether the person writes, edits or publishes items somewhere."""
    return bool(policy.user_has_any_permission(user, {"add", "change", "publish"}))


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def in_words(moment: datetime | None) -> str:
    own = timing.own_time(moment)
    return timing.in_words(own) if own else ""


class ScheduleView(OneOrder, ReportView):
    """Items that are approved for later, and public ones that expire, the next first."""

    model = Page
    page_title = _("Publishing schedule")
    header_icon = "time"
    index_url_name = "portal_schedule"
    index_results_url_name = "portal_schedule_results"
    default_ordering = "goes_out"
    is_searchable = False
    export_filename = "schedule"
    list_export: ClassVar[list[str]] = ["draft_title", "goes_out", "bundle", "expire_at"]
    export_headings: ClassVar[dict[str, Any]] = {
        "draft_title": _("Item"),
        "goes_out": _("Goes out"),
        "bundle": _("Release bundle"),
        "expire_at": _("Shown until"),
    }
    columns: ClassVar[list[Any]] = [
        TitleColumn("draft_title", label=_("Item"), get_url=edit_url, classname="nc-wide"),
        Column("goes_out", label=_("Goes out"), accessor=lambda page: in_words(page.goes_out)),
        Column("bundle", label=_("Release bundle")),
        Column("expire_at", label=_("Shown until"), accessor=lambda page: in_words(page.expire_at)),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet[Page]:
        return timed(self.request.user)


def timed(user: Any) -> QuerySet[Page]:
    """Return the items with a time that the person may look at in the editor."""
    approved = Revision.page_revisions.filter(
        object_id=OuterRef("key"), approved_go_live_at__isnull=False
    )
    waiting = Bundle.objects.open().filter(items__page=OuterRef("pk"))
    pages = policy.instances_user_has_any_permission_for(user, {"add", "change", "publish"})
    return (
        Page.objects.filter(pk__in=pages.values("pk"))
        .type(*publishing.STORY_PAGES)
        .annotate(key=Cast("pk", CharField()))
        .annotate(
            approved=Subquery(approved.values("approved_go_live_at")[:1]),
            bundle=Subquery(waiting.values("name")[:1]),
            released=Subquery(waiting.values("release_at")[:1]),
        )
        .annotate(
            goes_out=Case(When(bundle__isnull=False, then=F("released")), default=F("approved"))
        )
        .filter(Q(approved__isnull=False) | Q(live=True, expire_at__isnull=False))
    )
