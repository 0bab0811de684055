"""The public portal itself. Readers come to it, so it is settled in the publishing transaction."""

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict

from channels.contract import Adapter, Message, Receipt, Story


class Portal(Adapter):
    kind = "portal"
    label = _("Public portal")
    summary = _("The province's own portal, where every item stands first.")
    pulls = True
    can_update = True
    can_retract = True

    class Options(BaseModel):
        model_config = ConfigDict(extra="forbid")

    def compose(self, story: Story) -> Message:
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=story.title,
            text=story.summary,
            html=story.html,
            address=story.address,
            image=story.picture,
            language=story.language,
            level=story.level,
            section=story.section,
            author=story.author,
            published=story.published,
            updated=story.updated,
        )

    async def send(self, message: Message) -> Receipt:
        return Receipt(external_id=message.story, address=message.address)

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        return await self.send(message)

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        return Receipt(external_id=message.story)
