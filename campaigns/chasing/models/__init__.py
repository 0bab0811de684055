"""Settings of chasing, and its record: who was told what, when, and by which letter."""

from campaigns.chasing.models.letters import UrgedLine, UrgingLetter
from campaigns.chasing.models.record import ChasingMail, Round, Told
from campaigns.chasing.models.rules import ChasingSettings, OfficeDay, Pause, PlanRhythm

__all__ = [
    "ChasingMail",
    "ChasingSettings",
    "OfficeDay",
    "Pause",
    "PlanRhythm",
    "Round",
    "Told",
    "UrgedLine",
    "UrgingLetter",
]
