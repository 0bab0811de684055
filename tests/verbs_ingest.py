"""Verbs of the permission table: sources of news, their inbox, and who carried our items."""

from datetime import UTC, datetime

from ingest.models import InboxItem, MutedTitle, PickUp, Source
from tests.verbs import Actor, opens, verb

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def source(actor: Actor) -> int:
    """Return a source that is off, so that nobody asks it."""
    values = {"name": "Sở Y tế", "is_active": False}
    return Source.objects.get_or_create(address="https://nguon.example.vn/", defaults=values)[0].pk


def item(actor: Actor) -> int:
    fresh = dict.fromkeys(("fetched_at", "listed_at", "seen_at"), NOW)
    made = InboxItem.objects.create(
        source_id=source(actor), key=actor.role, title="Trạm y tế mở cửa sáng thứ Bảy", **fresh
    )
    return made.pk


def pick_up(actor: Actor) -> int:
    page = actor.draft(own=True, live=True)
    made = PickUp.objects.create(
        page=page, source_name="Báo", title="Tin", published=NOW, likeness=0.9
    )
    return made.pk


opens("read the inbox", "ingest_inbox")
opens("preview an inbox item", "ingest_preview", item)
opens("list the sources", "ingest_sources:index")
opens("look at a source", "ingest_sources:inspect", source)
opens("add a source", "ingest_sources:add")
opens("edit a source", "ingest_sources:edit", source)
opens("delete a source", "ingest_sources:delete", source)
opens("read who carried us", "ingest_pick_ups")
opens("export who carried us", "ingest_pick_ups", export="xlsx")


@verb("adopt an inbox item")
def adopt(actor: Actor) -> bool:
    pk = item(actor)
    actor.post("ingest_adopt", pk)
    return InboxItem.objects.get(pk=pk).state == InboxItem.State.ADOPTED


@verb("ignore an inbox item")
def ignore(actor: Actor) -> bool:
    pk = item(actor)
    actor.post("ingest_several", item=[pk])
    return InboxItem.objects.get(pk=pk).state == InboxItem.State.IGNORED


@verb("mute a title")
def mute_title(actor: Actor) -> bool:
    MutedTitle.objects.all().delete()
    actor.post("ingest_mute_title", words="giá vàng")
    return MutedTitle.objects.exists()


@verb("mute a source")
def mute_source(actor: Actor) -> bool:
    pk = source(actor)
    Source.objects.update(muted_until=None)
    actor.post("ingest_sources:mute", pk)
    return Source.objects.get(pk=pk).is_muted


@verb("switch a source on")
def switch(actor: Actor) -> bool:
    pk = source(actor)
    Source.objects.update(is_active=False)
    actor.post("ingest_sources:switch", pk)
    switched = Source.objects.get(pk=pk).is_active
    Source.objects.update(is_active=False)
    return switched


@verb("confirm a pick-up")
def confirm(actor: Actor) -> bool:
    pk = pick_up(actor)
    actor.post("ingest_decide_pick_up", pk, "confirm")
    return PickUp.objects.get(pk=pk).state == PickUp.State.CONFIRMED
