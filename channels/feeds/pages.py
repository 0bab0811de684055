"""The page that tells newsrooms and readers what feeds there are and how they are made."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from channels import audience
from channels.adapters.feed import Feed
from channels.adapters.feed_options import Options
from channels.feeds import addresses
from channels.feeds.listing import head, options_of
from channels.feeds.samples import samples
from channels.feeds.views import FORMATS
from channels.models import Channel


@dataclass(frozen=True, slots=True)
class Offer:
    """One feed as the page for people shows it."""

    slug: str
    title: str
    description: str
    variant: str
    full_text: bool
    podcast: bool
    rights: str
    at_once: bool  # subscribers of its hubs get changes within seconds
    sections: list[str]
    levels: list[str]
    addresses: list[tuple[str, str]]  # name of the format, absolute address


def _offer(channel: Channel, options: Options) -> Offer:
    title, description = head(channel, options)
    return Offer(
        slug=channel.slug,
        title=title,
        description=description if description != title else "",
        variant=options.variant,
        full_text=options.full_text,
        podcast=options.podcast,
        rights=options.rights,
        at_once=bool(options.hubs),
        sections=audience.named(channel.takes_sections, dict(audience.sections())),
        levels=audience.named(channel.takes_levels, dict(audience.LEVELS)),
        addresses=[
            (form.label, addresses.public(channel.slug, ending)) for ending, form in FORMATS.items()
        ],
    )


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show every active feed, what it carries, how to subscribe, and how the formats look."""
    offers = [
        _offer(channel, options)
        for channel in Channel.objects.active().filter(is_test=False).of_kind(Feed.kind)
        if (options := options_of(channel)) is not None
    ]
    context = {"offers": offers, "states": samples(addresses.site())}
    return render(request, "channels/feeds/index.html", context)
