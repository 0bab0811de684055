"""The verbs of ingest, as the history pages name them."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

VERBS = {
    "import_article": (_("Import"), _("Imported from a file")),
    "adopt": (_("Adopt"), _("Adopted from a source of news")),
    "pick_up": (_("Carry"), _("Carried by others")),
    "confirm_pick_up": (_("Confirm a pick-up"), _("Confirmed that it was taken from us")),
    "reject_pick_up": (_("Reject a pick-up"), _("Said that it was not taken from us")),
    "mute": (_("Mute"), _("Source muted")),
    "unmute": (_("Listen again"), _("Source no longer muted")),
    "switch_on": (_("Switch on"), _("Source switched on")),
    "switch_off": (_("Switch off"), _("Source switched off")),
}


@hooks.register("register_log_actions")
def register(actions: LogActionRegistry) -> None:
    for verb, (label, message) in VERBS.items():
        actions.register_action(f"ingest.{verb}", label, message)
