"""Agencies in time, and the people who work in them."""

from organisations.models.agencies import Organisation, OrganisationQuerySet
from organisations.models.changes import Reorganisation, Succession
from organisations.models.groups import GroupMembership, GroupRule
from organisations.models.past import FormerParent, OrganisationName
from organisations.models.people import Contact, ContactQuerySet, User

__all__ = [
    "Contact",
    "ContactQuerySet",
    "FormerParent",
    "GroupMembership",
    "GroupRule",
    "Organisation",
    "OrganisationName",
    "OrganisationQuerySet",
    "Reorganisation",
    "Succession",
    "User",
]
