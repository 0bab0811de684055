"""Sections: what articles are filed under. An article's section is a field, not its parent."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.search import index

from core.pages import BasePage, readable
from portal.listing import page_of, teasers


class SectionIndexPage(BasePage):
    """``/chuyen-muc/``: the sections."""

    parent_page_types: ClassVar[list[str]] = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = ["portal.SectionPage"]
    max_count = 1
    template = "portal/section_index_page.html"

    class Meta:
        verbose_name = _("list of sections")
        verbose_name_plural = _("lists of sections")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["sections"] = readable(SectionPage.objects.child_of(self)).order_by("path")
        return context


class SectionPage(BasePage):
    """``/chuyen-muc/<slug>/``: the articles of one section, newest first."""

    intro = models.TextField(_("introduction"), max_length=500, blank=True)

    parent_page_types: ClassVar[list[str]] = ["portal.SectionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    show_in_menus_default = True
    template = "portal/section_page.html"
    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("intro")]
    promote_panels: ClassVar[list[Panel]] = [
        *BasePage.promote_panels,
        FieldPanel("show_in_menus"),
    ]
    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("intro"),
    ]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["items"] = page_of(request, teasers(self.articles))
        return context
