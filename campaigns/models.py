"""Every model of this app, for Django to find, and those that everybody asks for."""

from campaigns.chasing import models as chasing_models
from campaigns.events import models as event_models
from campaigns.evidence import models as evidence_models
from campaigns.ownplans import models as own_plan_models
from campaigns.plans.activity import Activity, ActivityQuerySet
from campaigns.plans.amendment import AmendedRow, Amendment, PlanVersion
from campaigns.plans.annexes import Annex
from campaigns.plans.approval import PlanApproval
from campaigns.plans.bases import LegalBasis, PlanBasis
from campaigns.plans.plan import Plan, PlanQuerySet, keeping_the_record
from campaigns.plans.withdrawal import Withdrawal
from campaigns.reporting import models as reporting_models
from campaigns.scoring import models as scoring_models
from campaigns.showing import models as showing_models
from campaigns.slots import models as slot_models

__all__ = [
    "Activity",
    "ActivityQuerySet",
    "AmendedRow",
    "Amendment",
    "Annex",
    "LegalBasis",
    "Plan",
    "PlanApproval",
    "PlanBasis",
    "PlanQuerySet",
    "PlanVersion",
    "Withdrawal",
    "chasing_models",
    "event_models",
    "evidence_models",
    "keeping_the_record",
    "own_plan_models",
    "reporting_models",
    "scoring_models",
    "showing_models",
    "slot_models",
]
