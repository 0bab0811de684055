"""What people do with items of the inbox: adopt, ignore, take back, mute. One function each."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import RefusedError
from core.text import fold
from ingest import pictures, proof
from ingest.bodies import parts_of, raw_block
from ingest.drafts import news_index
from ingest.feeds.texts import shortened, words_of
from ingest.models import InboxItem, MutedTitle, PickUp, Source
from ingest.pictures import Haul
from organisations.models import User
from portal.models import ArticlePage, SectionPage

ADOPT_ACTION = "ingest.adopt"
MUTE_SPAN = timedelta(days=30)
SUMMARY = 500  # characters, as an article's sapo may have
OPEN = (InboxItem.State.NEW, InboxItem.State.MUTED, InboxItem.State.IGNORED)


@dataclass(frozen=True, slots=True)
class Adoption:
    """The draft an item became, and what did not come along."""

    page: ArticlePage
    warnings: tuple[str, ...]


def picture_addresses(item: InboxItem) -> list[str]:
    """Return the pictures an adoption fetches: those in the text, else those beside it."""
    inside = [part.picture for part in parts_of(item.html) if part.picture]
    return inside or [str(link) for link in item.pictures]


def adopt(pk: int, user: User) -> Adoption:
    """Return a draft made of the item, its pictures fetched now. Waits for the network first.

    Raises ``RefusedError`` when it was adopted already, and ``NoPlaceForArticles``.
    """
    item = InboxItem.objects.select_related("source").get(pk=pk)
    _refuse_adopted(item)
    haul = pictures.fetch(picture_addresses(item))
    with transaction.atomic():
        item = InboxItem.objects.select_for_update().select_related("source").get(pk=pk)
        _refuse_adopted(item)
        page = _draft(item, haul, user)
        item.state, item.article = InboxItem.State.ADOPTED, page
        item.save(update_fields=["state", "article"])
        others = InboxItem.objects.filter(group=item.group, state=InboxItem.State.NEW)
        others.update(state=InboxItem.State.IGNORED)
        record(page, ADOPT_ACTION, user, source=item.source.name, address=item.address)
    return Adoption(page, haul.warnings)


def _refuse_adopted(item: InboxItem) -> None:
    if item.state == InboxItem.State.ADOPTED and item.article_id is not None:
        raise RefusedError(_("“%(title)s” was adopted already.") % {"title": item.title})


def _draft(item: InboxItem, haul: Haul, user: User) -> ArticlePage:
    summary = sapo_of(item)
    kept = {
        link: pictures.keep(file, title=item.title, alt="", credit=item.source.name, user=user)
        for link, file in haul.files.items()
    }
    main = next(iter(kept.values()), None)
    known = {link: picture.pk for link, picture in kept.items() if picture is not main}
    blocks = _body(item, known, summary)
    section = SectionPage.objects.filter(pk=item.source.section_id).first()
    page = ArticlePage(
        title=shortened(item.title, 255),
        summary=shortened(summary, SUMMARY),
        body=json.dumps(blocks),
        section=section,
        picture=main,
        live=False,
        owner=user,
    )
    page.draft_title = page.title
    news_index().add_child(instance=page)
    # A draft may lack what only publishing needs: a section, descriptions of pictures.
    page.save_revision(user=user, clean=False)
    return page


def sapo_of(item: InboxItem) -> str:
    """Return the summary; the first paragraph where the source gives one text for both."""
    texts = (words_of(part.text) for part in parts_of(item.html) if part.kind == "paragraph")
    first = next(texts, "")
    is_whole = words_of(item.html).startswith(item.summary.removesuffix("…"))
    return first if first and is_whole else item.summary


def _body(item: InboxItem, known: dict[str, int], sapo: str) -> list[dict[str, Any]]:
    """Return the stored blocks: the text without what the sapo says, and where it comes from.

    ``known`` holds the pictures by address; the main one stands above the text already.
    """
    blocks = []
    for part in parts_of(item.html):
        if part.kind == "paragraph" and words_of(part.text) == sapo:
            continue
        block = raw_block(part, known.get(part.picture), item.source.name)
        if block is not None:
            blocks.append(block)
    return [*blocks, {"type": "paragraph", "value": credit_line(item)}]


def credit_line(item: InboxItem) -> str:
    """Return the last line of an adopted item, which names the source and links to it."""
    label = "Nguồn"  # part of the published text, which is Vietnamese in every interface
    if not item.address:
        return format_html("<p>{}: {}</p>", label, item.source.name)
    return format_html('<p>{}: <a href="{}">{}</a></p>', label, item.address, item.source.name)


def ignore(groups: list[str]) -> int:
    """Put the waiting items of these groups aside; return how many there were."""
    waiting = Q(state__in=(InboxItem.State.NEW, InboxItem.State.MUTED))
    return InboxItem.objects.filter(waiting, group__in=groups).update(state=InboxItem.State.IGNORED)


def put_back(groups: list[str]) -> int:
    """Have ignored and muted items of these groups wait again; return how many there were."""
    aside = Q(state__in=(InboxItem.State.IGNORED, InboxItem.State.MUTED))
    return InboxItem.objects.filter(aside, group__in=groups).update(state=InboxItem.State.NEW)


def mute_source(source: Source, user: User) -> int:
    """Keep the source's items out of the inbox for a month, those that wait included."""
    Source.objects.filter(pk=source.pk).update(muted_until=timezone.now() + MUTE_SPAN)
    record(source, "ingest.mute", user)
    return source.items.filter(state=InboxItem.State.NEW).update(state=InboxItem.State.MUTED)


def mute_title(words: str, user: User) -> int:
    """Keep out items whose title holds these words in this order, those that wait included.

    Raises ``RefusedError`` for words that would silence almost everything.
    """
    folded = fold(words)
    if len(folded.split()) < 2:
        raise RefusedError(_("Enter at least two words, so that not too much is muted."))
    MutedTitle.objects.get_or_create(
        folded=folded[:250], defaults={"words": words[:200], "created_by": user}
    )
    waiting = InboxItem.objects.filter(state=InboxItem.State.NEW, folded__contains=folded)
    silenced = [item.pk for item in waiting if f" {folded} " in f" {fold(item.title)} "]
    return InboxItem.objects.filter(pk__in=silenced).update(state=InboxItem.State.MUTED)


def decide_pick_up(pick_up: PickUp, *, ours: bool, user: User) -> None:
    """Say whether an item was taken from us. One that was not waits in the inbox after all."""
    pick_up.state = PickUp.State.CONFIRMED if ours else PickUp.State.REJECTED
    pick_up.decided_by = user
    pick_up.save(update_fields=["state", "decided_by"])
    carried, other = InboxItem.State.CARRIED, InboxItem.State.NEW
    if pick_up.item_id is not None:
        before, after = (other, carried) if ours else (carried, other)
        InboxItem.objects.filter(pk=pick_up.item_id, state=before).update(state=after)
    (proof.carried if ours else proof.not_carried)(pick_up)
    verb = "ingest.confirm_pick_up" if ours else "ingest.reject_pick_up"
    record(pick_up.page, verb, user, source=pick_up.source_name, address=pick_up.address)
