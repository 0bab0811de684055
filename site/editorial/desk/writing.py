"""From a template to a draft."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from campaigns.events import access
from campaigns.events.models import Event
from campaigns.showing import scope
from campaigns.slots.models import Slot
from core import audit
from core.errors import RefusedError
from editorial.models import ItemTemplate
from portal.models import (
    AnnouncementIndexPage,
    AnnouncementPage,
    ArticlePage,
    NewsIndexPage,
    StoryPage,
)
from portal.models.authors import Authorship, author_of
from portal.tree import may_write

__all__ = ["may_write", "place_for", "start", "start_for_event", "start_for_slot"]

TITLE = 200  # characters of an activity that make a headline to begin with

PLACES: dict[str, type[Page]] = {
    ItemTemplate.Kind.ARTICLE: NewsIndexPage,
    ItemTemplate.Kind.ANNOUNCEMENT: AnnouncementIndexPage,
}


def place_for(template: ItemTemplate) -> Page | None:
    """Return the page under which items of this kind stand."""
    return PLACES[template.kind].objects.first()


@transaction.atomic
def start(template: ItemTemplate, user: Any) -> StoryPage:
    """Return a new draft of the person, made from the template.

    Raises ``PermissionDenied``, or ``RefusedError`` while there is no place for it.
    """
    place = place_for(template)
    if place is None:
        raise RefusedError(_("There is no page for such items yet. Run “setup” first."))
    if not place.specific.permissions_for_user(user).can_add_subpage():
        raise PermissionDenied
    is_article = template.kind == ItemTemplate.Kind.ARTICLE
    page = article(template, user) if is_article else announcement(template)
    page.owner, page.live, page.level = user, False, template.level
    page.draft_title = page.title
    place.add_child(instance=page)
    # A frame is not complete: what is missing is asked for when it is submitted or published.
    page.save_revision(user=user, clean=False)
    audit.record(page, "editorial.from_template", user, template=template.name)
    return page


@transaction.atomic
def start_for_slot(slot: Slot, user: Any) -> ArticlePage:
    """Return the person's draft for the slot: the one begun already, or a new one.

    Raises ``PermissionDenied``, or ``RefusedError`` while there is no place for articles.
    """
    place = place_of_articles(user)
    if not scope.slots_for(user).filter(pk=slot.pk).exists():
        raise PermissionDenied
    begun = ArticlePage.objects.filter(slot=slot, event=None, owner=user, first_published_at=None)
    if (draft := begun.order_by("-pk").first()) is not None:
        return draft
    page = ArticlePage(title=slot.activity.content[:TITLE].strip())
    page.activity, page.slot = slot.activity, slot
    return begin(page, place, user, "editorial.for_slot", slot=str(slot))


@transaction.atomic
def start_for_event(event: Event, user: Any) -> ArticlePage:
    """Return the person's draft about the event: the one begun already, or a new one.

    Raises ``PermissionDenied``, or ``RefusedError`` while there is no place for articles.
    """
    place = place_of_articles(user)
    if not access.visible(user).filter(pk=event.pk).exists():
        raise PermissionDenied
    begun = ArticlePage.objects.filter(event=event, owner=user, first_published_at=None)
    if (draft := begun.order_by("-pk").first()) is not None:
        return draft
    page = ArticlePage(title=event.name[:TITLE].strip())
    page.event, page.activity, page.slot = event, event.activity, event.slot
    return begin(page, place, user, "editorial.for_event", event=str(event))


def place_of_articles(user: Any) -> NewsIndexPage:
    """Return the page that articles stand under. Raises as ``start``."""
    place = NewsIndexPage.objects.first()
    if place is None:
        raise RefusedError(_("There is no page for such items yet. Run “setup” first."))
    if not place.permissions_for_user(user).can_add_subpage():
        raise PermissionDenied
    found: NewsIndexPage = place
    return found


def begin(
    page: ArticlePage, place: NewsIndexPage, user: Any, verb: str, **data: str
) -> ArticlePage:
    """Save a new draft of the person, with what is known of it so far."""
    page.byline = user.byline
    page.authorships = [Authorship(author=author_of(user))]
    page.owner, page.live, page.draft_title = user, False, page.title
    place.add_child(instance=page)
    # As with a template: what is missing is asked for when it is submitted or published.
    page.save_revision(user=user, clean=False)
    audit.record(page, verb, user, **data)
    return page


def article(template: ItemTemplate, user: Any) -> ArticlePage:
    body = ArticlePage._meta.get_field("body").to_python(template.blocks())
    page = ArticlePage(
        title=template.headline,
        summary=template.summary,
        body=body,
        genre=template.genre,
        section=template.section,
        byline=user.byline,
    )
    page.authorships = [Authorship(author=author_of(user))]
    return page


def announcement(template: ItemTemplate) -> AnnouncementPage:
    return AnnouncementPage(title=template.headline, text=rich_text(template.blocks()))


def rich_text(blocks: list[dict[str, Any]]) -> str:
    """Return the paragraphs of a body as one rich text: an announcement has nothing else."""
    return "".join(block["value"] for block in blocks if block["type"] == "paragraph")
