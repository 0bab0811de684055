"""Articles and announcements of the demo: read, laid out as pages, published as people would."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html

from campaigns.models import Plan
from channels.models import Delivery, Publication, State
from editorial.demo import changes, illustrations, papers
from editorial.demo.texts import read
from organisations.models import Contact, User
from portal import tree
from portal.bundles import holding
from portal.models import AnnouncementPage, ArticlePage, Authorship, StoryPage
from portal.models.articles import RelatedDocument
from portal.models.authors import author_of
from portal.stories import prepare_pictures
from portal.tree import Tree

IDENTITIES = uuid.UUID("5c7a2f64-0f5b-4d3e-9f0e-9a5f3f1c2e95")
SCHEDULED_AT = time(7, 0)


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to write and publish an item."""

    tree: Tree
    people: dict[str, User]
    plan: Plan

    @property
    def approver(self) -> User:
        return self.people["duyet"]


Entry = dict[str, Any]


def entries() -> list[Entry]:
    """Return every item, oldest first; those that are not published yet at the end."""
    texts = read("articles")
    return sorted(texts["article"] + texts["announcement"], key=lambda entry: -age(entry))


def age(entry: Entry) -> int:
    """Return how many days before loading the item was published; negative if it was not."""
    days: int = entry.get("days_ago", -1)
    return days


def identity(key: str) -> uuid.UUID:
    """Return the item's story identity: the same in every demo, even if its page is renamed."""
    return uuid.uuid5(IDENTITIES, key)


def exists(entry: Entry) -> bool:
    story = identity(entry["key"])
    return any(
        model.objects.filter(story=story).exists() for model in (ArticlePage, AnnouncementPage)
    )


def load(entry: Entry, desk: Desk) -> bool:
    """Write the item and bring it to its state, unless it is there. Returns whether it was new."""
    if exists(entry):
        return False
    author = desk.people[entry.get("author", "bientap")]
    first = entry | entry.get("correction", {}).get("before", {})
    with transaction.atomic():
        page: StoryPage = (
            add_article(first, desk, author) if "body" in entry else add_notice(entry, desk, author)
        )
        page.save_revision(user=author, log_action=True)
    STATES[entry.get("state", "published")](page, entry, author, desk)
    return True


def of_state(state: str) -> list[StoryPage]:
    """Return the articles that the texts put into that state, as far as they exist."""
    wanted = [identity(entry["key"]) for entry in entries() if entry.get("state") == state]
    return list(ArticlePage.objects.filter(story__in=wanted).order_by("pk"))


# --- writing -------------------------------------------------------------------------------------


def add_article(entry: Entry, desk: Desk, author: User) -> ArticlePage:
    """Return the article, saved as a draft."""
    picture = illustrations.picture(entry["picture"], author) if "picture" in entry else None
    page = ArticlePage(
        **common(entry, author),
        summary=entry["summary"],
        body=json.dumps([block(part, author) for part in entry["body"]]),
        genre=entry["genre"],
        byline=author.byline,
        unit=unit_of(author),
        section=tree.section(desk.tree, entry["section"]),
        picture=picture,
        picture_caption=entry.get("caption", ""),
        is_pinned=entry.get("pinned", False),
        activity=desk.plan.activities.filter(serial=entry.get("activity", "")).first(),
    )
    page.authorships = [Authorship(author=author_of(author))]
    page.related_documents = [
        RelatedDocument(document=papers.paper(paper, author)) for paper in entry.get("papers", ())
    ]
    desk.tree.news.add_child(instance=page)
    return page


def add_notice(entry: Entry, desk: Desk, author: User) -> AnnouncementPage:
    """Return the announcement, saved as a draft."""
    ends_at = None
    if "strip_days" in entry:
        ends_at = timezone.now() + timedelta(days=entry["strip_days"])
    page = AnnouncementPage(
        **common(entry, author),
        text=entry["text"],
        level=entry["level"],
        unit=entry["unit"],
        urgent_reason=entry.get("urgent_reason", ""),
        ends_at=ends_at,
    )
    page.officers = list(Contact.objects.filter(name__in=entry.get("officers", ())))
    desk.tree.announcements.add_child(instance=page)
    return page


def common(entry: Entry, author: User) -> dict[str, Any]:
    return {
        "title": with_year(entry["title"]),
        "slug": entry["key"],
        "story": identity(entry["key"]),
        "variants": {
            kind: {"texts": texts, "based_on": ""}
            for kind, texts in entry.get("variants", {}).items()
        },
        "dated": moment(entry),
        "owner": author,
        "live": False,
    }


def moment(entry: Entry) -> datetime | None:
    """Return when the item was published, never in the future; None for what was not."""
    if age(entry) < 0:
        return None
    day = timezone.localdate() - timedelta(days=age(entry))
    clock = time.fromisoformat(entry["time"])
    return min(datetime.combine(day, clock, timezone.get_current_timezone()), timezone.now())


def unit_of(author: User) -> str:
    agency = author.organisations.first()
    return agency.name if agency else ""


def with_year(text: str) -> str:
    return text.replace("{year}", str(timezone.localdate().year))


def block(part: str | Entry, author: User) -> Entry:
    """Return one part of a body as the raw block it stands for; see the head of the TOML file."""
    if isinstance(part, dict):
        return {"type": "table", "value": table(part)}
    mark, rest = part[:1], part[1:].strip()
    if part.startswith("## "):
        return {"type": "heading", "value": part.removeprefix("## ")}
    if mark == ">":
        text, _bar, source = rest.partition(" | ")
        return {"type": "quote", "value": {"text": text, "source": source}}
    if mark == "*":
        shown = [picture_in_text(one.strip(), author) for one in rest.split(";")]
        return {"type": "gallery", "value": {"title": "", "pictures": shown}}
    if mark == "!":
        return {"type": "picture", "value": picture_in_text(rest, author)}
    html = part if mark == "<" else format_html("<p>{}</p>", with_year(part))
    return {"type": "paragraph", "value": html}


def picture_in_text(line: str, author: User) -> Entry:
    name, _bar, caption = line.partition(" | ")
    shown = illustrations.picture(name, author)
    return {"image": shown.pk, "alt": shown.description, "caption": caption, "credit": ""}


def table(part: Entry) -> Entry:
    return {
        "caption": part["caption"],
        "columns": [{"type": "text", "heading": heading} for heading in part["columns"]],
        "rows": [{"values": row} for row in part["rows"]],
    }


# --- bringing to its state -----------------------------------------------------------------------


def publish(page: StoryPage, entry: Entry, author: User, desk: Desk) -> None:
    """Publish as the approver did then: page, publication and deliveries in one transaction."""
    prepare_pictures(page)
    at = moment(entry) or timezone.now()
    with transaction.atomic(), holding.releasing(at):
        page.get_latest_revision().publish(user=desk.approver)
        date_back(page, at)
    page.refresh_from_db()
    if "correction" in entry:
        changes.correct(page, entry, desk)


def date_back(page: StoryPage, at: datetime) -> None:
    """Let what was settled in publishing bear the time at which the item went out."""
    Publication.objects.of_story(page.story).update(created_at=at)
    settled = Delivery.objects.of_story(page.story).filter(state=State.DELIVERED)
    settled.update(created_at=at, settled_at=at)


def withdraw(page: StoryPage, entry: Entry, author: User, desk: Desk) -> None:
    """Publish the item and take it back."""
    publish(page, entry, author, desk)
    changes.take_back(page, entry, desk)


def submit(page: StoryPage, entry: Entry, author: User, desk: Desk) -> None:
    """Put the draft before the approvers."""
    workflow = page.get_workflow()
    if workflow is not None:
        workflow.start(page, author)


def schedule(page: StoryPage, entry: Entry, author: User, desk: Desk) -> None:
    """Approve the item for tomorrow morning."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    page.go_live_at = datetime.combine(tomorrow, SCHEDULED_AT, timezone.get_current_timezone())
    with transaction.atomic():
        page.save_revision(user=author).publish(user=desk.approver)


def leave(page: StoryPage, entry: Entry, author: User, desk: Desk) -> None:
    """Leave the draft as it is."""


STATES = {
    "published": publish,
    "withdrawn": withdraw,
    "submitted": submit,
    "scheduled": schedule,
    "bundled": leave,  # until ``afterwards.bundle``
    "draft": leave,
}
