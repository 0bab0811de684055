"""What goes into the folder, in its order, read in pieces: thousands of rows are never at hand."""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models.functions import Coalesce

from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.slots.models import SlotQuerySet
from channels.models import Delivery, Publication

PIECE = 200


@dataclass(slots=True)
class Row:
    """That one piece of evidence serves one slot, with what the channels keep of its story."""

    fulfilment: Fulfilment
    publication: Publication | None = None
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def evidence(self) -> Evidence:
        return self.fulfilment.evidence


def read(slots: SlotQuerySet) -> Iterator[Row]:
    """Yield the standing evidence of these slots, by activity, agency, day.

    One query, and two more for each piece.
    """
    chosen = slots.order_by().values("pk")
    rows = (
        Fulfilment.objects.filter(slot__in=chosen, evidence__withdrawn_at=None)
        .select_related(
            "slot__activity",
            "slot__organisation",
            "evidence__document",
            "evidence__picture",
            "evidence__added_by",
            "added_by",
        )
        .order_by(
            "slot__activity__position",
            "slot__activity",
            "slot__organisation__name",
            "slot__organisation",
            Coalesce("slot__extended_to", "slot__due_on"),
            "slot",
            "evidence__dated",
            "pk",
        )
    )
    found = rows.iterator(chunk_size=PIECE)
    while piece := list(islice(found, PIECE)):
        yield from with_stories([Row(one) for one in piece])


def with_stories(rows: list[Row]) -> list[Row]:
    """Return the rows with the newest frozen version of their story, and its deliveries."""
    stories = {row.evidence.story for row in rows if row.evidence.story}
    if not stories:
        return rows
    newest: dict[uuid.UUID, Publication] = {}
    for one in Publication.objects.filter(story__in=stories).order_by("story", "sequence"):
        newest[one.story] = one
    sent: dict[uuid.UUID, list[Delivery]] = defaultdict(list)
    deliveries: Any = Delivery.objects.filter(story__in=stories).select_related("channel")
    for delivery in deliveries.order_by("pk"):
        sent[delivery.story].append(delivery)
    for row in rows:
        story = row.evidence.story
        if story:
            row.publication = newest.get(story)
            row.deliveries = sent.get(story, [])
    return rows
