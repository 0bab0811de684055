"""A Telegram group or channel, through a bot."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from telegram import Bot, InputMediaPhoto
from telegram import Message as Sent
from telegram.error import BadRequest, ChatMigrated

from channels.adapters.shared_correcting import marked, noted
from channels.adapters.telegram_errors import (
    FIXED,
    GONE,
    UNCHANGED,
    explained,
    says,
)
from channels.adapters.telegram_options import TelegramOptions
from channels.adapters.telegram_text import (
    CAPTION_LIMIT,
    MARKUPS,
    TEXT_LIMIT,
    Parts,
    clean,
    hashtag,
    host,
    units,
    web_address,
    whole,
)
from channels.adapters.telegram_transport import Transport
from channels.contract import (
    Adapter,
    Message,
    Pace,
    PermanentError,
    Picture,
    Receipt,
    Story,
    TemporaryError,
    UncertainError,
)

TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{20,100}")
# Bot API, sendPhoto: at most 10 MB, width and height together 10,000, ratio 20.
PHOTO_BYTES = 10_000_000
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20
PHOTO_TYPES = {"image/jpeg", "image/png", "image/webp", "image/gif"}
# A caption that could hold less of the text than this is not worth the picture.
LEAST_CAPTION_BODY = 400


class Telegram(Adapter):
    """Posts one message per item, edits it on correction, deletes it on withdrawal."""

    kind = "telegram"
    label = gettext_lazy("Telegram group")
    summary = gettext_lazy("Posts to a Telegram group or channel in which your bot is a member.")
    Options = TelegramOptions
    secret_label = gettext_lazy("Bot token from @BotFather")
    can_update = True
    can_retract = True
    can_probe = True
    limits: ClassVar[dict[str, int]] = {"text": TEXT_LIMIT, "caption": CAPTION_LIMIT}

    options: TelegramOptions

    # --- what is said ----------------------------------------------------------------------

    def compose(self, story: Story) -> Message:
        """Say the whole item if it is short, else its summary; the link is always there."""
        parts, picture = self._parts(story), self._photo(story)
        # What somebody wrote is never cut for the sake of the picture.
        least = units(parts.body) if _written(story) else min(units(parts.body), LEAST_CAPTION_BODY)
        if picture and parts.room(CAPTION_LIMIT) < least:
            picture = None
        said = parts.render(
            MARKUPS[self.options.parse_mode], CAPTION_LIMIT if picture else TEXT_LIMIT
        )
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=story.title,
            text=said.plain,
            html=said.markup,
            address=story.address,
            image=picture,
            language=story.language,
            level=story.level,
            section=story.section,
            author=story.author,
            published=story.published,
            updated=story.updated,
        )

    def _parts(self, story: Story) -> Parts:
        markup = MARKUPS[self.options.parse_mode]
        address = web_address(story.address)
        with translation.override(story.language):
            alerts = {
                "urgent": pgettext("level of an announcement", "URGENT"),
                "priority": pgettext("level of an announcement", "IMPORTANT"),
            }
            label = _("Read more at %s") % host(address)
        parts = Parts(
            alert=alerts.get(story.level, ""),
            title=" ".join(clean(marked(story.title, story)).split()),
            body=noted(_written(story) or whole(story.summary, story.text), story),
            tag=hashtag(story.section_name),
            link=markup.link(label, address) if address else markup.text(""),
        )
        short = clean(story.summary)
        if short and not _written(story) and units(parts.body) > parts.room(CAPTION_LIMIT):
            return replace(parts, body=noted(short, story))
        return parts

    def _photo(self, story: Story) -> Picture | None:
        """Return the picture if there is one that Telegram takes as a photo."""
        picture = story.picture
        if not self.options.with_picture or picture is None or picture.mime not in PHOTO_TYPES:
            return None
        long, short = sorted((picture.width, picture.height), reverse=True)
        fits = picture.size <= PHOTO_BYTES and long + short <= PHOTO_SIDES
        return picture if fits and 0 < long <= short * PHOTO_RATIO else None

    # --- how it is carried -----------------------------------------------------------------

    async def send(self, message: Message) -> Receipt:
        """Post a new message. A group that became a supergroup is followed in the same call."""
        photo = await self._read(message.image) if message.image else None
        moved: dict[str, Any] = {}
        try:
            sent = await self._post(self.options.chat_id, message, photo)
        except ChatMigrated as migration:
            moved = {"chat_id": migration.new_chat_id}
            sent = await self._post_to_new_chat(migration.new_chat_id, message, photo)
        return Receipt(
            external_id=str(sent.message_id),
            address=sent.link or "",
            details={
                "chat_id": sent.chat.id,
                "message_id": sent.message_id,
                "photo": photo is not None,
                "picture": message.image.file if message.image else "",
            },
            new_options=moved,
        )

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        """Edit the message of record."""
        if receipt.details["photo"] and message.image is None:
            return await self._replace(message, receipt)
        # A text message cannot be given a photo: it stays a text.
        try:
            await self._edit(message, receipt)
        except ChatMigrated as migration:
            return _out_of_reach(receipt, migration)
        shown = message.image.file if message.image and receipt.details["photo"] else ""
        return replace(receipt, details={**receipt.details, "picture": shown}, note="")

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        """Delete the message; after 48 hours, when bots may not, put a note in its place."""
        try:
            if await self._delete(receipt):
                return Receipt(external_id=receipt.external_id, details=receipt.details)
            return await self._leave_note(message, receipt)
        except ChatMigrated as migration:
            return _out_of_reach(receipt, migration)

    async def arrived(self, message: Message, receipt: Receipt) -> str:
        """Edit the message to what it says already: Telegram answers so only where it stands."""
        await self.update(message, receipt)
        return _("Telegram knows the message.")

    async def check(self) -> str:
        """Return the title of the group. Raises a ``DeliveryError`` as ``send`` would."""
        try:
            with explained(self.secret, repeatable=True):
                await self._bot.get_me()
                chat = await self._bot.get_chat(self.options.chat_id)
        except ChatMigrated as migration:
            raise PermanentError(
                _("The group has a new number: %s. Enter it in the channel's settings.")
                % migration.new_chat_id
            ) from None
        return chat.effective_name or str(chat.id)

    def paces(self) -> list[Pace]:
        """Bot API FAQ: 30 messages a second a bot; 1 a second a chat, 20 a minute in groups.

        A burst and a refill that together stay within the limit in every window.
        """
        bot = hashlib.sha256(self.secret.encode()).hexdigest()[:16]
        chat = f"telegram:{bot}:{self.options.chat_id}"
        paces = [
            Pace(key=f"telegram:{bot}", interval=1 / 20, burst=10),
            Pace(key=f"{chat}:second", interval=1.0),
        ]
        if not (isinstance(self.options.chat_id, int) and self.options.chat_id > 0):
            paces.append(Pace(key=f"{chat}:minute", interval=4.0, burst=5))
        return paces

    # --- the Bot API -----------------------------------------------------------------------

    @cached_property
    def _bot(self) -> Bot:
        """The library's bot over our transport. Raises ``PermanentError`` for an unusable token."""
        if not TOKEN.fullmatch(self.secret):
            raise PermanentError(
                _("The bot token is missing or incomplete. Enter it in the channel's settings."),
                stops_channel=True,
            )
        transport = Transport(self.http)
        base = f"{settings.TELEGRAM_API_URL}/bot"
        return Bot(self.secret, base, request=transport, get_updates_request=transport)

    async def _read(self, picture: Picture) -> bytes:
        try:
            return await asyncio.to_thread(self.files.read, picture.file)
        except FileNotFoundError:
            raise PermanentError(
                _("The picture's file is missing. Choose the picture again and publish.")
            ) from None
        except OSError as error:
            raise TemporaryError(_("The picture's file cannot be read now.")) from error

    async def _post(self, chat: int | str, message: Message, photo: bytes | None) -> Sent:
        common: dict[str, Any] = {
            "chat_id": chat,
            "message_thread_id": self.options.thread_id,
            "disable_notification": self.options.silent,
            "protect_content": self.options.protect,
            "parse_mode": self.options.parse_mode,
        }
        with explained(self.secret):
            if photo is None:
                return await _understood(self._bot.send_message(text=message.html, **common))
            name = _file_name(message.image)
            return await _understood(
                self._bot.send_photo(photo=photo, caption=message.html, filename=name, **common)
            )

    async def _post_to_new_chat(self, chat: int, message: Message, photo: bytes | None) -> Sent:
        try:
            return await self._post(chat, message, photo)
        except ChatMigrated:
            raise TemporaryError(_("The group is being moved by Telegram.")) from None

    async def _edit(self, message: Message, receipt: Receipt) -> None:
        """Edit text, caption or picture. An unchanged message counts as edited."""
        edit = await self._edit_call(message, receipt)
        with explained(self.secret, repeatable=True):
            try:
                await edit()
            except BadRequest as error:
                if says(error, GONE):
                    raise PermanentError(
                        _(
                            "The message is no longer in the group: somebody deleted it. "
                            "Post it by hand if members should read the correction."
                        )
                    ) from None
                if not says(error, UNCHANGED):
                    raise

    async def _edit_call(
        self, message: Message, receipt: Receipt
    ) -> Callable[[], Awaitable[object]]:
        where, mode = _target(receipt), self.options.parse_mode
        if not receipt.details["photo"]:
            return lambda: self._bot.edit_message_text(message.html, parse_mode=mode, **where)
        if message.image is None or message.image.file == receipt.details.get("picture"):
            return lambda: self._bot.edit_message_caption(
                caption=message.html, parse_mode=mode, **where
            )
        media = InputMediaPhoto(
            await self._read(message.image),
            caption=message.html,
            parse_mode=mode,
            filename=_file_name(message.image),
        )
        return lambda: self._bot.edit_message_media(media, **where)

    async def _delete(self, receipt: Receipt) -> bool:
        """Delete the message of record. False when Telegram no longer lets the bot."""
        with explained(self.secret, repeatable=True):
            try:
                await self._bot.delete_message(**_target(receipt))
            except BadRequest as error:
                if says(error, FIXED):
                    return False
                if not says(error, GONE):  # gone is what was wanted
                    raise
        return True

    async def _replace(self, message: Message, receipt: Receipt) -> Receipt:
        """Post anew what can no longer be a photo. A retry finds the old one gone and goes on."""
        try:
            if await self._delete(receipt):
                return await self.send(message)
            if units(message.text) <= CAPTION_LIMIT:
                await self._edit(message, receipt)
        except ChatMigrated as migration:
            return _out_of_reach(receipt, migration)
        note = _("Telegram no longer lets the bot remove the picture. Ask a group administrator.")
        return replace(receipt, awaits_person=True, note=note)

    async def _leave_note(self, message: Message, receipt: Receipt) -> Receipt:
        """Put a withdrawal note where the text was, and say what else is to be done by hand."""
        with translation.override(message.language):
            words = _("This item has been withdrawn.")
        said = MARKUPS[self.options.parse_mode].bold(words)
        by_hand = _("Bots cannot delete messages after 48 hours. Ask a group administrator to.")
        taken_back = replace(receipt, new_options={}, awaits_person=True, note=by_hand)
        try:
            note = replace(message, text=said.plain, html=said.markup, image=None)
            await self._edit(note, receipt)
        except PermanentError as error:
            if error.stops_channel:
                raise
            return taken_back
        if receipt.details["photo"]:  # the picture stands there still
            return taken_back
        return replace(taken_back, awaits_person=False, note=_("Replaced by a withdrawal note."))


def _written(story: Story) -> str:
    """Return the text that somebody wrote for Telegram; "" when nobody did."""
    return clean(story.variants.get("telegram", {}).get("text", ""))


def _target(receipt: Receipt) -> dict[str, Any]:
    return {
        "chat_id": receipt.details["chat_id"],
        "message_id": receipt.details["message_id"],
    }


def _out_of_reach(receipt: Receipt, migration: ChatMigrated) -> Receipt:
    """Messages from before a group became a supergroup keep no number that a bot could name."""
    note = _("The group was upgraded since; bots cannot reach its old messages. Do it by hand.")
    return replace(
        receipt,
        awaits_person=True,
        note=note,
        new_options={"chat_id": migration.new_chat_id},
    )


def _file_name(picture: Picture | None) -> str:
    return picture.file.rpartition("/")[2] if picture else ""


async def _understood(call: Awaitable[Sent]) -> Sent:
    """Return the library's result. Raises ``UncertainError`` for an "ok" that makes no sense."""
    try:
        return await call
    except (AttributeError, KeyError, TypeError, ValueError):
        raise UncertainError(
            _("Telegram's answer could not be understood. Look whether the message arrived.")
        ) from None
