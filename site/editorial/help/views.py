"""The page "Help"."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from editorial.help import guides
from editorial.review.views import AdminPage


class HelpView(AdminPage):
    """The guide of the reader's own role; those of the others are a click away."""

    page_title = _("Help")
    header_icon = "help"
    template_name = "editorial/help/guide.html"

    def get_context_data(self, slug: str = "", **kwargs: Any) -> dict[str, Any]:
        own = guides.slugs_of(self.request.user)
        try:
            guide = guides.guide(slug or next(iter(own), guides.FIRST))
        except KeyError as unknown:
            raise Http404 from unknown
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "guide": guide,
            "is_own": guide.slug in own,
            "roles": [(slug, role, slug in own) for slug, role in guides.ROLES.items()],
        }


def help_item() -> MenuItem:
    return MenuItem(
        _("Help"), reverse("editorial_help"), name="guide", icon_name="help", order=1200
    )
