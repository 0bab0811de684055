"""A folder of a newsroom's system, into which items are put as files."""

from typing import Any, Literal, cast

from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from pydantic import Field

from channels.adapters.file_newsml import newsml
from channels.adapters.shared_correcting import marked, noted
from channels.adapters.shared_files import File, as_json, enclosures, kept, stem
from channels.adapters.shared_folders import FolderOptions
from channels.adapters.shared_ninjs import Ninjs, canceled, content, stamped
from channels.adapters.shared_packages import PackageAdapter
from channels.contract import Message, Story

NEWSML = "application/vnd.iptc.g2.newsmessage+xml"


class FileDropOptions(FolderOptions):
    """Settings of one folder."""

    format: Literal["newsml", "ninjs"] = Field(
        "newsml",
        title=cast(str, gettext_lazy("Format")),
        description=cast(str, gettext_lazy("What the receiver's editorial system reads.")),
        json_schema_extra={"choices": {"newsml": "NewsML-G2 2.35", "ninjs": "ninjs 3.0"}},
    )
    wide_picture: bool = Field(
        False,
        title=cast(str, gettext_lazy("Also the wide picture")),
        description=cast(
            str, gettext_lazy("A second picture of 1920×1080, which television stations need.")
        ),
    )
    provider: str = Field(
        "",
        max_length=150,
        title=cast(str, pgettext_lazy("of news", "Sent by")),
        description=cast(
            str, gettext_lazy("How the receiver knows us. Empty: the unit of the item.")
        ),
    )


class FileDrop(PackageAdapter):
    """Puts a document, its pictures and documents, and a manifest into a folder."""

    kind = "file"
    label = gettext_lazy("Folder of a newsroom")
    summary = gettext_lazy(
        "Puts each item as NewsML or ninjs with its pictures and documents into a folder: "
        "on this machine, by SFTP, FTP or S3."
    )
    Options = FileDropOptions
    takes_embargoed = True

    options: FileDropOptions

    def compose(self, story: Story) -> Message:
        """Say the whole item. What tells versions apart is added when it is written."""
        wide = story.wide_picture if self.options.wide_picture else None
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=marked(story.title, story),
            text=noted("\n\n".join(filter(None, (story.summary, story.text))), story),
            address=story.address,
            image=story.picture,
            language=story.language,
            level=story.level,
            section=story.section_name or story.section,
            author=story.author,
            documents=story.documents,
            published=story.published,
            updated=story.updated,
            details={
                "name": stem(story),
                "document": content(story, with_contact=True),
                "wide_picture": kept(wide),
                "provider": self.options.provider or story.unit or "Nhịp Cầu",
            },
        )

    def documents(self, message: Message) -> list[File]:
        return [self._written(stamped(message.details["document"], message), message)]

    def tombstones(self, message: Message) -> list[File]:
        """Return the canceled document, created now so that receivers see it is the later one."""
        whole = stamped(message.details["document"], message)
        now = max(timezone.now(), message.updated, message.published)
        return [self._written({**canceled(whole), "versionCreated": now.isoformat()}, message)]

    def facts(self, message: Message) -> dict[str, Any]:
        until = message.details["document"].get("embargoedUntil")
        return {"embargo": until} if until else {}

    def _written(self, said: Ninjs, message: Message) -> File:
        if self.options.format == "ninjs":
            return File("item.json", "item", "application/json", as_json(said))
        usable = said["pubStatus"] == "usable"
        enclosed = enclosures(message) if usable else ()
        whole = newsml(said, enclosed, provider=message.details["provider"])
        return File("item.xml", "item", NEWSML, whole)
