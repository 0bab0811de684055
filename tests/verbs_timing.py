"""Verbs of the permission table: bundles, stations' addresses, the schedule."""

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from channels.feeds.models import StationKey
from channels.models import Channel
from portal.models import Bundle, BundleItem, BundleState, Rehearsal, RehearsalState
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


@verb("move a bundle in the calendar")
def move(actor: Actor) -> bool:
    made, at = waiting(actor), timezone.localtime() + timedelta(days=1)
    Bundle.objects.filter(pk=made.pk).update(state=BundleState.SCHEDULED, release_at=at)
    to = at + timedelta(days=1)
    form = {"day": f"{to:%d/%m/%Y}", "time": f"{to:%H:%M}", "seen": at.isoformat()}
    actor.post("editorial_move_bundle", made.pk, **form)
    return Bundle.objects.filter(pk=made.pk, release_at__gt=at).exists()


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


# Rehearsals


def rehearsal(actor: Actor) -> Rehearsal:
    begins = timezone.now()
    times = {"begins_at": begins, "ends_at": begins + timedelta(days=1), "started_at": begins}
    made = Rehearsal.objects.create(
        name=f"Diễn tập {actor.role}", state=RehearsalState.PLAYING, **times
    )
    made.deliveries.create(
        title="Tin", channel_name="Kênh", level="normal", planned_at=begins, shown_at=begins
    )
    return made


opens("list the rehearsals", "portal_rehearsals:index")
opens("look at a rehearsal", "portal_rehearsals:inspect", lambda actor: rehearsal(actor).pk)
opens("export a rehearsal", "portal_rehearsals:export", lambda actor: rehearsal(actor).pk)


@verb("look at a rehearsed message")
def look_at_rehearsed(actor: Actor) -> HttpResponse:
    made = rehearsal(actor)
    return actor.get("portal_rehearsals:message", made.pk, made.deliveries.get().pk)


@verb("start a rehearsal")
def start_rehearsal(actor: Actor) -> bool:
    begins = timezone.localtime() + timedelta(days=1)
    ends = begins + timedelta(days=1)
    times = {"begins_at": f"{begins:%d/%m/%Y %H:%M}", "ends_at": f"{ends:%d/%m/%Y %H:%M}"}
    form = {"name": f"Thử {actor.role}", "speed": "100", "plan": "", **times}
    actor.browser.post(reverse("portal_rehearsals:add"), form)
    return Rehearsal.objects.filter(name=f"Thử {actor.role}").exists()


@verb("play a rehearsal again")
def play_again(actor: Actor) -> bool:
    made = rehearsal(actor)
    before = made.started_at
    actor.post("portal_rehearsals:again", made.pk)
    made.refresh_from_db()
    return made.started_at != before


@verb("delete a rehearsal")
def delete_rehearsal(actor: Actor) -> bool:
    made = rehearsal(actor)
    actor.post("portal_rehearsals:delete", made.pk)
    return not Rehearsal.objects.filter(pk=made.pk).exists()
