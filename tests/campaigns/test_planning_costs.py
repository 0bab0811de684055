"""What the pages of planning cost the database does not depend on how much there is."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.models import User
from tests import planted_reports, planted_scores, planted_year
from tests.bench_planning import QUERIES, addresses, report_addresses, scoring_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
FEW = planted_year.Size(communes=2, activities=5, slots=40, evidence=60, articles=6)
MANY = planted_year.Size(communes=12, activities=25, slots=400, evidence=600, articles=60)
#: A list that is longer than a page counts its rows, or looks for what is on others.
PAGED = 2


def costs(size: planted_year.Size, client: Client) -> dict[str, int]:
    """Plant a year, count what each page asks, and leave nothing of it."""
    counted = {}
    with transaction.atomic():
        year = planted_year.plant(size)
        pages = addresses(year) | scoring_addresses(planted_scores.plant())
        pages |= report_addresses(planted_reports.plant(year))
        for what, address in pages.items():
            assert client.get(address).status_code == 200, address  # fills caches
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            counted[what] = len(asked)
        transaction.set_rollback(True)
    return counted


def test_the_pages_of_a_year_keep_their_budget_whatever_its_size() -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("khoa", "", "x"))
    few, many = costs(FEW, client), costs(MANY, client)
    assert not {what: many[what] for what in many if many[what] > QUERIES}
    grown = {what: (few[what], many[what]) for what in many if many[what] > few[what] + PAGED}
    assert not grown
