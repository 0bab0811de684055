"""First page, templates, authors, system log; and Wagtail's own helps in our editor."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry
from wagtail.test.utils.form_data import nested_form_data

from campaigns.models import Activity, Plan
from core import audit
from core.gaps import unfilled_gaps
from editorial.desk import starters
from editorial.models import ItemTemplate
from organisations.models import Organisation, User
from portal.models import AnnouncementPage, ArticlePage
from portal.models.authors import Author, Authorship
from tests import factories, forms

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]
AsPerson = Callable[[str], Client]
Person = Callable[[str], User]
HOME = "/admin/"


def submitted(user: User, **values: Any) -> ArticlePage:
    page = factories.article(owner=user, **values)
    page.get_workflow().start(page, user)
    return page


def home(browser: Client) -> str:
    return browser.get(HOME).content.decode()


def test_the_first_page_says_what_waits_for_whom(as_person: AsPerson, person: Person) -> None:
    reporter = person("reporter")
    submitted(reporter, title="Bài chờ biên tập")
    factories.article(title="Bản nháp của tôi", owner=reporter)
    returned = submitted(reporter, title="Bài bị trả lại")
    returned.current_workflow_state.current_task_state.specific.reject(user=person("editor"))
    own = home(as_person("reporter"))
    assert "Bản nháp của tôi" in own
    assert "Bài bị trả lại" in own
    editors = home(as_person("editor"))
    assert "Bài chờ biên tập" in editors
    assert "Bản nháp của tôi" not in editors
    assert "Bài chờ biên tập" not in home(as_person("officer"))


def test_an_empty_first_page_says_what_to_do_next(as_person: AsPerson) -> None:
    factories.site_tree()
    assert reverse("editorial_write") in home(as_person("reporter"))
    assert reverse("editorial_write") not in home(as_person("officer"))


def test_the_first_page_costs_the_same_with_many_items(as_person: AsPerson, person: Person) -> None:
    agency = Organisation.objects.create(code="so-y-te", name="Sở Y tế")
    today = timezone.localdate()
    plan = Plan.objects.create(title="Kế hoạch", year=today.year, issuer=agency)
    reporter, browser = person("reporter"), as_person("editor")

    def fill(count: int) -> int:
        for number in range(count):
            submitted(reporter, title=f"Bài {number}")
            later = timezone.now() + timedelta(days=1)
            page = factories.article(title=f"Lịch {number}", go_live_at=later)
            page.get_latest_revision().publish()
            Activity.objects.create(plan=plan, content=f"Việc {number}", end=today)
        browser.get(HOME)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(HOME)
        return len(queries)

    few = fill(3)
    assert fill(9) == few


def test_a_template_becomes_the_writers_own_draft(as_person: AsPerson, person: Person) -> None:
    factories.tree.section(factories.site_tree(), "Chỉ đạo điều hành")
    assert starters.load() == 4
    assert starters.load() == 0
    browser = as_person("reporter")
    template = ItemTemplate.objects.get(name__startswith="Hội nghị")
    assert template.name in browser.get(reverse("editorial_write")).content.decode()
    answer = browser.post(reverse("editorial_write_from", args=[template.pk]))
    page = ArticlePage.objects.get()
    assert answer["Location"] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert (page.owner, page.live, page.section.title) == (
        person("reporter"),
        False,
        "Chỉ đạo điều hành",
    )
    assert "[ngày]" in unfilled_gaps(page.title, page.summary, page.body_text())
    assert page.get_latest_revision_as_object().authorships.get().author.user == page.owner
    assert browser.get(answer["Location"]).status_code == HTTPStatus.OK


def test_a_notice_from_a_template(as_person: AsPerson) -> None:
    factories.site_tree()
    starters.load()
    template = ItemTemplate.objects.get(kind="announcement")
    as_person("editor").post(reverse("editorial_write_from", args=[template.pk]))
    page = AnnouncementPage.objects.get()
    assert "[lý do]" in page.text
    assert not page.live


def test_templates_are_kept_by_editors(as_person: AsPerson) -> None:
    factories.site_tree()
    form = {"name": "Mẫu mới", "headline": "[Cơ quan] họp", "kind": "article", "genre": "news"}
    form |= {"level": "normal", "body": {"count": "0"}, "is_active": "on"}
    address = reverse("editorial_templates:add")
    as_person("reporter").post(address, nested_form_data(form))
    assert not ItemTemplate.objects.exists()
    as_person("editor").post(address, nested_form_data(form))
    assert ItemTemplate.objects.get().name == "Mẫu mới"


def test_authors_are_found_without_diacritics_and_counted(as_person: AsPerson) -> None:
    author = Author.objects.create(name="Nguyễn Thị Đào", pen_name="Hoa Đào")
    Author.objects.create(name="Trần Văn Bê")
    page = factories.article(live=True)
    factories.article(title="Nháp")
    Authorship.objects.create(page=page, author=author)
    browser, address = as_person("editor"), reverse("editorial_authors:index")
    found = browser.get(address, {"q": "dao"}).context["object_list"]
    assert [(row.name, row.number, row.in_news) for row in found] == [(author.name, 1, 1)]
    long_ago = {"period_from": "01/01/2001", "period_to": "31/12/2001"}
    assert all(row.number == 0 for row in browser.get(address, long_ago).context["object_list"])
    one = browser.get(reverse("editorial_authors:inspect", args=[author.pk]))
    assert page.title in one.content.decode()
    assert as_person("reporter").get(address).status_code != HTTPStatus.OK


def test_the_system_log_shows_all_and_exports(as_person: AsPerson, person: Person) -> None:
    page = factories.article(title="Bài có nhật ký")
    plan_owner = Organisation.objects.create(code="so", name="Sở")
    audit.record(page, "wagtail.edit", person("editor"))
    audit.record(plan_owner, "wagtail.edit", person("planner"))
    address = reverse("editorial_log")
    browser = as_person("approver")
    every = browser.get(address).content.decode()
    assert "Bài có nhật ký" in every
    assert "Sở" in every
    by_editor = browser.get(address, {"user": person("editor").pk, "action": "wagtail.edit"})
    labels = {entry.label for entry in by_editor.context["object_list"]}
    assert labels == {"Bài có nhật ký"}
    sheet = browser.get(address, {"export": "xlsx", "label": "nhật ký", "action": "wagtail.edit"})
    content = b"".join(sheet.streaming_content) if sheet.streaming else sheet.content
    rows = list(openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    assert len(rows) == 2
    assert "Bài có nhật ký" in rows[1]
    for role in ("reporter", "editor", "planner", "officer"):
        assert as_person(role).get(address).status_code != HTTPStatus.OK


def test_an_items_history_speaks_of_our_verbs(as_person: AsPerson, person: Person) -> None:
    factories.site_tree()
    starters.load()
    browser = as_person("editor")
    browser.post(reverse("editorial_write_from", args=[ItemTemplate.objects.first().pk]))  # type: ignore[union-attr]
    entry = PageLogEntry.objects.get(action="editorial.from_template")
    history = browser.get(reverse("wagtailadmin_pages:history", args=[entry.page_id]))
    assert "Viết từ mẫu" in history.content.decode()


def test_two_versions_are_compared_and_an_old_one_restored(as_person: AsPerson) -> None:
    page = factories.article(title="Bản đầu")
    first = page.get_latest_revision()
    page.title, page.body = "Bản sau", [("paragraph", "<p>Chữ mới hẳn.</p>")]
    second = page.save_revision()
    browser = as_person("editor")
    compare = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk])
    assert "Chữ mới hẳn" in browser.get(compare).content.decode()
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, first.pk])
    assert "Bản đầu" in browser.get(revert).content.decode()
    form = forms.article(page, title="Bản đầu", revision=first.pk)
    browser.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    page = ArticlePage.objects.get(pk=page.pk)
    assert page.get_latest_revision_as_object().title == "Bản đầu"


def test_an_approver_locks_an_item(as_person: AsPerson) -> None:
    page = factories.article()
    as_person("approver").post(reverse("wagtailadmin_pages:lock", args=[page.pk]))
    page.refresh_from_db()
    assert page.locked
    as_person("editor").post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), forms.article(page, title="Sửa")
    )
    assert page.get_latest_revision_as_object().title != "Sửa"


def test_an_editor_comments_on_a_field(as_person: AsPerson, person: Person) -> None:
    page = factories.article(owner=person("reporter"))
    comment = {
        "text": "Xem lại",
        "contentpath": "title",
        "position": "",
        "replies": forms.formset(),
    }
    comments = forms.formset(TOTAL_FORMS=1, MAX_NUM_FORMS="") | {"0": comment}
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    as_person("editor").post(address, forms.article(page, comments=comments))
    assert page.wagtail_admin_comments.get().text == "Xem lại"
