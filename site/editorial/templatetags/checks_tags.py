"""What the checks find, for templates."""

from typing import Any

from django import template

from editorial.checks.looking import Findings, findings, parted
from portal.models import StoryPage

register = template.Library()


@register.simple_tag
def findings_in(version: Any) -> Findings:
    """Return what is found in the page as it is in memory; nothing for other objects."""
    return parted(findings(version)) if isinstance(version, StoryPage) else Findings()


@register.simple_tag
def findings_of(page: Any) -> Findings:
    """Return what is found in the newest version of the page."""
    specific = getattr(page, "specific", page)
    if not isinstance(specific, StoryPage):
        return Findings()
    return parted(findings(specific.get_latest_revision_as_object()))
