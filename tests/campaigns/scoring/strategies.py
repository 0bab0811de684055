"""Rules and values of every kind, at random."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from campaigns.scoring.rules import (
    Band,
    Checklist,
    Deadline,
    Given,
    Item,
    Ladder,
    Late,
    Proportional,
    Rule,
)
from campaigns.scoring.values import DoneOn, Entered, Lateness, Number, Ratio, Ticked, Value


def hundredths(least: int, most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(least, most).map(lambda n: Decimal(n) / 100)


maxima = hundredths(1, 10_000)
words = st.text("abcđêơ ,()/-", min_size=1, max_size=20).filter(lambda t: t.strip())


@st.composite
def proportionals(draw: st.DrawFn) -> Proportional:
    full = draw(hundredths(100, 15_000))
    floor = draw(hundredths(0, int(full * 100)))
    return Proportional(maximum=draw(maxima), floor=floor, full=full)


@st.composite
def checklists(draw: st.DrawFn) -> Checklist:
    points = draw(st.lists(hundredths(1, 500), min_size=1, max_size=6))
    items = tuple(Item(code=f"m{i}", label=draw(words), points=p) for i, p in enumerate(points))
    total = int(sum(points) * 100)
    return Checklist(maximum=draw(hundredths(1, total)), items=items)


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    edges = [Decimal(0), *sorted(draw(st.sets(hundredths(1, 20_000), max_size=5)))]
    points = [draw(hundredths(0, 500)) for _ in edges]
    points[draw(st.integers(0, len(points) - 1))] = best = max(*points, Decimal("0.01"))
    ends = [*edges[1:], None]
    bands = tuple(
        Band(low=low, high=high, points=p) for low, high, p in zip(edges, ends, points, strict=True)
    )
    return Ladder(maximum=best, bands=bands)


days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
deadlines = st.builds(Deadline, maximum=maxima, due=days, penalty=hundredths(1, 300))
lates = st.tuples(maxima, hundredths(1, 300), hundredths(0, 300)).map(
    lambda t: Late(maximum=t[0], penalty=t[1], missing=t[1] + t[2])
)
givens = st.builds(Given, maximum=maxima)
rules: st.SearchStrategy[Rule] = st.one_of(
    proportionals(), checklists(), ladders(), deadlines, lates, givens
)


def values(rule: Rule) -> st.SearchStrategy[Value]:
    """Values this rule may have."""
    match rule:
        case Proportional():
            return st.builds(Ratio, done=hundredths(0, 50_000), planned=hundredths(1, 40_000))
        case Checklist():
            codes = [item.code for item in rule.items]
            chosen = st.sets(st.sampled_from(codes)).map(lambda s: tuple(sorted(s)))
            return st.builds(Ticked, codes=chosen)
        case Ladder():
            return st.builds(Number, number=hundredths(0, 30_000))
        case Deadline():
            near = st.integers(-400, 400).map(lambda n: rule.due + timedelta(days=n))
            return st.builds(DoneOn, day=st.one_of(st.none(), near))
        case Late():
            return st.builds(Lateness, late=st.integers(0, 50), missing=st.integers(0, 50))
        case _:
            most = int(rule.maximum * 100)
            return st.builds(Entered, points=hundredths(0, most))


pairs = rules.flatmap(lambda rule: st.tuples(st.just(rule), values(rule)))
