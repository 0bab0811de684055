"""The baseline of the editor: the same item in Wagtail's own view, without anything of ours."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from wagtail import hooks
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.viewsets.pages import base_page_viewset, page_viewset_registry
from wagtail.models import Page

from portal.models import ArticlePage

OURS = ("config", "ingest", "editorial", "portal", "campaigns", "channels", "organisations", "core")
WAGTAILS = (FieldPanel, MultiFieldPanel, InlinePanel)


@contextmanager
def plain_editor() -> Iterator[None]:
    """Let articles be edited by Wagtail alone: its view, its panels, its menu, the same fields."""
    handler = TabbedInterface(
        [
            ObjectList(plain(ArticlePage.content_panels), heading="Content"),
            ObjectList(ArticlePage.promote_panels, heading="Promote"),
            ObjectList([PublishingPanel(), FieldPanel("dated")], heading="Settings"),
        ],
        base_form_class=Page.base_form_class,
    ).bind_to_model(ArticlePage)
    with ExitStack() as changed:
        for target, name, value in (
            (page_viewset_registry, "get_by_page_id", lambda pk: base_page_viewset),
            (ArticlePage, "get_edit_handler", lambda: handler),
            (ArticlePage, "permissions_for_user", Page.permissions_for_user),
            (ArticlePage, "with_content_json", Page.with_content_json),
            (ArticlePage, "preview_modes", Page.DEFAULT_PREVIEW_MODES),
            (hooks, "_hooks", without_ours()),
        ):
            changed.enter_context(patch.object(target, name, value))
        yield


def plain(panels: list[Panel]) -> list[Panel]:
    return [panel for panel in panels if type(panel) in {*WAGTAILS, type(panels[0])}]


def without_ours() -> dict[str, Any]:
    """Return the hooks that Wagtail itself registered."""
    return {
        name: [entry for entry in entries if entry[0].__module__.partition(".")[0] not in OURS]
        for name, entries in hooks._hooks.items()
    }
