"""The guides: whole, and opened on the reader's own role."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from editorial.help import guides
from tests import factories

pytestmark = pytest.mark.one_database

SLUGS = list(guides.ROLES)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_guide_has_six_to_ten_whole_steps(slug: str) -> None:
    steps = guides.guide(slug).steps
    assert 6 <= len(steps) <= 10
    for step in steps:
        assert step.title
        assert step.text.startswith("<p>")
        assert bool(step.picture) == bool(step.alt)
        assert bool(step.link) == bool(step.label)
        if step.link:
            assert reverse(step.link).startswith("/admin/")


def test_pictures_are_there_and_small() -> None:
    wanted = {step.picture for slug in SLUGS for step in guides.guide(slug).steps if step.picture}
    made = {path.stem: path for path in guides.PICTURES.glob("*.webp")}
    assert wanted == set(made)
    assert all(path.stat().st_size <= 60_000 for path in made.values())


@pytest.mark.django_db
def test_each_role_opens_its_own_guide(as_person: Callable[[str], Client]) -> None:
    factories.site_tree()  # the right to write is a right on pages
    roles = ["reporter", "editor", "approver", "planner", "officer", "administrator"]
    for role, slug in zip(roles, SLUGS, strict=True):
        browser = as_person(role)
        response = browser.get(reverse("editorial_help"))
        assert response.context["guide"].slug == slug
        # What a step leads to is open to the role it is written for.
        for step in guides.guide(slug).steps:
            if step.link:
                assert browser.get(reverse(step.link)).status_code == 200, (role, step.link)
        assert reverse("editorial_help") in browser.get("/admin/").content.decode()
    assert as_person("officer").get("/admin/help/phong-vien/").status_code == 200
    assert as_person("officer").get("/admin/help/khac/").status_code == 404
