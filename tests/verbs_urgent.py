"""Verbs of the permission table: quiet hours, and calls of officers."""

from channels.calling import engine
from channels.calling.models import Call
from channels.models import Delivery, State
from organisations.models import Contact, Organisation
from portal.models import UrgentSettings
from tests.verbs import Actor, verb


@verb("let one go in quiet hours")
def waive(actor: Actor) -> bool:
    page = actor.draft(own=True, live=True)
    row = Delivery.objects.of_story(page.story).get()
    Delivery.objects.filter(pk=row.pk).update(state=State.PENDING)
    actor.post("portal_delivery_waive", page.pk, row.pk, reason="Không thể chờ đến sáng mai")
    row.refresh_from_db()
    return bool(row.quiet_waiver)


@verb("note an officer's answer")
def note_answer(actor: Actor) -> bool:
    page = actor.draft(own=True, live=True)
    row = Delivery.objects.of_story(page.story).get()
    ward, _new = Organisation.objects.get_or_create(code="phuong-thu", name="UBND phường Thử")
    officer = Contact.objects.create(organisation=ward, name="An", email="an@example.vn")
    engine.start(row.publication, [officer], rhythm=engine.Rhythm())
    call = Call.objects.get(story=page.story)
    actor.post("portal_call_note", page.pk, call.pk)
    call.refresh_from_db()
    return call.state == Call.State.ACKNOWLEDGED


@verb("set how officers are called")
def set_rhythm(actor: Actor) -> bool:
    UrgentSettings.objects.all().delete()
    made = UrgentSettings.load()
    actor.post("wagtailsettings:edit", "portal", "urgentsettings", made.pk, every=7, most=3)
    made.refresh_from_db()
    return made.rhythm == engine.Rhythm(7, 3)
