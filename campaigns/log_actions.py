"""The verbs of slots and evidence, as the history of an activity names them."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

VERBS = {
    "slot_extended": (_("Extend a slot"), _("The last day of a slot was put off")),
    "slot_dropped": (_("Give up a slot"), _("A slot was recorded as not carried out")),
    "slot_resumed": (_("Take a slot up again"), _("A slot is carried out after all")),
    "slots_generated": (_("Work out the slots"), _("The slots were brought in line with the plan")),
    "evidence_added": (_("Add evidence"), _("Evidence was added")),
    "evidence_withdrawn": (_("Withdraw evidence"), _("Evidence was withdrawn")),
}


@hooks.register("register_log_actions")
def register(actions: LogActionRegistry) -> None:
    for verb, (label, message) in VERBS.items():
        actions.register_action(f"campaigns.{verb}", label, message)
