"""Links between pages in rich text."""

from typing import Any

from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler


class LightPageLinkHandler(PageLinkHandler):
    """Looks up all targets in one query; Wagtail asks once more for each type of page."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Page | None]:
        ids = [attrs.get("id", "") for attrs in attrs_list]
        pages = Page.objects.in_bulk({int(pk) for pk in ids if pk.isdecimal()})
        return [pages.get(int(pk)) if pk.isdecimal() else None for pk in ids]
