"""One message to one officer, by every way we know: e-mail, and their own chat with a bot.

It is enough that one way works. The database is asked before and afterwards, never meanwhile.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from channels import building
from channels.adapters.email_transport import deliver as deliver_mail
from channels.calling import engine
from channels.calling.links import link
from channels.calling.models import Call
from channels.contract import (
    Adapter,
    DeliveryError,
    Message,
    NoAnswer,
    NotSent,
    PermanentError,
    Story,
)
from channels.pacing import PaceSlot
from channels.payload import story_from_json

LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Errand:
    """All that is needed to write to an officer. A way that cannot be used has its reason."""

    call: Call
    mail: EmailMultiAlternatives | None
    bot: Adapter | None
    message: Message | None
    problem: str = ""


def prepare(call: Call) -> Errand:
    """Say it, and find the ways. Asks the database."""
    story = story_from_json(call.publication.content)
    address = link(call)
    mail = letter(call, story, address) if call.contact.email else None
    if not call.contact.telegram or call.bot is None:
        reason = "" if mail else _("The officer has no e-mail address and no chat with a bot.")
        return Errand(call, mail, None, None, reason)
    try:
        bot = chat(call)
        message = bot.compose(note(call, story, address))
    except DeliveryError as error:
        return Errand(call, mail, None, None, str(error))
    if not PaceSlot.objects.reserve(bot.paces(), timezone.now()):
        return Errand(call, mail, None, None, "" if mail else _("The bot has its hands full."))
    return Errand(call, mail, bot, message)


def instruction(call: Call) -> str:
    """Return the sentence that says what the officer is to do."""
    words = _("%(name)s, please confirm that you know of this. Until then it is sent again.")
    return words % {"name": call.contact.name}


def letter(call: Call, story: Story, address: str) -> EmailMultiAlternatives:
    """Return the mail: what to do first, then the text."""
    subject = _("[URGENT] %(title)s") % {"title": " ".join(story.title.split())}
    asks = instruction(call)
    text = f"{asks}\n{address}\n\n{story.title}\n\n{story.text}\n\n{story.address}\n"
    html = format_html(
        '<p>{}</p><p><a href="{}" style="display:inline-block;padding:14px 20px;color:#fff;'
        'background:#8a1c1c;border-radius:6px;font-size:18px">{}</a></p><h1>{}</h1>{}',
        asks,
        address,
        _("I know of this"),
        story.title,
        _paragraphs(story.text),
    )
    mail = EmailMultiAlternatives(
        subject[:LONGEST_SUBJECT],
        text,
        to=[call.contact.email],
        headers={"Auto-Submitted": "auto-generated", "X-Priority": "1", "Importance": "high"},
    )
    mail.attach_alternative(str(html), "text/html")
    return mail


def _paragraphs(text: str) -> str:
    parts = [format_html("<p>{}</p>", part) for part in text.split("\n\n") if part.strip()]
    return format_html("{}" * len(parts), *parts) if parts else ""


def chat(call: Call) -> Adapter:
    """Return the bot, pointed at the officer's own chat. Raises ``PermanentError``."""
    if call.bot is None:
        raise PermanentError(_("The bot is gone."))
    own = {"chat_id": call.contact.telegram, "thread_id": None, "silent": False}
    known = building.adapter(call.bot).options
    fields = type(known).model_fields
    call.bot.options = call.bot.options | {k: v for k, v in own.items() if k in fields}
    return building.adapter(call.bot)


def note(call: Call, story: Story, address: str) -> Story:
    """Return what the officer's chat gets, as a story of its own: its link acknowledges."""
    return Story(
        key=str(call.story),
        sequence=call.publication.sequence,
        title=story.title,
        summary=instruction(call),
        text=f"{instruction(call)}\n\n{story.text}",
        html=format_html("<p>{}</p>{}", instruction(call), _paragraphs(story.text)),
        spoken="",
        address=address,
        level="urgent",
        language=story.language,
        published=story.published,
        updated=story.updated,
    )


async def carry(call: Call) -> None:
    """Write to the officer, and note what came of it. A worker runs this."""
    errand = await sync_to_async(prepare)(call)
    problems = [errand.problem] if errand.problem else []
    ways: list[Coroutine[Any, Any, Any]] = []
    if errand.mail is not None:
        ways.append(deliver_mail(errand.mail))
    if errand.bot is not None and errand.message is not None:
        ways.append(errand.bot.send(errand.message))
    results = await asyncio.gather(*(attempt(way) for way in ways))
    problems += [result for result in results if result]
    reached = any(not result for result in results)
    await sync_to_async(engine.settle)(call, "" if reached else " ".join(problems) or _("No way."))


async def attempt(way: Coroutine[Any, Any, Any]) -> str:
    """Return why it did not work; "" when it did. Never raises, except when cancelled."""
    try:
        async with asyncio.timeout(settings.DELIVERY_TIMEOUT_SECONDS):
            with building.guarded("calling"):
                await way
    except TimeoutError:
        return _("The receiver did not answer in time.")
    except (DeliveryError, NotSent, NoAnswer) as error:
        return str(error)
    return ""
