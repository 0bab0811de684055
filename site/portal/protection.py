"""The frame of the portal is kept: by those who may edit it, and as long as it is in use."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from core import actor
from core.errors import RefusedError
from portal.models import ArticlePage, Correction, StoryPage


def refuse_structure(request: HttpRequest, parent: Page, page_class: type[Page]) -> None:
    """Let sections and the like be added only by those who may edit the page above.

    Who writes has leave to add pages everywhere; that is meant for items. Raises
    ``PermissionDenied``.
    """
    is_item = issubclass(page_class, StoryPage)
    if not is_item and not parent.permissions_for_user(request.user).can_edit():
        raise PermissionDenied


def articles_filed_under(pages: Iterable[Page]) -> int:
    """Count the articles whose section would be deleted together with these pages."""
    within = Q(pk=None)
    for page in pages:
        within |= Q(section__path__startswith=page.path)
    return ArticlePage.objects.filter(within).count()


def why_to_keep(page: Page) -> str:
    """Return why the item must not be deleted; "" when it may be.

    What readers saw is taken back with a reason, and then kept for inspection (Law on the Press
    103/2016/QH13, art. 42).
    """
    if not isinstance(page, StoryPage) or page.alias_of_id:
        return ""
    if page.live:
        address = reverse("portal_withdraw", args=[page.pk])
        message = _("Not deleted: “%(title)s” is public. Withdraw it first, at %(address)s.")
        return message % {"title": page.title, "address": address}
    if Correction.objects.of_story(page.story).exists():
        message = _("Not deleted: “%(title)s” was corrected or withdrawn, and is kept on record.")
        return message % {"title": page.title}
    return ""


def refuse_losing_the_record(sender: Any, instance: StoryPage, **kwargs: Any) -> None:
    """Let nobody delete an item that is public or on record. Raises ``RefusedError``."""
    problem = why_to_keep(instance) if actor.current() is not None else ""
    if problem:
        raise RefusedError(problem)


def refuse_deletion(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Return the answer to a request to delete what is still needed; None if it may go on."""
    pages = list(pages)
    for page in pages:
        problem = why_to_keep(page.specific)
        if problem:
            messages.error(request, problem)
            return redirect("wagtailadmin_pages:edit", page.pk)
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
