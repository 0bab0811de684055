"""Verbs of the permission table: events, what belongs to them, campaigns of review.

Everybody of the table is of the agency "own"; "elsewhere" is the agency of nobody, which hosts.
"""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaigns.admin.slot_forms import store_document
from campaigns.events.models import (
    AgencyReview,
    Event,
    EventChange,
    EventTask,
    Guest,
    Nomination,
    Paper,
    ReviewCampaign,
    ReviewProduct,
    ReviewStage,
    Site,
)
from campaigns.models import Plan
from organisations.models import Organisation
from portal.models import ArticlePage
from tests.verbs import Actor, opens, verb

TODAY = timezone.localdate()


def agency(code: str) -> Organisation:
    return Organisation.objects.get_or_create(code=code, defaults={"name": code})[0]


def public_plan() -> Plan:
    return Plan.objects.get_or_create(
        title="Kế hoạch hội nghị", year=TODAY.year, issuer=agency("elsewhere"),
        defaults={"live": True},
    )[0]  # fmt: skip


def event(host: str = "elsewhere", **values: Any) -> Event:
    """A conference that ended an hour ago, made now."""
    now = timezone.now()
    times = {"starts_at": now - timedelta(hours=3), "ends_at": now - timedelta(hours=1)}
    return Event.objects.create(
        plan=public_plan(), name="Hội nghị", host=agency(host), **times | values
    )


def site(code: str) -> Site:
    return Site.objects.create(event=event(), organisation=agency(code))


def guest(code: str) -> Guest:
    return Guest.objects.create(event=event(), name="Nông Thị Hà", organisation=agency(code))


def paper(code: str) -> Paper:
    return Paper.objects.create(event=event(), title="Tham luận", organisation=agency(code))


def task(code: str) -> EventTask:
    return EventTask.objects.create(event=event(), content="In tài liệu", organisation=agency(code))


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("bao-cao.txt", b"Bao cao")


def seen(actor: Actor, name: str, *args: Any) -> str:
    """Return what the form on that page remembers of its row; nothing for who may not open it."""
    answer = actor.get(name, *args)
    context = getattr(answer, "context", None)
    form = context.get("form") if context else None
    return str(form["seen"].value() or "") if form is not None else ""


opens("list the events", "campaigns_events")
opens("look at an event", "campaigns_event", lambda actor: event().pk)
opens("choose an event", "event_chooser:choose")
opens("take an event's papers away", "campaigns_event_document", lambda actor: event().pk,
      lambda actor: "chuong-trinh", lambda actor: "docx")  # fmt: skip
opens("take a hosted event's papers", "campaigns_event_document", lambda actor: event("own").pk,
      lambda actor: "chuong-trinh", lambda actor: "docx")  # fmt: skip
opens("open the guests of an event", "campaigns_event_guests", lambda actor: event().pk)
opens("open the door of an event", "campaigns_event_door", lambda actor: event().pk)


def form_of_event(**values: Any) -> dict[str, Any]:
    first = timezone.localtime() + timedelta(days=3)
    facts = {
        "kind": "conference",
        "name": "Hội nghị mới",
        "starts_at": f"{first:%d/%m/%Y} 08:00",
        "ends_at": f"{first:%d/%m/%Y} 11:00",
        "format": "on-site",
        "host": agency("elsewhere").pk,
    }
    return facts | values


@verb("add an event")
def add(actor: Actor) -> bool:
    Event.objects.filter(name="Hội nghị mới").delete()
    url = f"{reverse('campaigns_event_add')}?plan={public_plan().pk}"
    actor.browser.post(url, form_of_event())
    return Event.objects.filter(name="Hội nghị mới").exists()


@verb("edit an event")
def edit(actor: Actor) -> bool:
    one = event()
    data = form_of_event(name="Tên khác", seen=seen(actor, "campaigns_event_edit", one.pk))
    actor.post("campaigns_event_edit", one.pk, **data)
    return Event.objects.get(pk=one.pk).name == "Tên khác"


@verb("delete an event")
def delete(actor: Actor) -> bool:
    one = event()
    actor.post("campaigns_event_delete", one.pk)
    return not Event.objects.filter(pk=one.pk).exists()


@verb("record an event as held")
def hold(actor: Actor) -> bool:
    one = event()
    actor.post("campaigns_event_hold", one.pk, attended=5, minutes=file())
    return Event.objects.get(pk=one.pk).held_at is not None


def decided(actor: Actor, name: str, **data: Any) -> bool:
    one = event(**data.pop("values", {}))
    args = (one.pk, data.pop("verb")) if "verb" in data else (one.pk,)
    actor.post(name, *args, reason="Do bão", **data)
    return EventChange.objects.filter(event=one).exists()


@verb("put an event off")
def postpone(actor: Actor) -> bool:
    later = timezone.localtime() + timedelta(days=9)
    return decided(actor, "campaigns_event_postpone", starts_at=f"{later:%d/%m/%Y %H:%M}")


@verb("call an event off")
def cancel(actor: Actor) -> bool:
    return decided(actor, "campaigns_event_decide", verb="cancel")


@verb("take an event up again")
def resume(actor: Actor) -> bool:
    values = {"cancelled_at": timezone.now()}
    return decided(actor, "campaigns_event_decide", verb="resume", values=values)


@verb("reopen an event")
def reopen(actor: Actor) -> bool:
    values = {"held_at": timezone.now()}
    return decided(actor, "campaigns_event_decide", verb="reopen", values=values)


@verb("write an event's conclusions")
def conclude(actor: Actor) -> bool:
    one = event()
    data = {"conclusions": "Giao", "seen": seen(actor, "campaigns_event_conclusions", one.pk)}
    actor.post("campaigns_event_conclusions", one.pk, **data)
    return Event.objects.get(pk=one.pk).conclusions == "Giao"


@verb("write for an event")
def write(actor: Actor) -> bool:
    one = event()
    actor.post("editorial_write_event", one.pk)
    return ArticlePage.objects.filter(event=one).exists()


def wrote_agenda(actor: Actor, host: str) -> bool:
    one = event(host)
    day = timezone.localtime(one.starts_at)
    text = f"{day:%H:%M} - {timezone.localtime(one.ends_at):%H:%M} | Khai mạc"
    Event.objects.filter(pk=one.pk).update(starts_at=day.replace(second=0, microsecond=0))
    actor.post("campaigns_event_agenda", one.pk, text=text, seen="")
    return one.agenda.exists()


@verb("write a strange agency's agenda")
def agenda_elsewhere(actor: Actor) -> bool:
    return wrote_agenda(actor, "elsewhere")


@verb("write own agency's agenda")
def agenda_own(actor: Actor) -> bool:
    return wrote_agenda(actor, "own")


@verb("add connected sites")
def add_sites(actor: Actor) -> bool:
    one = event()
    actor.post("campaigns_event_sites", one.pk, agencies=[agency("own").pk])
    return one.sites.exists()


def kept_site(actor: Actor, code: str) -> bool:
    one = site(code)
    data = {"place": "Phòng họp", "seen": seen(actor, "campaigns_event_part", "sites", one.pk)}
    actor.post("campaigns_event_part", "sites", one.pk, **data)
    return Site.objects.get(pk=one.pk).place == "Phòng họp"


@verb("fill in own agency's site")
def site_own(actor: Actor) -> bool:
    return kept_site(actor, "own")


@verb("fill in a strange agency's site")
def site_elsewhere(actor: Actor) -> bool:
    return kept_site(actor, "elsewhere")


def removed(actor: Actor, part: str, row: Any) -> bool:
    actor.post("campaigns_event_part_delete", part, row.pk)
    return not type(row).objects.filter(pk=row.pk).exists()


@verb("remove own agency's site")
def remove_site(actor: Actor) -> bool:
    return removed(actor, "sites", site("own"))


def ticked(actor: Actor, code: str) -> bool:
    one = guest(code)
    actor.post("campaigns_event_tick", one.pk, came="1")
    return Guest.objects.get(pk=one.pk).attended_at is not None


@verb("tick own agency's guest")
def tick_own(actor: Actor) -> bool:
    return ticked(actor, "own")


@verb("tick a strange agency's guest")
def tick_elsewhere(actor: Actor) -> bool:
    return ticked(actor, "elsewhere")


def added_guest(actor: Actor, code: str) -> bool:
    one = event()
    data = {"name": "Lý Văn An", "organisation": agency(code).pk, "answer": "confirmed"}
    actor.post("campaigns_event_guest_add", one.pk, **data)
    return one.guests.exists()


@verb("add own agency's guest")
def guest_own(actor: Actor) -> bool:
    return added_guest(actor, "own")


@verb("add a strange agency's guest")
def guest_elsewhere(actor: Actor) -> bool:
    return added_guest(actor, "elsewhere")


def edited_guest(actor: Actor, code: str) -> bool:
    one = guest(code)
    data = {"name": "Tên mới", "organisation": agency(code).pk, "answer": "declined"}
    data["seen"] = seen(actor, "campaigns_event_guest", one.pk)
    actor.post("campaigns_event_guest", one.pk, **data)
    return Guest.objects.get(pk=one.pk).name == "Tên mới"


@verb("edit own agency's guest")
def edit_guest_own(actor: Actor) -> bool:
    return edited_guest(actor, "own")


@verb("edit a strange agency's guest")
def edit_guest_elsewhere(actor: Actor) -> bool:
    return edited_guest(actor, "elsewhere")


@verb("remove a strange agency's guest")
def remove_guest(actor: Actor) -> bool:
    one = guest("elsewhere")
    actor.post("campaigns_event_guest_delete", one.pk)
    return not Guest.objects.filter(pk=one.pk).exists()


@verb("import guests")
def import_guests(actor: Actor) -> bool:
    one = event()
    actor.post("campaigns_event_guest_import", one.pk, text="Lý Văn An\tChủ tịch", save="1")
    return one.guests.exists()


@verb("add a paper or a task")
def add_part(actor: Actor) -> bool:
    one = event()
    data = {"title": "Tham luận", "organisation": agency("own").pk}
    actor.post("campaigns_event_part_add", one.pk, "papers", **data)
    return one.papers.exists()


@verb("edit a paper or a task")
def edit_part(actor: Actor) -> bool:
    one = task("own")
    known = seen(actor, "campaigns_event_part", "tasks", one.pk)
    data = {"content": "Khác", "organisation": agency("own").pk, "seen": known}
    actor.post("campaigns_event_part", "tasks", one.pk, **data)
    return EventTask.objects.get(pk=one.pk).content == "Khác"


@verb("remove a paper or a task")
def remove_part(actor: Actor) -> bool:
    return removed(actor, "papers", paper("own"))


def submitted(actor: Actor, code: str) -> bool:
    one = paper(code)
    actor.post("campaigns_event_paper", one.pk, file=file())
    return Paper.objects.get(pk=one.pk).submitted_at is not None


@verb("hand in own agency's paper")
def paper_own(actor: Actor) -> bool:
    return submitted(actor, "own")


@verb("hand in a strange agency's paper")
def paper_elsewhere(actor: Actor) -> bool:
    return submitted(actor, "elsewhere")


@verb("accept a paper")
def accept_paper(actor: Actor) -> bool:
    one = paper("own")
    one.document = store_document(ContentFile(b"x", name="a.txt"), "Tham luận", actor.other)
    one.save()
    actor.post("campaigns_event_accept", one.pk)
    return Paper.objects.get(pk=one.pk).accepted_at is not None


def finished(actor: Actor, code: str) -> bool:
    one = task(code)
    actor.post("campaigns_event_task", one.pk)
    return EventTask.objects.get(pk=one.pk).done_at is not None


@verb("finish own agency's task")
def task_own(actor: Actor) -> bool:
    return finished(actor, "own")


@verb("finish a strange agency's task")
def task_elsewhere(actor: Actor) -> bool:
    return finished(actor, "elsewhere")


# Campaigns of review


def campaign() -> ReviewCampaign:
    return ReviewCampaign.objects.create(
        plan=public_plan(), title="Tổng kết", lead=agency("elsewhere"),
        period_start=TODAY - timedelta(days=700), period_end=TODAY,
    )  # fmt: skip


def review(actor: Actor, code: str, state: str = "asked") -> AgencyReview:
    document = store_document(ContentFile(b"x", name="a.txt"), "Báo cáo", actor.other)
    moment = None if state == "asked" else timezone.now()
    return AgencyReview.objects.create(
        campaign=campaign(), organisation=agency(code), document=document, state=state,
        first_submitted_at=moment, submitted_at=moment,
    )  # fmt: skip


def nomination(actor: Actor, code: str) -> Nomination:
    own = review(actor, code)
    return Nomination.objects.create(
        campaign=own.campaign, organisation=own.organisation, kind="person", name="An",
        achievement="Tốt", award="letter",
    )  # fmt: skip


opens("look at a review", "campaigns_review", lambda actor: campaign().pk)
opens("look at own agency's review", "campaigns_review_own",
      lambda actor: review(actor, "own").pk)  # fmt: skip
opens("look at a strange agency's review", "campaigns_review_own",
      lambda actor: review(actor, "elsewhere").pk)  # fmt: skip
opens("export a review", "campaigns_review_export", lambda actor: campaign().pk)


def form_of_review(**values: Any) -> dict[str, Any]:
    days = {"period_start": "01/01/2016", "period_end": "31/12/2025"}
    facts = {"kind": "final", "title": "Tổng kết mới", "lead": agency("elsewhere").pk}
    return facts | days | values


@verb("add a review")
def add_review(actor: Actor) -> bool:
    ReviewCampaign.objects.filter(title="Tổng kết mới").delete()
    url = f"{reverse('campaigns_review_add')}?plan={public_plan().pk}"
    actor.browser.post(url, form_of_review())
    return ReviewCampaign.objects.filter(title="Tổng kết mới").exists()


@verb("edit a review")
def edit_review(actor: Actor) -> bool:
    one = campaign()
    data = form_of_review(seen=seen(actor, "campaigns_review_edit", one.pk))
    actor.post("campaigns_review_edit", one.pk, **data)
    return ReviewCampaign.objects.get(pk=one.pk).title == "Tổng kết mới"


@verb("delete a review")
def delete_review(actor: Actor) -> bool:
    one = campaign()
    actor.post("campaigns_review_delete", one.pk)
    return not ReviewCampaign.objects.filter(pk=one.pk).exists()


@verb("ask agencies for reviews")
def ask(actor: Actor) -> bool:
    one = campaign()
    actor.post("campaigns_review_ask", one.pk, agencies=[agency("own").pk])
    return one.reviews.exists()


@verb("ask an agency no longer")
def unask(actor: Actor) -> bool:
    one = review(actor, "own")
    actor.post("campaigns_review_unask", one.pk)
    return not AgencyReview.objects.filter(pk=one.pk).exists()


def handed_in(actor: Actor, code: str) -> bool:
    one = review(actor, code)
    data = {"summary": "Tốt", "seen": seen(actor, "campaigns_review_own", one.pk), "submit": "1"}
    actor.post("campaigns_review_own", one.pk, **data)
    return AgencyReview.objects.get(pk=one.pk).state == "submitted"


@verb("submit own agency's review")
def submit_own(actor: Actor) -> bool:
    return handed_in(actor, "own")


@verb("submit a strange agency's review")
def submit_elsewhere(actor: Actor) -> bool:
    return handed_in(actor, "elsewhere")


def judged(actor: Actor, how: str, state: str) -> bool:
    one = review(actor, "own", "submitted")
    actor.post("campaigns_review_judge", one.pk, how, reason="Thiếu số liệu")
    return AgencyReview.objects.get(pk=one.pk).state == state


@verb("accept an agency's review")
def accept(actor: Actor) -> bool:
    return judged(actor, "accept", "accepted")


@verb("return an agency's review")
def give_back(actor: Actor) -> bool:
    return judged(actor, "return", "returned")


@verb("add a stage or a product")
def add_stage(actor: Actor) -> bool:
    one = campaign()
    data = {"kind": "agencies", "name": "Báo cáo", "due_on": f"{TODAY:%d/%m/%Y}"}
    actor.post("campaigns_review_part_add", one.pk, "stages", **data)
    return one.stages.exists()


@verb("finish a stage")
def finish_stage(actor: Actor) -> bool:
    one = ReviewStage.objects.create(campaign=campaign(), name="Bước", due_on=TODAY)
    actor.post("campaigns_review_stage", one.pk)
    return ReviewStage.objects.get(pk=one.pk).done_at is not None


def drafted(actor: Actor, code: str) -> bool:
    one = ReviewProduct.objects.create(
        campaign=campaign(), title="Dự thảo", kind="report", organisation=agency(code), due_on=TODAY
    )
    actor.post("campaigns_review_product", one.pk, file=file())
    return ReviewProduct.objects.get(pk=one.pk).state == "drafted"


@verb("hand in own agency's draft")
def draft_own(actor: Actor) -> bool:
    return drafted(actor, "own")


@verb("hand in a strange agency's draft")
def draft_elsewhere(actor: Actor) -> bool:
    return drafted(actor, "elsewhere")


def nominated(actor: Actor, code: str) -> bool:
    one = review(actor, code).campaign
    data = {"organisation": agency(code).pk, "kind": "person", "name": "Hà", "achievement": "Tốt",
            "award": "letter"}  # fmt: skip
    actor.post("campaigns_review_part_add", one.pk, "nominations", **data)
    return one.nominations.exists()


@verb("nominate for own agency")
def nominate_own(actor: Actor) -> bool:
    return nominated(actor, "own")


@verb("nominate for a strange agency")
def nominate_elsewhere(actor: Actor) -> bool:
    return nominated(actor, "elsewhere")


def withdrew(actor: Actor, code: str) -> bool:
    one = nomination(actor, code)
    actor.post("campaigns_review_part_delete", "nominations", one.pk)
    return not Nomination.objects.filter(pk=one.pk).exists()


@verb("withdraw own nomination")
def withdraw_own(actor: Actor) -> bool:
    return withdrew(actor, "own")


@verb("withdraw a strange nomination")
def withdraw_elsewhere(actor: Actor) -> bool:
    return withdrew(actor, "elsewhere")


@verb("decide on a nomination")
def decide(actor: Actor) -> bool:
    one = nomination(actor, "own")
    actor.post("campaigns_review_decide", one.pk, state="approved")
    return Nomination.objects.get(pk=one.pk).state == "approved"
