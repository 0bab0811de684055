"""Verbs of the permission table: reading the board of variants, and what can be done from it."""

from typing import Any

from portal.models import ArticlePage
from tests.verbs import VERBS, Actor, opens

WRITTEN: dict[str, Any] = {"radio": {"texts": {"text": "Viết tay."}, "based_on": "cũ"}}


def with_text(actor: Actor, *, own: bool) -> ArticlePage:
    page = actor.draft(own=own)
    page.variants = WRITTEN
    page.save_revision()
    return page


def press(actor: Actor, verb: str, *, own: bool) -> bool:
    page = with_text(actor, own=own)
    actor.post("portal_board_act", page.pk, verb, kind="radio")
    draft = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return bool(draft.variants != WRITTEN)


opens("read the board of own", "portal_board", lambda actor: actor.draft(own=True).pk)
opens("read the board of another's", "portal_board", lambda actor: actor.draft(own=False).pk)
opens(
    "read the board of a live one",
    "portal_board",
    lambda actor: actor.draft(own=False, live=True).pk,
)
for words, verb in (("compose %s anew", "refresh"), ("keep %s variants", "keep")):
    for whose in ("own", "another's"):
        VERBS[words % whose] = lambda actor, verb=verb, whose=whose: press(
            actor, verb, own=whose == "own"
        )
