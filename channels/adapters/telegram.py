"""A Telegram group or channel, through a bot."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from telegram import Message as Sent
from telegram.error import ChatMigrated

from channels.adapters.telegram_api import Api
from channels.adapters.telegram_contents import files_of, pictures_of, words_of
from channels.adapters.telegram_errors import LacksRight, bot_rate
from channels.adapters.telegram_options import TelegramOptions
from channels.adapters.telegram_record import (
    Held,
    Plan,
    Record,
    fingerprint,
    just_posted,
    pictures,
)
from channels.adapters.telegram_text import CAPTION_LIMIT, MARKUPS, TEXT_LIMIT, units
from channels.contract import (
    NIGHT,
    Adapter,
    Degree,
    Message,
    Pace,
    PermanentError,
    Proof,
    Receipt,
    Story,
    TemporaryError,
)

# Bot API FAQ: 30 messages a second a bot. One less, so that what a network delays and then hands
# over together still fits into the second.
BOT_PER_SECOND = 29
CHAT_SECONDS = 1.03  # one a second in a chat, and room for the same delays


class Telegram(Adapter):
    """Posts an item as one message with what belongs to it, edits it, deletes it on withdrawal."""

    kind = "telegram"
    label = gettext_lazy("Telegram group")
    summary = gettext_lazy("Posts to a Telegram group or channel in which your bot is a member.")
    Options = TelegramOptions
    secret_label = gettext_lazy("Bot token from @BotFather")
    can_update = True
    can_retract = True
    can_end = True
    can_probe = True
    limits: ClassVar[dict[str, int]] = {"text": TEXT_LIMIT, "caption": CAPTION_LIMIT}

    options: TelegramOptions

    # --- what is said ----------------------------------------------------------------------

    def compose(self, story: Story) -> Message:
        """Say the whole item if it is short, else its summary; the link is always there."""
        shown = pictures_of(story, self.options)
        said = words_of(story, self.options, caption=bool(shown))
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=story.title,
            text=said.plain,
            html=said.markup,
            address=story.address,
            image=shown[0] if shown else None,
            images=tuple(shown[1:]),
            documents=tuple(files_of(story, self.options)),
            language=story.language,
            level=story.level,
            section=story.section,
            author=story.author,
            published=story.published,
            updated=story.updated,
            details=self._topic(story),
        )

    def _topic(self, story: Story) -> Mapping[str, Any]:
        """Name the topic where it depends on the section."""
        if not self.options.topics:
            return {}
        return {"thread_id": self.options.topic_of(story.section, story.section_name)}

    # --- how it is carried -----------------------------------------------------------------

    async def send(self, message: Message) -> Receipt:
        """Post the message. A group that became a supergroup is followed in the same call."""
        moved: dict[str, Any] = {}
        try:
            sent = await self._post(self.options.chat_id, message)
        except ChatMigrated as migration:
            moved = {"chat_id": migration.new_chat_id}
            sent = await self._post_to_new_chat(migration.new_chat_id, message)
        proof = self._proof(message, _recorded(sent, message))
        return replace(proof, address=sent[0].link or "", new_options=moved)

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        """Make the chat show the message: edit, delete, and send at most one further part."""
        try:
            return await self._update(message, receipt)
        except ChatMigrated as migration:
            return _out_of_reach(receipt, migration)

    async def _update(self, message: Message, receipt: Receipt) -> Receipt:
        plan = self._plan(message, Record.of(receipt))
        if plan.record.photo and message.image is None:
            return await self._replace(message, receipt)
        note = ""
        if plan.changed:
            if not await self._edit(message, plan.record):
                return await self._answer_instead(message, plan.record)
            shown = message.image.file if message.image and plan.record.photo else ""
            plan = replace(plan, record=self._edited(message, replace(plan.record, picture=shown)))
        if plan.surplus:
            record, note = await self._clear(plan)
            plan = replace(plan, record=record)
        if plan.needs_pin:
            record, note = await self._pin(plan.record)
            return self._proof(message, record, receipt, note)
        if plan.next_part:
            record, note = await self._follow(plan)
            return self._proof(message, record, receipt, note)
        return self._proof(message, plan.record, receipt, note)

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        """Delete every message; after 48 hours, when bots may not, put a note in their place."""
        record = Record.of(receipt)
        try:
            stuck = [one for one in record.others if not await self._api.delete(record.chat, one)]
            if not await self._api.delete(record.chat, record.main):
                return await self._leave_note(message, receipt, alone=not stuck)
        except ChatMigrated as migration:
            return _out_of_reach(receipt, migration)
        gone = Receipt(external_id=receipt.external_id, details=receipt.details)
        return replace(gone, awaits_person=True, note=_by_hand()) if stuck else gone

    def must_end(self, message: Message, receipt: Receipt | None) -> bool:
        """Whether the message is pinned, or will be once it is there."""
        if receipt is None:
            return self.options.pin_urgent and message.level == "urgent"
        return Record.of(receipt).pin == "done"

    async def end(self, message: Message, receipt: Receipt) -> Receipt:
        """Take the message from the top of the chat. It is not pinned again when it is corrected.

        One that somebody unpinned or deleted meanwhile needs nothing.
        """
        record = Record.of(receipt)
        note = ""
        if record.pin == "done":
            try:
                await self._api.unpin(record.chat, record.main)
            except ChatMigrated as migration:
                return _out_of_reach(receipt, migration)
            except PermanentError as error:
                if error.stops_channel and not isinstance(error, LacksRight):
                    raise
                words = _("The bot may not unpin messages in this group. Ask an administrator to.")
                return replace(receipt, awaits_person=True, unfinished=False, note=words)
            note = _("No longer pinned.")
        ended = replace(record, pin="ended").details
        return replace(receipt, details=ended, unfinished=False, new_options={}, note=note)

    async def arrived(self, message: Message, receipt: Receipt) -> Proof | None:
        """Edit the message to what it says already: Telegram answers so only where it stands."""
        await self.update(message, receipt)
        return Proof(Degree.SEEN, _("Telegram knows the message where it stands."))

    async def check(self) -> str:
        """Return the title of the group. Raises a ``DeliveryError`` as ``send`` would."""
        try:
            return await self._api.title()
        except ChatMigrated as migration:
            raise PermanentError(
                _("The group has a new number: %s. Enter it in the channel's settings.")
                % migration.new_chat_id
            ) from None

    def paces(self) -> list[Pace]:
        """Bot API FAQ: 30 messages a second a bot; 1 a second a chat, 20 a minute in groups.

        A burst and a refill that together stay within the limit in every window.
        """
        bot = bot_rate(self.secret)
        chat = f"{bot}:{self.options.chat_id}"
        paces = [
            Pace(key=bot, interval=1 / BOT_PER_SECOND),
            Pace(key=f"{chat}:second", interval=CHAT_SECONDS),
        ]
        if not (isinstance(self.options.chat_id, int) and self.options.chat_id > 0):
            paces.append(Pace(key=f"{chat}:minute", interval=4.0, burst=5))
        return paces

    def cost(self, message: Message, receipt: Receipt | None) -> int:
        """Every picture and file of an album counts as a message of its own."""
        if receipt is None:
            return max(len(pictures(message)), 1)
        part = self._plan(message, Record.of(receipt)).next_part
        return len(part.files) if part else 1

    def costs(self, message: Message) -> list[int]:
        """The message itself, then its pin and what follows it."""
        plan = self._plan(message, just_posted(message))
        return [self.cost(message, None), *plan.further_costs]

    # --- sending -----------------------------------------------------------------------------

    @cached_property
    def _api(self) -> Api:
        return Api(self.options, self.secret, http=self.http, files=self.files)

    def _plan(self, message: Message, record: Record) -> Plan:
        urgent = message.level == "urgent"
        return Plan(message, record, pins=self.options.pin_urgent and urgent)

    def _proof(
        self, message: Message, record: Record, before: Receipt | None = None, note: str = ""
    ) -> Receipt:
        """Return the receipt of what stands; while it is unfinished, ``update`` goes on with it."""
        plan = self._plan(message, record)
        if plan.finished:
            note, said = note or _not_taken(plan), ""
        else:
            note, said = _still_missing(plan), fingerprint(message)
        return Receipt(
            external_id=str(record.main),
            address=before.address if before else "",
            details=replace(record, said=said).details,
            unfinished=not plan.finished,
            note=note,
        )

    async def _post(self, chat: int | str, message: Message) -> list[Sent]:
        where = self._where(message)
        if message.image is None:
            return await self._api.post_text(chat, message.html, **where)
        return await self._api.post_photos(chat, pictures(message), message.html, **where)

    async def _post_to_new_chat(self, chat: int, message: Message) -> list[Sent]:
        try:
            return await self._post(chat, message)
        except ChatMigrated:
            raise TemporaryError(_("The group is being moved by Telegram.")) from None

    def _where(self, message: Message) -> dict[str, Any]:
        thread = message.details.get("thread_id", self.options.thread_id)
        return {"thread": thread, "silent": self._is_silent(message.level, timezone.localtime())}

    def _is_silent(self, level: str, now: datetime) -> bool:
        match self.options.silent:
            case "always":
                return True
            case "ordinary":
                return level == "normal"
            case "night":
                begins, ends = NIGHT
                return level != "urgent" and (now.time() >= begins or now.time() < ends)
        return False

    async def _follow(self, plan: Plan) -> tuple[Record, str]:
        """Send the next files. What Telegram does not take is noted, and the rest goes on."""
        record, part = plan.record, plan.next_part
        if part is None:
            return record, ""
        where = self._where(plan.message) | {"silent": True}  # the message itself has sounded
        try:
            sent = await self._api.post_part(record, part, plan.message.author, **where)
        except PermanentError as error:
            if error.stops_channel:
                raise
            names = tuple(one.file for one in part.files)
            return replace(record, refused=record.refused + names), str(error)
        pairs = zip(sent, part.files, strict=True)
        held = tuple(Held(one.message_id, part.kind, file.file) for one, file in pairs)
        return replace(record, attached=record.attached + held), ""

    async def _pin(self, record: Record) -> tuple[Record, str]:
        """Pin the message. Lacking the right to is worth a note, and no failure."""
        try:
            await self._api.pin(record.chat, record.main)
        except PermanentError as error:
            if error.stops_channel and not isinstance(error, LacksRight):
                raise
            return replace(record, pin="refused"), _not_pinned()
        return replace(record, pin="done"), ""

    # --- changing ----------------------------------------------------------------------------

    async def _edit(self, message: Message, record: Record) -> bool:
        """Edit the main message and its album. False when Telegram no longer lets the bot."""
        chat, api = record.chat, self._api
        if not record.photo:
            # A text message cannot be given a photo: it stays a text.
            return await api.edit_text(chat, record.main, message.html)
        shown = pictures(message)
        if shown[0].file == record.picture:
            edited = await api.edit_caption(chat, record.main, message.html)
        else:
            edited = await api.edit_photo(chat, record.main, shown[0], message.html)
        for held, picture in zip(record.album, shown[1:], strict=False):
            if edited and held.file != picture.file:
                edited = await api.edit_photo(chat, held.id, picture, "")
        return edited

    def _edited(self, message: Message, record: Record) -> Record:
        """Return the record after the edit; what the album has too many of is still there."""
        shown = [one.file for one in pictures(message)[1:]]
        shown += [one.file for one in record.album[len(shown) :]]
        album = zip(record.album, shown, strict=False)
        held = tuple(replace(one, file=file) for one, file in album)
        return replace(record, album=held, said=fingerprint(message))

    async def _clear(self, plan: Plan) -> tuple[Record, str]:
        """Delete what no longer belongs to the message."""
        stuck = False
        for number in plan.surplus:
            stuck = not await self._api.delete(plan.record.chat, number) or stuck
        note = _by_hand() if stuck else ""
        return plan.record.without(plan.surplus), note

    async def _answer_instead(self, message: Message, record: Record) -> Receipt:
        """Post the corrected text as a reply to what can no longer be edited."""
        where = self._where(message)
        sent = await self._api.post_answer(record, message.html, **where)
        album = tuple(one.id for one in record.album)
        new = Record(
            chat=record.chat,
            main=sent[0].message_id,
            attached=record.attached,
            refused=record.refused,
            earlier=(*record.earlier, record.main, *album),
        )
        note = _("Telegram no longer lets the bot edit the message: the correction is a reply.")
        proof = self._proof(message, new, note=note)
        return replace(proof, address=sent[0].link or "", note=proof.note or note)

    async def _replace(self, message: Message, receipt: Receipt) -> Receipt:
        """Post anew what can no longer be a photo. A retry finds the old one gone and goes on."""
        record = Record.of(receipt)
        stuck = [one for one in record.others if not await self._api.delete(record.chat, one)]
        if await self._api.delete(record.chat, record.main) and not stuck:
            return await self.send(message)
        if units(message.text) <= CAPTION_LIMIT:
            await self._api.edit_caption(record.chat, record.main, message.html)
        note = _("Telegram no longer lets the bot remove the picture. Ask a group administrator.")
        return replace(receipt, unfinished=False, awaits_person=True, note=note)

    async def _leave_note(self, message: Message, receipt: Receipt, *, alone: bool) -> Receipt:
        """Put a withdrawal note where the text was, and say what else is to be done by hand."""
        record = Record.of(receipt)
        with translation.override(message.language):
            words = _("This item has been withdrawn.")
        said = MARKUPS[self.options.parse_mode].bold(words).markup
        edit = self._api.edit_caption if record.photo else self._api.edit_text
        taken_back = replace(
            receipt, unfinished=False, new_options={}, awaits_person=True, note=_by_hand()
        )
        try:
            done = await edit(record.chat, record.main, said)
            if record.pin == "done":
                await self._api.unpin(record.chat, record.main)
        except PermanentError as error:
            if error.stops_channel and not isinstance(error, LacksRight):
                raise
            return taken_back
        if not done or record.photo or not alone:  # something of it stands there still
            return taken_back
        return replace(taken_back, awaits_person=False, note=_("Replaced by a withdrawal note."))


def _recorded(sent: list[Sent], message: Message) -> Record:
    """Return the record of a new message."""
    first, further = sent[0], zip(sent[1:], message.images, strict=False)
    return Record(
        chat=first.chat.id,
        main=first.message_id,
        photo=message.image is not None,
        picture=message.image.file if message.image else "",
        album=tuple(Held(one.message_id, "photo", picture.file) for one, picture in further),
    )


def _out_of_reach(receipt: Receipt, migration: ChatMigrated) -> Receipt:
    """Messages from before a group became a supergroup keep no number that a bot could name."""
    note = _("The group was upgraded since; bots cannot reach its old messages. Do it by hand.")
    return replace(
        receipt,
        unfinished=False,
        awaits_person=True,
        note=note,
        new_options={"chat_id": migration.new_chat_id},
    )


def _by_hand() -> str:
    return _("Bots cannot delete messages after 48 hours. Ask a group administrator to.")


def _not_pinned() -> str:
    return _("Not pinned: the bot lacks the right to pin messages in this group.")


def _not_taken(plan: Plan) -> str:
    """Say which files are not there, once the rest is."""
    titles = [one.title for one in plan.message.documents if one.file in plan.record.refused]
    if not titles:
        return _not_pinned() if plan.record.pin == "refused" else ""
    return _("Telegram did not take these files: %s. They are on the portal.") % ", ".join(titles)


def _still_missing(plan: Plan) -> str:
    titles = [getattr(one, "title", "") or _("picture") for _kind, one in plan.missing]
    if not titles:
        return _("Posted; it is still to be pinned.")
    return _("Posted; still to come: %s.") % ", ".join(titles)
