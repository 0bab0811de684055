"""Sections that articles are filed under are not deleted: a reason instead of a fault."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from wagtail.models import Page

from portal.models import ArticlePage


def articles_filed_under(pages: Iterable[Page]) -> int:
    """Count the articles whose section would be deleted together with these pages."""
    within = Q(pk=None)
    for page in pages:
        within |= Q(section__path__startswith=page.path)
    return ArticlePage.objects.filter(within).count()


def refuse_deletion(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Return the answer to a request to delete what is still needed; None if it may go on."""
    pages = list(pages)
    count = articles_filed_under(pages)
    if not count:
        return None
    message = ngettext(
        "Not deleted: %(count)d article is filed under this section. Move it to another section "
        "first.",
        "Not deleted: %(count)d articles are filed under this section. Move them to another "
        "section first.",
        count,
    )
    messages.error(request, message % {"count": count})
    parent = pages[0].get_parent()
    return redirect("wagtailadmin_explore", parent.pk if parent else pages[0].pk)
