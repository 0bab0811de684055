"""Taking items back, with a reason, by whoever may publish: at once and alone."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction

from core.errors import RefusedError
from portal import gates
from portal.corrections.forms import Choice
from portal.models import StoryPage


def may_withdraw(page: StoryPage, user: Any) -> bool:
    """Whether the person may take the item back.

    A lock or a scheduled new version does not stand in the way: a mistake must vanish now.
    """
    return page.live and page.permissions_for_user(user).holds_publishing()


def withdraw(page: StoryPage, user: Any, choice: Choice) -> None:
    """Hide the item, record why, and queue its withdrawal everywhere. Raises ``RefusedError``."""
    if not page.live:
        message = _("“%(title)s” is not public any more. Nothing was changed.")
        raise RefusedError(message % {"title": page.title})
    consent = gates.Consent(correction=choice)
    with gates.consenting(consent):
        UnpublishPageAction(page, user=user, log_action=False).execute(skip_permission_checks=True)
