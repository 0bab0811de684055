"""Answers once for each page object what Wagtail's editor and ours ask several times over."""

from typing import Any

from django.utils.functional import cached_property
from wagtail.models import Workflow, WorkflowPage

from channels.models import Channel

# What a version never changes about its page: Wagtail puts the page's own back in any case, but
# would first ask the database whether each of these still exists.
HOUSEKEEPING = frozenset({"content_type", "owner", "locale", "latest_revision", "locked_by"})


def without_housekeeping(content: dict[str, Any]) -> dict[str, Any]:
    """Return the stored content of a version without what is taken from the page itself."""
    return {name: value for name, value in content.items() if name not in HOUSEKEEPING}


class AskedOnce:
    """Mixed into pages; every answer holds as long as the object, which is one request."""

    path: str
    steplen: int

    @cached_property
    def every_channel(self) -> list[Channel]:
        """All channels, also those that are switched off."""
        return list(Channel.objects.all())

    @cached_property
    def assigned_workflow(self) -> Workflow | None:
        """The active workflow of the page or of its nearest ancestor."""
        ends = range(self.steplen, len(self.path) + 1, self.steplen)
        nearest = (
            WorkflowPage.objects.filter(page__path__in=[self.path[:end] for end in ends])
            .filter(workflow__active=True)
            .select_related("workflow")
            .order_by("-page__depth")
            .first()
        )
        return nearest.workflow if nearest else None

    @property
    def has_workflow(self) -> bool:
        return self.get_workflow() is not None

    def get_workflow(self) -> Workflow | None:
        return self.assigned_workflow
