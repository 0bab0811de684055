"""The demo province and plan, and people with roles made from permissions."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from campaigns import counting
from campaigns import demo as plans
from campaigns.models import Plan
from organisations import demo as agencies
from organisations.models import User

VIEW = ["campaigns.view_plan", "campaigns.view_activity"]
EDIT = [
    f"campaigns.{verb}_{model}"
    for verb in ("add", "change", "delete")
    for model in ("plan", "activity")
]
ISSUED = date(2021, 4, 21)


@pytest.fixture
def province(db: None) -> int:
    return agencies.load()


@pytest.fixture
def plan(province: int) -> Plan:
    """Plan 95/KH-UBND of 2021, published."""
    return plans.load_first(plans.DATA)


@pytest.fixture
def log_in(db: None) -> Callable[..., Client]:
    """Return a function that logs a person in who may do just what is named."""

    def enter(*permissions: str) -> Client:
        user = User.objects.create_user(f"user{User.objects.count()}", password="x")
        for name in ("wagtailadmin.access_admin", *permissions):
            label, codename = name.split(".")
            user.user_permissions.add(
                Permission.objects.get(content_type__app_label=label, codename=codename)
            )
        client = Client()
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def planner(log_in: Callable[..., Client]) -> Client:
    return log_in(*VIEW, *EDIT, "campaigns.publish_plan")


@pytest.fixture
def officer(log_in: Callable[..., Client]) -> Client:
    return log_in(*VIEW)


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
