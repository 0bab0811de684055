"""The demo province and plan, and people with roles made from permissions."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from wagtail.signal_handlers import disable_reference_index_auto_update

from campaigns import counting
from campaigns import demo as plans
from campaigns.models import Plan
from organisations import demo as agencies


@pytest.fixture
def province(db: None) -> int:
    with disable_reference_index_auto_update():
        return agencies.load()


@pytest.fixture
def plan(province: int) -> Plan:
    """Plan 95/KH-UBND of 2021, published."""
    with disable_reference_index_auto_update():
        return plans.load_first(plans.DATA)


@pytest.fixture
def planner(as_person: Callable[[str], Client]) -> Client:
    return as_person("planner")


@pytest.fixture
def registered() -> Iterator[list[counting.Counter | counting.Lister]]:
    """Functions put in here are forgotten after the test."""
    added: list[counting.Counter | counting.Lister] = []
    yield added
    for function in added:
        counting.unregister(function)


@pytest.fixture
def tsv() -> Path:
    return plans.DATA / "plan_95_2021.tsv"
