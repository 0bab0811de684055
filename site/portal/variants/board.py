"""The board: every variant of an item side by side, as its receivers will see it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from channels import building
from channels.adapters.feed_options import Options as FeedOptions
from channels.adapters.telegram import Telegram
from channels.adapters.telegram_options import TelegramOptions
from channels.contract import DeliveryError, Message, Story
from channels.models import Channel
from core import audit
from core.errors import RefusedError
from portal.models import StoryPage
from portal.stories import story_of
from portal.variants import stored
from portal.variants.kinds import KINDS
from portal.variants.showing import Variant, variants
from portal.variants.texts import adopt, master_of, stale_kinds, variants_of

# Which content of a feed each kind is for.
FEED_CONTENTS = {
    "radio": "spoken",
    "tv": "picture",
    "press": "press",
    "loudspeaker": "loudspeaker",
}
VERBS = ("refresh", "keep")


@dataclass(frozen=True, slots=True)
class Column:
    """One kind on the board."""

    variant: Variant
    message: Message | None  # as a channel of the kind sends it; None when there is none
    channels: list[str]  # names of those that would send it

    @property
    def template(self) -> str:
        return f"portal/admin/variants/as_{self.variant.kind.key}.html"


def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the variants of the newest version that the person may see."""
    page, may_edit = readable_page(request, pk)
    story, problem = told(page)
    master = master_of(page)
    edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    active = list(Channel.objects.for_items())
    shown = [column(variant, story, active) for variant in variants(page, master)]
    context = {
        "page": page,
        "story": story,
        "problem": problem,
        "columns": shown,
        "stale": any(column.variant.stale for column in shown),
        "may_edit": may_edit,
        "header_title": f"{_('Variants')}: {page.get_admin_display_title()}",
        "header_icon": "copy",
        "breadcrumbs_items": breadcrumbs(page, edit_url if may_edit else ""),
        "edit_url": edit_url,
    }
    return render(request, "portal/admin/variants/board.html", context)


def breadcrumbs(page: StoryPage, edit_url: str) -> list[dict[str, str]]:
    return [
        {"url": edit_url, "label": page.get_admin_display_title()},
        {"url": "", "label": _("Variants")},
    ]


def readable_page(request: HttpRequest, pk: int) -> tuple[StoryPage, bool]:
    """Return the item as the person may see it, and whether they may change it now.

    Raises ``PermissionDenied`` for a draft of others, ``Http404`` for what is no item.
    """
    page = story_page(pk)
    newest: StoryPage = page.get_latest_revision_as_object()
    if page.permissions_for_user(request.user).can_edit():
        lock = newest.get_lock()
        return newest, not page.alias_of_id and not (lock and lock.for_user(request.user))
    policy = PagePermissionPolicy()
    if policy.explorable_instances(request.user).filter(pk=page.pk).exists():
        return newest, False
    if page.live:
        return page, False
    raise PermissionDenied


def story_page(pk: int) -> StoryPage:
    page = get_object_or_404(Page, pk=pk).specific
    if not isinstance(page, StoryPage):
        raise Http404
    return page


def told(page: StoryPage) -> tuple[Story | None, str]:
    """Return the story, or the reason why there is none: a picture that cannot be read."""
    try:
        return story_of(page), ""
    except RefusedError as refusal:
        return None, str(refusal)


def column(variant: Variant, story: Story | None, active: list[Channel]) -> Column:
    channels = [channel for channel in active if sends(channel, variant.kind.key)]
    message = composed(variant.kind.key, channels, story) if story else None
    return Column(variant, message, [channel.name for channel in channels])


def sends(channel: Channel, kind: str) -> bool:
    """Whether the channel sends this variant."""
    if kind in FEED_CONTENTS:
        return channel.kind == "feed" and channel.options.get("variant") == FEED_CONTENTS[kind]
    return channel.kind == kind


def composed(kind: str, channels: list[Channel], story: Story) -> Message | None:
    """Return what the first channel of the kind says, else what one with plain settings would."""
    channel = channels[0] if channels else plain_channel(kind)
    if channel is None:
        return None
    try:
        return building.compose(channel, story)
    except DeliveryError:
        return None


def plain_channel(kind: str) -> Channel | None:
    """Return an unsaved channel with settings as they come, for a kind that has none yet."""
    if kind in FEED_CONTENTS:
        options: Any = FeedOptions(variant=FEED_CONTENTS[kind])
        return Channel(kind="feed", options=options.model_dump())
    if kind == Telegram.kind:
        return Channel(kind=kind, options=TelegramOptions(chat_id=1).model_dump())
    return None


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Compose one stale or written kind anew, or keep it; without a kind all stale ones."""
    page, may_edit = readable_page(request, pk)
    kind = request.POST.get("kind", "")
    user = request.user
    if not user.is_authenticated or not may_edit:
        raise PermissionDenied
    if verb not in VERBS or (kind and kind not in KINDS):
        raise PermissionDenied
    master = master_of(page)
    kinds = [kind] if kind else stale_kinds(page, master)
    if verb == "keep":
        adopt(page, stored.kept(variants_of(page), master.digest, *kinds), master)
    else:
        adopt(page, stored.refreshed(variants_of(page), *kinds))
    if kinds:
        page.save_revision(user=user, log_action=True, clean=False)
        names = ", ".join(str(KINDS[kind].label) for kind in kinds)
        audit.record(page, f"portal.variants_{verb}", user, kinds=names)
    words = {
        "refresh": ngettext("%d text composed anew.", "%d texts composed anew.", len(kinds)),
        "keep": ngettext("%d text kept as it is.", "%d texts kept as they are.", len(kinds)),
    }
    messages.success(request, words[verb] % len(kinds))
    return redirect("portal_board", page.pk)
