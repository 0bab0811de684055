"""The first page: what one's agency owes, and for planners who owes most."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.slots.models import Slot
from organisations.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
MakeSlot = Callable[..., Slot]


def home(client: Client) -> str:
    return client.get(reverse("wagtailadmin_home")).content.decode()


def test_an_officer_sees_the_own_agencys(
    officer: User, as_person: Callable[[str], Client], slot: MakeSlot
):
    own, other = slot(-3), slot(-4, code="so-b")
    soon = slot(2, month=2)
    page = home(as_person("officer"))
    assert "1 việc của cơ quan anh/chị đã quá hạn" in page
    for shown in (own, soon):
        assert reverse("campaigns_slots:one", args=[shown.pk]) in page
    assert reverse("campaigns_slots:one", args=[other.pk]) not in page


def test_a_planner_sees_who_owes_most(as_person: Callable[[str], Client], slot: MakeSlot):
    slot(-3), slot(-4, code="so-b"), slot(-5, code="so-b", month=2)
    page = home(as_person("planner"))
    assert "3 việc quá hạn ở tất cả cơ quan" in page
    assert page.index("Sở B: 2") < page.index("Sở A: 1")


def test_others_see_no_panel(as_person: Callable[[str], Client], slot: MakeSlot):
    slot(-3)
    assert "Việc đến hạn" not in home(as_person("reporter"))


def test_the_panel_costs_the_same_however_much_is_owed(
    officer: User,
    as_person: Callable[[str], Client],
    slot: MakeSlot,
    django_assert_max_num_queries: Any,
):
    browser = as_person("officer")
    home(browser)
    for number in range(24):
        slot(-number - 1, month=number % 12 + 1, ordinal=number // 12 + 1)
    with django_assert_max_num_queries(60):
        home(browser)
