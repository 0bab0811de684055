"""Every way a person makes an item public passes the gates, and nothing else does."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from core.actor import acting
from core.errors import RefusedError
from organisations.models import User
from portal import gates, scheduler
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[gates.Attempt]]:
    """Replace the gates by one that lets everybody pass and keeps what it was asked."""
    attempts: list[gates.Attempt] = []
    monkeypatch.setattr(gates, "_GATES", [attempts.append])
    return attempts


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the gates by one that lets nobody pass."""

    def refuse(attempt: gates.Attempt) -> None:
        raise RefusedError("Không được.")

    monkeypatch.setattr(gates, "_GATES", [refuse])


def test_a_refusal_undoes_everything(
    closed: None, approver: User, as_person: Callable[[str], Client]
) -> None:
    page = factories.article()
    url = reverse("wagtailadmin_api:pages:action", args=[page.pk, "publish"])
    answer = as_person("approver").post(url)
    assert (answer.status_code, answer.json()["detail"]) == (409, "Không được.")
    page.refresh_from_db()
    assert not page.live
    with acting(approver), pytest.raises(RefusedError):
        page.get_latest_revision().publish(user=approver)


def test_scheduling_a_new_version_of_a_live_page_is_asked_about(
    asked: list[gates.Attempt], approver: User
) -> None:
    page = factories.article(live=True)
    page.title = "Đã sửa"
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision()
    with acting(approver):
        revision.publish(user=approver)
    assert [(attempt.revision.pk, attempt.user) for attempt in asked] == [(revision.pk, approver)]
    Revision.objects.update(approved_go_live_at=timezone.now())
    scheduler.run(timezone.now() + timedelta(hours=2))
    assert len(asked) == 1  # the clock asks nobody


def test_what_was_agreed_to_reaches_the_gates(asked: list[gates.Attempt], approver: User) -> None:
    page = factories.article()
    agreed = gates.Consent(override_reason="Lũ đang lên")
    with acting(approver), gates.consenting(agreed):
        page.get_latest_revision().publish(user=approver)
    assert asked[0].consent == agreed
    assert gates.consent() == gates.Consent()
