"""Who was invited, who answered, who came: by agency and by site."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from campaigns.events.models import Event, Guest, Site

Answer = Guest.Answer


@dataclass
class Count:
    """The guests of one agency or site, in one line."""

    name: str
    answers: Counter[str] = field(default_factory=Counter)
    attended: int = 0

    @property
    def all(self) -> int:
        return self.answers.total()

    @property
    def confirmed(self) -> int:
        return self.answers[Answer.CONFIRMED]

    @property
    def declined(self) -> int:
        return self.answers[Answer.DECLINED]

    @property
    def waiting(self) -> int:
        """Those who have not answered."""
        return self.answers[Answer.INVITED]

    def add(self, guest: Guest) -> None:
        self.answers[guest.answer] += 1
        self.attended += guest.attended_at is not None


@dataclass(frozen=True, slots=True)
class Tally:
    """All guests together, by agency in the order of the list, and by site."""

    total: Count
    by_agency: list[Count]
    by_site: list[Count]


def tally(guests: Iterable[Guest], main: str) -> Tally:
    """Count guests that know their agency and site; ``main`` names the main venue."""
    total, agencies, sites = Count(""), dict[str, Count](), dict[int | None, Count]()
    for guest in guests:
        place = str(guest.site) if guest.site is not None else main
        for one in (
            total,
            agencies.setdefault(guest.agency, Count(guest.agency)),
            sites.setdefault(guest.site_id, Count(place)),
        ):
            one.add(guest)
    return Tally(total, list(agencies.values()), list(sites.values()))


def attended(event: Event, sites: Iterable[Site]) -> int:
    """Return how many came as far as it is known: guests ticked, and what other sites report.

    A site's own figure stands for its guests where it is the greater one.
    """
    at_sites: Counter[int | None] = Counter(
        event.guests.filter(attended_at__isnull=False).values_list("site_id", flat=True)
    )
    told = {site.pk: site.attended or 0 for site in sites}
    return at_sites[None] + sum(max(figure, at_sites[pk]) for pk, figure in told.items())
