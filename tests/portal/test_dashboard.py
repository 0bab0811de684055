"""What the first page of the admin says needs a person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Revision

from channels import outbox
from channels.contract import PermanentError, UncertainError
from channels.models import Channel
from channels.testing import MemoryAdapter
from channels.worker import deliver_due
from portal.stories import story_of
from tests import factories

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]


def home(browser: Client) -> str:
    return browser.get("/admin/").content.decode()


def test_it_says_nothing_while_all_is_well(room: Channel, as_person: Browser) -> None:
    factories.article(live=True)
    deliver_due()
    assert "nc-attention" not in home(as_person("approver"))


def test_a_failure_leads_to_the_item(room: Channel, as_person: Browser) -> None:
    page = factories.article(live=True)
    MemoryAdapter.faults.append(PermanentError("Nhóm đã xóa bot", stops_channel=True))
    deliver_due()
    text = home(as_person("approver"))
    assert "Nhóm đã xóa bot" in text
    assert f"/admin/pages/{page.pk}/edit/" in text
    assert "nc-attention__line" in text


def test_a_correction_behind_doubt_is_an_alarm(room: Channel, as_person: Browser) -> None:
    page = factories.article(live=True)
    MemoryAdapter.faults.append(UncertainError("?"))
    deliver_due()
    with transaction.atomic():
        outbox.publish(replace(story_of(page), title="Mới"))
    assert "nc-attention__line" in home(as_person("editor"))


def test_a_missed_schedule_is_an_alarm(as_person: Browser) -> None:
    page = factories.article()
    late = timezone.now() - timedelta(minutes=5)
    Revision.objects.filter(pk=page.latest_revision_id).update(approved_go_live_at=late)
    assert "nc-attention__line" in home(as_person("approver"))


def test_who_has_nothing_to_do_with_it_is_not_troubled(room: Channel, as_person: Browser) -> None:
    factories.article(live=True)
    MemoryAdapter.faults.append(UncertainError("?"))
    deliver_due()
    assert "nc-attention" not in home(as_person("reporter"))
