"""Verbs of the permission table: chasing agencies."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from campaigns.chasing.models import (
    ChasingMail,
    ChasingSettings,
    OfficeDay,
    Pause,
    PlanRhythm,
    UrgedLine,
    UrgingLetter,
)
from organisations.models import Organisation
from tests.verbs import Actor, opens, verb
from tests.verbs_progress import progress_of, slot


def mail(actor: Actor) -> int:
    values = {"name": "Mai", "address": "mai@so-a.vn", "state": ChasingMail.State.FAILED}
    found, _new = ChasingMail.objects.update_or_create(
        day=date(2026, 3, 11), recipient="user:0", defaults=values
    )
    return found.pk


def letter(actor: Actor) -> int:
    one = slot(actor)
    made = UrgingLetter.objects.create(
        plan=one.activity.plan,
        issuer=one.organisation,
        subject="đôn đốc thực hiện nhiệm vụ",
        body="Đề nghị thực hiện",
        seen_on=date(2026, 3, 11),
        answer_by=date(2026, 3, 21),
        number="1/SNV-CCHC",
        issued_on=date(2026, 3, 11),
    )
    for code in ("own", "other"):
        agency, _new = Organisation.objects.get_or_create(code=code, defaults={"name": code})
        UrgedLine.objects.create(
            letter=made, agency=agency, key=f"slot:{code}", content="Tin", due_day=date(2026, 3, 1)
        )
    return made.pk


opens("look at who owes what", "campaigns_chasing:home")
opens("look at the reminders sent", "campaigns_chasing:mails")
opens("read a reminder", "campaigns_chasing:mail", mail)
opens("look at a letter of urging", "campaigns_chasing:letter", letter)
opens("download a letter of urging", "campaigns_chasing:letter_file", letter, lambda actor: "docx")
opens("list the office days", "office_days:index")


@verb("send a reminder again")
def send_again(actor: Actor) -> bool:
    pk = mail(actor)
    actor.post("campaigns_chasing:mail_again", pk)
    return ChasingMail.objects.get(pk=pk).state == ChasingMail.State.PENDING


@verb("set when to remind")
def set_reminders(actor: Actor) -> bool:
    row = ChasingSettings.load()
    row.before = "7"
    row.save()
    form = {"before": "5", "after": "1", "hour": 7, "digest_hour": 7, "digest_days": 14}
    actor.post("wagtailsettings:edit", "campaigns", "chasingsettings", row.pk, **form)
    row.refresh_from_db()
    return row.before == "5"


@verb("enter an office day")
def office_day(actor: Actor) -> bool:
    OfficeDay.objects.all().delete()
    form = {"day": "09/04/2026", "is_closed": "on", "name": "Nghỉ"}
    actor.browser.post(reverse("office_days:add"), form)
    return OfficeDay.objects.exists()


@verb("set a plan's reminders")
def rhythm(actor: Actor) -> bool:
    PlanRhythm.objects.all().delete()
    actor.post("campaigns_chasing:rhythm", progress_of(actor), before="3")
    return PlanRhythm.objects.exists()


@verb("pause a slot's reminders")
def pause_slot(actor: Actor) -> bool:
    Pause.objects.all().delete()
    actor.post("campaigns_chasing:pause_slot", slot(actor, own=True).pk, reason="Chờ văn bản")
    return Pause.objects.exists()


@verb("pause an agency's reminders")
def pause_agency(actor: Actor) -> bool:
    Pause.objects.all().delete()
    agency = slot(actor, own=True).organisation_id
    actor.post("campaigns_chasing:pause_agency", agency, reason="Đang sáp nhập")
    return Pause.objects.exists()


@verb("end a pause")
def end_pause(actor: Actor) -> bool:
    row = Pause.objects.create(slot=slot(actor, own=True), reason="Chờ văn bản")
    actor.post("campaigns_chasing:go_on", row.pk)
    row.refresh_from_db()
    return row.ended_at is not None


@verb("make a letter of urging")
def make_letter(actor: Actor) -> bool:
    UrgingLetter.objects.all().delete()
    late = slot(actor, own=True)
    today = timezone.localdate()
    type(late).objects.filter(pk=late.pk).update(
        opens_on=today - timedelta(days=9), due_on=today - timedelta(days=1)
    )
    chosen = {"plan": late.activity.plan_id, "agency": late.organisation_id}
    actor.post("campaigns_chasing:make_letter", **chosen)
    type(late).objects.filter(pk=late.pk).update(opens_on=today, due_on=today + timedelta(days=3))
    return UrgingLetter.objects.exists()


@verb("word a letter of urging")
def word(actor: Actor) -> bool:
    row = UrgingLetter.objects.get(pk=letter(actor))
    form = {"issuer": row.issuer_id, "subject": "đôn đốc", "body": "Đề nghị báo cáo"}
    actor.post("campaigns_chasing:letter", row.pk, **form, answer_by="21/03/2026")
    row.refresh_from_db()
    return row.body == "Đề nghị báo cáo"


@verb("take an agency off a letter")
def leave_out(actor: Actor) -> bool:
    pk = letter(actor)
    actor.post("campaigns_chasing:leave_out", pk, Organisation.objects.get(code="other").pk)
    return UrgedLine.objects.filter(letter=pk).count() == 1


@verb("issue a letter of urging")
def issue(actor: Actor) -> bool:
    pk = letter(actor)
    actor.post("campaigns_chasing:issue_letter", pk)
    return UrgingLetter.objects.get(pk=pk).is_issued


@verb("delete a letter of urging")
def delete(actor: Actor) -> bool:
    pk = letter(actor)
    actor.post("campaigns_chasing:delete_letter", pk)
    return not UrgingLetter.objects.filter(pk=pk).exists()
