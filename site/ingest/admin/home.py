"""What the admin's first page says about the inbox."""

from typing import Any

from wagtail.admin.ui.components import Component

from ingest.models import InboxItem
from ingest.models.inbox import InboxState

SHOWN = 3


class InboxPanel(Component):
    """How many items of others wait to be taken over, and the newest of them."""

    order = 35
    template_name = "ingest/admin/inbox_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        waiting = InboxItem.objects.filter(state=InboxState.NEW)
        newest = waiting.select_related("source").order_by("-fetched_at", "-pk")
        return {"count": waiting.count(), "newest": newest[:SHOWN]}
