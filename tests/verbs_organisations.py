"""Verbs of the permission table: agencies in time."""

from datetime import date

from django.core import signing
from django.http import HttpResponse

from organisations.models import Organisation
from organisations.models.changes import Change
from organisations.provinces import views as provinces
from organisations.provinces.comparing import compare
from organisations.reorganising.doing import carry_out
from organisations.reorganising.views import SALT
from organisations.reorganising.wishes import NewName, Wish
from tests.verbs import Actor, agency, opens, verb

opens("look at an organisation on a day", "organisations:on_a_day", agency)
opens("list the reorganisations", "organisations_reorganisations")
opens("reorganise", "organisations_reorganise")


def renaming(actor: Actor) -> Wish:
    """Return the wish that an agency of one's own be called after one's role."""
    own, _made = Organisation.objects.get_or_create(code=f"so-{actor.role}")
    new = (NewName(f"Sở {actor.role}"),)
    return Wish(Change.RENAME, (own.pk,), date(2026, 3, 1), "1/QĐ-UBND", new=new)


@verb("confirm a reorganisation")
def confirm(actor: Actor) -> bool:
    packed = signing.dumps(renaming(actor).as_json(), salt=SALT, compress=True)
    actor.post("organisations_reorganise", wish=packed)
    return Organisation.objects.filter(name=f"Sở {actor.role}").exists()


@verb("undo a reorganisation")
def undo(actor: Actor) -> HttpResponse | bool:
    record = carry_out(renaming(actor))
    actor.post("organisations_reorganisation_undo", record.pk)
    record.refresh_from_db()
    return record.undone_at is not None


opens("choose a province", "organisations_provinces")


@verb("bring in a province")
def bring_in(actor: Actor) -> bool:
    Organisation.objects.filter(official_code="05977").update(official_code="")
    seen = {"province": "20", "renamed_on": "", "fingerprint": compare("20").fingerprint}
    actor.post("organisations_provinces", seen=signing.dumps(seen, salt=provinces.SALT))
    return Organisation.objects.filter(official_code="05977").exists()
