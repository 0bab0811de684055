"""Editor views that publish in one transaction and lose nothing when that fails."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet
from wagtail.permission_policies.pages import PagePermissionPolicy

from core.errors import RefusedError
from core.middleware import SAFE_METHODS
from portal import gates, waiting
from portal.asking_first import AsksFirst
from portal.corrections.views import UnpublishRedirect
from portal.models import AnnouncementPage, ArticlePage
from portal.panels import side_panels
from portal.stories import prepare_pictures

logger = logging.getLogger(__name__)
page_permission_policy = PagePermissionPolicy()


class WholeOrNothing:
    """Publishes with all deliveries or not at all; a failure keeps the form and says what to do."""

    form: Any
    request: Any

    def publish_action(self) -> HttpResponse:
        return self.whole(super().publish_action)  # type: ignore[misc]

    def submit_action(self) -> HttpResponse:
        return self.whole(self.submit_checked)

    def submit_checked(self) -> HttpResponse:
        gates.ask_submitting(self.form.instance)
        response: HttpResponse = super().submit_action()  # type: ignore[misc]
        return response

    def perform_workflow_action(self) -> HttpResponse:
        return self.whole(super().perform_workflow_action)  # type: ignore[misc]

    def whole(self, action: Any) -> HttpResponse:
        before = dict(vars(self.form.instance))
        try:
            prepare_pictures(self.form.instance)
            with transaction.atomic():
                response: HttpResponse = action()
        except RefusedError as refusal:
            problem = refusal.shown("page-edit-form")
        except PermissionDenied:
            raise
        except Exception:
            logger.exception("Publishing failed and was rolled back")
            problem = gettext(
                "The item could not be published, and nothing was changed. Try again."
            )
        else:
            waiting.tell(self.request, self.form.instance)
            return response
        vars(self.form.instance).update(before)
        messages.error(self.request, problem)
        return self.form_invalid(self.form)  # type: ignore[attr-defined]


class StoryCreateView(WholeOrNothing, CreateView):
    """Creates an item; "create and publish" is one transaction."""


class StoryEditView(AsksFirst, WholeOrNothing, EditView):
    """Edits an item, with its deliveries beside it."""

    def get_object(self) -> Any:
        page = super().get_object()
        if self.request.method in SAFE_METHODS:
            # Found with the page already; the version shown would ask for it a dozen times.
            page._current_workflow_states = self.real_page_record._current_workflow_states
            page.scheduled_revision = self.scheduled_revision
            if self.latest_revision and page.latest_revision_id == self.latest_revision.pk:
                page.latest_revision = self.latest_revision
        return page

    def get_side_panels(self) -> MediaContainer:
        waiting.hide_far(self.page, self.scheduled_page)
        panels = super().get_side_panels()
        if self.expects_json_response or self.hydrate_create_view:
            return panels  # after autosave only toggles are sent, and this one's panel is missing
        return MediaContainer([*panels, *side_panels(self.page, self.request)])


class ArticleViewSet(PageViewSet):
    model = ArticlePage
    add_view_class = StoryCreateView
    edit_view_class = StoryEditView
    unpublish_view_class = UnpublishRedirect


class AnnouncementViewSet(PageViewSet):
    model = AnnouncementPage
    add_view_class = StoryCreateView
    edit_view_class = StoryEditView
    unpublish_view_class = UnpublishRedirect


class ForWriters(MenuItem):
    """Stands in the menu of those whom the list lets in, and of nobody else."""

    def is_shown(self, request: HttpRequest) -> bool:
        return page_permission_policy.user_has_any_permission(
            request.user, IndexView.any_permission_required
        )


class ArticleListing(PageListingViewSet):
    """Every article in one list, with a button to write a new one."""

    model = ArticlePage
    icon = "doc-full"
    menu_item_class = ForWriters
    add_to_admin_menu = True
    menu_label = _("Articles")
    menu_order = 110
    list_filter = ("section", "genre", "level")


class AnnouncementListing(PageListingViewSet):
    """Every announcement in one list."""

    model = AnnouncementPage
    icon = "warning"
    menu_item_class = ForWriters
    add_to_admin_menu = True
    menu_label = _("Announcements")
    menu_order = 120
    list_filter = ("level",)
