"""What became of the demo's items once they were out, done as people and stations do it.

Each step is made once: what people change afterwards stays as they left it.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from channels import claiming, delivery
from channels.calling import engine
from channels.calling.models import Call
from channels.feeds.models import StationFetch, StationKey, StationReport, hash_of
from channels.models import Channel, Delivery, State
from channels.sending import failure
from editorial.demo import field, items
from editorial.demo.items import Desk
from editorial.models.royalties import RoyaltySheet
from editorial.royalties import actions as royalties
from editorial.royalties.proposing import month_of
from portal.bundles import actions as bundles
from portal.models import Bundle, Rehearsal
from portal.rehearsal import running

STATION = "Đài Phát thanh - Truyền hình Lạng Sơn"
STATION_TOKEN = "demo-dia-chi-rieng-cua-dai"  # noqa: S105 - of the demo, and printed
PAGE = f"/feeds/phat-thanh/{STATION_TOKEN}/"
STATION_SINCE = timedelta(days=60)
PROGRAMME = "Chuyên mục Cải cách hành chính"
AIRED_AT = time(17, 5)
TAKEN_AFTER = timedelta(minutes=6)
BUNDLE, BUNDLE_IN_DAYS, BUNDLE_AT = "Chùm bài: đối thoại với người dân", 3, time(7, 0)
REHEARSAL, REHEARSED_DAYS, REHEARSAL_SPEED = "Diễn tập đợt tuyên truyền tuần tới", 7, 1000


def load(desk: Desk) -> None:
    """Make every step that was not made yet."""
    acknowledge()
    doubt()
    air(desk)
    reckon(desk)
    bundle(desk)
    rehearse(desk)


def acknowledge() -> None:
    """The first of the officers called knows; the other one has not answered yet."""
    if Call.objects.exclude(state=Call.State.CALLING).exists():
        return
    call = Call.objects.filter(contact__name=field.OFFICERS[0][0]).order_by("pk").first()
    if call is not None:
        engine.acknowledge(call)


def doubt() -> None:
    """A try at the group of reporters got no answer: somebody has to look whether it arrived."""
    group = Channel.objects.filter(slug=field.REPORTERS).first()
    if group is None or group.deliveries.exclude(state=State.PENDING).exists():
        return
    for claim in claiming.claim_due(1, channels=[group.pk])[0]:
        delivery.settle(claim.row, failure(TimeoutError(), claim.job))


def air(desk: Desk) -> None:
    """A station took what was published for it, at its own address, and aired it at 17:05."""
    radio = Channel.objects.filter(slug="phat-thanh").first()
    if radio is None or StationKey.objects.filter(channel=radio).exists():
        return
    key = StationKey.objects.create(
        channel=radio, name=STATION, token_hash=hash_of(STATION_TOKEN),
        created_by=desk.people["quantri"], created_at=timezone.now() - STATION_SINCE,
    )  # fmt: skip
    taken = Delivery.objects.for_channel(radio).filter(state=State.DELIVERED).order_by("pk")
    for row in taken:
        given = row.settled_at or timezone.now()
        if given > timezone.now() - TAKEN_AFTER:
            continue
        StationFetch.objects.note(key, [row.pk], given + TAKEN_AFTER)
        report(key, row, given)


def report(key: StationKey, row: Delivery, given: datetime) -> None:
    """The station confirms the item, and its airing if the programme has been since."""
    kinds = StationReport.Kind
    StationReport.objects.create(key=key, delivery=row, kind=kinds.RECEIVED, at=given + TAKEN_AFTER)
    day = timezone.localdate(given)
    aired = timezone.make_aware(datetime.combine(day, AIRED_AT))
    if aired < given:
        aired += timedelta(days=1)
    if aired < timezone.now():
        StationReport.objects.create(
            key=key, delivery=row, kind=kinds.AIRED, at=aired, programme=PROGRAMME
        )


def reckon(desk: Desk) -> None:
    """Mark last month's royalties and hand them over for approval, unless there is a sheet."""
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    if RoyaltySheet.objects.exists():
        return
    marks = [
        royalties.Mark(proposal, proposal.condition, proposal.coefficient)
        for proposal in month_of(month).proposals
        if proposal.coefficient is not None
    ]
    if marks:
        editor = desk.people["bientap"]
        sheet = royalties.sheet_of(month, editor)
        royalties.mark(sheet, marks, editor)
        royalties.submit(sheet, editor)


def bundle(desk: Desk) -> None:
    """Have items wait for one another and go out at one instant."""
    pages = [page for page in items.of_state("bundled") if not page.live]
    if not pages or Bundle.objects.exists():
        return
    made = Bundle.objects.create(
        name=BUNDLE, note="Bài hỏi đáp và bài hướng dẫn phải ra cùng lúc với thông báo lịch."
    )
    for page in pages:
        bundles.add(made.pk, page, desk.approver)
        with transaction.atomic():
            page.get_latest_revision().publish(user=desk.approver)
    day = timezone.localdate() + timedelta(days=BUNDLE_IN_DAYS)
    bundles.schedule(made.pk, timezone.make_aware(datetime.combine(day, BUNDLE_AT)), desk.approver)


def rehearse(desk: Desk) -> None:
    """Have next week's campaign rehearsed; the worker works it out as soon as it runs."""
    if Rehearsal.objects.exists():
        return
    day = timezone.localdate() + timedelta(days=1)
    begins = timezone.make_aware(datetime.combine(day, time(6, 0)))
    rehearsal = Rehearsal(
        name=REHEARSAL,
        plan=desk.plan,
        begins_at=begins,
        ends_at=begins + timedelta(days=REHEARSED_DAYS),
        speed=REHEARSAL_SPEED,
        with_faults=True,
    )
    running.begin(rehearsal, desk.people["kehoach"])
