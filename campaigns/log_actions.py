"""The verbs of slots, evidence, scores, events, reports and plans, as the history names them."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

VERBS = {
    "slot_extended": (_("Extend a slot"), _("The last day of a slot was put off")),
    "slot_dropped": (_("Give up a slot"), _("A slot was recorded as not carried out")),
    "slot_resumed": (_("Take a slot up again"), _("A slot is carried out after all")),
    "slot_restored": (_("Undo a postponement"), _("The former last day of a slot holds again")),
    "folder_taken": (_("Take evidence as a folder"), _("The evidence was taken as a folder")),
    "calendar_key": (_("Make a calendar address"), _("Made a calendar address")),
    "slots_generated": (_("Work out the slots"), _("The slots were brought in line with the plan")),
    "plan_withdrawn": (_("Withdraw a plan"), _("The plan was withdrawn")),
    "plan_restored": (_("Take back a withdrawal"), _("The withdrawal of the plan was taken back")),
    "amendment_opened": (_("Open an amendment"), _("An amendment of the plan was opened")),
    "amendment_issued": (_("Issue an amendment"), _("An amendment of the plan was issued")),
    "amendment_dropped": (_("Drop an amendment"), _("An amendment of the plan was dropped")),
    "evidence_added": (_("Add evidence"), _("Evidence was added")),
    "evidence_withdrawn": (_("Withdraw evidence"), _("Evidence was withdrawn")),
    "chasing_set": (_("Set a plan's reminders"), _("The reminders of the plan were set")),
    "chasing_paused": (_("Pause reminders"), _("Reminders were paused")),
    "chasing_resumed": (_("Remind again"), _("Reminders go on")),
    "urging_made": (_("Make a letter of urging"), _("A letter of urging was made")),
    "urging_issued": (_("Issue a letter of urging"), _("A letter of urging was issued")),
    "scoring_opened": (_("Open a criterion set"), _("The set was opened for scoring")),
    "scoring_closed": (_("Close a criterion set"), _("The set was closed for changes")),
    "scoring_begun": (_("Begin scoring"), _("Scoring began")),
    "scoring_submitted": (_("Submit scores"), _("The scores were submitted")),
    "scoring_returned": (_("Send scores back"), _("The scores were sent back")),
    "scoring_verified": (_("Verify scores"), _("The scores were verified")),
    "event_postponed": (_("Put an event off"), _("The event got another time")),
    "event_cancelled": (_("Call an event off"), _("The event was called off")),
    "event_resumed": (_("Take an event up again"), _("The event takes place after all")),
    "event_held": (_("Record an event as held"), _("The event was held")),
    "event_reopened": (_("Reopen an event"), _("That the event was held was taken back")),
    "review_submitted": (_("Submit a review"), _("An agency's review was submitted")),
    "review_returned": (_("Return a review"), _("An agency's review was returned")),
    "review_accepted": (_("Accept a review"), _("An agency's review was accepted")),
    "nomination_decided": (_("Decide on a nomination"), _("A nomination was decided on")),
    "report_begun": (_("Begin a report"), _("The report was begun")),
    "report_written": (_("Write a report"), _("The report's texts were changed")),
    "report_gathered": (_("Gather texts"), _("The agencies' texts were gathered")),
    "report_submitted": (_("Submit a report"), _("The report was submitted")),
    "report_returned": (_("Return a report"), _("The report was returned")),
    "report_accepted": (_("Accept a report"), _("The report was accepted")),
    "own_plan_begun": (_("Begin an agency's plan"), _("The agency's plan was begun")),
    "own_plan_submitted": (_("Submit an agency's plan"), _("The agency's plan was submitted")),
    "own_plan_returned": (_("Return an agency's plan"), _("The agency's plan was returned")),
    "own_plan_accepted": (_("Accept an agency's plan"), _("The agency's plan was accepted")),
}


@hooks.register("register_log_actions")
def register(actions: LogActionRegistry) -> None:
    for verb, (label, message) in VERBS.items():
        actions.register_action(f"campaigns.{verb}", label, message)
