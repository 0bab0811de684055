"""The findings beside the item in the editor."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel

from editorial.checks.looking import findings, parted
from portal.deliveries import story_page


class FindingsSidePanel(BaseSidePanel):
    """An empty frame: a script fetches the list, so that the editor opens no slower for it."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Checks before publishing")
        icon_name = "clipboard-list"
        counter_classname = "w-bg-critical-200"

    name = "findings"
    title = _("Checks before publishing")
    template_name = "editorial/checks/panel.html"
    order = 140

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        address = reverse("editorial_checks", args=[self.object.pk]) if self.object.pk else ""
        return context | {"list_url": address}


def finding_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What is found in the newest saved version, for the panel."""
    page = story_page(pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    found = parted(findings(page.get_latest_revision_as_object()))
    return render(request, "editorial/checks/list.html", {"found": found, "in_editor": True})
