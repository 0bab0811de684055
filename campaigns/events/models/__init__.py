"""Events with all that belongs to them, and campaigns of review."""

from campaigns.events.models.event import Event, EventChange, EventQuerySet
from campaigns.events.models.parts import (
    AgendaItem,
    EventTask,
    Guest,
    GuestQuerySet,
    Paper,
    Site,
)
from campaigns.events.models.review import (
    AgencyReview,
    Nomination,
    ReviewCampaign,
    ReviewProduct,
    ReviewStage,
)

__all__ = [
    "AgencyReview",
    "AgendaItem",
    "Event",
    "EventChange",
    "EventQuerySet",
    "EventTask",
    "Guest",
    "GuestQuerySet",
    "Nomination",
    "Paper",
    "ReviewCampaign",
    "ReviewProduct",
    "ReviewStage",
    "Site",
]
