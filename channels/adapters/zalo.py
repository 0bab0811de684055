"""A Zalo official account: articles, broadcasts of them, and messages to its groups.

``docs/channels/zalo.md`` says how it is set up and what Zalo allows.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from functools import cached_property
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.adapters.shared_answers import web_address
from channels.adapters.shared_correcting import marked, note
from channels.adapters.shared_posts import ZALO_TEXT, zalo_post
from channels.adapters.zalo_access import Access, Tokens, attention
from channels.adapters.zalo_api import ZaloApi
from channels.adapters.zalo_errors import Gone, Processing, doubt
from channels.adapters.zalo_options import ZaloOptions
from channels.adapters.zalo_text import DESCRIPTION, TITLE, article, fitting, readable
from channels.contract import (
    Adapter,
    Degree,
    DeliveryError,
    Message,
    Pace,
    Part,
    PermanentError,
    Picture,
    Proof,
    Receipt,
    Story,
    TemporaryError,
    UncertainError,
)

PAUSES = (1, 2, 3, 4, 5)  # seconds between questions whether an article has its number yet
LISTED = 10  # article/getslice gives no more at once
PAGES = 3
GROUPS = 50
FROM_HOUR, TO_HOUR = 6, 22  # Zalo takes broadcasts between them
LOUD: Mapping[str, frozenset[str]] = {
    "none": frozenset(),
    "urgent": frozenset({"urgent"}),
    "important": frozenset({"urgent", "priority"}),
}


class Zalo(Adapter):
    """Makes an article of each item, or sends each to a group."""

    kind = "zalo"
    label = gettext_lazy("Zalo official account")
    summary = gettext_lazy(
        "Posts articles on a Zalo official account and broadcasts the important ones, or sends "
        "messages to one of the account's groups."
    )
    Options = ZaloOptions
    secret_parts: ClassVar[dict[str, Any]] = {
        "app_secret": gettext_lazy("Secret key of the app"),
        "refresh_token": gettext_lazy("Refresh token of the official account"),
    }
    can_update = True
    can_retract = True
    can_find = True
    quiet_hours = (time(22), time(6))  # no broadcast is taken then, and groups sleep
    limits: ClassVar[dict[str, int]] = {
        "text": ZALO_TEXT,
        "title": TITLE,
        "description": DESCRIPTION,
    }

    options: ZaloOptions

    # --- what is said ----------------------------------------------------------------------

    def compose(self, story: Story) -> Message:
        """Freeze the article, or the message that a person would be handed for a group."""
        if self.options.place == "group":
            picture = fitting(story.picture, story.wide_picture)
            text: str = zalo_post(story)
            said: dict[str, Any] = {"correction": note(story)}
            shown = picture if self.options.with_picture else None
        else:
            made = article(story, self.options)
            text, said = readable(made), {"article": made}
            shown = fitting(story.picture, story.wide_picture)
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=marked(story.title, story),
            text=text,
            address=story.address,
            image=shown,
            language=story.language,
            level=story.level,
            section=story.section_name or story.section,
            author=story.author,
            published=story.published,
            updated=story.updated,
            details=said,
        )

    # --- how it is carried -----------------------------------------------------------------

    async def send(self, message: Message) -> Receipt:
        if self.options.place == "group":
            return await self._to_group(message)
        return await self._broadcast(message, await self._publish(message))

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        """Replace the article. In groups Zalo changes nothing: a noted correction is a message."""
        if "article" not in message.details:
            return await self._correct_in_group(message, receipt)
        body = {**message.details["article"], "id": receipt.external_id}
        try:
            said = await self.api.post("/v2.0/article/update", body)
        except Gone:
            raise PermanentError(
                _(
                    "The article is no longer there: somebody removed it. Post it by hand if "
                    "readers should see the correction."
                )
            ) from None
        await self._number(_token(said, repeatable=True))
        return replace(receipt, note="", new_options={})

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        """Remove the article; messages in groups only people can delete."""
        if "article" not in message.details:
            by_hand = _("Zalo lets no program delete messages in groups. Delete it by hand.")
            return replace(receipt, note=by_hand, awaits_person=True, new_options={})
        with contextlib.suppress(Gone):  # gone is what was wanted
            await self.api.post("/v2.0/article/remove", {"id": receipt.external_id})
        told = (
            _("Removed. What was broadcast stays in people's chats but leads nowhere now.")
            if receipt.details.get("broadcast")
            else ""
        )
        return replace(receipt, address="", note=told, new_options={})

    async def find(self, message: Message) -> Receipt | None:
        """Return the receipt of the article of this item.

        That it is not listed proves nothing, for Zalo takes its time; nor does the list show what
        went to groups or was broadcast. Then ``UncertainError`` is raised, and a person looks.
        """
        if "article" in message.details and not self._is_loud(message):
            listed = await self._listed(message)
            if listed is not None:
                return _published(str(listed["id"]), listed)
        raise UncertainError(_("It is not among the latest articles of the account so far."))

    async def arrived(self, message: Message, receipt: Receipt) -> Proof | None:
        """Read the article by its number. Messages to groups cannot be read: ``None``."""
        if not receipt.details.get("article"):
            return None
        detail = await self.api.get("/v2.0/article/getdetail", id=receipt.external_id)
        if detail.get("title") != message.details["article"]["title"]:
            raise TemporaryError(_("Zalo does not show the article as it was sent."))
        return Proof(Degree.SEEN, _("The article stands in the official account."))

    async def check(self) -> str:
        """Return the name of the account, or of the group. Renews the access if it is time."""
        if self.options.place == "group":
            return await self._group_name()
        account = await self.api.get("/v2.0/oa/getoa")
        if not account.get("name"):
            raise TemporaryError(_("Zalo gave no answer that can be understood."))
        return str(account["name"])

    def paces(self) -> list[Pace]:
        """Careful ones: Zalo refuses what is too fast (-32) and publishes no figure."""
        app = f"zalo:{self.options.app_id}"
        paces = [Pace(key=app, interval=0.5, burst=5)]
        if self.options.place == "group":
            paces.append(Pace(key=f"{app}:{self.options.group_id}", interval=3, burst=3))
        return paces

    def attention(self, now: datetime) -> str:
        return attention(Tokens.read(self.secret), now)

    # --- articles --------------------------------------------------------------------------

    @cached_property
    def api(self) -> ZaloApi:
        access = Access(self.http, lambda: self.vault, self.options.app_id, self.secret)
        return ZaloApi(self.http, access)

    async def _publish(self, message: Message) -> Receipt:
        """Create the article and wait for its number. A second try would make a second one."""
        body = message.details["article"]
        said = await self.api.post("/v2.0/article/create", body, repeatable=False)
        try:
            number = await self._number(_token(said, repeatable=False))
        except (TemporaryError, PermanentError) as error:
            if isinstance(error, PermanentError) and not error.stops_channel:
                raise  # the article itself was refused
            raise UncertainError(
                _(
                    "Zalo took the article but has not yet said that it stands. Look at the "
                    "official account's articles."
                )
            ) from None
        return _published(number, await self._entry(number))

    async def _number(self, token: str) -> str:
        """Return the article's number, which Zalo gives when its pictures are ready."""
        for pause in (*PAUSES, None):
            try:
                said = await self.api.post("/v2.0/article/verify", {"token": token})
            except Processing:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            else:
                break
        if not said.get("id"):
            raise TemporaryError(_("Zalo gave no answer that can be understood."))
        return str(said["id"])

    async def _entry(self, number: str) -> dict[str, Any]:
        """Return the article's entry in the account's list; empty when it cannot be had."""
        try:
            entries = await self._slice(0)
        except DeliveryError:
            return {}  # it stands all the same
        return next((entry for entry in entries if str(entry.get("id")) == number), {})

    async def _slice(self, offset: int) -> list[dict[str, Any]]:
        said = await self.api.get(
            "/v2.0/article/getslice", offset=offset, limit=LISTED, type="normal"
        )
        medias = said.get("medias")
        return [entry for entry in medias if isinstance(entry, dict)] if medias else []

    async def _listed(self, message: Message) -> dict[str, Any] | None:
        """Return the entry of an article with this title that leads to this item's address."""
        title = message.details["article"]["title"]
        for page in range(PAGES):
            entries = await self._slice(page * LISTED)
            for entry in entries:
                if entry.get("title") == title and await self._leads(entry, message.address):
                    return entry
            if len(entries) < LISTED:
                break
        return None

    async def _leads(self, entry: Mapping[str, Any], address: str) -> bool:
        detail = await self.api.get("/v2.0/article/getdetail", id=entry.get("id"))
        body = detail.get("body")
        texts = (
            [str(part.get("content")) for part in body if isinstance(part, dict)] if body else []
        )
        return bool(address) and any(address in text for text in texts)

    # --- broadcasts ------------------------------------------------------------------------

    def _is_loud(self, message: Message) -> bool:
        return message.level in LOUD[self.options.broadcast]

    async def _broadcast(self, message: Message, posted: Receipt) -> Receipt:
        """Push the article to followers if its level asks for it.

        The article stands by now, so that nothing here fails the delivery: what did not work is
        handed to a person.
        """
        if not self._is_loud(message):
            return posted
        hour = timezone.localtime().hour
        if not FROM_HOUR <= hour < TO_HOUR:
            return _by_hand(posted, _("Zalo takes broadcasts from 6:00 to 22:00 only."))
        try:
            said = await self.api.post(
                "/v2.0/oa/message", self._broadcast_body(posted.external_id), repeatable=False
            )
        except DeliveryError as error:
            return _by_hand(posted, str(error))
        return replace(
            posted,
            note=_("Broadcast to followers; Zalo looks through it first, up to 30 minutes."),
            details={**posted.details, "broadcast": str(said.get("message_id", ""))},
        )

    def _broadcast_body(self, number: str) -> dict[str, Any]:
        payload = {
            "template_type": "media",
            "elements": [{"media_type": "article", "attachment_id": number}],
        }
        return {
            "recipient": {"target": self.options.target()},
            "message": {"attachment": {"type": "template", "payload": payload}},
        }

    # --- groups ----------------------------------------------------------------------------

    async def _to_group(self, message: Message) -> Receipt:
        content: dict[str, Any] = {"text": message.text}
        if message.image:
            content["attachment"] = await self._attachment(message.image)
        body = {"recipient": {"group_id": self.options.group_id}, "message": content}
        said = await self.api.post("/v3.0/oa/group/message", body, repeatable=False)
        if not said.get("message_id"):
            raise doubt(repeatable=False)
        return Receipt(external_id=str(said["message_id"]), details=dict(message.details))

    async def _attachment(self, picture: Picture) -> dict[str, Any]:
        """Upload the picture and return how a message names it."""
        try:
            content = await asyncio.to_thread(self.files.read, picture.file)
        except FileNotFoundError:
            raise PermanentError(
                _("The picture's file is missing. Choose the picture again and publish.")
            ) from None
        except OSError as error:
            raise TemporaryError(_("The picture's file cannot be read now.")) from error
        name = picture.file.rpartition("/")[2]
        file = Part(name="file", content=content, filename=name, mime=picture.mime)
        said = await self.api.upload("/v2.0/oa/upload/image", file)
        element = {"media_type": "image", "attachment_id": str(said.get("attachment_id", ""))}
        payload = {"template_type": "media", "elements": [element]}
        return {"type": "template", "payload": payload}

    async def _correct_in_group(self, message: Message, receipt: Receipt) -> Receipt:
        """Send a noted correction as a new message, once; hand other changes to a person."""
        said = message.details.get("correction")
        if said and said != receipt.details.get("correction"):
            sent = await self._to_group(message)
            return replace(
                sent,
                note=_("Zalo changes no messages in groups: the correction is a new one."),
                details={**sent.details, "before": receipt.external_id},
            )
        by_hand = _(
            "Zalo changes no messages in groups. The link in it leads to the new version; send the "
            "new text by hand if members should read it."
        )
        return replace(receipt, note=by_hand, awaits_person=True, new_options={})

    async def _group_name(self) -> str:
        said = await self.api.get("/v3.0/oa/group/getgroupsofoa", offset=0, count=GROUPS)
        found = said.get("groups")
        groups = [group for group in found if isinstance(group, dict)] if found else []
        names = {str(group.get("group_id")): str(group.get("name")) for group in groups}
        if self.options.group_id in names:
            return names[self.options.group_id]
        known = "; ".join(f"{name}: {number}" for number, name in names.items())
        raise PermanentError(
            _("The official account has no group of this number. Its groups: %s.")
            % (known[:500] or _("none")),
            stops_channel=True,
        )


def _token(said: Mapping[str, Any], *, repeatable: bool) -> str:
    """Return the token by which an article's number is asked for."""
    if not said.get("token"):
        raise doubt(repeatable=repeatable)
    return str(said["token"])


def _published(number: str, entry: Mapping[str, Any]) -> Receipt:
    return Receipt(
        external_id=number,
        address=web_address(entry.get("link_view")),
        details={"article": True},
    )


def _by_hand(posted: Receipt, why: str) -> Receipt:
    advice = _("The article stands, but was not broadcast: %s Do it at oa.zalo.me if it is needed.")
    return replace(posted, note=advice % why, awaits_person=True, within_hours=12)
