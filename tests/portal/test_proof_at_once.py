"""Workers that settle one article at once record its receipts without waiting for each other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Locale, Page

from campaigns.evidence.models import Evidence
from campaigns.models import Activity, Plan
from campaigns.slots import planning
from campaigns.slots.models import Slot
from channels import delivery
from channels.contract import Receipt
from channels.models import Delivery, State
from organisations.models import Organisation
from tests import factories

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs concurrent transactions"),
]


@pytest.fixture
def elsewhere() -> Iterator[Any]:
    """Run a function in a thread with a database connection of its own."""

    def closing(function: Any, *args: Any) -> Any:
        try:
            return function(*args)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as pool:
        yield lambda function, *args: pool.submit(closing, function, *args)


@pytest.fixture
def ground(transactional_db: None) -> None:
    """What Wagtail's migrations leave: a test of this kind finds it only if it is the first."""
    Locale.objects.get_or_create(language_code="vi")
    if Page.get_first_root_node() is None:
        Page.add_root(instance=Page(title="Gốc", slug="root"))


@pytest.mark.usefixtures("ground")
def test_two_workers_settle_one_article(elsewhere: Any) -> None:
    dai = Organisation.objects.create(code="dai", name="Đài tỉnh")
    year = timezone.localdate().year
    plan = Plan.objects.create(title="Tuyên truyền", year=year, issuer=dai, number="95/KH-UBND")
    activity = Activity.objects.create(
        plan=plan, content="Tin, bài", recurrence="continuous", target=8, per="month"
    )
    activity.leads.add(dai)
    planning.generate_plan(plan)
    for number in range(2):
        factories.channel(
            f"tram-{number}", "webhook", owner=dai, options={"address": "https://a.example/"}
        )
    with transaction.atomic():
        factories.article(live=True, activity=activity)
    rows = [delivery.claim(row.pk, timezone.now()) for row in Delivery.objects.order_by("pk")]
    arrived = delivery.Outcome(State.DELIVERED, receipt=Receipt(external_id="1"))
    with transaction.atomic():
        assert delivery.settle_batch([(rows[0], arrived)])
        assert elsewhere(delivery.settle_batch, [(rows[1], arrived)]).result(timeout=10)
    assert Evidence.objects.filter(kind="delivery").count() == 2
    assert sorted(Slot.objects.with_progress().values_list("counted", flat=True))[-1] == 1
