"""Whatever happens to agencies, every one of them can be found on every day."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from organisations.consistency import contradictions
from organisations.history import History
from organisations.models import Organisation
from organisations.models.changes import Change
from organisations.reorganising.doing import carry_out
from organisations.reorganising.undoing import undo
from organisations.reorganising.wishes import NewName, Wish

pytestmark = pytest.mark.django_db
BEGIN = date(2000, 1, 1)
STEP = st.tuples(
    st.sampled_from(["join", "fuse", "split", "part", "rename", "dissolve", "close"]),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(1, 900),
)


def next_wish(step: tuple[str, int, int, int], day: date, number: int) -> Wish | None:
    """Return what a step means among the agencies that exist on the day; none if it cannot be."""
    verb, first, second, _days = step
    there = list(Organisation.objects.filter(valid_to=None, valid_from__lt=day).order_by("pk"))
    if len(there) < 2:
        return None
    a, b = there[first % len(there)], there[second % len(there)]
    if a == b:
        b = there[(second + 1) % len(there)]
    one, two = NewName(f"Sở {number}"), NewName(f"Ban {number}")
    return {
        "join": Wish(Change.MERGE, (a.pk,), day, "1/QĐ", into=(b.pk,)),
        "fuse": Wish(Change.MERGE, (a.pk, b.pk), day, "1/QĐ", new=(one,)),
        "split": Wish(Change.SPLIT, (a.pk,), day, "1/QĐ", new=(one, two)),
        "part": Wish(Change.SPLIT, (a.pk,), day, "1/QĐ", into=(b.pk,), new=(one,), goes_on=True),
        "rename": Wish(Change.RENAME, (a.pk,), day, "1/QĐ", new=(one,)),
        "dissolve": Wish(Change.DISSOLVE, (a.pk,), day, "1/QĐ", into=(b.pk,)),
        "close": Wish(Change.DISSOLVE, (a.pk,), day, "1/QĐ"),
    }[verb]


def check(history: History, days: list[date], names: dict[tuple[int, date], str]) -> None:
    """Assert what must hold whatever happened."""
    assert contradictions(history) == []
    for day in days:
        existing = {one.pk for one in history.existing(day)}
        asked = Organisation.objects.successors_on(day)
        named = dict(Organisation.objects.named_on(day).values_list("pk", "name_then"))
        for pk, one in history.agencies.items():
            assert history.name_on(pk, day) == named[pk]
            assert history.successors_on(pk, day) == asked[pk]
            assert history.now(pk, day)  # every line of a report has a place
            if one.valid_from is not None and one.valid_from <= day:
                carried = {new.pk for new in history.successors_on(pk, day)}
                assert carried <= existing
                assert (pk in carried) is (pk in existing)
    for (pk, day), name in names.items():
        assert history.name_on(pk, day) == name


@settings(max_examples=25)
@given(st.lists(STEP, max_size=9))
def test_random_histories(steps: list[tuple[str, int, int, int]]):
    with transaction.atomic():
        live_through(steps)
        transaction.set_rollback(True)  # leaves no trace of an example


def live_through(steps: list[tuple[str, int, int, int]]) -> None:
    """Carry the steps out, check what came of it, and undo them all."""
    for number in range(4):
        Organisation.objects.create(code=f"co-{number}", name=f"Cục {number}", valid_from=BEGIN)
    day, days, records, names = BEGIN, [BEGIN], [], {}
    for number, step in enumerate(steps):
        day += timedelta(days=step[3])
        wish = next_wish(step, day, number)
        if wish is None:
            continue
        for agency in Organisation.objects.filter(valid_to=None):
            names[agency.pk, day - timedelta(days=1)] = agency.name
        records.append(carry_out(wish))
        days += [day - timedelta(days=1), day]
    check(History.load(), days, names)
    for record in reversed(records):
        undo(record)
    left = Organisation.objects.order_by("code").values_list("name", "valid_to")
    assert list(left) == [(f"Cục {number}", None) for number in range(4)]
