"""The calls of the Bot API that the adapter makes, with their errors put into its words."""

import asyncio
from collections.abc import Awaitable, Sequence
from functools import cached_property
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _
from telegram import (
    Bot,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram import Message as Sent
from telegram.error import BadRequest

from channels.adapters.telegram_errors import (
    FIXED,
    GONE,
    TOKEN,
    UNCHANGED,
    explained,
    says,
)
from channels.adapters.telegram_options import TelegramOptions
from channels.adapters.telegram_record import Part, Record
from channels.adapters.telegram_transport import Transport
from channels.contract import (
    Document,
    Files,
    HttpClient,
    PermanentError,
    Picture,
    TemporaryError,
    UncertainError,
)

GENERAL = 1  # the first topic of a forum group: Telegram wants it left out
PREVIEWS = {
    "none": {"is_disabled": True},
    "small": {"prefer_small_media": True},
    "large": {"prefer_large_media": True},
    "above": {"prefer_large_media": True, "show_above_text": True},
}
T = TypeVar("T")


class Api:
    """One bot, as one channel uses it. Raises the contract's errors, and ``ChatMigrated``."""

    def __init__(
        self, options: TelegramOptions, secret: str, *, http: HttpClient, files: Files
    ) -> None:
        self.options = options
        self.secret = secret
        self.http = http
        self.files = files

    @cached_property
    def bot(self) -> Bot:
        """The library's bot over our transport. Raises ``PermanentError`` for an unusable token."""
        if not TOKEN.fullmatch(self.secret):
            raise PermanentError(
                _("The bot token is missing or incomplete. Enter it in the channel's settings."),
                stops_channel=True,
            )
        transport = Transport(self.http)
        base = f"{settings.TELEGRAM_API_URL}/bot"
        return Bot(self.secret, base, request=transport, get_updates_request=transport)

    async def title(self) -> str:
        """Return the chat's name, after asking who we are."""
        with explained(self.secret, repeatable=True):
            await self.bot.get_me()
            chat = await self.bot.get_chat(self.options.chat_id)
        return chat.effective_name or str(chat.id)

    # --- sending -----------------------------------------------------------------------------

    async def post_text(self, chat: int | str, html: str, **where: Any) -> list[Sent]:
        with self._sending():
            call = self.bot.send_message(
                chat,
                html,
                parse_mode=self.options.parse_mode,
                link_preview_options=self._preview,
                **self._common(**where),
            )
            return [await _understood(call)]

    async def post_photos(
        self, chat: int | str, photos: Sequence[Picture], html: str, **where: Any
    ) -> list[Sent]:
        """Post one photo, or several as an album; the caption belongs to the first."""
        contents = [await self.read(photo) for photo in photos]
        common, mode = self._common(**where), self.options.parse_mode
        names = [file_name(photo) for photo in photos]
        if len(photos) == 1:
            with self._sending():
                call = self.bot.send_photo(
                    chat,
                    contents[0],
                    caption=html or None,
                    parse_mode=mode,
                    filename=names[0],
                    **common,
                )
                return [await _understood(call)]
        media = [
            InputMediaPhoto(content, filename=name)
            for content, name in zip(contents, names, strict=True)
        ]
        media[0] = InputMediaPhoto(contents[0], html or None, mode, filename=names[0])
        with self._sending():
            return list(await _understood(self.bot.send_media_group(chat, media, **common)))

    async def post_answer(self, record: Record, html: str, **where: Any) -> list[Sent]:
        """Post a text as a reply to the main message; it may be gone meanwhile."""
        reply = ReplyParameters(record.main, allow_sending_without_reply=True)
        return await self.post_text(record.chat, html, reply_parameters=reply, **where)

    async def post_part(self, record: Record, part: Part, author: str, **where: Any) -> list[Sent]:
        """Post files under the main message; it may be gone meanwhile."""
        reply = ReplyParameters(record.main, allow_sending_without_reply=True)
        where["reply_parameters"] = reply
        if part.kind == "photo":
            photos = [one for one in part.files if isinstance(one, Picture)]
            return await self.post_photos(record.chat, photos, "", **where)
        files = [one for one in part.files if isinstance(one, Document)]
        contents = [await self.read(one) for one in files]
        common = self._common(**where)
        if len(files) > 1:
            make = _as_audio if part.kind == "audio" else _as_document
            media = [make(one, it, author) for one, it in zip(files, contents, strict=True)]
            with self._sending():
                call = self.bot.send_media_group(record.chat, media, **common)
                return list(await _understood(call))
        return [await self._post_file(record.chat, files[0], contents[0], part, author, common)]

    async def _post_file(
        self,
        chat: int | str,
        one: Document,
        content: bytes,
        part: Part,
        author: str,
        common: dict[str, Any],
    ) -> Sent:
        name = file_name(one)
        with self._sending():
            if part.kind == "audio":
                return await _understood(
                    self.bot.send_audio(
                        chat,
                        content,
                        title=one.title,
                        performer=author or None,
                        filename=name,
                        **common,
                    )
                )
            return await _understood(
                self.bot.send_document(chat, content, caption=one.title, filename=name, **common)
            )

    def _sending(self) -> Any:
        return explained(self.secret, one_topic=bool(self.options.topics))

    def _common(
        self,
        *,
        thread: int | None,
        silent: bool,
        reply_parameters: ReplyParameters | None = None,
    ) -> dict[str, Any]:
        return {
            "message_thread_id": None if thread == GENERAL else thread,
            "disable_notification": silent,
            "protect_content": self.options.protect,
            "reply_parameters": reply_parameters,
        }

    @property
    def _preview(self) -> LinkPreviewOptions | None:
        wanted = PREVIEWS.get(self.options.preview)
        return LinkPreviewOptions(**wanted) if wanted else None  # type: ignore[arg-type]

    async def read(self, file: Picture | Document) -> bytes:
        try:
            return await asyncio.to_thread(self.files.read, file.file)
        except FileNotFoundError:
            if isinstance(file, Document):
                raise PermanentError(
                    _("The file “%s” is missing. Attach it again and publish.") % file.title
                ) from None
            raise PermanentError(
                _("The picture's file is missing. Choose the picture again and publish.")
            ) from None
        except OSError as error:
            if isinstance(file, Document):
                words = _("The file “%s” cannot be read now.") % file.title
            else:
                words = _("The picture's file cannot be read now.")
            raise TemporaryError(words) from error

    # --- changing; doing it twice does no harm -------------------------------------------------

    async def edit_text(self, chat: int | str, number: int, html: str) -> bool:
        """Replace a text. False when Telegram does not let the bot any more."""
        return await self._edit(
            self.bot.edit_message_text(
                html,
                chat,
                number,
                parse_mode=self.options.parse_mode,
                link_preview_options=self._preview,
            )
        )

    async def edit_caption(self, chat: int | str, number: int, html: str) -> bool:
        """Replace a caption. False when Telegram does not let the bot any more."""
        mode = self.options.parse_mode
        return await self._edit(
            self.bot.edit_message_caption(chat, number, caption=html, parse_mode=mode)
        )

    async def edit_photo(self, chat: int | str, number: int, photo: Picture, html: str) -> bool:
        """Replace a photo and its caption. False when Telegram does not let the bot any more."""
        content, mode = await self.read(photo), self.options.parse_mode
        media = InputMediaPhoto(content, html or None, mode, filename=file_name(photo))
        return await self._edit(self.bot.edit_message_media(media, chat, number))

    async def _edit(self, call: Awaitable[object]) -> bool:
        """Make an edit. An unchanged message counts as edited."""
        with explained(self.secret, repeatable=True):
            try:
                await call
            except BadRequest as error:
                if says(error, GONE):
                    raise PermanentError(
                        _(
                            "The message is no longer in the group: somebody deleted it. "
                            "Post it by hand if members should read the correction."
                        )
                    ) from None
                if says(error, FIXED):
                    return False
                if not says(error, UNCHANGED):
                    raise
        return True

    async def delete(self, chat: int | str, number: int) -> bool:
        """Delete a message. False when Telegram no longer lets the bot."""
        with explained(self.secret, repeatable=True):
            try:
                await self.bot.delete_message(chat, number)
            except BadRequest as error:
                if says(error, FIXED):
                    return False
                if not says(error, GONE):  # gone is what was wanted
                    raise
        return True

    async def pin(self, chat: int | str, number: int) -> None:
        with explained(self.secret, repeatable=True):
            await self.bot.pin_chat_message(chat, number, disable_notification=True)

    async def unpin(self, chat: int | str, number: int) -> None:
        with explained(self.secret, repeatable=True):
            try:
                await self.bot.unpin_chat_message(chat, message_id=number)
            except BadRequest as error:
                if not says(error, GONE):
                    raise


def file_name(file: Picture | Document) -> str:
    return file.file.rpartition("/")[2]


def _as_audio(one: Document, content: bytes, author: str) -> InputMediaAudio:
    return InputMediaAudio(
        content, title=one.title, performer=author or None, filename=file_name(one)
    )


def _as_document(one: Document, content: bytes, author: str) -> InputMediaDocument:
    return InputMediaDocument(content, caption=one.title, filename=file_name(one))


async def _understood(call: Awaitable[T]) -> T:
    """Return the library's result. Raises ``UncertainError`` for an "ok" that makes no sense."""
    try:
        return await call
    except (AttributeError, KeyError, TypeError, ValueError):
        raise UncertainError(
            _("Telegram's answer could not be understood. Look whether the message arrived.")
        ) from None
