"""Registrations only; imported by ``portal.wagtail_hooks``."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem, UnpublishMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page

from portal import dashboard
from portal.corrections import deciding, panels, ripple_views, views, withdrawing
from portal.corrections.bulk import WithdrawBulkAction
from portal.models import StoryPage


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("pages/<int:pk>/correct/", views.CorrectView.as_view(), name="portal_correct"),
        path("pages/<int:pk>/withdraw/", views.WithdrawView.as_view(), name="portal_withdraw"),
        path("pages/<int:pk>/ripple/", ripple_views.RippleView.as_view(), name="portal_ripple"),
        path("pages/<int:pk>/ripple/list/", ripple_views.ripple_list, name="portal_ripple_list"),
        path("recalls/", ripple_views.RecallsView.as_view(), name="portal_recalls"),
        path("recalls/<int:pk>/", ripple_views.RecallView.as_view(), name="portal_recall"),
    ]


@hooks.register("before_publish_page")
def ask_why(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Lead from the editor's button to the screen that asks; the draft has been saved by then."""
    if not isinstance(page, StoryPage) or deciding.needed(page) is None:
        return None
    messages.info(
        request,
        _("Saved as a draft. Now say why it changes and how that is made known; then it goes out."),
    )
    return redirect("portal_correct", page.pk)


hooks.register("register_bulk_action", WithdrawBulkAction, order=100)  # in Wagtail's own's place


class WithdrawMenuItem(UnpublishMenuItem):
    label = gettext_lazy("Withdraw")

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        return isinstance(page, StoryPage) and withdrawing.may_withdraw(
            page, context["request"].user
        )

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse("portal_withdraw", args=[context["page"].pk])


class CorrectMenuItem(ActionMenuItem):
    """For a public item with a newer draft, and for a withdrawn one."""

    name = "action-correct"
    label = gettext_lazy("Correct…")
    icon_name = "rotate"

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        if not isinstance(page, StoryPage) or not page.first_published_at:
            return False
        changed = page.has_unpublished_changes and not page.expired
        return changed and page.permissions_for_user(context["request"].user).holds_publishing()

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse("portal_correct", args=[context["page"].pk])


@hooks.register("construct_page_action_menu")
def say_withdraw(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    if not isinstance(context.get("page"), StoryPage):
        return
    menu_items[:] = [item for item in menu_items if item.name != UnpublishMenuItem.name]
    for item in (CorrectMenuItem(order=50), WithdrawMenuItem(order=60)):
        if item.is_shown(context):
            menu_items.append(item)


@hooks.register("construct_page_listing_buttons")
def say_withdraw_in_lists(
    buttons: list[Any], page: Page, user: Any, context: dict[str, Any] | None = None
) -> None:
    for button in buttons:
        for entry in getattr(button, "dropdown_buttons", [button]):
            if getattr(entry, "url_name", "") == "wagtailadmin_pages:unpublish":
                entry.label = _("Withdraw")


class RecallsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return ripple_views.may_see_recalls(request.user)


@hooks.register("register_admin_menu_item")
def recalls_menu_item() -> MenuItem:
    return RecallsMenuItem(
        gettext_lazy("Recalls"), reverse("portal_recalls"), icon_name="rotate", order=135
    )


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, shown: list[Component]) -> None:
    newsroom = dashboard.may_see(request.user)
    if newsroom or ripple_views.may_see_recalls(request.user):
        shown.append(panels.CorrectionsPanel(request.user, newsroom=newsroom))


class ReasonFormatter(LogFormatter):
    """A line of the history with the reason that was given."""

    def format_message(self, log_entry: Any) -> str:
        reason = (log_entry.data or {}).get("reason")
        return f"{self.message}: {reason}" if reason else str(self.message)


class CorrectFormatter(ReasonFormatter):
    label = gettext_lazy("Correct")
    message = gettext_lazy("Corrected")

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data or {}
        words = _("Corrected with a public note") if data.get("note") else _("Corrected silently")
        return f"{words}: {data.get('reason', '')}"


class WithdrawFormatter(ReasonFormatter):
    label = gettext_lazy("Withdraw")
    message = gettext_lazy("Withdrawn")


class RestoreFormatter(ReasonFormatter):
    label = gettext_lazy("Publish again")
    message = gettext_lazy("Published again")


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("portal.correct")(CorrectFormatter)
    actions.register_action("portal.withdraw")(WithdrawFormatter)
    actions.register_action("portal.restore")(RestoreFormatter)
    actions.register_action(
        "portal.record_copy",
        gettext_lazy("Record a copy"),
        gettext_lazy("Recorded a physical copy"),
    )
    actions.register_action(
        "portal.finish_recall", gettext_lazy("Finish a recall"), gettext_lazy("Finished a recall")
    )
