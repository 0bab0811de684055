"""The page editor's preview of each channel: exactly what will be sent."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from channels import building, registry
from channels.contract import DeliveryError
from channels.models import Channel
from core.errors import RefusedError
from portal.asked_once import AskedOnce
from portal.stories import story_of

PREFIX = "channel-"


class ChannelPreviews(AskedOnce):
    """Gives a story page one preview mode for each active channel, beside its own."""

    @cached_property
    def preview_modes(self) -> list[tuple[str, str]]:
        active = [channel for channel in self.every_channel if channel.is_for_items]
        return [
            ("", _("Portal page")),
            *((PREFIX + each.slug, each.name) for each in active if each.kind != "portal"),
        ]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        if not mode_name.startswith(PREFIX):
            return super().serve_preview(request, mode_name)  # type: ignore[misc]
        channel = Channel.objects.active().filter(slug=mode_name.removeprefix(PREFIX)).first()
        context = {"page": self, "channel": channel, **composed(self, channel)}
        return TemplateResponse(request, "portal/channel_preview.html", context)


def composed(page: Any, channel: Channel | None) -> dict[str, Any]:
    """Return the message and the limits that go with it, or the reason why there is none."""
    if channel is None:
        return {"problem": _("This channel is switched off or no longer exists.")}
    kind = registry.ADAPTERS[channel.kind]
    try:
        story = story_of(page)
        message = building.compose(channel, story)
    except (DeliveryError, RefusedError) as error:
        return {"problem": str(error)}
    return {
        "message": message,
        "left_out": channel.slug in (page.channels_off or []),
        "taken": channel.takes(section=page.section_slug, level=page.level),
        "limits": kind.limits,
        "title_in_text": message.text.startswith(message.title),
        # Where the text is the summary only and the whole goes as HTML, it is shown as text.
        "body": story.text if story.html and message.html == story.html else "",
        "length": len(message.text),
    }
