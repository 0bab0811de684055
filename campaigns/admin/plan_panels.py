"""What the editor of a plan shows, and in which order."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput

from campaigns.admin.panels import ActivitiesPanel
from core.widgets import AsciiSlugInput

TEXTS = (
    "introduction",
    "purposes",
    "requirements",
    "contents",
    "forms",
    "audiences",
    "timing",
    "funding",
    "implementation",
    "responsible",
    "recipients",
)


def text_panels(*names: str) -> list[Panel]:
    """Return a panel for each of these fields."""
    return [FieldPanel(name) for name in names]


def plan_panels() -> TabbedInterface:
    """Return the tabs of the editor: the plan, its sections, bases and annexes."""
    facts = [
        ActivitiesPanel(heading=_("Assignment of tasks")),
        FieldPanel("title", widget=AdminAutoHeightTextInput),
        FieldRowPanel(text_panels("number", "issued_on")),
        FieldRowPanel(text_panels("issuer", "year")),
        MultiFieldPanel(
            [
                FieldRowPanel(text_panels("signer", "signer_title")),
                FieldRowPanel(text_panels("authority", "authority_of")),
            ],
            heading=_("Signing authority"),
        ),
        MultiFieldPanel(
            text_panels(
                "kind", "combined_number", "combined_on", "combined_document", "parent", "document"
            ),
            heading=_("Kind and documents"),
        ),
        FieldPanel("slug", widget=AsciiSlugInput),
        FieldPanel("is_illustrative"),
    ]
    attached = [
        InlinePanel("plan_bases", text_panels("basis"), heading=_("Legal bases")),
        InlinePanel("annexes", text_panels("title", "text", "document"), heading=_("Annexes")),
    ]
    return TabbedInterface(
        [
            ObjectList(facts, heading=_("Plan")),
            ObjectList(attached, heading=_("Bases and annexes")),
            ObjectList(text_panels(*TEXTS), heading=pgettext_lazy("plan", "Sections")),
        ]
    )
