"""Agencies for tests of what happens to them in time."""

from datetime import date

from organisations.models import Organisation, OrganisationName, Succession

LAST, FIRST = date(2025, 2, 28), date(2025, 3, 1)


def agency(code: str, name: str = "", **values: object) -> Organisation:
    """Make a department of the province, or what the values say."""
    return Organisation.objects.create(code=code, name=name or code.upper(), **values)


def follow(
    old: Organisation, new: Organisation, day: date = FIRST, kind: str = Succession.Kind.MERGE
) -> None:
    """Record that one carries on the other's work."""
    Succession.objects.create(old=old, new=new, date=day, kind=kind)


def was_called(one: Organisation, name: str, last: date, **values: object) -> None:
    """Record an official name of before."""
    OrganisationName.objects.create(
        organisation=one, name=name, official=True, valid_to=last, **values
    )
