"""What a browser posts from the long forms of the admin."""

from typing import Any

from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from portal.models import ArticlePage, SectionPage


def formset(**counts: Any) -> dict[str, Any]:
    """Return the management form of an empty set of rows."""
    empty = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    return empty | counts


def article(page: ArticlePage | None = None, **values: Any) -> dict[str, Any]:
    """Return the article form as it is filled for ``page``, or for a new article."""
    section = SectionPage.objects.first()
    data = {
        "title": page.title if page else "Bài mới",
        "slug": page.slug if page else "bai-moi",
        "summary": "Tóm tắt.",
        "body": streamfield([("paragraph", rich_text("<p>Nội dung.</p>"))]),
        "genre": "news",
        "level": "normal",
        "section": section.pk if section else "",
        "authorships": formset(),
        "related_documents": formset(),
        "comments": formset(MAX_NUM_FORMS=""),
        **values,
    }
    return nested_form_data(data)


def unchanged(page: ArticlePage, **values: Any) -> dict[str, Any]:
    """Return the article form as it is sent by somebody who changed no word of it."""
    latest = page.get_latest_revision_as_object()
    blocks = [(block["type"], rich_text(block["value"])) for block in latest.body.raw_data]
    words = {"title": latest.title, "summary": latest.summary, "body": streamfield(blocks)}
    return article(page, **(words | values))


def plan_rows() -> dict[str, Any]:
    """Return the empty row sets of a plan's form: its bases and its annexes."""
    return nested_form_data({"plan_bases": formset(), "annexes": formset()})
