"""Connected sites of an event, chosen agency by agency or by whole groups."""

from collections.abc import Iterable

from django.db import transaction

from campaigns.events.models import Event, Site
from organisations.models import Organisation


def members(chosen: Iterable[Organisation], event: Event) -> list[Organisation]:
    """Return the agencies that are meant on the event's day: groups stand for their members."""
    found = {one.pk: one for each in chosen for one in each.members_on(event.day)}
    return sorted(found.values(), key=lambda one: (one.name, one.pk))


@transaction.atomic
def add(event: Event, chosen: Iterable[Organisation]) -> int:
    """Give a site to each agency that has none. Returns how many are new."""
    known = set(event.sites.values_list("organisation_id", flat=True))
    new = [one for one in members(chosen, event) if one.pk not in known]
    Site.objects.bulk_create(
        [Site(event=event, organisation=one, place=place_of(one)) for one in new],
        ignore_conflicts=True,
    )
    return len(new)


def place_of(organisation: Organisation) -> str:
    """Return where an agency's site usually is."""
    return f"Trụ sở {organisation.name}"


def strangers(event: Event, sites: Iterable[Site]) -> set[int]:
    """Return the sites whose agency does not exist on the event's day: it was put off, say."""
    return {site.pk for site in sites if not site.organisation.is_valid_on(event.day)}
