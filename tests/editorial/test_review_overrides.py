"""Publishing urgently: alone, for a reason, and looked at afterwards by somebody else."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import PageLogEntry

from core.actor import acting
from core.errors import RefusedError
from editorial.models import Notice, Override
from editorial.review.fresh import token_of
from editorial.review.overriding import publish_urgently, review, unreviewed_overrides
from organisations.models import User
from portal import gates
from portal.models import ArticlePage
from tests import people
from tests.editorial.review_fixtures import submitted, written

pytestmark = pytest.mark.django_db
REASON = "Lũ đang lên, phải báo ngay cho dân"
Browse = Callable[[str], Client]


def urgently(browser: Client, page: ArticlePage, reason: str = REASON, **data: str) -> None:
    values = {"action": "urgent", "override_reason": reason, "seen": token_of(page)}
    browser.post(reverse("editorial_review_item", args=[page.pk]), values | data)
    page.refresh_from_db()


def test_an_approver_publishes_their_own_text_urgently_and_another_reviews_it(
    approver: User, as_person: Browse
) -> None:
    second = people.make("approver", "duyet-2")
    page = written(approver)
    urgently(as_person("approver"), page, "Gấp lắm")  # too short
    assert not page.live
    urgently(as_person("approver"), page)
    assert page.live
    record = Override.objects.get()
    assert (record.user, record.reason, record.story) == (approver, REASON, page.story)
    assert PageLogEntry.objects.filter(page=page.pk, action="editorial.override").exists()
    assert set(Notice.objects.filter(verb="override").values_list("user", flat=True)) == {second.pk}
    assert unreviewed_overrides() == 1
    with pytest.raises(RefusedError):
        review(record, approver, "justified", "")
    browser = Client()
    browser.force_login(second)
    browser.post(reverse("editorial_override", args=[record.pk]), {"verdict": "justified"})
    assert unreviewed_overrides() == 0
    history = as_person("approver").get(reverse("wagtailadmin_pages:history", args=[page.pk]))
    assert REASON in history.content.decode()


def test_an_urgent_item_passes_the_step_it_waits_at(reporter: User, as_person: Browse) -> None:
    page = submitted(reporter)
    urgently(as_person("approver"), page)
    assert page.live
    assert not page.workflow_in_progress
    assert Override.objects.count() == 1


def test_the_reason_alone_opens_no_gate(reporter: User, person: Callable[[str], User]) -> None:
    page = written(reporter)
    for role in ("reporter", "editor", "administrator"):
        user = person(role)
        with acting(user), pytest.raises(RefusedError):
            publish_urgently(page, user, REASON)
        consent = gates.Consent(override_reason=REASON)
        with acting(user), gates.consenting(consent), pytest.raises(RefusedError):
            page.get_latest_revision().publish(user=user, skip_permission_checks=True)


def test_a_newer_version_is_not_published_unseen(
    approver: User, person: Callable[[str], User], as_person: Browse
) -> None:
    page = written(approver)
    seen = token_of(page)
    page.title = "Sửa sau lưng"
    page.save_revision(user=person("editor"))
    urgently(as_person("approver"), page, seen=seen)
    assert not page.live


def test_the_report_is_exported_for_those_who_may_read_it(
    approver: User, as_person: Browse
) -> None:
    page = written(approver)
    urgently(as_person("approver"), page)
    url = reverse("editorial_overrides")
    assert as_person("editor").get(url).status_code == 302
    assert page.title in as_person("administrator").get(url).content.decode()
    answer = as_person("approver").get(url, {"export": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1][0] == page.title
    assert rows[1][2] == REASON
