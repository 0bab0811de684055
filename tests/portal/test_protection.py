"""A section in use is kept, and the editor is told why."""

import pytest
from django.urls import reverse

from portal import tree
from portal.models import HomePage, SectionPage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]


def test_a_section_with_articles_is_not_deleted(as_person):
    page = factories.article(live=True)
    client = as_person("administrator")
    address = reverse("wagtailadmin_pages:delete", args=[page.section.pk])
    for response in (client.get(address), client.post(address, follow=True)):
        assert response.status_code in {200, 302}
    assert "Chưa xóa: còn 1 tin bài thuộc chuyên mục này" in response.content.decode()
    assert SectionPage.objects.filter(pk=page.section.pk).exists()


def test_neither_is_what_lies_above_it_nor_many_at_once(as_person):
    page = factories.article(live=True)
    client = as_person("administrator")
    home = HomePage.objects.get()
    client.post(reverse("wagtailadmin_pages:delete", args=[home.pk]))
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    assert client.post(f"{bulk}?id={page.section.pk}").status_code == 302
    assert SectionPage.objects.filter(pk=page.section.pk).exists()


def test_an_unused_section_may_go(as_person):
    unused = tree.section(factories.site_tree(), "Chuyên mục thử")
    address = reverse("wagtailadmin_pages:delete", args=[unused.pk])
    assert as_person("administrator").post(address).status_code == 302
    assert not SectionPage.objects.filter(pk=unused.pk).exists()


def test_a_reporter_adds_items_but_no_sections(as_person):
    pages = factories.site_tree()
    sections = reverse("wagtailadmin_pages:add", args=["portal", "sectionpage", pages.sections.pk])
    form = {"title": "Chuyên mục riêng", "slug": "chuyen-muc-rieng"}
    assert as_person("reporter").post(sections, form).url == reverse("wagtailadmin_home")
    assert not SectionPage.objects.filter(slug="chuyen-muc-rieng").exists()
    articles = reverse("wagtailadmin_pages:add", args=["portal", "articlepage", pages.news.pk])
    assert as_person("reporter").get(articles).status_code == 200
