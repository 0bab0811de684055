"""The templates that every office starts with, in our own words (``starters.toml``)."""

import tomllib
from pathlib import Path
from typing import Any

from django.utils.html import format_html

from editorial.models import ItemTemplate
from portal.models import SectionPage

TEXTS = Path(__file__).with_suffix(".toml")


def starters() -> list[dict[str, Any]]:
    """Return the templates as they are written down."""
    found: list[dict[str, Any]] = tomllib.loads(TEXTS.read_text("utf-8"))["template"]
    return found


def load() -> int:
    """Make them all while there is no template yet. Return how many were made."""
    if ItemTemplate.objects.exists():
        return 0
    sections = {section.title: section for section in SectionPage.objects.all()}
    made = starters()
    for starter in made:
        body = [("paragraph", format_html("<p>{}</p>", text)) for text in starter["body"]]
        values = {"body": body, "section": sections.get(starter["section"])}
        ItemTemplate.objects.create(**(starter | values))
    return len(made)
