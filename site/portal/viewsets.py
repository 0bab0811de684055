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
from portal.models import AnnouncementPage, ArticlePage
from portal.panels import DeliverySidePanel
from portal.stories import prepare_pictures

logger = logging.getLogger(__name__)
page_permission_policy = PagePermissionPolicy()


class WholeOrNothing:
    """Publishes with all deliveries or not at all; a failure keeps the form and says what to do."""

    form: Any
    request: Any

    def publish_action(self) -> HttpResponse:
        return self.whole(super().publish_action)  # type: ignore[misc]

    def perform_workflow_action(self) -> HttpResponse:
        return self.whole(super().perform_workflow_action)  # type: ignore[misc]

    def whole(self, action: Any) -> HttpResponse:
        before = dict(vars(self.form.instance))
        try:
            prepare_pictures(self.form.instance)
            with transaction.atomic():
                response: HttpResponse = action()
        except RefusedError as refusal:
            problem = str(refusal)
        except PermissionDenied:
            raise
        except Exception:
            logger.exception("Publishing failed and was rolled back")
            problem = gettext(
                "The item could not be published, and nothing was changed. Try again."
            )
        else:
            return response
        vars(self.form.instance).update(before)
        messages.error(self.request, problem)
        return self.form_invalid(self.form)  # type: ignore[attr-defined]


class StoryCreateView(WholeOrNothing, CreateView):
    """Creates an item; "create and publish" is one transaction."""


class StoryEditView(WholeOrNothing, EditView):
    """Edits an item, with its deliveries beside it."""

    def get_side_panels(self) -> MediaContainer:
        panels = super().get_side_panels()
        if self.expects_json_response or self.hydrate_create_view:
            return panels  # after autosave only toggles are sent, and this one's panel is missing
        return MediaContainer([*panels, DeliverySidePanel(self.page, self.request)])


class ArticleViewSet(PageViewSet):
    model = ArticlePage
    add_view_class = StoryCreateView
    edit_view_class = StoryEditView


class AnnouncementViewSet(PageViewSet):
    model = AnnouncementPage
    add_view_class = StoryCreateView
    edit_view_class = StoryEditView


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
