"""Verbs of the permission table: pictures, the contact book, pasting, help, checks."""

from organisations.models import Contact, Organisation
from portal.models import ArticlePage
from tests import factories
from tests.ingest.word import MARKED
from tests.verbs import Actor, opens, verb


def contact(actor: Actor) -> int:
    agency, _made = Organisation.objects.get_or_create(code="dai", defaults={"name": "Đài"})
    return Contact.objects.get_or_create(name="Trực ban", organisation=agency)[0].pk


opens("list the contacts", "contacts:index")
opens("look at a contact", "contacts:inspect", contact)
opens("add a contact", "contacts:add")
opens("edit a contact", "contacts:edit", contact)
opens("delete a contact", "contacts:delete", contact)
opens("read the help", "editorial_help")
opens("see the checks of another's", "editorial_checks", lambda a: a.draft(own=False).pk)
opens("see the checks of own", "editorial_checks", lambda actor: actor.draft(own=True).pk)


def replaced(actor: Actor, *, own: bool) -> bool:
    """Put another picture in the place of one that an item of somebody else shows."""
    page = actor.draft(own=False)
    old, new = factories.picture(), factories.picture()
    old.uploaded_by_user = actor.user if own else actor.other
    old.save()
    page.picture = old
    page.save_revision()
    actor.post("media_replace", old.pk, picture=new.pk)
    shown = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return bool(shown.picture_id == new.pk)


@verb("replace own picture everywhere")
def replace_own(actor: Actor) -> bool:
    return replaced(actor, own=True)


@verb("replace another's picture everywhere")
def replace_other(actor: Actor) -> bool:
    return replaced(actor, own=False)


@verb("paste from Word")
def paste(actor: Actor) -> bool:
    answer = actor.browser.post("/admin/paste/", MARKED, content_type="text/html; charset=utf-8")
    return answer.status_code == 200 and bool(answer.json()["blocks"])
