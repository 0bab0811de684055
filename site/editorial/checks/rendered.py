"""Our rules among Wagtail's own checks of the rendered page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.userbar import ContentCheckerItem


class OurChecks(ContentCheckerItem):
    """Wagtail's checker, which also looks for captions and credits of pictures."""

    RULES = ("figure-caption", "figure-credit")

    def get_axe_run_only(self, request: HttpRequest) -> list[str]:
        return [*super().get_axe_run_only(request), *self.RULES]

    def get_axe_custom_rules(self, request: HttpRequest) -> list[dict[str, Any]]:
        ours = [
            {
                "id": rule,
                "impact": "moderate",
                "selector": "figure",
                "tags": ["best-practice"],
                "any": [f"has-{rule}"],
                "enabled": True,
            }
            for rule in self.RULES
        ]
        return [*super().get_axe_custom_rules(request), *ours]

    def get_axe_custom_checks(self, request: HttpRequest) -> list[dict[str, Any]]:
        looked_for = {"figure-caption": "figcaption", "figure-credit": "figcaption .credit"}
        ours = [
            {
                "id": f"has-{rule}",
                "evaluate": "has-descendant-evaluate",
                "options": {"selector": looked_for[rule]},
            }
            for rule in self.RULES
        ]
        return [*super().get_axe_custom_checks(request), *ours]

    def get_axe_messages(self, request: HttpRequest) -> dict[str, dict[str, Any]]:
        return super().get_axe_messages(request) | {
            "figure-caption": {
                "error_name": _("Picture without a caption"),
                "help_text": _("Say in the caption who or what is seen, where and when"),
            },
            "figure-credit": {
                "error_name": _("Picture without a credit"),
                "help_text": _("Say who took the picture or whose it is"),
            },
        }
