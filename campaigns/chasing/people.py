"""Who is told for an agency: its officers, its responsible persons; and the planners."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from organisations.models import Contact, User

OFFICERS = ("add_evidence", "decide_slot")
PLANNERS = ("hear_escalation",)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be told: a user, or a contact who has no account. ``address`` may be empty."""

    key: str
    name: str
    address: str
    user: int | None = None
    contact: int | None = None


def holding(codenames: Collection[str]) -> QuerySet[User]:
    """Return the active users who were given one of these permissions of campaigns."""
    given = Permission.objects.filter(
        content_type__app_label="campaigns", codename__in=codenames
    ).values("pk")
    return User.objects.filter(
        Q(groups__permissions__in=given) | Q(user_permissions__in=given), is_active=True
    ).distinct()


def person(user: Any) -> Person:
    return Person(f"user:{user.pk}", str(user), user.email.strip(), user=user.pk)


def officers(agencies: Collection[int]) -> dict[int, list[Person]]:
    """Return for each agency those who answer for it today. Two queries."""
    members = User.organisations.through._default_manager.filter(
        organisation__in=agencies, user__in=holding(OFFICERS).values("pk")
    ).values_list("organisation", "user")
    pairs = sorted(members)
    users = User.objects.in_bulk({pk for _agency, pk in pairs})
    found: dict[int, list[Person]] = defaultdict(list)
    for agency, pk in pairs:
        found[agency].append(person(users[pk]))
    return dict(found)


def heads(agencies: Collection[int]) -> dict[int, list[Person]]:
    """Return for each agency its responsible persons of the contact book. One query."""
    found: dict[int, list[Person]] = defaultdict(list)
    rows = Contact.objects.usable().filter(organisation__in=agencies, purpose=Contact.Purpose.HEAD)
    for one in rows.order_by("pk"):
        name = ", ".join(part for part in (one.name, one.position) if part)
        key = f"contact:{one.pk}"
        found[one.organisation_id].append(Person(key, name[:200], one.email, contact=one.pk))
    return dict(found)


def planners() -> list[Person]:
    """Return those who hear of what agencies leave overdue. One query."""
    return [person(user) for user in holding(PLANNERS).order_by("pk")]
