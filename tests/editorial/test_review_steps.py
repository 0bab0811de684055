"""The two steps of the house, over the admin's own addresses."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, TaskState

from core.actor import acting
from core.errors import RefusedError
from editorial.models import ReviewTask
from editorial.review.fresh import token_of
from editorial.review.states import State, state_of, with_state
from organisations.models import User
from portal.models import ArticlePage
from tests import factories, forms, people
from tests.editorial.review_fixtures import at_the_board, step_of, submitted, written

pytestmark = pytest.mark.django_db
Browse = Callable[[str], Client]
Person = Callable[[str], User]


def fresh(page: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk)


def decide(browser: Client, page: ArticlePage, action: str, **data: Any) -> HttpResponse:
    """Press a button of the page for one item."""
    step = step_of(page)
    values = {"action": action, "step": step.pk if step else "", "seen": token_of(fresh(page))}
    return browser.post(reverse("editorial_review_item", args=[page.pk]), values | data)


def test_from_the_reporter_to_the_readers(person: Person, as_person: Browse) -> None:
    page = submitted(person("reporter"))
    assert state_of(page) == State.EDITING
    assert decide(as_person("editor"), page, "approve").status_code == 302
    assert state_of(fresh(page)) == State.APPROVAL
    assert not fresh(page).live
    decide(as_person("approver"), page, "approve", comment="Tốt")
    assert fresh(page).live
    assert state_of(fresh(page)) == State.PUBLISHED


def test_what_an_editor_submits_goes_straight_to_the_board(person: Person) -> None:
    for role in ("editor", "approver"):
        page = submitted(person(role))
        assert state_of(page) == State.APPROVAL
        statuses = TaskState.objects.for_instance(page).values_list("status", flat=True)
        assert set(statuses) == {TaskState.STATUS_SKIPPED, TaskState.STATUS_IN_PROGRESS}


def test_sending_back_needs_a_comment_and_keeps_nothing_from_the_author(
    person: Person, as_person: Browse
) -> None:
    page = at_the_board(person("reporter"), person("editor"))
    answer = decide(as_person("approver"), page, "reject", comment=" ")
    assert answer.status_code == 200
    assert state_of(fresh(page)) == State.APPROVAL
    decide(as_person("approver"), page, "reject", comment="Thiếu số liệu")
    assert state_of(fresh(page)) == State.RETURNED
    form = forms.unchanged(fresh(page), **{"action-submit": "1"})
    as_person("reporter").post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    assert state_of(fresh(page)) == State.APPROVAL  # back to the step it came from


def test_the_board_may_do_the_editing_step_too(person: Person, as_person: Browse) -> None:
    page = submitted(person("reporter"))
    decide(as_person("approver"), page, "approve")
    assert state_of(fresh(page)) == State.APPROVAL
    assert decide(as_person("reporter"), page, "approve").status_code == 200
    assert not fresh(page).live


def test_approving_a_version_nobody_looked_at_is_refused(person: Person, as_person: Browse) -> None:
    page = at_the_board(person("reporter"), person("editor"))
    seen = token_of(page)
    page.title = "Đã đổi tiêu đề"
    page.save_revision(user=person("editor"))
    answer = decide(as_person("approver"), page, "approve", seen=seen, comment="Đồng ý đăng")
    assert not fresh(page).live
    assert "Đồng ý đăng" in answer.content.decode()  # in the form, to be sent again
    modal = {"seen": seen, "comment": "Đồng ý đăng"}
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", step_of(page).pk])
    told = as_person("approver").post(url, modal, follow=True)
    assert "Đồng ý đăng" in told.content.decode()
    assert not fresh(page).live


def test_a_step_that_another_person_has_done_is_not_done_twice(
    person: Person, as_person: Browse
) -> None:
    page = submitted(person("reporter"))
    step = step_of(page).pk
    decide(as_person("editor"), page, "approve")
    answer = decide(as_person("approver"), page, "approve", step=step, comment="Chuyển nhé")
    assert state_of(fresh(page)) == State.APPROVAL
    assert "Bình" in answer.content.decode()
    assert "Chuyển nhé" in answer.content.decode()
    state = TaskState.objects.get(pk=step)
    with pytest.raises(RefusedError, match="Bình"):
        state.task.specific.on_action(state, person("approver"), "approve")


def test_in_the_editor_a_finished_step_keeps_the_form_and_the_comment(
    person: Person, as_person: Browse
) -> None:
    page = at_the_board(person("reporter"), person("editor"))
    decide(as_person("approver"), page, "reject", comment="Thiếu số liệu")
    other = people.make("approver", "duyet-2")
    browser = Client()
    browser.force_login(other)
    extra = json.dumps({"comment": "Rất tốt", "seen": token_of(page)})
    form = forms.unchanged(
        page,
        title="Chữ vừa gõ",
        **{
            "action-workflow-action": "1",
            "workflow-action-name": "approve",
            "workflow-action-extra-data": extra,
        },
    )
    answer = browser.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    text = answer.content.decode()
    assert "Rất tốt" in text
    assert "Chữ vừa gõ" in text
    assert fresh(page).get_latest_revision_as_object().title != "Chữ vừa gõ"


def test_an_older_form_asks_before_it_replaces_a_newer_version(
    person: Person, as_person: Browse
) -> None:
    page = written(person("reporter"))
    known = {
        "loaded_revision_id": page.latest_revision_id,
        "loaded_revision_created_at": token_of(page),
    }
    page.title = "Bản của người khác"
    newer = page.save_revision(user=person("editor"))
    form = forms.unchanged(page, title="Bản của tôi", **known)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = as_person("reporter").post(url, form)
    text = answer.content.decode()
    assert fresh(page).latest_revision_id == newer.pk
    assert "Bản của tôi" in text
    assert f"/compare/{known['loaded_revision_id']}...{newer.pk}/" in text
    again = {
        "loaded_revision_id": newer.pk,
        "loaded_revision_created_at": newer.created_at.isoformat(),
    }
    as_person("reporter").post(url, form | again)
    assert fresh(page).get_latest_revision_as_object().title == "Bản của tôi"


def test_a_form_that_saved_itself_meanwhile_is_not_asked_about(
    person: Person, as_person: Browse
) -> None:
    page = written(person("reporter"))
    known = {
        "loaded_revision_id": page.latest_revision_id,
        "loaded_revision_created_at": token_of(page),
    }
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = forms.unchanged(page, title="Bản của tôi, sửa lại", **known)
    page.title = "Bản của tôi"
    page.save_revision(user=person("reporter"))  # as the editor's script does
    as_person("reporter").post(url, form)  # the number in the form is the old one
    assert fresh(page).get_latest_revision_as_object().title == "Bản của tôi, sửa lại"


def test_asked_to_publish_ones_own_text_the_editor_saves_and_says_why_not(
    person: Person, as_person: Browse
) -> None:
    page = written(person("reporter"))
    form = forms.unchanged(page, title="Sửa bởi Duy", **{"action-publish": "1"})
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = as_person("approver").post(url, form)  # became the last editor with this very form
    assert not fresh(page).live
    assert "Sửa bởi Duy" in answer.content.decode()
    page.title = "Sửa bởi Duy"
    page.save_revision(user=person("approver"))
    answer = as_person("approver").post(
        url, forms.unchanged(fresh(page), **{"action-publish": "1"})
    )
    assert answer.status_code == 302
    assert not fresh(page).live
    assert "Đăng khẩn" in as_person("approver").get(url).content.decode()


def test_a_workflow_that_ends_with_editing_publishes_nothing(person: Person) -> None:
    ReviewTask.objects.filter(kind="approve").update(kind="edit")
    page = submitted(person("reporter"))
    with acting(person("approver")):
        first = step_of(page)
        first.task.specific.on_action(first, person("approver"), "approve")
        last = step_of(page)
        with pytest.raises(RefusedError):
            last.task.specific.on_action(last, person("approver"), "approve")


def test_the_house_has_its_own_kind_of_step_only() -> None:
    assert not GroupApprovalTask.objects.exists()
    assert [task.kind for task in ReviewTask.objects.order_by("workflow_tasks__sort_order")] == [
        "edit",
        "approve",
    ]


def test_lists_show_the_same_state_as_the_item_itself(
    person: Person, as_person: Browse, django_assert_max_num_queries: Any
) -> None:
    reporter, editor = person("reporter"), person("editor")
    made = {
        State.DRAFT: written(reporter),
        State.EDITING: submitted(reporter),
        State.APPROVAL: at_the_board(reporter, editor),
        State.PUBLISHED: factories.article(live=True),
        State.CHANGED: factories.article(live=True),
        State.WITHDRAWN: factories.article(live=True),
        State.EXPIRED: factories.article(live=True),
    }
    made[State.CHANGED].title = "Có sửa"
    made[State.CHANGED].save_revision()
    made[State.WITHDRAWN].unpublish()
    made[State.EXPIRED].unpublish(set_expired=True)
    annotated = {page.pk: page.review_state for page in with_state(ArticlePage.objects.all())}
    assert annotated == {page.pk: str(state) for state, page in made.items()}
    assert {state_of(fresh(page)) for page in made.values()} == set(made)
    browser = as_person("editor")
    browser.get(reverse("articles:index"))
    with django_assert_max_num_queries(55):
        text = browser.get(reverse("articles:index")).content.decode()
    assert all(str(state.label) in text for state in made)
    chosen = browser.get(reverse("articles:index"), {"review_state": "editing"}).content.decode()
    assert f"/pages/{made[State.EDITING].pk}/edit/" in chosen
    assert f"/pages/{made[State.DRAFT].pk}/edit/" not in chosen


def test_the_list_of_what_waits_opens_for_those_who_write(
    person: Person, as_person: Browse, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        submitted(person("reporter"), title=f"Bài {number}")
    ReviewTask.objects.update(hours=1)
    TaskState.objects.update(started_at="2026-05-04T03:00:00+07:00")
    browser = as_person("editor")
    browser.get(reverse("editorial_review"))
    with django_assert_max_num_queries(30):
        text = browser.get(reverse("editorial_review")).content.decode()
    assert "Bài 4" in text
    assert "04:00 04/05/2026" in text
    assert "Bài 0" in as_person("reporter").get(reverse("editorial_review")).content.decode()
