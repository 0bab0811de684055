"""A press desk that is sent mail."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from email.utils import parseaddr
from typing import Any, ClassVar
from urllib.parse import quote

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.adapters import email_text as words
from channels.adapters.email_errors import missing
from channels.adapters.email_files import chosen
from channels.adapters.email_options import EmailOptions
from channels.adapters.email_transport import deliver, probe
from channels.adapters.feed_contents import for_newspapers
from channels.contract import (
    Adapter,
    Message,
    PermanentError,
    Receipt,
    Story,
    TemporaryError,
)


class Email(Adapter):
    """Sends one mail per item to a desk; corrections and withdrawals are mails in reply to it.

    A channel is one desk: its addresses stand in "To" together, in one mail.
    """

    kind = "email"
    label = gettext_lazy("E-mail to a press desk")
    summary = gettext_lazy(
        "Sends every item with its pictures and documents to a newspaper's desk."
    )
    Options = EmailOptions
    takes_embargoed = True
    addressing = frozenset({"recipients", "reply_to", "answers_trials"})
    in_threads = True
    can_update = True
    can_retract = True
    can_probe = True
    limits: ClassVar[dict[str, int]] = {"subject": words.SUBJECT_LIMIT}

    options: EmailOptions

    def compose(self, story: Story) -> Message:
        """Say what was written for the press, marked if it is under embargo or corrected."""
        picture = story.picture
        files = chosen(story, picture, self.options.attachments_mb)
        said = words.compose(story, self.options.subject_prefix, files)
        attached = [file.as_json() for file in files if file.name]
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=said.subject,
            text=said.text,
            html=said.html if self.options.with_html else "",
            address=story.address,
            image=picture,
            language=story.language,
            level=story.level,
            section=story.section,
            author=story.author,
            documents=story.documents,
            published=story.published,
            updated=story.updated,
            details={
                "attached": attached,
                "title": words.subject(for_newspapers(story).title),
                "corrected": bool(story.correction),
                "embargo": story.embargo.isoformat() if story.embargo else "",
                "content": _content(story, attached),
            },
        )

    # --- how it is carried -----------------------------------------------------------------

    async def send(self, message: Message) -> Receipt:
        """Send a new mail."""
        return await self._send(message, "publish", _as_composed(message))

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        """Send the new version in reply to the first mail, and say why it comes."""
        details, said = message.details, _as_composed(message)
        same = receipt.details.get("content") == details["content"]
        if receipt.details.get("embargo") and not details["embargo"] and same:
            said = words.released(said, message.language)
        elif not details["corrected"]:
            said = replace(said, subject=words.subject(words.CHANGED, said.subject))
        return await self._send(message, "update", said, receipt)

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        """Ask the desk not to use the item. What was mailed cannot be taken back."""
        said = words.withdrawal(
            message.details["title"], message.language, with_html=bool(message.html)
        )
        bare = replace(message, details={**message.details, "attached": []})
        return await self._send(bare, "retract", said, receipt)

    async def check(self) -> str:
        """Log in to the mail server and do nothing. Returns the desk's addresses."""
        await probe()
        return ", ".join(self.options.recipients)

    async def _send(
        self, message: Message, verb: str, said: words.Written, earlier: Receipt | None = None
    ) -> Receipt:
        """Send one mail of the message. Returns its receipt, which names who did not get it."""
        identity, to = self._identity(message, verb), self._to(earlier)
        mail = EmailMultiAlternatives(
            said.subject,
            said.text,
            to=to,
            reply_to=[self.options.reply_to] if self.options.reply_to else None,
            headers=self._headers(identity, earlier),
        )
        if said.html:
            mail.attach_alternative(said.html, "text/html")
        for file in message.details["attached"]:
            mail.attach(file["name"], await self._read(file), file["mime"])
        sent = await deliver(mail)
        return Receipt(
            external_id=identity,
            note=missing(sent.refused) if sent.refused else "",
            awaits_person=bool(sent.refused),
            details={
                "first": (earlier and earlier.details.get("first")) or identity,
                "to": [address for address in to if address not in sent.refused],
                "embargo": message.details["embargo"],
                "content": message.details["content"],
                "provider_ids": list(sent.provider_ids),
            },
        )

    def _to(self, earlier: Receipt | None) -> list[str]:
        """Return the desk's addresses, and those that got what is now corrected or withdrawn."""
        had = earlier.details.get("to", []) if earlier else []
        return list(dict.fromkeys([*self.options.recipients, *had]))

    async def _read(self, file: Mapping[str, Any]) -> bytes:
        try:
            return await asyncio.to_thread(self.files.read, file["file"])
        except FileNotFoundError:
            raise PermanentError(
                _("The file “%s” is missing. Choose it again and publish.") % file["name"]
            ) from None
        except OSError:
            raise TemporaryError(_("The file “%s” cannot be read now.") % file["name"]) from None

    # --- headers ---------------------------------------------------------------------------

    def _identity(self, message: Message, verb: str) -> str:
        """Return the mail's Message-ID: the same on every try, another one for another desk."""
        parts = [message.key, verb, *sorted(self.options.recipients)]
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]
        return f"<{digest}@{_domain()}>"

    def _headers(self, identity: str, earlier: Receipt | None) -> dict[str, str]:
        """Return what mail programs and automatic repliers go by.

        RFC 5322, 3.6.4 (threads); RFC 2919 (List-Id); RFC 2369 (List-Unsubscribe, by mail: one
        click as in RFC 8058 would need an address that takes a desk off without a person); RFC
        3834 (no automatic answers; older repliers know Precedence instead).
        """
        asked = self.options.reply_to or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        headers = {
            "Message-ID": identity,
            "List-Id": f"<bao-chi.{_domain()}>",
            "List-Unsubscribe": f"<mailto:{quote(asked, safe='@')}?subject=unsubscribe>",
            "Auto-Submitted": "auto-generated",
            "Precedence": "list",
        }
        if earlier:
            first = str(earlier.details.get("first") or earlier.external_id)
            chain = dict.fromkeys([first, earlier.external_id])
            headers |= {"In-Reply-To": first, "References": " ".join(chain)}
        return headers


def _as_composed(message: Message) -> words.Written:
    return words.Written(message.title, message.text, message.html)


def _domain() -> str:
    """Return the domain that our mail comes from, in letters a header takes."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return domain.encode("idna").decode()


def _content(story: Story, attached: list[dict[str, Any]]) -> str:
    """Return a digest of what the item says, whether or not it is under embargo."""
    free = words.compose(replace(story, embargo=None), "", [])
    said = [free.subject, free.text, *(file["file"] for file in attached)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:40]
