"""The steps of an item in its history, in the words of the house."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter

WORKFLOW_VERBS = {
    "start": (gettext_lazy("Submit"), gettext_lazy("Submitted. Now at: %(next)s")),
    "approve": (gettext_lazy("Approve"), gettext_lazy("“%(task)s” done. Now at: %(next)s")),
    "reject": (gettext_lazy("Send back"), gettext_lazy("Sent back from “%(task)s”")),
    "resume": (gettext_lazy("Submit again"), gettext_lazy("Submitted again to “%(task)s”")),
    "cancel": (gettext_lazy("End the workflow"), gettext_lazy("Taken out of the workflow")),
}
VERBS = {
    "editorial.override": (
        gettext_lazy("Publish urgently"),
        gettext_lazy("Published urgently, without a second person: %(reason)s"),
    ),
    "editorial.override_reviewed": (
        gettext_lazy("Review an urgent publication"),
        gettext_lazy("Urgent publication reviewed: %(verdict)s %(note)s"),
    ),
}


class Saying(LogFormatter):
    """Fills a sentence from the data of a log entry."""

    sentence: Any = ""

    def format_message(self, log_entry: Any) -> str:
        return str(self.sentence) % facts(log_entry.data)


def facts(data: dict[str, Any]) -> dict[str, str]:
    """Return what a sentence may name, from the data as Wagtail or we have logged it."""
    running = data.get("workflow") or {}
    following = running.get("next") or {}
    return {
        "task": (running.get("task") or {}).get("title", ""),
        "next": following.get("title") or _("approved"),
        "reason": str(data.get("reason", "")),
        "verdict": str(data.get("verdict", "")),
        "note": str(data.get("note", "")),
    }


class Commented(Saying):
    def format_comment(self, log_entry: Any) -> str:
        return str(log_entry.data.get("comment", ""))


def register(actions: LogActionRegistry) -> None:
    """Register our verbs, and our words for Wagtail's."""
    named = {f"wagtail.workflow.{verb}": words for verb, words in WORKFLOW_VERBS.items()} | VERBS
    for verb, (label, sentence) in named.items():
        # Wagtail keeps a list of choices besides, in which a second entry would be offered twice.
        actions.choices[:] = [choice for choice in actions.choices if choice[0] != verb]
        formatter = type("Formatter", (Commented,), {"label": label, "sentence": sentence})
        actions.register_action(verb)(formatter)
