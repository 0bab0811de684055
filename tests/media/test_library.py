"""Pictures: whose they are, where they are used, and how one gives way to another."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from core.errors import RefusedError
from media.models import Picture, Rights
from media.replacing import PICTURE_NAMES, pages_with, replace_everywhere, swapped
from organisations.models import User
from portal.blocks import BodyBlock
from portal.models import ArticlePage
from tests import factories

pytestmark = pytest.mark.one_database


def choosers(block: Any, name: str) -> Iterator[str]:
    """Yield the names under which a block holds pictures."""
    if isinstance(block, ImageChooserBlock):
        yield name
    elif isinstance(block, blocks.ListBlock):
        yield from choosers(block.child_block, name)
    for child_name, child in getattr(block, "child_blocks", {}).items():
        yield from choosers(child, child_name)


def newest(page: ArticlePage) -> ArticlePage:
    """Return the latest version of the page, whatever this copy of it knows."""
    version: ArticlePage = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return version


def test_pictures_in_blocks_go_by_known_names() -> None:
    assert set(choosers(BodyBlock(), "body")) <= PICTURE_NAMES


def test_only_the_picture_is_swapped() -> None:
    data = [{"type": "picture", "value": {"image": 5, "alt": "5", "number": 5}, "id": "5"}]
    assert swapped(data, 5, 6) == (
        [{"type": "picture", "value": {"image": 6, "alt": "5", "number": 5}, "id": "5"}],
        1,
    )


@pytest.mark.parametrize(
    ("rights", "until", "problem"),
    [
        (Rights.OWN, None, ""),
        (Rights.PERMISSION, date(2026, 5, 4), ""),
        (Rights.PERMISSION, date(2026, 5, 3), "03/05/2026"),
        (Rights.UNCLEAR, None, "Quầy"),
    ],
)
def test_rights(rights: str, until: date | None, problem: str) -> None:
    picture = Picture(title="Quầy", rights=rights, rights_until=until, collection_id=1)
    found = picture.rights_problem(date(2026, 5, 4))
    assert (problem in found) if problem else (found == "")


@pytest.mark.django_db
@pytest.mark.indexed
class TestReplacing:
    @pytest.fixture
    def old(self) -> Picture:
        return factories.picture(title="Cũ")

    @pytest.fixture
    def new(self) -> Picture:
        return factories.picture(title="Mới", file=factories.image_file(colour="#123456"))

    def test_drafts_and_public_pages_get_a_new_version(
        self, old: Picture, new: Picture, approver: User
    ) -> None:
        block = ("picture", {"image": old, "alt": "Quầy", "caption": "", "credit": ""})
        public = factories.article(title="Đã đăng", live=True, picture=old, picture_alt="Quầy")
        draft = factories.article(title="Nháp", body=[block])
        other = factories.article(title="Khác")
        outcome = replace_everywhere(old, new, approver)
        assert [page.pk for page in outcome.changed] == [public.pk, draft.pk]
        public.refresh_from_db()
        assert public.picture == old  # readers see it once somebody has approved it
        assert newest(public).picture == new
        assert newest(draft).body[0].value["image"] == new
        assert other.revisions.count() == 1
        assert public.pk in {page.pk for page in pages_with(old)}  # still public there

    def test_pages_one_may_not_edit_are_left(
        self, old: Picture, new: Picture, reporter: User
    ) -> None:
        page = factories.article(picture=old, picture_alt="Quầy")
        outcome = replace_everywhere(old, new, reporter)
        assert (outcome.changed, [left.pk for left in outcome.left]) == ([], [page.pk])

    def test_a_picture_in_use_is_not_deleted(self, old: Picture, new: Picture) -> None:
        factories.article(body=[("picture", {"image": old, "alt": "Quầy"})])
        with pytest.raises(RefusedError), transaction.atomic():
            old.delete()
        new.delete()

    def test_the_screen(
        self, old: Picture, new: Picture, as_person: Callable[[str], Client]
    ) -> None:
        page = factories.article(title="Tin có ảnh", picture=old, picture_alt="Quầy")
        url = reverse("media_replace", args=[old.pk])
        assert as_person("planner").get(url).status_code == 302
        browser = as_person("editor")
        assert "Tin có ảnh" in browser.get(url).content.decode()
        assert browser.post(url, {"picture": old.pk}).status_code == 200  # asks for another
        browser.post(url, {"picture": new.pk})
        assert newest(page).picture == new
        assert browser.get(reverse("wagtailimages:edit", args=[old.pk])).status_code == 200
