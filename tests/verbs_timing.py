"""Verbs of the permission table: bundles, stations' addresses, the schedule."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from channels.feeds.models import StationKey
from channels.models import Channel
from portal.models import Bundle, BundleItem, BundleState
from tests import factories
from tests.verbs import Actor, opens, verb


def bundle(actor: Actor) -> Bundle:
    return Bundle.objects.get_or_create(name=f"Gói của {actor.role}")[0]


def waiting(actor: Actor) -> Bundle:
    """Return a bundle with one approved item."""
    made = bundle(actor)
    page = actor.draft(own=False)
    BundleItem.objects.create(bundle=made, page_id=page.pk)
    page.get_latest_revision().publish()
    return made


def state(made: Bundle) -> str:
    return Bundle.objects.get(pk=made.pk).state


opens("list the bundles", "portal_bundles:index")
opens("look at a bundle", "portal_bundles:inspect", lambda actor: bundle(actor).pk)
opens("rename a bundle", "portal_bundles:edit", lambda actor: bundle(actor).pk)
opens("read the schedule", "portal_schedule")
opens("export the schedule", "portal_schedule", export="xlsx")


@verb("make a bundle")
def make_bundle(actor: Actor) -> bool:
    form = {"name": f"Mới {actor.role}", "note": ""}
    actor.browser.post(reverse("portal_bundles:add"), form)
    return Bundle.objects.filter(name=f"Mới {actor.role}").exists()


@verb("add an item to a bundle")
def add_item(actor: Actor) -> bool:
    made = bundle(actor)
    actor.post("portal_bundles:add_item", made.pk, page=actor.draft(own=False).pk)
    return made.items.exists()


@verb("bundle from the editor")
def add_from_editor(actor: Actor) -> bool:
    made = bundle(actor)
    actor.post("portal_bundle_for", actor.draft(own=False).pk, bundle=made.pk)
    return made.items.exists()


@verb("take a draft out of a bundle")
def take_out_draft(actor: Actor) -> bool:
    made = bundle(actor)
    row = BundleItem.objects.create(bundle=made, page_id=actor.draft(own=False).pk)
    actor.post("portal_bundles:remove_item", made.pk, item=row.pk)
    return not made.items.exists()


@verb("take an approved item out")
def take_out_approved(actor: Actor) -> bool:
    made = waiting(actor)
    actor.post("portal_bundles:remove_item", made.pk, item=made.items.get().pk)
    return not made.items.exists()


@verb("release a bundle")
def release(actor: Actor) -> bool:
    made = waiting(actor)
    actor.post("portal_bundles:release", made.pk)
    return state(made) == BundleState.RELEASED


@verb("schedule a bundle")
def schedule(actor: Actor) -> bool:
    made = waiting(actor)
    moment = timezone.localtime() + timedelta(days=1)
    actor.post("portal_bundles:schedule", made.pk, moment=moment.strftime("%d/%m/%Y %H:%M"))
    return state(made) == BundleState.SCHEDULED


@verb("take a bundle's time away")
def unschedule(actor: Actor) -> bool:
    made = waiting(actor)
    Bundle.objects.filter(pk=made.pk).update(
        state=BundleState.SCHEDULED, release_at=timezone.now() + timedelta(days=1)
    )
    actor.post("portal_bundles:unschedule", made.pk)
    return state(made) == BundleState.DRAFT


@verb("cancel a bundle")
def cancel(actor: Actor) -> bool:
    made = waiting(actor)
    actor.post("portal_bundles:cancel", made.pk)
    return state(made) == BundleState.CANCELLED


def feed() -> Channel:
    found: Channel | None = Channel.objects.filter(kind="feed").first()
    return found or factories.channel("phat-thanh", "feed")


@verb("make a station's address")
def make_address(actor: Actor) -> bool:
    form = {"name": f"Đài {actor.role}"}
    actor.browser.post(reverse("channels:stations", args=[feed().pk]), form)
    return StationKey.objects.filter(name=f"Đài {actor.role}").exists()


@verb("renew a station's address")
def renew_address(actor: Actor) -> bool:
    key, _token = StationKey.make(feed(), f"Đài {actor.role}", None)
    actor.browser.post(reverse("channels:station_renew", args=[key.channel_id, key.pk]))
    key.refresh_from_db()
    return key.renewed_at is not None


@verb("tell a feed's hubs again")
def announce(actor: Actor) -> bool:
    channel = feed()
    Channel.objects.filter(pk=channel.pk).update(options={"hubs": ["https://hub.example.vn/"]})
    channel.hub_notices.all().delete()
    actor.browser.post(reverse("channels:announce", args=[channel.pk]))
    return channel.hub_notices.exists()


@verb("revoke a station's address")
def revoke_address(actor: Actor) -> bool:
    key, _token = StationKey.make(feed(), f"Đài {actor.role}", None)
    actor.browser.post(reverse("channels:station_revoke", args=[key.channel_id, key.pk]))
    key.refresh_from_db()
    return key.revoked_at is not None
