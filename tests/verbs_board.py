"""Verbs of the permission table: the board of deliveries."""

from django.http import HttpResponse

from channels.archive import moving
from channels.archive.models import ArchiveSettings
from channels.models import Delivery, State
from channels.watching.models import WatchSettings
from tests.verbs import Actor, opens, verb


def failed(actor: Actor, *, own: bool = True) -> Delivery:
    """Return a delivery that waits for somebody's decision."""
    page = actor.draft(own=own, live=True)
    row = Delivery.objects.of_story(page.story).get()
    Delivery.objects.filter(pk=row.pk).update(state=State.FAILED)
    return row


opens("look at the delivery board", "portal_delivery_board")
opens("refresh the delivery board", "portal_delivery_board_list")
opens("download the delivery board", "portal_delivery_board_export", format="csv")
opens("look at the alarms", "channels_alarms")
opens("look at one delivery", "portal_delivery", lambda actor: failed(actor).pk)
opens("look at the archive", "channels_archive")
opens("take the archive away", "channels_archive", export="xlsx")


@verb("look at an archived delivery")
def look_at_archived(actor: Actor) -> HttpResponse:
    page = actor.draft(own=True, live=True)
    row = Delivery.objects.of_story(page.story).get()
    kept = moving.archived(row)
    kept.save()
    return actor.get("channels_archived", kept.pk)


@verb("change how long deliveries stay")
def change_archive(actor: Actor) -> bool:
    ArchiveSettings.objects.all().delete()
    made = ArchiveSettings.load()
    actor.post("wagtailsettings:edit", "channels", "archivesettings", made.pk, months=36)
    made.refresh_from_db()
    return made.months == 36


@verb("send ticked deliveries again")
def send_again(actor: Actor) -> bool:
    rows = [failed(actor), failed(actor, own=False)]
    keys = [row.pk for row in rows]
    actor.post("portal_delivery_board_act", delivery=keys, verb="send_again")
    left = Delivery.objects.filter(pk__in=keys, state=State.FAILED).count()
    return left == 0


@verb("change the alarms' settings")
def change_alarms(actor: Actor) -> bool:
    WatchSettings.objects.all().delete()
    made = WatchSettings.load()
    numbers = {
        field.name: field.default
        for field in made._meta.fields
        if field.get_internal_type() == "PositiveIntegerField"
    }
    actor.post("wagtailsettings:edit", "channels", "watchsettings", made.pk,
               **numbers | {"mail_to": "truc@tinh.vn", "probe_minutes": 20})  # fmt: skip
    made.refresh_from_db()
    return made.probe_minutes == 20
