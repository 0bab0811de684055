"""What happens to agencies, as their history names it."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

VERBS = {
    "reorganised": (_("Reorganise"), _("The agency was reorganised")),
    "reorganisation_undone": (_("Undo a reorganisation"), _("A reorganisation was undone")),
    "imported": (_("Import"), _("The agency came from the national list of communes")),
}


@hooks.register("register_log_actions")
def register(actions: LogActionRegistry) -> None:
    for verb, (label, message) in VERBS.items():
        actions.register_action(f"organisations.{verb}", label, message)
