"""Which items of a month are still to be marked, and what the scheme proposes for each."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from editorial.models.royalties import (
    CoefficientCap,
    Condition,
    RoyaltyLine,
    RoyaltyRate,
    RoyaltyScheme,
    UnitValue,
)
from portal.models import ArticlePage, Author


@dataclass(frozen=True, slots=True)
class Proposal:
    """One item of the month, and what its scheme allows."""

    article: ArticlePage
    published_on: date
    authors: list[tuple[Author, int]]  # with their shares in percent
    unit_value: int
    scheme_percent: Decimal
    rates: dict[str, RoyaltyRate]  # by condition
    cap: Decimal | None

    @property
    def condition(self) -> str:
        """The condition that fits the item, as far as the system can tell."""
        likely = Condition.PICTURE if self.article.picture_id else Condition.PLAIN
        return likely if likely in self.rates or not self.rates else next(iter(self.rates))

    @property
    def coefficient(self) -> Decimal | None:
        rate = self.rates.get(self.condition)
        return rate.usual if rate else None

    def limits(self, condition: str) -> tuple[Decimal, Decimal | None]:
        """Return the lowest and the highest coefficient; no rate leaves it to the law's highest."""
        rate = self.rates.get(condition)
        if rate is None:
            return Decimal(0), self.cap
        return rate.minimum, rate.maximum if self.cap is None else min(rate.maximum, self.cap)


@dataclass(frozen=True, slots=True)
class Month:
    """What a month holds for the person who marks it."""

    proposals: list[Proposal]
    nameless: list[ArticlePage]  # nobody is named as their author
    unpriced: list[ArticlePage]  # no unit value is in force on their day


def month_of(month: date) -> Month:
    """Return the articles first published in the month that have no author's line yet."""
    start, end = bounds(month)
    marked = RoyaltyLine.objects.filter(role=RoyaltyLine.Role.AUTHOR).values("story")
    articles = (
        ArticlePage.objects.filter(first_published_at__gte=start, first_published_at__lt=end)
        .filter(alias_of=None)
        .exclude(story__in=marked)
        .prefetch_related("authorships__author")
        .defer("body", "variants")
        .order_by("first_published_at", "pk")
    )
    values = list(UnitValue.objects.order_by("-effective_from"))
    found = Month([], [], [])
    for article in articles:
        day = timezone.localdate(article.first_published_at)
        authors = [(part.author, part.share) for part in article.authorships.all()]
        value = next((value for value in values if value.effective_from <= day), None)
        if not authors:
            found.nameless.append(article)
        elif value is None:
            found.unpriced.append(article)
        else:
            found.proposals.append(proposal(article, day, authors, value))
    return found


def proposal(
    article: ArticlePage, day: date, authors: list[tuple[Author, int]], value: UnitValue
) -> Proposal:
    """Return what the scheme in force on the day of publication proposes."""
    scheme = RoyaltyScheme.objects.on(day)
    rates = scheme.rates.filter(genre=article.genre) if scheme else ()
    return Proposal(
        article=article,
        published_on=day,
        authors=authors,
        unit_value=value.value,
        scheme_percent=scheme.percent if scheme else Decimal(100),
        rates={rate.condition: rate for rate in rates},
        cap=CoefficientCap.of(article.genre, day),
    )


def bounds(month: date) -> tuple[datetime, datetime]:
    """Return the first moment of the month and of the next, local time."""
    first = month.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    start, end = (timezone.make_aware(datetime.combine(day, time())) for day in (first, after))
    return start, end
