"""The verbs of the permission table: each tries one thing as somebody, over HTTP."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow

from campaigns.models import Activity, Plan
from channels.models import Channel, Delivery, State
from media.models import Attachment, Picture
from organisations.models import Organisation, User
from portal.models import ArticlePage, PortalSettings
from tests import factories, forms


@dataclass(frozen=True)
class Actor:
    """Somebody of a role, with a browser, and the things they try their hands on."""

    role: str
    user: User | None
    browser: Client
    other: User

    def draft(self, *, own: bool, live: bool = False) -> ArticlePage:
        owner = self.user if own else self.other
        return factories.article(title=f"Bài cho {self.role}", owner=owner, live=live)

    def get(self, name: str, /, *args: Any, **query: Any) -> HttpResponse:
        return self.browser.get(reverse(name, args=args), query)

    def post(self, name: str, /, *args: Any, **data: Any) -> HttpResponse:
        return self.browser.post(reverse(name, args=args), data)


Verb = Callable[[Actor], HttpResponse | bool]
VERBS: dict[str, Verb] = {}


def verb(name: str) -> Callable[[Verb], Verb]:
    def register(function: Verb) -> Verb:
        VERBS[name] = function
        return function

    return register


def may(result: HttpResponse | bool) -> bool:
    """Whether it was done: by its effect, or else by the answer. Anything unclear is an error."""
    if isinstance(result, bool):
        return result
    turned_away = (reverse("wagtailadmin_home"), reverse("wagtailadmin_login"))
    if result.status_code == 302:
        return result["Location"].partition("?")[0] not in turned_away
    if result.status_code == 403:
        return False
    assert result.status_code == 200, result.status_code
    return True


def opens(name: str, view: str, *things: Callable[[Actor], Any], **query: Any) -> None:
    """Register a verb that is a page to open, of the thing made for it."""

    def open_page(actor: Actor) -> HttpResponse:
        return actor.get(view, *(thing(actor) for thing in things), **query)

    VERBS[name] = open_page


# The newsroom


@verb("open the admin")
def open_admin(actor: Actor) -> bool:
    return actor.get("wagtailadmin_home").status_code == 200


@verb("add an article")
def add_article(actor: Actor, **values: Any) -> bool:
    parent = factories.site_tree().news
    form = forms.article(title=f"Mới {actor.role}", slug=f"moi-{actor.role}", **values)
    actor.post("wagtailadmin_pages:add", "portal", "articlepage", parent.pk, **form)
    return ArticlePage.objects.filter(slug=f"moi-{actor.role}").exists()


@verb("create and publish")
def create_and_publish(actor: Actor) -> bool:
    add_article(actor, **{"action-publish": "1"})
    return ArticlePage.objects.live().filter(slug=f"moi-{actor.role}").exists()


@verb("import an article")
def import_article(actor: Actor) -> HttpResponse:
    factories.site_tree()
    text = "Tin thử\n\nNội dung của tin.".encode()
    return actor.post("ingest_import", uploads=SimpleUploadedFile(f"{actor.role}.txt", text))


def press(actor: Actor, page: ArticlePage, **button: Any) -> ArticlePage:
    """Change the headline, press a button of the editor, and return the page as it is then."""
    form = forms.article(page, title="Đã sửa", **button)
    actor.post("wagtailadmin_pages:edit", page.pk, **form)
    return ArticlePage.objects.get(pk=page.pk)


def is_edited(page: ArticlePage) -> bool:
    return page.get_latest_revision_as_object().title == "Đã sửa"


@verb("edit own draft")
def edit_own(actor: Actor) -> bool:
    return is_edited(press(actor, actor.draft(own=True)))


@verb("edit another's draft")
def edit_other(actor: Actor) -> bool:
    return is_edited(press(actor, actor.draft(own=False)))


@verb("edit own live article")
def edit_own_live(actor: Actor) -> bool:
    page = press(actor, actor.draft(own=True, live=True))
    assert page.title != "Đã sửa"  # what readers see waits for the publish button
    return is_edited(page)


@verb("submit own draft")
def submit(actor: Actor) -> bool:
    return press(actor, actor.draft(own=True), **{"action-submit": "1"}).workflow_in_progress


def deleted(actor: Actor, page: ArticlePage) -> bool:
    actor.post("wagtailadmin_pages:delete", page.pk)
    return not ArticlePage.objects.filter(pk=page.pk).exists()


@verb("delete own draft")
def delete_own(actor: Actor) -> bool:
    return deleted(actor, actor.draft(own=True))


@verb("delete another's draft")
def delete_other(actor: Actor) -> bool:
    return deleted(actor, actor.draft(own=False))


@verb("delete a live article")
def delete_live(actor: Actor) -> bool:
    return deleted(actor, actor.draft(own=True, live=True))


@verb("add a section")
def add_section(actor: Actor) -> HttpResponse:
    parent = factories.site_tree().sections
    return actor.get("wagtailadmin_pages:add", "portal", "sectionpage", parent.pk)


# Deliveries and channels


@verb("see deliveries of own")
def see_own_deliveries(actor: Actor) -> HttpResponse:
    return actor.get("portal_deliveries", actor.draft(own=True, live=True).pk)


@verb("see deliveries of another's")
def see_other_deliveries(actor: Actor) -> HttpResponse:
    return actor.get("portal_deliveries", actor.draft(own=False, live=True).pk)


@verb("act on a delivery")
def act_on_delivery(actor: Actor) -> bool:
    page = actor.draft(own=True, live=True)
    row = Delivery.objects.of_story(page.story).get()
    Delivery.objects.filter(pk=row.pk).update(state=State.FAILED)
    actor.post("portal_delivery_act", page.pk, row.pk, "send_again")
    row.refresh_from_db()
    return row.state != State.FAILED


def room(actor: Actor) -> int:
    return Channel.objects.get(slug="phong").pk


opens("read the deliveries report", "channels_deliveries")
opens("export the deliveries report", "channels_deliveries", export="xlsx")
opens("list the channels", "channels:index")
opens("look at a channel", "channels:inspect", room)
opens("add a channel", "channels:add", kind="memory")
opens("edit a channel", "channels:edit", room)
opens("read a channel's history", "channels:history", room)
opens("delete a channel", "channels:delete", room)


@verb("switch a channel off")
def switch_off(actor: Actor) -> bool:
    Channel.objects.update(is_active=True)
    actor.post("channels:switch_off", room(actor))
    return not Channel.objects.get(slug="phong").is_active


@verb("switch a channel on")
def switch_on(actor: Actor) -> bool:
    Channel.objects.update(is_active=False)
    actor.post("channels:switch_on", room(actor))
    return Channel.objects.get(slug="phong").is_active


@verb("start a channel again")
def restart(actor: Actor) -> bool:
    Channel.objects.update(stopped_at=timezone.now(), stopped_reason="Bị từ chối.")
    actor.post("channels:restart", room(actor))
    return not Channel.objects.get(slug="phong").is_stopped


@verb("retire a channel")
def retire(actor: Actor) -> bool:
    Channel.objects.update(retired_at=None)
    actor.post("channels:retire", room(actor))
    return Channel.objects.get(slug="phong").is_retired


@verb("bring a channel back")
def bring_back(actor: Actor) -> bool:
    Channel.objects.update(retired_at=timezone.now(), is_active=False)
    actor.post("channels:bring_back", room(actor))
    return not Channel.objects.get(slug="phong").is_retired


@verb("cancel what waits for a channel")
def cancel_waiting(actor: Actor) -> bool:
    page = actor.draft(own=True, live=True)
    row = Delivery.objects.of_story(page.story).get()
    Delivery.objects.filter(pk=row.pk).update(state=State.FAILED)
    actor.post("channels:cancel_waiting", room(actor))
    row.refresh_from_db()
    return row.state == State.CANCELLED


@verb("send a test message")
def send_test(actor: Actor) -> HttpResponse:
    return actor.post("channels:test", room(actor))


@verb("check a channel")
def check(actor: Actor) -> HttpResponse:
    return actor.get("channels:check", room(actor))


# Plans and organisations


def plan(actor: Actor) -> int:
    known = {"number": "95/KH-UBND", "year": 2021}
    values = {"title": "Tuyên truyền cải cách hành chính", "issuer_id": agency(actor)}
    return Plan.objects.get_or_create(**known, defaults=values)[0].pk


def activity(actor: Actor) -> int:
    content = {"content": "Tuyên truyền", "position": 1}
    return Activity.objects.get_or_create(plan_id=plan(actor), serial="1", defaults=content)[0].pk


def agency(actor: Actor) -> int:
    values = {"name": "Sở Nội vụ", "level": "province", "kind": "department"}
    return Organisation.objects.get_or_create(code="so-noi-vu", defaults=values)[0].pk


opens("list the plans", "campaigns_plans:list")
opens("look at a plan", "campaigns_plans:inspect", plan)
opens("choose an activity", "activity_chooser:choose")
opens("download a plan", "campaigns_plans:export", plan, lambda actor: "docx")
opens("check a document", "media_check_document")
opens("add a plan", "campaigns_plans:add")
opens("edit a plan", "campaigns_plans:edit", plan)
opens("import a plan", "campaigns_plans:import")
opens("ask how far an import is", "campaigns_plans:import_progress")
opens("derive next year's plan", "campaigns_plans:derive", plan)
opens("delete a plan", "campaigns_plans:delete", plan)
opens("edit an activity", "campaigns_activities:edit", activity)
opens("list the organisations", "organisations:list")
opens("add an organisation", "organisations:add")
opens("edit an organisation", "organisations:edit", agency)
opens("delete an organisation", "organisations:delete", agency)


@verb("publish a plan")
def publish_plan(actor: Actor) -> bool:
    made = Plan.objects.get(pk=plan(actor))
    made.unpublish()
    Plan.objects.filter(pk=made.pk).update(issued_on=date(2021, 4, 21))
    made.refresh_from_db()
    made.save_revision(user=actor.other)
    form = {"title": made.title, "number": made.number, "year": made.year, "slug": made.slug}
    form |= {"kind": made.kind, "issuer": made.issuer_id, "issued_on": "21/04/2021"}
    form |= forms.plan_rows()
    actor.post("campaigns_plans:edit", made.pk, **form, **{"action-publish": "1"})
    made.refresh_from_db()
    return made.live


@verb("close a plan's notes")
def close_notes(actor: Actor) -> HttpResponse:
    return actor.post("campaigns_plans:clear_notes", plan(actor))


@verb("move an activity")
def move_activity(actor: Actor) -> HttpResponse:
    return actor.post("campaigns_activities:move", activity(actor), "up")


# People, library, settings


def other(actor: Actor) -> int:
    return actor.other.pk


def group(actor: Actor) -> int:
    return Group.objects.order_by("pk")[0].pk


def others_picture(actor: Actor) -> int:
    return factories.picture(uploaded_by_user=actor.other).pk


def others_document(actor: Actor) -> int:
    file = SimpleUploadedFile("bao-cao.pdf", b"%PDF-1.7")
    return Attachment.objects.create(title="B", file=file, uploaded_by_user=actor.other).pk


opens("list the users", "wagtailusers_users:index")
opens("add a user", "wagtailusers_users:add")
opens("edit a user", "wagtailusers_users:edit", other)
opens("edit a group", "wagtailusers_groups:edit", group)
opens("edit another's picture", "wagtailimages:edit", others_picture)
opens("delete another's picture", "wagtailimages:delete", others_picture)
opens("edit another's document", "wagtaildocs:edit", others_document)
opens("edit collections", "wagtailadmin_collections:index")
opens("add a redirect", "wagtailredirects:add")
opens(
    "edit the workflow",
    "wagtailadmin_workflows:edit",
    lambda actor: Workflow.objects.get(workflow_pages__isnull=False).pk,
)
opens("edit the site", "wagtailsites:index")


@verb("upload a picture")
def upload_picture(actor: Actor) -> bool:
    form = {"title": actor.role, "description": "Quầy hồ sơ", "file": factories.image_file()}
    actor.post("wagtailimages:add", **form)
    return Picture.objects.filter(title=actor.role).exists()


@verb("upload a document")
def upload_document(actor: Actor) -> bool:
    file = SimpleUploadedFile("bao-cao.pdf", b"%PDF-1.7 " + actor.role.encode())
    actor.post("wagtaildocs:add", title=actor.role, file=file)
    return Attachment.objects.filter(title=actor.role).exists()


@verb("change the portal's settings")
def change_settings(actor: Actor) -> bool:
    PortalSettings.objects.all().delete()
    made = PortalSettings.load()
    actor.post("wagtailsettings:edit", "portal", "portalsettings", made.pk, province="Bình Sơn")
    made.refresh_from_db()
    return made.province == "Bình Sơn"
