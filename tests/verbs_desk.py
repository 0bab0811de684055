"""The verbs of the desk: calendar, templates, authors, system log."""

from datetime import timedelta

from django.utils import timezone
from wagtail.models import Revision

from campaigns.models import Activity, Plan
from editorial.models import CalendarKey, ItemTemplate
from organisations.models import Organisation
from portal.models import ArticlePage
from portal.models.authors import Author
from tests import factories
from tests.verbs import Actor, opens, verb


def template(actor: Actor) -> int:
    return ItemTemplate.objects.get_or_create(name="Mẫu", headline="[Cơ quan] họp")[0].pk


def author(actor: Actor) -> int:
    return Author.objects.get_or_create(name="Nguyễn An")[0].pk


opens("look at the calendar", "editorial_calendar")
opens("see own calendar address", "editorial_my_calendar")


@verb("renew own calendar address")
def renew_address(actor: Actor) -> bool:
    actor.post("editorial_renew_calendar")
    return CalendarKey.objects.filter(user=actor.user).exists() if actor.user else False


opens("read the system log", "editorial_log")
opens("export the system log", "editorial_log", export="xlsx")
opens("choose a template", "editorial_write")
opens("change a template", "editorial_templates:edit", template)
opens("list the authors", "editorial_authors:index")
opens("look at an author", "editorial_authors:inspect", author)
opens("edit an author", "editorial_authors:edit", author)
opens("delete an author", "editorial_authors:delete", author)


def sees_days(actor: Actor, *, own: bool) -> bool:
    """Tell whether the calendar shows what an agency must deliver today."""
    today = timezone.localdate()
    agency, _made = Organisation.objects.get_or_create(code="xa-nay", defaults={"name": "Xã Này"})
    if actor.user and own:
        actor.user.organisations.add(agency)
    plan, made = Plan.objects.get_or_create(title="Kế hoạch", year=today.year, issuer=agency)
    if made:
        activity = Activity.objects.create(plan=plan, content="Phát tờ gấp", end=today)
        activity.leads.add(agency)
    answer = actor.get("editorial_calendar", view="week", day=today.isoformat())
    return "Phát tờ gấp" in answer.content.decode()


@verb("see own agency's days")
def own_days(actor: Actor) -> bool:
    return sees_days(actor, own=True)


@verb("see another agency's days")
def other_days(actor: Actor) -> bool:
    return sees_days(actor, own=False)


@verb("write from a template")
def write(actor: Actor) -> bool:
    factories.site_tree()
    actor.post("editorial_write_from", template(actor))
    return ArticlePage.objects.filter(owner=actor.user).exists() if actor.user else False


def moved(actor: Actor, *, own: bool) -> bool:
    owner = actor.user if own else actor.other
    at = timezone.localtime() + timedelta(days=2)
    page = factories.article(title=f"Chờ {actor.role}", owner=owner, go_live_at=at)
    page.get_latest_revision().publish()
    to = at + timedelta(days=1)
    form = {"day": f"{to:%d/%m/%Y}", "time": f"{to:%H:%M}", "seen": at.isoformat()}
    actor.post("editorial_move_page", page.pk, **form)
    return Revision.objects.for_instance(page).get().approved_go_live_at > at


@verb("move own schedule")
def move_own(actor: Actor) -> bool:
    return moved(actor, own=True)


@verb("move another's schedule")
def move_other(actor: Actor) -> bool:
    return moved(actor, own=False)
