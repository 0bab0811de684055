"""The dialog in which an item's times are set."""

from typing import Any

from wagtail.admin.panels import FieldPanel, Panel, PublishingPanel
from wagtail.admin.widgets import AdminDateTimeInput

DIALOG = "#schedule-publishing-dialog"


class SchedulePanel(PublishingPanel):
    """Wagtail's own, with the embargo and the stations that get the item before it ends."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if "children" not in kwargs:
            self.children: list[Panel] = [*self.children, *embargo_panels()]


def embargo_panels() -> list[Panel]:
    # As Wagtail does for its own two fields: the calendar opens over the dialog, and what was
    # entered in a dialog that is closed again is undone.
    undo = {
        "data-controller": "w-action",
        "data-action": "w-dialog:hidden->w-action#reset",
        "data-w-dialog-target": "notify",
    }
    widget = AdminDateTimeInput(js_overlay_parent_selector=DIALOG, attrs=undo)
    return [
        FieldPanel("embargo_until", widget=widget),
        FieldPanel("early_channels"),
    ]
