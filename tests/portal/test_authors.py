"""Who wrote an article, and whether their parts add up."""

from typing import Any

import pytest

from organisations.models import User
from portal.models import ArticlePage, Author, Authorship
from portal.models.authors import author_of
from tests import factories, forms

pytestmark = pytest.mark.django_db


def form_of(page: ArticlePage, user: User, data: dict[str, Any]) -> Any:
    kind = ArticlePage.get_edit_handler().get_form_class()
    return kind(data, instance=page, for_user=user, parent_page=factories.site_tree().news)


def given(*shares: int) -> dict[str, Any]:
    """Return the form's part for that many authors."""
    data: dict[str, Any] = {"authorships": forms.formset(TOTAL_FORMS=len(shares)), "byline": ""}
    for place, share in enumerate(shares):
        author = Author.objects.create(name=f"Tác giả {place + 1}", pen_name=f"T{place + 1}")
        data["authorships"] |= {f"{place}-author": author.pk, f"{place}-share": share}
    return data


def test_the_byline_names_the_authors_when_nobody_wrote_one(reporter: User) -> None:
    page = factories.article(live=False)
    form = form_of(page, reporter, forms.article(page, **given(60, 40)))
    assert form.is_valid(), form.errors
    saved = form.save(commit=False)
    assert saved.byline == "T1, T2"
    assert [part.share for part in saved.authorships.all()] == [60, 40]


def test_shares_that_do_not_add_up_are_refused_and_kept(reporter: User) -> None:
    page = factories.article(live=False)
    form = form_of(page, reporter, forms.article(page, **given(60, 50)))
    assert not form.is_valid()
    assert "110 %" in str(form.non_field_errors())
    assert str(form.formsets["authorships"].forms[1]["share"].value()) == "50"


def test_a_draft_may_be_incomplete(reporter: User) -> None:
    page = factories.article(live=False)
    form = form_of(page, reporter, forms.article(page, **given(60)))
    form.defer_required_fields()
    assert form.is_valid()


def test_the_writer_is_the_author_of_a_new_item_under_their_name(reporter: User) -> None:
    section = factories.tree.section(factories.site_tree(), "Thủ tục")
    data = forms.article(byline=reporter.byline, section=section.pk)
    form = form_of(ArticlePage(), reporter, data)
    assert form.is_valid(), form.errors
    saved = form.save(commit=False)
    assert [part.author for part in saved.authorships.all()] == [author_of(reporter)]


def test_an_author_counts_as_one_whoever_saved_the_item(reporter: User, approver: User) -> None:
    page = factories.article(owner=reporter)
    assert page.author_ids() == {reporter.pk}
    Authorship.objects.create(page=page, author=author_of(approver))
    assert page.author_ids() == {reporter.pk, approver.pk}
    assert not page.permissions_for_user(approver).can_publish()
