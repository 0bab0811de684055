"""Verbs of the permission table: what is done to items that are public, and copies on paper.

An item is "own" (they wrote it), "another's", or "edited": they changed its words last. A task is
of one's "own agency" or "another's".
"""

from django.urls import reverse

from organisations.models import Organisation
from portal.corrections import recalls
from portal.models import ArticlePage, Correction, PhysicalCopy, RecallTask
from tests.verbs import VERBS, Actor

REASON = "Nhầm số liệu"


def public(actor: Actor, whose: str) -> ArticlePage:
    return actor.draft(own=whose == "own", live=True)


def changed(actor: Actor, whose: str) -> ArticlePage:
    """Return a public item with a new version, by whom ``whose`` says."""
    page = public(actor, whose)
    page.title = f"Sửa cho {actor.role}"
    page.save_revision(user=actor.other if whose == "another's" else actor.user)
    return ArticlePage.objects.get(pk=page.pk)


def correct(actor: Actor, whose: str) -> bool:
    page = changed(actor, whose)
    form = {"reason": REASON, "mode": "silent", "revision": page.latest_revision_id}
    actor.post("portal_correct", page.pk, **form)
    return ArticlePage.objects.get(pk=page.pk).title == f"Sửa cho {actor.role}"


def withdraw(actor: Actor, whose: str) -> bool:
    page = public(actor, whose)
    actor.post("portal_withdraw", page.pk, reason=REASON)
    return not ArticlePage.objects.get(pk=page.pk).live


def withdraw_in_bulk(actor: Actor, whose: str) -> bool:
    page = public(actor, whose)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    actor.browser.post(f"{url}?id={page.pk}", {"reason": REASON})
    return not ArticlePage.objects.get(pk=page.pk).live


def withdrawn(actor: Actor, whose: str) -> ArticlePage:
    page = changed(actor, whose)
    page.unpublish()
    Correction.objects.create(page=page, story=page.story, title=page.title, kind="withdraw")
    return page


def restore(actor: Actor, whose: str) -> bool:
    page = withdrawn(actor, whose)
    form = {"reason": REASON, "mode": "silent", "revision": page.latest_revision_id}
    actor.post("portal_correct", page.pk, **form)
    return ArticlePage.objects.get(pk=page.pk).live


def agency(code: str) -> Organisation:
    known = {"name": code, "level": "commune"}
    return Organisation.objects.get_or_create(code=code, defaults=known)[0]


def record_copy(actor: Actor, whose: str) -> bool:
    page = public(actor, whose)
    form = {"kind": "poster", "place": actor.role, "quantity": 1}
    actor.post("portal_ripple", page.pk, **form, organisation=agency("xa-mot").pk)
    return PhysicalCopy.objects.filter(place=actor.role).exists()


def finish(actor: Actor, whose: str) -> bool:
    page = withdrawn(actor, "another's")
    if actor.user:
        actor.user.organisations.set([agency("xa-mot")])
    keeper = agency("xa-mot" if whose == "own" else "xa-hai")
    copy = PhysicalCopy(kind="poster", place="Chợ", organisation=keeper)
    recalls.record_copy(copy, page, actor.other)
    task = RecallTask.objects.get(copy=copy)
    actor.post("portal_recall", task.pk, note="Đã gỡ")
    return RecallTask.objects.exclude(done_at=None).filter(pk=task.pk).exists()


TABLE = {
    "correct own": (correct, "own"),
    "correct another's": (correct, "another's"),
    "correct what they edited": (correct, "edited"),
    "withdraw own": (withdraw, "own"),
    "withdraw another's": (withdraw, "another's"),
    "withdraw own in bulk": (withdraw_in_bulk, "own"),
    "withdraw another's in bulk": (withdraw_in_bulk, "another's"),
    "publish own again": (restore, "own"),
    "publish another's again": (restore, "another's"),
    "record a copy of own": (record_copy, "own"),
    "record a copy of another's": (record_copy, "another's"),
    "finish own agency's recall": (finish, "own"),
    "finish another's recall": (finish, "another's"),
}
for name, (verb, whose) in TABLE.items():
    VERBS[name] = lambda actor, verb=verb, whose=whose: verb(actor, whose)
VERBS["list the recalls"] = lambda actor: actor.get("portal_recalls")
