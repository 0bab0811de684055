"""A great many deliveries at once, as a province has them after some years."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from channels.models import Action, Attempt, Channel, Delivery, Publication, State
from core.text import fold
from tests import factories

BATCH = 2000
#: Of a hundred deliveries, how many are in each state besides "delivered".
SOME = {1: State.FAILED, 2: State.UNCERTAIN, 3: State.AWAITING, 4: State.CANCELLED}
WORDS = ("Một cửa", "Chuyển đổi số", "Cải cách thủ tục", "Lấy ý kiến người dân", "Khai trương")


def plant(items: int, channels: int, *, open_per_100: int = 4, attempts: bool = False) -> None:
    """Write ``items`` × ``channels`` deliveries; every hundredth is failed, uncertain and so on."""
    beside = [
        factories.channel(f"kenh-{number}", "memory", name=f"Kênh {number}")
        for number in range(channels)
    ]
    now = timezone.now()
    for begin in range(0, items, BATCH // channels + 1):
        numbers = range(begin, min(begin + BATCH // channels + 1, items))
        publications = Publication.objects.bulk_create([publication(number) for number in numbers])
        rows = Delivery.objects.bulk_create(
            [
                row(made, channel, number * channels + place, open_per_100)
                for number, made in zip(numbers, publications, strict=True)
                for place, channel in enumerate(beside)
            ]
        )
        if attempts:
            Attempt.objects.bulk_create(
                [
                    Attempt(
                        delivery=each,
                        action=Action.PUBLISH,
                        started_at=now,
                        duration=timedelta(milliseconds=30),
                        outcome=State.DELIVERED,
                    )
                    for each in rows
                ]
            )


def publication(number: int) -> Publication:
    title = f"{WORDS[number % len(WORDS)]} số {number}"
    text = {"title": title, "text": "Nội dung. " * 300}  # some kilobytes, as articles are
    return Publication(
        story=uuid4(), sequence=1, content=text, digest="0" * 64, title=title, words=fold(title)
    )


def row(made: Publication, channel: Channel, number: int, open_per_100: int) -> Delivery:
    place = number % 100
    state = SOME[place] if place in SOME and place <= open_per_100 else State.DELIVERED
    delivered = state == State.DELIVERED
    return Delivery(
        publication=made,
        channel=channel,
        story=made.story,
        sequence=1,
        action=Action.PUBLISH,
        payload={"title": made.title, "text": "Nội dung. " * 20},
        state=state,
        reason="" if delivered else "Nhóm đã xóa bot.",
        receipt={"external_id": str(number)} if delivered else None,
        settled_at=timezone.now() if delivered else None,
    )
