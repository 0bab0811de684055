"""A Facebook page, by the Graph API. ``docs/channels/facebook.md`` says how it is set up."""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.adapters.facebook_errors import Duplicate, Gone, doubt, understood
from channels.adapters.facebook_options import FacebookOptions, PageAccess
from channels.adapters.shared_answers import web_address
from channels.adapters.shared_correcting import marked
from channels.adapters.shared_posts import POST_TEXT, facebook_post
from channels.contract import (
    Adapter,
    Barred,
    Degree,
    DeliveryError,
    Message,
    NoAnswer,
    NotSent,
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

PHOTO_BYTES = 4_000_000  # Graph API, page/photos: up to 4 MB, JPEG or PNG among others
PHOTO_TYPES = {"image/jpeg", "image/png"}
ANSWER_BYTES = 500_000
SECONDS = 20.0
LOOKED_AT = 50  # of the page's latest posts


class Facebook(Adapter):
    """Posts each item once, edits its text on correction, deletes it on withdrawal."""

    kind = "facebook"
    label = gettext_lazy("Facebook page")
    summary = gettext_lazy("Posts to a Facebook page, with the picture, through the Graph API.")
    Options = FacebookOptions
    secret_parts: ClassVar[dict[str, Any]] = {
        "page_token": gettext_lazy("Access token of the page"),
        "app_secret": gettext_lazy("App secret (if the app asks for signed requests)"),
    }
    can_update = True
    can_retract = True
    can_find = True
    limits: ClassVar[dict[str, int]] = {"text": POST_TEXT}

    options: FacebookOptions

    def compose(self, story: Story) -> Message:
        """Say headline, lead and link, the same that a person would be handed to post."""
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=marked(story.title, story),
            text=facebook_post(story),
            address=story.address,
            image=self._photo(story.picture),
            language=story.language,
            level=story.level,
            section=story.section_name or story.section,
            author=story.author,
            published=story.published,
            updated=story.updated,
        )

    def _photo(self, picture: Picture | None) -> Picture | None:
        if not self.options.with_picture or picture is None:
            return None
        fits = picture.size <= PHOTO_BYTES and picture.mime in PHOTO_TYPES
        return picture if fits else None

    # --- how it is carried -----------------------------------------------------------------

    async def send(self, message: Message) -> Receipt:
        """Post it. A text that Facebook calls a duplicate is looked for before giving up."""
        try:
            post = await self._post(message)
        except Duplicate:
            there = await self._standing(message)
            if there is None:
                raise
            return there
        return Receipt(
            external_id=post,
            address=await self._permalink(post),
            details={"picture": message.image.file if message.image else ""},
        )

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        """Change the text. A post whose picture changed is deleted and posted anew.

        A retry finds the old one gone and goes on.
        """
        picture = message.image.file if message.image else ""
        if picture != receipt.details.get("picture", ""):
            await self._delete(receipt)
            return await self.send(message)
        try:
            await self._call("POST", receipt.external_id, {"message": message.text})
        except Gone:
            raise PermanentError(
                _(
                    "The post is no longer on the page: somebody deleted it. Post it by hand if "
                    "readers should see the correction."
                )
            ) from None
        return replace(receipt, note="", new_options={})

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        """Delete the post; one that is gone already is what was wanted."""
        await self._delete(receipt)
        return Receipt(external_id=receipt.external_id, details=receipt.details)

    async def find(self, message: Message) -> Receipt | None:
        """Return the receipt of a post with exactly this text.

        That it is not listed proves nothing, because new posts may be listed late: then
        ``UncertainError`` is raised, and a person looks.
        """
        there = await self._standing(message)
        if there is None:
            raise UncertainError(_("The post is not among the latest of the page so far."))
        return there

    async def arrived(self, message: Message, receipt: Receipt) -> Proof | None:
        """Read the post by its number."""
        said = await self._call("GET", receipt.external_id, {"fields": "id,message"})
        if not _same(str(said.get("message", "")), message.text):
            raise TemporaryError(_("Facebook does not show the post as it was sent."))
        return Proof(Degree.SEEN, _("The post stands on the page."))

    async def check(self) -> str:
        """Return the page's name. Raises a ``DeliveryError`` as ``send`` would."""
        page = await self._call("GET", self.options.page_id, {"fields": "id,name"})
        if str(page.get("id")) != self.options.page_id:
            raise TemporaryError(_("Facebook's answer cannot be understood."))
        return str(page.get("name") or self.options.page_id)

    def paces(self) -> list[Pace]:
        """A few at once, then evenly through the hour: bursts of posts are taken for spam."""
        burst = min(3, self.options.hourly)
        interval = 3600 / (self.options.hourly - burst + 1)
        return [Pace(key=f"facebook:{self.options.page_id}", interval=interval, burst=burst)]

    # --- the Graph API ---------------------------------------------------------------------

    async def _post(self, message: Message) -> str:
        """Return the number of the new post."""
        page = self.options.page_id
        if message.image is None:
            fields = {"message": message.text, "link": message.address}
            said = await self._call("POST", f"{page}/feed", fields, repeatable=False)
            post = said.get("id")
        else:
            photo = await self._read(message.image)
            fields = {"caption": message.text, "alt_text_custom": message.image.alt}
            said = await self._call("POST", f"{page}/photos", fields, photo=photo, repeatable=False)
            post = said.get("post_id")
        if not isinstance(post, str) or not post.replace("_", "").isdigit():
            raise doubt(repeatable=False)
        return post

    async def _permalink(self, post: str) -> str:
        """Return where the post can be seen. It stands whether or not Facebook says."""
        try:
            said = await self._call("GET", post, {"fields": "permalink_url"})
        except DeliveryError:
            return ""
        return web_address(said.get("permalink_url"))

    async def _delete(self, receipt: Receipt) -> None:
        try:
            await self._call("DELETE", receipt.external_id, {})
        except Gone:
            return

    async def _standing(self, message: Message) -> Receipt | None:
        """Return the receipt of the newest post with exactly this text; ``None`` for none."""
        fields = {"fields": "id,message,permalink_url", "limit": str(LOOKED_AT)}
        said = await self._call("GET", f"{self.options.page_id}/published_posts", fields)
        posts = said.get("data")
        for post in posts if isinstance(posts, list) else []:
            if isinstance(post, dict) and _same(str(post.get("message", "")), message.text):
                return Receipt(
                    external_id=str(post.get("id")),
                    address=web_address(post.get("permalink_url")),
                    details={"picture": message.image.file if message.image else ""},
                )
        return None

    async def _read(self, picture: Picture) -> Part:
        try:
            content = await asyncio.to_thread(self.files.read, picture.file)
        except FileNotFoundError:
            raise PermanentError(
                _("The picture's file is missing. Choose the picture again and publish.")
            ) from None
        except OSError as error:
            raise TemporaryError(_("The picture's file cannot be read now.")) from error
        name = picture.file.rpartition("/")[2]
        return Part(name="source", content=content, filename=name, mime=picture.mime)

    async def _call(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str],
        *,
        photo: Part | None = None,
        repeatable: bool = True,
    ) -> dict[str, Any]:
        """Return Facebook's answer. Raises ``DeliveryError``. The token is never in an address."""
        access = self._access()
        sent = {name: value for name, value in {**fields, **_proof(access)}.items() if value}
        url = f"{settings.FACEBOOK_GRAPH_URL}/{path}"
        parts = [Part(name=name, content=value.encode()) for name, value in sent.items()]
        if method != "POST":
            url, parts = f"{url}?{urlencode(sent)}", []
        try:
            answer = await self.http.request(
                method,
                url,
                headers={"Authorization": f"Bearer {access.token}"},
                parts=[*parts, *([photo] if photo else [])] or None,
                timeout=SECONDS,
                max_bytes=ANSWER_BYTES,
            )
        except Barred as error:
            raise PermanentError(str(error), stops_channel=True) from None
        except NotSent as error:
            raise TemporaryError(_("Facebook cannot be reached. %s") % error) from None
        except NoAnswer as error:
            raise doubt(str(error), repeatable=repeatable) from None
        return understood(answer, access.secrets, repeatable=repeatable)

    def _access(self) -> PageAccess:
        access = PageAccess.read(self.secret)
        usable = access.token.isascii() and access.token.isalnum() and len(access.token) >= 20
        if not usable:
            raise PermanentError(
                _(
                    "The page's access token is missing or incomplete. Enter it in the channel's "
                    "settings."
                ),
                stops_channel=True,
            )
        return access


def _proof(access: PageAccess) -> dict[str, str]:
    """Return the proof that the token is used by its app (Graph API, securing requests)."""
    if not access.app_secret:
        return {}
    digest = hmac.new(access.app_secret.encode(), access.token.encode(), hashlib.sha256)
    return {"appsecret_proof": digest.hexdigest()}


def _same(one: str, other: str) -> bool:
    """Whether two texts read the same; Facebook trims lines and ends."""
    return one.split() == other.split() and bool(one.strip())
